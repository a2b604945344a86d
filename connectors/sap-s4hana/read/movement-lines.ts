import {
  decimals,
  type InventoryMovementLine,
  type MappingSettings,
  type MovementKind,
  unifiedId,
} from '../../../core/index.ts'
import { decimal, type Row, stripZeros, text } from '../values.ts'
import { customFields } from './envelope.ts'
import { type Direction, directionOf, kindOf } from './movement-kinds.ts'
import { orderLineId } from './purchase-lines.ts'
import { locationId, reference } from './references.ts'
import { unitsOf } from './units.ts'

/** Quantities of these carry a sign. */
const SIGNED: readonly MovementKind[] = ['COUNT', 'ADJUSTMENT']

/**
 * What the lines of a document are made of. SAP adds a line of its own for the other side of a transfer, which the
 * posted line names already; and goods without a material number have no item to be a movement of.
 */
export function movedItems(items: readonly Row[], settings: MappingSettings): readonly Row[] {
  const posted = items.filter((item) => !isMirror(item, settings))
  return posted.length === 0 ? items : posted
}

const isMirror = (item: Row, settings: MappingSettings): boolean =>
  isAutomatic(item) && kindOf(text(item['GoodsMovementType']), settings) === 'TRANSFER'

export const isAutomatic = (item: Row): boolean => text(item['IsAutomaticallyCreated']) !== null

/** null = the item has no material. */
export function lineOf(
  item: Row,
  code: string | null,
  settings: MappingSettings,
  key: string,
): InventoryMovementLine | null {
  const { connectionId } = settings
  const material = text(item['Material'])
  if (material === null) return null
  const type = text(item['GoodsMovementType'])
  const kind = kindOf(type, settings)
  const direction = directionOf(type, kind, code, reference(item['ReversedMaterialDocument']) !== null)
  const number = text(item['MaterialDocumentItem']) ?? ''
  const workOrder = reference(item['ManufacturingOrder'])
  const entered = decimal(item['QuantityInEntryUnit'])
  const quantity = decimals.absolute(entered ?? decimal(item['QuantityInBaseUnit']) ?? '0')
  return {
    line_id: unifiedId(connectionId, 'inventory_movement_line', [...key.split('|'), stripZeros(number)]),
    line_number: stripZeros(number) || null,
    item_id: unifiedId(connectionId, 'item', material),
    quantity: SIGNED.includes(kind) && direction === 'out' ? decimals.negate(quantity) : quantity,
    quantity_counted: null,
    ...unitsOf(text(item[entered === null ? 'MaterialBaseUnit' : 'EntryUnit']), settings),
    ...placesOf(item, direction, settings),
    purchase_order_line_id: orderLineOf(item, connectionId),
    work_order_id: workOrder === null ? null : unifiedId(connectionId, 'work_order', workOrder),
    lot_number: text(item['Batch']),
    serial_numbers: null,
    unit_cost: null,
    reason: reference(item['GoodsMovementReasonCode']),
    custom_fields: customFields([item], settings.customFields),
  }
}

/** Where the other side of a transfer names no place (a change of stock type), it is the same one. */
function placesOf(item: Row, direction: Direction | null, settings: MappingSettings) {
  const own = locationId(settings, item['Plant'], item['StorageLocation'])
  const plant = text(item['IssuingOrReceivingPlant'])
  const storageLocation = text(item['IssuingOrReceivingStorageLoc'])
  const named = plant !== null || storageLocation !== null
  const other = named ? locationId(settings, plant ?? text(item['Plant']), storageLocation) : own
  switch (direction) {
    case 'in':
      return { from_location_id: null, to_location_id: own }
    case 'out':
      return { from_location_id: own, to_location_id: null }
    case 'out-across':
      return { from_location_id: own, to_location_id: other }
    case 'in-across':
      return { from_location_id: other, to_location_id: own }
    default:
      return { from_location_id: null, to_location_id: null }
  }
}

function orderLineOf(item: Row, connectionId: string): string | null {
  const [order, number] = [reference(item['PurchaseOrder']), reference(item['PurchaseOrderItem'])]
  return order === null || number === null ? null : orderLineId(connectionId, order, number)
}
