/** One line of a material document: checked, completed and posted to stock. */
import type { Row } from '../model.ts'
import { add, compare, divide, multiply, subtract } from './decimals.ts'
import { directionOf, MOVEMENT_TYPES, type MovementType } from './movement-types.ts'
import { codesOf } from './order-status.ts'
import { checkStorageLocation, materialIn } from './organisation.ts'
import { business, enter } from './refusals.ts'
import { issue, receive, type StockMove } from './stock.ts'
import { toBase } from './units.ts'
import { fill, find, rowsWhere, textOf, type Work } from './work.ts'

const PURCHASING = 'API_PURCHASEORDER_PROCESS_SRV'

/** Posts the line and answers it with the lines that the system adds. `code`: GoodsMovementCode of the document. */
export function postLine(work: Work, row: Row, code: string): Row[] {
  const type = textOf(row, 'GoodsMovementType')
  if (type === '') throw enter('Movement Type', 'GoodsMovementType')
  const movement = MOVEMENT_TYPES[type]
  if (movement === undefined) throw business('M7/146', `Movement type ${type} does not exist`, 'GoodsMovementType')
  if (!movement.codes.includes(code))
    throw business(
      'M7/061',
      `Movement type ${type} cannot be posted with goods movement code ${code}`,
      'GoodsMovementType',
    )
  const orderItem = referenceTo(work, row, movement)
  if (movement.needs !== undefined && textOf(row, movement.needs[0]) === '')
    throw business('M7/195', `Account assignment: enter ${movement.needs[1]}`, movement.needs[0])
  complete(work, row, orderItem)
  if (movement.needs?.[0] === 'ManufacturingOrder') drawForOrder(work, row, movement.effect)
  if (movement.effect === 'transfer') return transfer(work, row, movement)
  const isStocked = orderItem === null || textOf(orderItem, 'AccountAssignmentCategory') === ''
  if (isStocked) moveStock(work, row, movement.effect)
  return [row]
}

/** Applies a line to stock in the given direction. */
export function moveStock(work: Work, row: Row, direction: 'in' | 'out'): void {
  const move: StockMove = {
    material: textOf(row, 'Material'),
    plant: textOf(row, 'Plant'),
    storageLocation: textOf(row, 'StorageLocation'),
    batch: textOf(row, 'Batch'),
    stockType: textOf(row, 'InventoryStockType') || '01',
    special: textOf(row, 'InventorySpecialStockType'),
    supplier: textOf(row, 'Supplier'),
    quantity: textOf(row, 'QuantityInBaseUnit'),
    unit: textOf(row, 'MaterialBaseUnit'),
  }
  if (direction === 'in') receive(work, move)
  else issue(work, move)
}

/** The purchase order item a receipt is for; other movements must not name one. */
function referenceTo(work: Work, row: Row, movement: MovementType): Row | null {
  const order = textOf(row, 'PurchaseOrder')
  if (movement.order !== true) {
    if (order !== '')
      throw business(
        'MM_IM_ODATA_API_MDOC/011',
        `Property PURCHASEORDER is not supported for GoodsMovementType ${textOf(row, 'GoodsMovementType')}`,
        'PurchaseOrder',
      )
    return null
  }
  if (textOf(row, 'GoodsMovementRefDocType') !== 'B')
    throw enter('Goods Movement Ref. Doc. Type B', 'GoodsMovementRefDocType')
  const key = { PurchaseOrder: order, PurchaseOrderItem: textOf(row, 'PurchaseOrderItem') }
  const item = find(work, PURCHASING, 'A_PurchaseOrderItem', key)
  if (item === null) throw business('M7/036', `PO ${order} ${key.PurchaseOrderItem} does not exist`, 'PurchaseOrder')
  if (textOf(item, 'PurchasingDocumentDeletionCode') !== '')
    throw business('M7/016', `PO ${order} ${key.PurchaseOrderItem} is deleted or blocked`, 'PurchaseOrderItem')
  const header = find(work, PURCHASING, 'A_PurchaseOrder', { PurchaseOrder: order })
  if (header?.['ReleaseIsNotCompleted'] === true)
    throw business('ME/390', `Purchasing document ${order} not yet released`, 'PurchaseOrder')
  fill(row, { Supplier: textOf(header, 'Supplier') })
  return item
}

function complete(work: Work, row: Row, orderItem: Row | null): void {
  if (orderItem !== null)
    fill(row, {
      Material: textOf(orderItem, 'Material'),
      Plant: textOf(orderItem, 'Plant'),
      StorageLocation: textOf(orderItem, 'StorageLocation'),
      EntryUnit: textOf(orderItem, 'PurchaseOrderQuantityUnit'),
      AccountAssignmentCategory: textOf(orderItem, 'AccountAssignmentCategory'),
    })
  const quantity = textOf(row, 'QuantityInEntryUnit') || '0'
  if (compare(quantity, '0') <= 0) throw enter('Quantity', 'QuantityInEntryUnit')
  if (textOf(row, 'Plant') === '') throw enter('Plant', 'Plant')
  // A receipt of free text is not stocked and knows no base unit.
  if (textOf(row, 'Material') === '' && orderItem !== null) {
    Object.assign(row, { QuantityInBaseUnit: quantity, MaterialBaseUnit: textOf(row, 'EntryUnit') })
    return
  }
  if (textOf(row, 'Material') === '') throw enter('Material', 'Material')
  const material = materialIn(work, textOf(row, 'Material'), textOf(row, 'Plant'))
  const isCosted = orderItem !== null && textOf(orderItem, 'AccountAssignmentCategory') !== ''
  if (textOf(row, 'StorageLocation') === '' && !isCosted) throw enter('Storage Location', 'StorageLocation')
  if (textOf(row, 'StorageLocation') !== '')
    checkStorageLocation(work, textOf(row, 'Plant'), textOf(row, 'StorageLocation'))
  if (material['IsBatchManagementRequired'] === true && textOf(row, 'Batch') === '')
    throw business('M7/018', 'Enter Batch', 'Batch')
  fill(row, { EntryUnit: textOf(material, 'BaseUnit'), InventoryStockType: '01' })
  row['MaterialBaseUnit'] = textOf(material, 'BaseUnit')
  row['QuantityInBaseUnit'] = toBase(work, material, quantity, textOf(row, 'EntryUnit'))
  Object.assign(row, valueOf(work, row))
}

/** Quantity times price of the plant's valuation. */
function valueOf(work: Work, row: Row): Row {
  const key = { Product: textOf(row, 'Material'), ValuationArea: textOf(row, 'Plant'), ValuationType: '' }
  const valuation = find(work, 'API_PRODUCT_SRV', 'A_ProductValuation', key)
  if (valuation === null) return {}
  const price = textOf(
    valuation,
    valuation['InventoryValuationProcedure'] === 'S' ? 'StandardPrice' : 'MovingAveragePrice',
  )
  const unit = textOf(valuation, 'PriceUnitQty')
  const amount = multiply(textOf(row, 'QuantityInBaseUnit'), price || '0')
  return {
    CompanyCodeCurrency: textOf(valuation, 'Currency'),
    GdsMvtExtAmtInCoCodeCrcy: divide(amount, unit === '' || unit === '0' ? '1' : unit, 2),
  }
}

/** Two lines: out of here, into there. */
function transfer(work: Work, row: Row, movement: MovementType): Row[] {
  const [from, to] = movement.stockTypes ?? [textOf(row, 'InventoryStockType') || '01', '01']
  fill(row, {
    IssuingOrReceivingPlant: textOf(row, 'Plant'),
    IssgOrRcvgMaterial: textOf(row, 'Material'),
    IssuingOrReceivingStockType: to,
    ...(movement.stockTypes === undefined ? {} : { IssuingOrReceivingStorageLoc: textOf(row, 'StorageLocation') }),
  })
  row['InventoryStockType'] = from
  const [plant, location] = [textOf(row, 'IssuingOrReceivingPlant'), textOf(row, 'IssuingOrReceivingStorageLoc')]
  if (location === '') throw enter('Receiving Storage Location', 'IssuingOrReceivingStorageLoc')
  checkStorageLocation(work, plant, location, 'IssuingOrReceivingStorageLoc')
  if (plant !== textOf(row, 'Plant')) materialIn(work, textOf(row, 'Material'), plant)
  if (movement.stockTypes === undefined && plant === row['Plant'] && location === row['StorageLocation'])
    throw business('M7/128', 'Issuing and receiving storage location are the same', 'IssuingOrReceivingStorageLoc')
  const other: Row = {
    ...row,
    Plant: plant,
    StorageLocation: location,
    InventoryStockType: to,
    IssuingOrReceivingPlant: textOf(row, 'Plant'),
    IssuingOrReceivingStorageLoc: textOf(row, 'StorageLocation'),
    IssuingOrReceivingStockType: from,
    IsAutomaticallyCreated: 'X',
  }
  const type = textOf(row, 'GoodsMovementType')
  moveStock(work, row, directionOf(type, false))
  moveStock(work, other, directionOf(type, true))
  return [row, other]
}

/** A withdrawal for a maintenance order: the order must be released, and its component shows what was drawn. */
function drawForOrder(work: Work, row: Row, effect: MovementType['effect']): void {
  const number = textOf(row, 'ManufacturingOrder')
  const order = find(work, 'API_MAINTENANCEORDER', 'MaintenanceOrder', { MaintenanceOrder: number })
  if (order === null) throw business('CO/002', `Order ${number} does not exist`, 'ManufacturingOrder')
  const codes = codesOf(textOf(order, 'SystemStatusText'))
  if (!codes.includes('REL') && !codes.includes('TECO'))
    throw business('BS/007', `"Goods movement" is not allowed (ORD ${number})`, 'ManufacturingOrder')
  row['AccountAssignmentCategory'] = 'F'
  const key = { MaintenanceOrder: number, Product: textOf(row, 'Material'), IsDeleted: 0 }
  const [component] = rowsWhere(work, 'API_MAINTENANCEORDER', 'MaintOrderOpComponent', key)
  if (component !== undefined) drawComponent(work, component, row, effect)
}

function drawComponent(work: Work, component: Row, row: Row, effect: MovementType['effect']): void {
  const set = work.store.set('API_MAINTENANCEORDER', 'MaintOrderOpComponent')
  const drawn = textOf(component, 'QuantityWithdrawnInBaseUnit') || '0'
  const after =
    effect === 'out'
      ? add(drawn, textOf(row, 'QuantityInBaseUnit'))
      : subtract(drawn, textOf(row, 'QuantityInBaseUnit'))
  const key = Object.fromEntries(set.type.keys.map((name) => [name, component[name] ?? '']))
  work.store.update(set, key, { QuantityWithdrawnInBaseUnit: after })
  fill(row, { Reservation: textOf(component, 'Reservation'), ReservationItem: textOf(component, 'ReservationItem') })
}
