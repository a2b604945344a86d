import { decimals, type MappingSettings, type PurchaseOrderLine, unifiedId } from '../../../core/index.ts'
import { children, decimal, flag, type Row, sapDate, stripZeros, text } from '../values.ts'
import { customFields } from './envelope.ts'
import { isDeleted } from './purchase-order-status.ts'
import { locationId, reference, shared } from './references.ts'
import { unitsOf } from './units.ts'

/** What was received, billed and taxed is not in this service. */
export function lineOf(item: Row, settings: MappingSettings, order: string): PurchaseOrderLine {
  const { connectionId } = settings
  const number = text(item['PurchaseOrderItem'])
  if (number === null) throw new TypeError(`an item of purchase order ${order} has no number`)
  const material = text(item['Material'])
  const quantity = decimal(item['OrderQuantity'])
  const assignments = children(item['to_AccountAssignment']).filter((each) => flag(each['IsDeleted']) !== true)
  const workOrder = shared(assignments.map((each) => reference(each['OrderID'])))
  return {
    line_id: orderLineId(connectionId, order, number),
    line_number: stripZeros(number),
    item_id: material === null ? null : unifiedId(connectionId, 'item', material),
    description: text(item['PurchaseOrderItemText']),
    vendor_item_number: text(item['SupplierMaterialNumber']),
    quantity_ordered: quantity,
    ...unitsOf(text(item['PurchaseOrderQuantityUnit']), settings),
    unit_price: priceOf(item, '1'),
    line_amount: quantity === null ? null : priceOf(item, quantity),
    tax_amount: null,
    quantity_received: null,
    quantity_billed: null,
    expected_date: earliestDelivery(item),
    location_id: locationId(settings, item['Plant'], item['StorageLocation']),
    cost_center: shared(assignments.map((each) => text(each['CostCenter']))),
    work_order_id: workOrder === null ? null : unifiedId(connectionId, 'work_order', workOrder),
    is_closed: flag(item['IsCompletelyDelivered']) === true,
    is_canceled: isDeleted(item),
    custom_fields: customFields([item], settings.customFields),
  }
}

/** One id for an item, however padded its number comes: material documents name it as well. */
export const orderLineId = (connectionId: string, order: string, item: string): string =>
  unifiedId(connectionId, 'purchase_order_line', [order, stripZeros(item)])

/**
 * Net price of `quantity` order units. The price is given per so many price units; an order unit is
 * numerator ÷ denominator price units.
 */
function priceOf(item: Row, quantity: string): string | null {
  const amount = decimal(item['NetPriceAmount'])
  if (amount === null) return null
  const per = positive(item['NetPriceQuantity']) ?? '1'
  const numerator = positive(item['OrderPriceUnitToOrderUnitNmrtr'])
  const denominator = positive(item['OrdPriceUnitToOrderUnitDnmntr'])
  if (numerator === null || denominator === null) return decimals.ratio([quantity, amount], [per])
  return decimals.ratio([quantity, amount, numerator], [per, denominator])
}

/** SAP leaves factors that are not needed at 0. */
function positive(value: Row[string] | undefined): string | null {
  const number = decimal(value)
  return number === null || decimals.isZero(number) ? null : number
}

const earliestDelivery = (item: Row): string | null =>
  children(item['to_ScheduleLine'])
    .flatMap((line) => sapDate(line['ScheduleLineDeliveryDate']) ?? [])
    .sort()[0] ?? null
