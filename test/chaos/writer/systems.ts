import { type Sandbox as NetSuiteSandbox } from '../../../connectors/netsuite/sandbox/index.ts'
import { type Sandbox as SapSandbox } from '../../../connectors/sap-s4hana/sandbox/index.ts'
import type { MappingSettings } from '../../../core/index.ts'
import type { WriteSide } from '../../contract/kit/writing.ts'
import { certificateConfig, startNetSuite } from '../../contract/netsuite/harness.ts'
import { netsuiteWrites } from '../../contract/netsuite/writes.ts'
import { basicConfig, startSap } from '../../contract/sap-s4hana/harness.ts'
import { ORDERS } from '../../contract/sap-s4hana/writes/basis.ts'
import { sapWrites } from '../../contract/sap-s4hana/writes/index.ts'
import { createTables } from '../../contract/sap-s4hana/table.ts'

/** A system that commands are sent to, and what it really holds, read without its connector. */
export interface Target {
  readonly connectionId: string
  readonly system: string
  readonly writes: WriteSide
  readonly switches: { cutBefore: number; cutAfter: number }
  /** Native key of the vendor of an order. */
  vendorOf(order: string): string
  close(): Promise<void>
}

export async function sapTarget(connectionId: string): Promise<Target> {
  const sandbox: SapSandbox = await startSap({ size: 60, now: Date.now })
  const tables = createTables(sandbox.store, Date.now)
  return {
    connectionId,
    system: 'sap-s4hana',
    writes: await sapWrites(sandbox, basicConfig(sandbox), connectionId),
    switches: sandbox.switches,
    vendorOf: (order) => String(tables.find(ORDERS, 'A_PurchaseOrder', { PurchaseOrder: order })[0]?.['Supplier']),
    close: () => sandbox.close(),
  }
}

export async function netsuiteTarget(connectionId: string): Promise<Target> {
  const sandbox: NetSuiteSandbox = await startNetSuite({ now: Date.now, account: { concurrencyLimit: 10 } })
  const mapping: MappingSettings = {
    connectionId,
    system: 'netsuite',
    timeZone: 'UTC',
    currency: 'EUR',
    language: 'en',
    units: {},
    remaps: {},
    customFields: [],
    settings: {},
  }
  return {
    connectionId,
    system: 'netsuite',
    writes: netsuiteWrites(sandbox, certificateConfig(sandbox), mapping),
    switches: sandbox.switches,
    vendorOf: (order) => String(sandbox.store.get('transaction', Number(order))?.['entity']),
    close: () => sandbox.close(),
  }
}
