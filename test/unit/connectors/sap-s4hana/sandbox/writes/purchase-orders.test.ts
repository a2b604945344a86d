import { describe, expect, it } from 'vitest'
import { BP, createLandscape, ITEM_BODY, ORDER_BODY, order, PO, PRODUCT, refusalOf, START_SECOND } from './landscape.ts'

const item = (number: string, name = '10') => ({ PurchaseOrder: number, PurchaseOrderItem: name })

describe('creation', () => {
  it('assigns the number, fills the defaults and stamps whole seconds', () => {
    const landscape = createLandscape()
    const { status, entity } = landscape.post(PO, 'A_PurchaseOrder', {
      ...ORDER_BODY,
      to_PurchaseOrderItem: [ITEM_BODY],
    })
    expect(status).toBe(201)
    expect(entity?.row).toMatchObject({
      PurchaseOrder: '4500000001',
      PaymentTerms: '0004',
      CreatedByUser: 'TRIBUTARY',
      CreationDate: Date.UTC(2026, 0, 15),
      LastChangeDateTime: START_SECOND,
      PurchasingProcessingStatus: '02',
    })
    expect(landscape.row(PO, 'A_PurchaseOrderItem', item('4500000001'))).toMatchObject({
      PurchaseOrderItemText: 'SEAL-40 text',
      MaterialGroup: 'L001',
      DocumentCurrency: 'EUR',
      OrderQuantity: '12',
      IsCompletelyDelivered: false,
    })
    expect(order(landscape)).toBe('4500000002')
  })

  it('numbers items in tens and gives each a schedule line', () => {
    const landscape = createLandscape()
    const { PurchaseOrderItem: _, ...bare } = ITEM_BODY
    const number = order(landscape, [bare, { ...ITEM_BODY, PurchaseOrderItem: '00050' }, bare])
    const items = landscape.rows(PO, 'A_PurchaseOrderItem').map((row) => row['PurchaseOrderItem'])
    expect(items).toEqual(['10', '50', '60'])
    const line = { PurchasingDocument: number, PurchasingDocumentItem: '60', ScheduleLine: '1' }
    expect(landscape.row(PO, 'A_PurchaseOrderScheduleLine', line)).toMatchObject({
      ScheduleLineOrderQuantity: '12',
      PurchaseOrderQuantityUnit: 'PC',
    })
  })

  it.each([
    [{ Supplier: '99' }, {}, '06/284'],
    [{ Supplier: '' }, {}, 'ME/083'],
    [{ PurchasingOrganization: '2010' }, {}, '06/321'],
    [{ CompanyCode: '2010' }, {}, 'F2/163'],
    [{ PurchaseOrderType: 'ZX' }, {}, 'APPL_MM_PUR_PO/064'],
    [{}, { PurchaseOrderItemCategory: 'D' }, 'APPL_MM_PUR_PO/065'],
    [{}, { Material: 'NO-SUCH' }, 'M3/305'],
    [{}, { Plant: '9999', StorageLocation: '' }, 'M3/351'],
    [{}, { StorageLocation: '999Z' }, 'M3/018'],
    [{}, { OrderQuantity: '0' }, 'ME/083'],
    [{}, { NetPriceAmount: '0' }, 'ME/215'],
    [{}, { AccountAssignmentCategory: 'K' }, 'ME/086'],
    [{}, { AccountAssignmentCategory: 'F', to_AccountAssignment: [{ CostCenter: '10101' }] }, 'KI/249'],
    [
      {},
      { to_ScheduleLine: [{ ScheduleLineDeliveryDate: '2026-02-01T00:00:00', ScheduleLineOrderQuantity: '13' }] },
      '06/039',
    ],
  ])('is refused for header %j and item %j with %s', (header, changed, code) => {
    const landscape = createLandscape()
    const body = { ...ORDER_BODY, ...header, to_PurchaseOrderItem: [{ ...ITEM_BODY, ...changed }] }
    expect(refusalOf(() => landscape.post(PO, 'A_PurchaseOrder', body))).toMatchObject({ status: 400, code })
  })

  it('is refused without items, and for a supplier blocked for purchasing', () => {
    const landscape = createLandscape()
    expect(refusalOf(() => order(landscape, [])).code).toBe('ME/045')
    landscape.patch(BP, 'A_Supplier', { Supplier: '10300001' }, { PurchasingIsBlocked: true })
    expect(refusalOf(() => order(landscape)).message).toContain('blocked for purchasing')
  })

  it('goes through with a warning when the delivery date can hardly be met', () => {
    const landscape = createLandscape()
    const lines = [{ ScheduleLineDeliveryDate: '2026-01-15T00:00:00', ScheduleLineOrderQuantity: '12' }]
    const body = { ...ORDER_BODY, to_PurchaseOrderItem: [{ ...ITEM_BODY, to_ScheduleLine: lines }] }
    expect(landscape.post(PO, 'A_PurchaseOrder', body)).toMatchObject({ status: 201, warnings: [{ code: 'ME/040' }] })
    const { warnings } = landscape.post(PO, 'A_PurchaseOrder', { ...ORDER_BODY, to_PurchaseOrderItem: [ITEM_BODY] })
    expect(warnings).toBeUndefined()
  })

  it('takes free text with a cost center', () => {
    const landscape = createLandscape()
    const free = {
      PurchaseOrderItemText: 'Window cleaning',
      Plant: '1010',
      MaterialGroup: 'L001',
      AccountAssignmentCategory: 'K',
      OrderQuantity: '1',
      PurchaseOrderQuantityUnit: 'EA',
      NetPriceAmount: '80',
      to_AccountAssignment: [{ CostCenter: '10101', GLAccount: '65100000' }],
    }
    const number = order(landscape, [free])
    expect(
      landscape.row(PO, 'A_PurOrdAccountAssignment', { ...item(number), AccountAssignmentNumber: '1' }),
    ).toMatchObject({ CostCenter: '10101', Quantity: '1', DocumentCurrency: 'EUR' })
  })
})

describe('change', () => {
  it('of an item moves the header, by whole seconds', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    landscape.wait(5_000)
    landscape.patch(PO, 'A_PurchaseOrderItem', item(number), { OrderQuantity: '20' })
    expect(landscape.row(PO, 'A_PurchaseOrder', { PurchaseOrder: number })['LastChangeDateTime']).toBe(
      START_SECOND + 5_000,
    )
    const line = { PurchasingDocument: number, PurchasingDocumentItem: '10', ScheduleLine: '1' }
    expect(landscape.row(PO, 'A_PurchaseOrderScheduleLine', line)['ScheduleLineOrderQuantity']).toBe('20')
  })

  it('of an item leaves the header where the switch says so', () => {
    const landscape = createLandscape({ headerMovesWithItems: false })
    const number = order(landscape)
    landscape.wait(5_000)
    landscape.patch(PO, 'A_PurchaseOrderItem', item(number), { OrderQuantity: '20' })
    expect(landscape.row(PO, 'A_PurchaseOrder', { PurchaseOrder: number })['LastChangeDateTime']).toBe(START_SECOND)
  })

  it('of a schedule line brings the item in line', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    const line = { PurchasingDocument: number, PurchasingDocumentItem: '10', ScheduleLine: '1' }
    landscape.patch(PO, 'A_PurchaseOrderScheduleLine', line, { ScheduleLineOrderQuantity: '15' })
    expect(landscape.row(PO, 'A_PurchaseOrderItem', item(number))['OrderQuantity']).toBe('15')
  })

  it.each([
    ['A_PurchaseOrder', 'Supplier', 'Header'],
    ['A_PurchaseOrderItem', 'Material', 'Item'],
  ])('of %s refuses another %s', (set, field, level) => {
    const landscape = createLandscape()
    const number = order(landscape)
    const key = set === 'A_PurchaseOrder' ? { PurchaseOrder: number } : item(number)
    const refused = refusalOf(() => landscape.patch(PO, set, key, { [field]: '10300009' }))
    expect(refused).toMatchObject({
      code: 'MMPUR_POHANDLER_TECH/010',
      message: `The input of field ${field} on ${level} level cannot be processed.`,
    })
    const same = landscape.row(PO, set, key)[field]
    expect(landscape.patch(PO, set, key, { [field]: same }).status).toBe(204)
  })

  it('is refused while the order is locked, below its header too, until the lock ends', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    landscape.switches.locks.set(number, Date.UTC(2026, 0, 15, 10, 0, 30))
    const run = () => landscape.patch(PO, 'A_PurchaseOrderItem', item(number), { OrderQuantity: '20' })
    expect(refusalOf(run)).toMatchObject({
      status: 400,
      code: 'MMPUR_INTEGRATION_PO/002',
      message: `Purchase Order ${number} is locked in another session`,
    })
    landscape.wait(31_000)
    expect(run().status).toBe(204)
  })

  it('adds an item through the navigation, and moves the header', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    landscape.wait(2_000)
    const { PurchaseOrderItem: _, ...bare } = ITEM_BODY
    const { entity } = landscape.postBelow(
      PO,
      'A_PurchaseOrder',
      { PurchaseOrder: number },
      'to_PurchaseOrderItem',
      bare,
    )
    expect(entity?.row).toMatchObject({ PurchaseOrder: number, PurchaseOrderItem: '20' })
    expect(landscape.row(PO, 'A_PurchaseOrder', { PurchaseOrder: number })['LastChangeDateTime']).toBe(
      START_SECOND + 2_000,
    )
  })

  it('adds an item through the set', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    const { entity } = landscape.post(PO, 'A_PurchaseOrderItem', {
      ...ITEM_BODY,
      PurchaseOrder: number,
      PurchaseOrderItem: '00020',
    })
    expect(entity?.row['PurchaseOrderItem']).toBe('20')
    expect(
      refusalOf(() => landscape.post(PO, 'A_PurchaseOrderItem', { ...ITEM_BODY, PurchaseOrder: number })).message,
    ).toContain('already exists')
  })
})

describe('deletion', () => {
  it('of an item marks it and keeps the row; the item cannot be changed after', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    landscape.wait(1_000)
    expect(landscape.send('DELETE', PO, 'A_PurchaseOrderItem', item(number), undefined).status).toBe(204)
    expect(landscape.row(PO, 'A_PurchaseOrderItem', item(number))['PurchasingDocumentDeletionCode']).toBe('L')
    expect(landscape.row(PO, 'A_PurchaseOrder', { PurchaseOrder: number })).toMatchObject({
      PurchasingDocumentDeletionCode: '',
      LastChangeDateTime: START_SECOND + 1_000,
    })
    const run = () => landscape.patch(PO, 'A_PurchaseOrderItem', item(number), { OrderQuantity: '1' })
    expect(refusalOf(run).status).toBe(400)
  })

  it('of an item takes the row and what hangs below it where the switch says so', () => {
    const landscape = createLandscape({ deleteMarksItem: false })
    const number = order(landscape)
    landscape.send('DELETE', PO, 'A_PurchaseOrderItem', item(number), undefined)
    expect(landscape.rows(PO, 'A_PurchaseOrderItem')).toEqual([])
    expect(landscape.rows(PO, 'A_PurchaseOrderScheduleLine')).toEqual([])
  })

  it('of the order marks header and items', () => {
    const landscape = createLandscape()
    const number = order(landscape)
    landscape.send('DELETE', PO, 'A_PurchaseOrder', { PurchaseOrder: number }, undefined)
    expect(landscape.row(PO, 'A_PurchaseOrder', { PurchaseOrder: number })['PurchasingDocumentDeletionCode']).toBe('L')
    expect(landscape.row(PO, 'A_PurchaseOrderItem', item(number))['PurchasingDocumentDeletionCode']).toBe('L')
  })
})

it('a material flagged for deletion cannot be ordered', () => {
  const landscape = createLandscape()
  landscape.patch(PRODUCT, 'A_Product', { Product: 'SEAL-40' }, { IsMarkedForDeletion: true })
  expect(refusalOf(() => order(landscape)).message).toContain('flagged for deletion')
})
