import type { Sandbox } from '../../../../connectors/sap-s4hana/sandbox/index.ts'
import type { EntityName } from '../../../../core/index.ts'
import type { WriteSide } from '../../kit/writing.ts'
import { basisOf, type Worlds } from './basis.ts'
import { itemWrites } from './items.ts'
import { movementWrites } from './movements.ts'
import { purchaseOrderWrites } from './purchase-orders.ts'
import { vendorWrites } from './vendors.ts'
import { workOrderWrites } from './work-orders.ts'

/** What a connection needs in order to write. */
const SETTINGS = {
  company_code: '1010',
  purchasing_organization: '1010',
  purchasing_group: '001',
  plants: ['1010'],
  material_group: 'L001',
  cost_center: '10101101',
  bp_grouping: 'BP02',
  vendor_country: 'DE',
  vendor_currency: 'EUR',
  reconciliation_account: '21100000',
  product_type: 'ERSA',
  industry_sector: 'M',
  planning_plant: '1010',
  main_work_center: 'RES-0100',
}

const asBatch = /\/\$batch(\?|$)/

/** Commands for a sandbox of some size, whose effects are counted in its store. */
export async function sapWrites(
  sandbox: Sandbox,
  basic: { readonly [field: string]: unknown },
  connectionId: string,
): Promise<WriteSide> {
  const basis = await basisOf(sandbox, basic, connectionId)
  const of = (entity: EntityName, worlds: Worlds) =>
    Object.entries(worlds).map(([operation, world]) => [`${operation} ${entity}`, world] as const)
  return {
    config: { ...basic, ...SETTINGS },
    // a batch may hold nothing but reads
    isWrite: ({ method, url, body }) =>
      method !== 'GET' && (!asBatch.test(url) || /^(POST|PUT|PATCH|MERGE|DELETE) /m.test(body)),
    worlds: Object.fromEntries([
      ...of('purchase_order', purchaseOrderWrites(basis)),
      ...of('inventory_movement', movementWrites(basis)),
      ...of('vendor', vendorWrites(basis)),
      ...of('work_order', workOrderWrites(basis)),
      ...of('item', itemWrites(basis)),
    ]),
  }
}
