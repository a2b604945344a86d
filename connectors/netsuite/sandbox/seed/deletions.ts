import type { Row } from '../store.ts'
import { idsOf } from './ids.ts'
import { SECOND } from './times.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

/** How deletedrecord names what is gone: by table, type of transaction or type of item (with its subtype). */
const NAMES: { readonly [kind: string]: readonly [type: string, scriptId: string] } = {
  vendor: ['Vendor', 'vendor'],
  employee: ['Employee', 'employee'],
  location: ['Location', 'location'],
  supportcase: ['Case', 'supportcase'],
  task: ['Task', 'task'],
  InvtPart: ['Inventory Item', 'inventoryitem'],
  Assembly: ['Assembly/Bill of Materials', 'assemblyitem'],
  'NonInvtPart Purchase': ['Non-inventory Item for Purchase', 'noninventorypurchaseitem'],
  'NonInvtPart Resale': ['Non-inventory Item for Resale', 'noninventoryresaleitem'],
  'Service Purchase': ['Service Item for Purchase', 'servicepurchaseitem'],
  'Service Resale': ['Service Item for Resale', 'serviceresaleitem'],
  Kit: ['Kit/Package', 'kititem'],
  'OthCharge Resale': ['Other Charge for Resale', 'otherchargeresaleitem'],
  Description: ['Description', 'descriptionitem'],
  Group: ['Item Group', 'itemgroup'],
  Discount: ['Discount', 'discountitem'],
  PurchOrd: ['Purchase Order', 'purchaseorder'],
  ItemRcpt: ['Item Receipt', 'itemreceipt'],
  InvAdjst: ['Inventory Adjustment', 'inventoryadjustment'],
  InvTrnfr: ['Inventory Transfer', 'inventorytransfer'],
  WorkOrd: ['Work Order', 'workorder'],
  VendBill: ['Bill', 'vendorbill'],
  SalesOrd: ['Sales Order', 'salesorder'],
}

/** A row of deletedrecord, without its number. `kind`: see NAMES, or the table of a custom record. */
export function deletionRow(kind: string, id: number, name: string | null, at: number): Row {
  const [type, scriptid] = NAMES[kind] ?? ['Custom Record', kind]
  return {
    recordid: id,
    type,
    scriptid,
    name,
    context: 'UIF',
    deleteddate: at,
    iscustomrecord: kind.startsWith('customrecord'),
    iscustomlist: false,
    iscustomtransaction: false,
  }
}

/** Objects that were deleted before anybody looked. */
export function seedDeletions(world: World, { write }: Writer): void {
  const { deleted, employee } = idsOf(world.size)
  let number = 0
  const kinds: readonly (readonly [kind: string, id: (index: number) => number])[] = [
    ['vendor', deleted.vendor],
    ['InvtPart', deleted.item],
    ['PurchOrd', deleted.order],
    ['customrecord_asset', (index) => index + 1],
  ]
  for (const [kind, idOf] of kinds) {
    for (let index = 0; index < world.size.deletions; index++) {
      const dice = world.random(`deleted ${kind}`, index)
      const name = dice.chance(0.9) ? `Alt "${kind}" ${index + 1}` : null
      write('deletedrecord', {
        ...deletionRow(kind, idOf(index), name, world.now - dice.int(1, 30 * 86_400) * SECOND),
        _number: ++number,
        deletedby: world.size.employees > 0 ? employee(0) : null,
      })
    }
  }
}
