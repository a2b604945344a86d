import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCredentials } from '../../connectors/netsuite/sandbox/auth/credentials.ts'
import { netsuiteFacts } from './netsuite-facts.ts'
import { startSandboxProcess } from './sandbox.ts'
import { openSuiteQl } from './suiteql.ts'
import type { DemoSystem } from './system.ts'

const CONNECTION = 'demo-netsuite'
const ACCOUNT = '1234567'
const ORDERS = 2000
const CHANGE_EVERY = '3s'
const SERVICES = '/services/rest'

/** NetSuite has no maintenance orders and no machines: this account keeps both in custom records. */
const WORK_ORDER_FIELDS = {
  order_number: 'number',
  description: 'description',
  status: 'status',
  priority: 'priority',
  maintenance_type: 'type',
  asset_id: 'asset',
  location_id: 'location',
  requester_id: 'requester',
  assignee_id: 'assignee',
  vendor_id: 'vendor',
  scheduled_start_at: 'start:datetime',
  scheduled_end_at: 'end:datetime',
  due_at: 'due:datetime',
  completed_at: 'completed:datetime',
  estimated_hours: 'hours_estimated',
  actual_hours: 'hours_actual',
  actual_cost: 'cost',
}
const ASSET_FIELDS = {
  asset_number: 'number',
  description: 'description',
  asset_type: 'type',
  criticality: 'criticality',
  status: 'status',
  parent_id: 'parent',
  location_id: 'location',
  vendor_id: 'vendor',
  item_id: 'item',
  manufacturer: 'manufacturer',
  model: 'model',
  serial_number: 'serial',
  tag: 'tag',
  acquired_date: 'acquired',
  commissioned_date: 'commissioned',
  warranty_end_date: 'warranty_end',
  acquisition_cost: 'cost',
  cost_center: 'cost_center',
}
const pairs = (fields: Readonly<Record<string, string>>, prefix: string): string[] =>
  Object.entries(fields).map(([unified, native]) => `${unified}=${prefix}${native}`)

/** The sandbox of NetSuite; it changes by itself. */
export const netsuite: DemoSystem = {
  id: 'netsuite',
  title: 'NetSuite',
  connectionId: CONNECTION,
  parts: [],
  async open({ dir, filled, atWork, say }) {
    say(`NetSuite: starting the sandbox${filled ? '' : `, with ${ORDERS} purchase orders and what belongs to them`} …`)
    mkdirSync(dir, { recursive: true })
    const keyFile = join(dir, 'key.pem')
    const activity = atWork ? ['--activity', CHANGE_EVERY] : []
    const sandbox = await startSandboxProcess(
      'netsuite',
      { dir, filled },
      ['--orders', String(ORDERS), '--account', ACCOUNT, '--key-file', keyFile, ...activity],
      `${SERVICES}/system/v1/serverTime`,
    )
    const root = `${sandbox.origin}${SERVICES}`
    const privateKey = readFileSync(keyFile, 'utf8')
    const { clientId, certificateId } = createCredentials({ privateKey }).credentials
    const suiteql = openSuiteQl(root, { clientId, certificateId, privateKey })
    return {
      connection: {
        settings: {
          account_id: ACCOUNT,
          base_url: sandbox.origin,
          client_id: clientId,
          certificate_id: certificateId,
          private_key: '${NETSUITE_PRIVATE_KEY}',
          work_order_source: 'custom_record:customrecord_maintenance',
          work_order_fields: pairs(WORK_ORDER_FIELDS, 'custrecord_mnt_'),
          asset_source: 'custom_record:customrecord_asset',
          asset_fields: pairs(ASSET_FIELDS, 'custrecord_asset_'),
        },
        windowDays: null,
        streams: {
          vendor: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          item: { pollEveryMs: 2000, sweepEveryMs: 60_000, refreshEveryMs: 120_000 },
          location: { pollEveryMs: 30_000, sweepEveryMs: 60_000 },
          stock_level: { pollEveryMs: 5000, sweepEveryMs: 60_000 },
          purchase_order: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          inventory_movement: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          work_order: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          asset: { pollEveryMs: 2000, sweepEveryMs: 60_000 },
          user: { pollEveryMs: 5000, sweepEveryMs: 60_000 },
        },
        mapping: { timeZone: 'America/Los_Angeles', currency: 'EUR' },
      },
      secrets: { NETSUITE_PRIVATE_KEY: privateKey },
      hints: [
        ['NetSuite', `${root} (account ${ACCOUNT}, certificate ${certificateId},`],
        ['', `client ${clientId}, key ${keyFile})`],
      ],
      facts: () => netsuiteFacts(suiteql, CONNECTION),
      /** It works by itself, from its start. */
      async work(signal) {
        if (!signal.aborted) await once(signal, 'abort')
      },
      stop: () => sandbox.stop(),
    }
  },
}
