import { describe, expect, it } from 'vitest'
import {
  createLandscape,
  DOCUMENT,
  ITEM_BODY,
  type Landscape,
  ORDER,
  order,
  PO,
  PRODUCT,
  refusalOf,
  START_SECOND,
} from './landscape.ts'

const PLACE = { Material: 'SEAL-40', Plant: '1010', StorageLocation: '101A' }

function post(landscape: Landscape, code: string, items: readonly object[], header: object = {}) {
  const body = {
    GoodsMovementCode: code,
    PostingDate: '2026-01-15T00:00:00',
    to_MaterialDocumentItem: items,
    ...header,
  }
  return landscape.post(DOCUMENT, 'A_MaterialDocumentHeader', body)
}
const receive = (landscape: Landscape, quantity: string) =>
  post(landscape, '05', [{ ...PLACE, GoodsMovementType: '501', QuantityInEntryUnit: quantity, EntryUnit: 'PC' }])
const scrap = (landscape: Landscape, quantity: string) =>
  post(landscape, '03', [{ ...PLACE, GoodsMovementType: '551', QuantityInEntryUnit: quantity, EntryUnit: 'PC' }])
const keyOf = (answer: ReturnType<typeof post>) => ({
  MaterialDocumentYear: answer.entity?.row['MaterialDocumentYear'] ?? '',
  MaterialDocument: answer.entity?.row['MaterialDocument'] ?? '',
})

describe('stock', () => {
  it('goes up by a receipt and down by scrapping, exactly', () => {
    const landscape = createLandscape()
    const answer = receive(landscape, '3.125')
    expect(answer.entity?.row).toMatchObject({
      MaterialDocumentYear: '2026',
      MaterialDocument: '4900000001',
      CreationDate: Date.UTC(2026, 0, 15),
      CreationTime: 'PT10H00M00S',
      CreatedByUser: 'TRIBUTARY',
    })
    expect(landscape.stock('101A')).toBe('3.125')
    scrap(landscape, '0.1')
    expect(landscape.stock('101A')).toBe('3.025')
  })

  it('counts entry units in base units', () => {
    const landscape = createLandscape()
    post(landscape, '05', [{ ...PLACE, GoodsMovementType: '561', QuantityInEntryUnit: '2', EntryUnit: 'BOX' }])
    expect(landscape.stock('101A')).toBe('20')
    expect(landscape.rows(DOCUMENT, 'A_MaterialDocumentItem')[0]).toMatchObject({
      QuantityInEntryUnit: '2',
      EntryUnit: 'BOX',
      QuantityInBaseUnit: '20',
      MaterialBaseUnit: 'PC',
    })
  })

  it('does not go below zero: the deficit is told under the generic message, and nothing is posted', () => {
    const landscape = createLandscape()
    receive(landscape, '3')
    const refused = refusalOf(() => scrap(landscape, '5'))
    expect(refused).toMatchObject({
      status: 400,
      code: 'MM_IM_ODATA_API_MDOC/014',
      message: 'Material Document processing failed',
      codes: ['MM_IM_ODATA_API_MDOC/014', 'M7/021'],
    })
    expect(landscape.stock('101A')).toBe('3')
    expect(landscape.rows(DOCUMENT, 'A_MaterialDocumentHeader')).toHaveLength(1)
  })

  it('is shared by the items of one document', () => {
    const landscape = createLandscape()
    receive(landscape, '3')
    const item = { ...PLACE, GoodsMovementType: '551', QuantityInEntryUnit: '2', EntryUnit: 'PC' }
    expect(refusalOf(() => post(landscape, '03', [item, item])).codes).toContain('M7/021')
    expect(landscape.stock('101A')).toBe('3')
  })

  it('of zero stays as a row or goes, as the switch says', () => {
    for (const zeroStockRows of [true, false]) {
      const landscape = createLandscape({ zeroStockRows })
      receive(landscape, '3')
      scrap(landscape, '3')
      expect(landscape.stock('101A')).toBe(zeroStockRows ? '0' : null)
    }
  })

  it('moves between storage locations by 311, in two lines', () => {
    const landscape = createLandscape()
    receive(landscape, '10')
    const answer = post(landscape, '04', [
      { ...PLACE, GoodsMovementType: '311', QuantityInEntryUnit: '4', IssuingOrReceivingStorageLoc: '101B' },
    ])
    expect([landscape.stock('101A'), landscape.stock('101B')]).toEqual(['6', '4'])
    expect(answer.entity?.expanded['to_MaterialDocumentItem']).toMatchObject([
      { row: { MaterialDocumentItem: '1', StorageLocation: '101A', IsAutomaticallyCreated: '' } },
      {
        row: {
          MaterialDocumentItem: '2',
          StorageLocation: '101B',
          IsAutomaticallyCreated: 'X',
          MaterialDocumentParentLine: '1',
        },
      },
    ])
  })

  it('leaves quality inspection by 321', () => {
    const landscape = createLandscape()
    post(landscape, '05', [{ ...PLACE, GoodsMovementType: '501', QuantityInEntryUnit: '8', InventoryStockType: '02' }])
    post(landscape, '04', [{ ...PLACE, GoodsMovementType: '321', QuantityInEntryUnit: '5' }])
    expect([landscape.stock('101A', { InventoryStockType: '02' }), landscape.stock('101A')]).toEqual(['3', '5'])
  })
})

it.each([
  ['05', { GoodsMovementType: '551' }, 'M7/061'],
  ['05', { GoodsMovementType: '999' }, 'M7/146'],
  ['05', { Material: 'NO-SUCH' }, 'M3/305'],
  ['05', { StorageLocation: '999Z' }, 'M3/018'],
  ['05', { QuantityInEntryUnit: '0' }, 'ME/083'],
  ['05', { EntryUnit: 'KG' }, 'M3/066'],
  ['05', { PurchaseOrder: '4500000001' }, 'MM_IM_ODATA_API_MDOC/011'],
  ['03', { GoodsMovementType: '201' }, 'M7/195'],
  ['03', { GoodsMovementType: '261', ManufacturingOrder: '4711' }, 'CO/002'],
  ['04', { GoodsMovementType: '311', IssuingOrReceivingStorageLoc: '101A' }, 'M7/128'],
  ['01', { GoodsMovementType: '101' }, 'ME/083'],
])('code %s with %j is refused with %s', (code, changed, expected) => {
  const item = { ...PLACE, GoodsMovementType: '501', QuantityInEntryUnit: '1', EntryUnit: 'PC', ...changed }
  expect(refusalOf(() => post(createLandscape(), code, [item])).codes).toContain(expected)
})

it('the refusals of all items are told together', () => {
  const item = { ...PLACE, GoodsMovementType: '501', QuantityInEntryUnit: '1' }
  const items = [{ ...item, Material: 'NO-SUCH' }, item, { ...item, GoodsMovementType: '999' }]
  expect(refusalOf(() => post(createLandscape(), '05', items)).codes).toEqual([
    'MM_IM_ODATA_API_MDOC/014',
    'M3/305',
    'M7/146',
  ])
})

it('a closed period takes no posting', () => {
  const landscape = createLandscape({ closedPeriods: new Set(['2025-12']) })
  const item = { ...PLACE, GoodsMovementType: '501', QuantityInEntryUnit: '1' }
  const run = () => post(landscape, '05', [item], { PostingDate: '2025-12-31T00:00:00' })
  expect(refusalOf(run).codes).toContain('M7/053')
  expect(run).toThrow('Material Document processing failed')
  expect(receive(landscape, '1').status).toBe(201)
})

it('a document can be neither changed nor deleted', () => {
  const landscape = createLandscape()
  const key = keyOf(receive(landscape, '1'))
  for (const method of ['PATCH', 'DELETE'])
    expect(refusalOf(() => landscape.send(method, DOCUMENT, 'A_MaterialDocumentHeader', key, {})).status).toBe(405)
})

it('a material in batches asks for the batch', () => {
  const landscape = createLandscape()
  landscape.patch(PRODUCT, 'A_Product', { Product: 'SEAL-40' }, { IsBatchManagementRequired: true })
  expect(refusalOf(() => receive(landscape, '1')).codes).toContain('M7/018')
})

describe('receipts for purchase orders', () => {
  const item = (number: string) => ({ PurchaseOrder: number, PurchaseOrderItem: '10' })
  const goods = (landscape: Landscape, number: string, quantity: string, further: object = {}) =>
    post(landscape, '01', [
      {
        GoodsMovementType: '101',
        GoodsMovementRefDocType: 'B',
        ...item(number),
        QuantityInEntryUnit: quantity,
        ...further,
      },
    ])

  it('fill the item from the order and complete it when all has come', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    landscape.wait(60_000)
    expect(goods(landscape, number, '5').entity?.row['MaterialDocument']).toBe('5000000001')
    expect(landscape.row(PO, 'A_PurchaseOrderItem', item(number))['IsCompletelyDelivered']).toBe(false)
    goods(landscape, number, '7')
    expect(landscape.row(PO, 'A_PurchaseOrderItem', item(number))['IsCompletelyDelivered']).toBe(true)
    expect(landscape.stock('101A')).toBe('12')
    expect(landscape.rows(DOCUMENT, 'A_MaterialDocumentItem')[0]).toMatchObject({
      Material: 'SEAL-40',
      StorageLocation: '101A',
      Supplier: '10300001',
      EntryUnit: 'PC',
    })
    // A receipt is no change of the order (unverified): its header stays as it was.
    expect(landscape.row(PO, 'A_PurchaseOrder', { PurchaseOrder: number })['LastChangeDateTime']).toBe(START_SECOND)
  })

  it('beyond the ordered quantity are refused, within the tolerance not', () => {
    const landscape = createLandscape()
    expect(refusalOf(() => goods(landscape, order(landscape), '13')).codes).toContain('M7/022')
    expect(landscape.stock('101A')).toBeNull()
    const tolerant = order(landscape, [{ ...ITEM_BODY, OverdelivTolrtdLmtRatioInPct: '10' }])
    expect(goods(landscape, tolerant, '13').status).toBe(201)
  })

  it('may say that nothing more will come', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    goods(landscape, number, '5', { IsCompletelyDelivered: true })
    expect(landscape.row(PO, 'A_PurchaseOrderItem', item(number))['IsCompletelyDelivered']).toBe(true)
  })

  it('for costed items do not go to stock', () => {
    const landscape = createLandscape()
    const costed = { ...ITEM_BODY, AccountAssignmentCategory: 'K', to_AccountAssignment: [{ CostCenter: '10101' }] }
    goods(landscape, order(landscape, [costed]), '5')
    expect(landscape.stock('101A')).toBeNull()
  })

  it('for deleted items are refused; the order quantity does not fall below what has come', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    goods(landscape, number, '5')
    const patch = () => landscape.patch(PO, 'A_PurchaseOrderItem', item(number), { OrderQuantity: '4' })
    expect(refusalOf(patch).code).toBe('06/174')
    landscape.send('DELETE', PO, 'A_PurchaseOrderItem', item(number), undefined)
    expect(refusalOf(() => goods(landscape, number, '1')).codes).toContain('M7/016')
  })

  it('are taken back by Cancel, once: stock and item are as before', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    const key = keyOf(goods(landscape, number, '12'))
    const reversal = landscape.call(DOCUMENT, 'Cancel', key)
    expect(reversal.entity?.set.name).toBe('A_MaterialDocumentHeader')
    expect(landscape.stock('101A')).toBe('0')
    expect(landscape.row(PO, 'A_PurchaseOrderItem', item(number))['IsCompletelyDelivered']).toBe(false)
    expect(landscape.rows(DOCUMENT, 'A_MaterialDocumentItem')).toMatchObject([
      { ...key, GoodsMovementType: '101', GoodsMovementIsCancelled: true },
      {
        GoodsMovementType: '102',
        ReversedMaterialDocumentYear: '2026',
        ReversedMaterialDocument: key.MaterialDocument,
        ReversedMaterialDocumentItem: '1',
      },
    ])
    expect(refusalOf(() => landscape.call(DOCUMENT, 'Cancel', key)).codes).toContain('M7/052')
  })
})

describe('Cancel', () => {
  it('undoes a transfer in both places', () => {
    const landscape = createLandscape()
    receive(landscape, '10')
    const item = { ...PLACE, GoodsMovementType: '311', QuantityInEntryUnit: '4', IssuingOrReceivingStorageLoc: '101B' }
    landscape.call(DOCUMENT, 'Cancel', keyOf(post(landscape, '04', [item])))
    expect([landscape.stock('101A'), landscape.stock('101B')]).toEqual(['10', '0'])
  })

  it('is refused when the goods are gone already', () => {
    const landscape = createLandscape()
    const key = keyOf(receive(landscape, '5'))
    scrap(landscape, '3')
    expect(refusalOf(() => landscape.call(DOCUMENT, 'Cancel', key)).codes).toContain('M7/021')
    expect(landscape.stock('101A')).toBe('2')
  })

  it('of one item leaves the others', () => {
    const landscape = createLandscape()
    const item = { ...PLACE, GoodsMovementType: '501', QuantityInEntryUnit: '5' }
    const key = keyOf(post(landscape, '05', [item, { ...item, StorageLocation: '101B' }]))
    const { entity } = landscape.call(DOCUMENT, 'CancelItem', { ...key, MaterialDocumentItem: '2' })
    expect(entity?.set.name).toBe('A_MaterialDocumentItem')
    expect([landscape.stock('101A'), landscape.stock('101B')]).toEqual(['5', '0'])
    landscape.call(DOCUMENT, 'Cancel', key)
    expect(landscape.stock('101A')).toBe('0')
  })

  it('posts into the given date, if its period is open', () => {
    const landscape = createLandscape({ closedPeriods: new Set(['2025-12']) })
    const key = keyOf(receive(landscape, '5'))
    const closed = { ...key, PostingDate: Date.UTC(2025, 11, 31) }
    expect(refusalOf(() => landscape.call(DOCUMENT, 'Cancel', closed)).codes).toContain('M7/053')
    const { entity } = landscape.call(DOCUMENT, 'Cancel', { ...key, PostingDate: Date.UTC(2026, 0, 14) })
    expect(entity?.row['PostingDate']).toBe(Date.UTC(2026, 0, 14))
  })
})

it('a withdrawal for a maintenance order shows at its component, once the order is released', () => {
  const landscape = createLandscape()
  receive(landscape, '10')
  const { entity } = landscape.post(ORDER, 'MaintenanceOrder', {
    MaintenanceOrderType: 'YA01',
    MaintenancePlanningPlant: '1010',
    MainWorkCenter: 'RES-0100',
    Equipment: '10000045',
    to_MaintenanceOrderOperation: [
      { to_MaintOrderOpComponent_2: [{ Product: 'SEAL-40', QuantityInUnitOfEntry: '2' }] },
    ],
  })
  const number = String(entity?.row['MaintenanceOrder'])
  const item = { ...PLACE, GoodsMovementType: '261', ManufacturingOrder: number, QuantityInEntryUnit: '2' }
  expect(refusalOf(() => post(landscape, '03', [item])).codes).toContain('BS/007')
  landscape.call(ORDER, 'ReleaseMaintenanceOrder', { MaintenanceOrder: number })
  post(landscape, '03', [item])
  expect(landscape.stock('101A')).toBe('8')
  expect(landscape.rows(ORDER, 'MaintOrderOpComponent')[0]?.['QuantityWithdrawnInBaseUnit']).toBe('2')
})
