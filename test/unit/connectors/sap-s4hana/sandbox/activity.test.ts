import { describe, expect, test } from 'vitest'
import { type Activity, NothingToDo } from '../../../../../connectors/sap-s4hana/sandbox/activity/index.ts'
import { type Differences, differences } from './differences.ts'
import { plant } from './plant.ts'
import { danglingReferences } from './references.ts'
import { violations } from './seeded.ts'

const NONE: Differences = { added: {}, removed: {}, changed: {}, stamped: {} }

/** What one action touches, and which change stamps it moves. */
const EFFECTS: [name: string, act: (activity: Activity) => void, effect: Partial<Differences>][] = [
  [
    'renameVendor',
    (it) => it.renameVendor(),
    changes({ A_BusinessPartner: 1, A_Supplier: 1 }, { A_BusinessPartner: 1 }),
  ],
  ['blockVendor', (it) => it.blockVendor(), changes({ A_BusinessPartner: 1, A_Supplier: 1 }, { A_BusinessPartner: 1 })],
  [
    'changeAddress',
    (it) => it.changeAddress('10300001'),
    changes({ A_BusinessPartner: 1, A_BusinessPartnerAddress: 1 }, { A_BusinessPartner: 1 }),
  ],
  ['changeAddressUnseen', (it) => it.changeAddressUnseen('10300001'), changes({ A_BusinessPartnerAddress: 1 }, {})],
  ['renameUser', (it) => it.renameUser(), changes({ A_BusinessPartner: 1 }, { A_BusinessPartner: 1 })],
  ['blockUser', (it) => it.blockUser(), changes({ A_BusinessPartner: 1 }, { A_BusinessPartner: 1 })],
  [
    'renameItem',
    (it) => it.renameItem('SEAL-40'),
    changes({ A_Product: 1, A_ProductDescription: 1 }, { A_Product: 1 }),
  ],
  ['markItemForDeletion', (it) => it.markItemForDeletion(), changes({ A_Product: 1 }, { A_Product: 1 })],
  ['editPlantData', (it) => it.editPlantData(), changes({ A_ProductSupplyPlanning: 1, A_ProductValuation: 1 }, {})],
  [
    'changeItemQuantity',
    (it) => it.changeItemQuantity('4500000002'),
    changes({ A_PurchaseOrder: 1, A_PurchaseOrderItem: 1, A_PurchaseOrderScheduleLine: 1 }, { A_PurchaseOrder: 1 }),
  ],
  [
    'addItem',
    (it) => it.addItem(),
    {
      ...changes({ A_PurchaseOrder: 1 }, { A_PurchaseOrder: 1 }),
      added: { A_PurchaseOrderItem: 1, A_PurchaseOrderScheduleLine: 1 },
    },
  ],
  [
    'deleteItem',
    (it) => it.deleteItem(),
    changes({ A_PurchaseOrder: 1, A_PurchaseOrderItem: 1 }, { A_PurchaseOrder: 1 }),
  ],
  [
    'closeMaintenanceOrder',
    (it) => it.closeMaintenanceOrder(),
    changes({ MaintenanceOrder: 1 }, { MaintenanceOrder: 1 }),
  ],
  [
    'addOperation',
    (it) => it.addOperation(),
    { ...changes({ MaintenanceOrder: 1 }, { MaintenanceOrder: 1 }), added: { MaintenanceOrderOperation: 1 } },
  ],
  ['renameAsset', (it) => it.renameAsset(), changes({ Equipment: 1 }, { Equipment: 1 })],
  ['moveAsset', (it) => it.moveAsset(), { ...changes({ Equipment: 1 }, { Equipment: 1 }), added: { Equipment: 1 } }],
  ['deactivateAsset', (it) => it.deactivateAsset(), changes({ Equipment: 1 }, { Equipment: 1 })],
  ['renamePlace', (it) => it.renamePlace(), changes({ FunctionalLocation: 1 }, { FunctionalLocation: 1 })],
]

function changes(changed: Record<string, number>, stamped: Record<string, number>): Partial<Differences> {
  return { changed, stamped }
}

describe('an action', () => {
  test.each(EFFECTS)('%s touches what it says and moves those change stamps alone', (_name, act, effect) => {
    const { store, activity } = plant()
    expect(differences(store, () => act(activity))).toEqual({ ...NONE, ...effect })
    expect(danglingReferences(store)).toEqual([])
    expect(violations(store)).toEqual([])
  })

  test.each([
    ['changeItemQuantity', 'A_PurchaseOrder'],
    ['addItem', 'A_PurchaseOrder'],
    ['deleteItem', 'A_PurchaseOrder'],
    ['addOperation', 'MaintenanceOrder'],
  ] as const)('%s leaves the header alone where headers do not move with their items', (name, header) => {
    const { store, activity } = plant({ headerMovesWithItems: false })
    const found = differences(store, () => activity[name]())
    expect(found.changed).not.toHaveProperty(header)
    expect(found.stamped).toEqual({})
  })

  test('leaves the time of the action, in whole seconds', () => {
    const { store, activity, clock } = plant()
    const { key } = activity.renameItem()
    const product = store.get(store.set('API_PRODUCT_SRV', 'A_Product'), { Product: key })
    expect(product?.['LastChangeDateTime']).toBe(clock.now - 250)
    const vendor = activity.renameVendor('10300001')
    const partner = store.get(store.set('API_BUSINESS_PARTNER', 'A_BusinessPartner'), { BusinessPartner: vendor.key })
    expect(partner).toMatchObject({ LastChangeDate: Date.UTC(2026, 0, 15), LastChangeTime: 'PT15H00M00S' })
  })

  test('refuses an object that does not exist', () => {
    const { activity } = plant()
    expect(() => activity.renameVendor('999')).toThrow(NothingToDo)
    expect(() => activity.changeItemQuantity('4500000001', '999')).toThrow(NothingToDo)
    expect(() => activity.archive('A_Product', 'none')).toThrow(NothingToDo)
  })
})

describe('new objects', () => {
  test('a new vendor has all that a supplier needs to be ordered from', () => {
    const { store, activity } = plant()
    const { added } = differences(store, () => activity.newVendor())
    expect(added).toMatchObject({
      A_BusinessPartner: 1,
      A_Supplier: 1,
      A_BusinessPartnerRole: 2,
      A_BusinessPartnerAddress: 1,
      A_AddressEmailAddress: 1,
    })
    expect(added['A_SupplierCompany']).toBe(added['A_SupplierPurchasingOrg'])
    expect(danglingReferences(store)).toEqual([])
  })

  test('a new order takes the next number and has items with schedule lines', () => {
    const { store, activity } = plant()
    const { added, stamped } = differences(store, () => expect(activity.newPurchaseOrder().key).toBe('4500000061'))
    expect(added['A_PurchaseOrder']).toBe(1)
    expect(added['A_PurchaseOrderItem']).toBe(added['A_PurchaseOrderScheduleLine'])
    expect(stamped).toEqual({})
  })

  test.each(['newUser', 'newMaintenanceOrder'] as const)('%s adds and changes nothing else', (name) => {
    const { store, activity } = plant()
    const found = differences(store, () => activity[name]())
    expect(found).toMatchObject({ removed: {}, changed: {} })
    expect(danglingReferences(store)).toEqual([])
    expect(violations(store)).toEqual([])
  })

  test('what was never changed has no change date where the system says so', () => {
    const { store, activity } = plant({ changeDateNullUntilChange: true })
    const order = { MaintenanceOrder: activity.newMaintenanceOrder().key }
    const user = { BusinessPartner: activity.newUser().key }
    const orders = store.set('API_MAINTENANCEORDER', 'MaintenanceOrder')
    const partners = store.set('API_BUSINESS_PARTNER', 'A_BusinessPartner')
    expect(store.get(orders, order)).toMatchObject({ LastChangeDateTime: null })
    expect(store.get(partners, user)).toMatchObject({ LastChangeDate: null, LastChangeTime: null })
    activity.renameUser(user.BusinessPartner)
    expect(store.get(partners, user)?.['LastChangeDate']).toBe(Date.UTC(2026, 0, 15))
  })
})

describe('archive', () => {
  test.each([
    ['A_PurchaseOrder', 'API_PURCHASEORDER_PROCESS_SRV', '4500000001'],
    ['A_BusinessPartner', 'API_BUSINESS_PARTNER', '10300001'],
    ['A_Product', 'API_PRODUCT_SRV', 'SEAL-40'],
    ['MaintenanceOrder', 'API_MAINTENANCEORDER', '4000001'],
    ['Equipment', 'API_EQUIPMENT', '10000001'],
    ['FunctionalLocation', 'API_FUNCTIONALLOCATION', '1010'],
  ] as const)('removes a row of %s and all below it, and moves no change stamp', (set, service, key) => {
    const { store, activity } = plant()
    const found = differences(store, () => activity.archive(set, key))
    expect(found).toMatchObject({ added: {}, changed: {}, stamped: {} })
    expect(found.removed[set]).toBeGreaterThan(0)
    const orphans = danglingReferences(store).filter((line) => line.startsWith(service) && BELOW.test(line))
    expect(orphans).toEqual([])
  })

  test('removes a material document of its year', () => {
    const { store, activity } = plant()
    const [header] = store.select(store.set('API_MATERIAL_DOCUMENT_SRV', 'A_MaterialDocumentHeader'), { limit: 1 })
    const key = `${String(header?.['MaterialDocumentYear'])}|${String(header?.['MaterialDocument'])}`
    const { removed } = differences(store, () => activity.archive('A_MaterialDocumentHeader', key))
    expect(removed['A_MaterialDocumentHeader']).toBe(1)
    expect(removed['A_MaterialDocumentItem']).toBeGreaterThan(0)
  })
})

/** References from a child to its parent; references to archived objects from elsewhere stay. */
const BELOW =
  /A_PurchaseOrder(Item|ScheduleLine|Note|ItemNote)\.Purch|A_PurOrd|A_Supplier|Address|Role|Tax|A_Product\w+\.|Operation|OpComponent|LongText/
