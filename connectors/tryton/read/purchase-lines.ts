import { decimals, type MappingSettings, type PurchaseOrderLine, unifiedId } from '../../../core/index.ts'
import { date, days, decimal, type Row, reference, row, rows, text, truth } from '../values.ts'
import { customFields, textOf } from './envelope.ts'
import { unitsOf } from './units.ts'

export type OrderLine = PurchaseOrderLine

/** States of an invoice that is more than a draft. */
const BILLED = new Set(['validated', 'posted', 'paid'])

export function lineOf(line: Row, order: Row, settings: MappingSettings, orderKey: string): OrderLine {
  const { connectionId } = settings
  const product = reference(line['product'])
  const ordered = decimal(line['quantity'])
  const isReturn = ordered !== null && decimals.compare(ordered, '0') < 0
  // a return is received nowhere: it goes to the supplier
  const location = isReturn ? null : reference(row(order['warehouse.'])?.['input_location'])
  return {
    line_id: unifiedId(connectionId, 'purchase_order_line', [orderKey, String(line['id'])]),
    line_number: decimal(line['sequence']),
    item_id: product === null ? null : unifiedId(connectionId, 'item', String(product)),
    description: text(line['description']),
    vendor_item_number: textOf(row(line['product_supplier.']), 'code'),
    quantity_ordered: ordered,
    ...unitsOf(row(line['unit.']), settings),
    unit_price: decimal(line['unit_price']),
    line_amount: decimal(line['amount']),
    tax_amount: null,
    quantity_received: product === null ? null : receivedOf(line, isReturn),
    quantity_billed: billedOf(line),
    expected_date: expectedOf(line, order),
    location_id: location === null ? null : unifiedId(connectionId, 'location', String(location)),
    cost_center: null,
    work_order_id: null,
    is_closed: order['state'] === 'done',
    is_canceled: false,
    custom_fields: customFields(line, settings.customFields),
  }
}

/** Done moves, in the line's unit; what went back on a return line counts negative, as its quantity does. */
function receivedOf(line: Row, isReturn: boolean): string {
  const done = rows(line['moves.']).filter((move) => move['state'] === 'done')
  const total = decimals.sum(done.map((move) => inUnitOf(line, decimal(move['quantity']) ?? '0', row(move['uom.']))))
  return isReturn ? decimals.negate(total) : total
}

/** null = the user may not read invoices. */
function billedOf(line: Row): string | null {
  if (line['invoice_lines.'] === undefined) return null
  const billed = rows(line['invoice_lines.']).filter(
    (each) => each['type'] === 'line' && BILLED.has(String(row(each['invoice.'])?.['state'])),
  )
  return decimals.sum(billed.map((each) => inUnitOf(line, decimal(each['quantity']) ?? '0', row(each['unit.']))))
}

/** As Tryton converts: × factor ÷ factor, rounded to what the target unit allows (product/uom.py). */
function inUnitOf(line: Row, quantity: string, from: Row | null): string {
  const to = row(line['unit.'])
  if (to === null || from === null || from['id'] === to['id']) return quantity
  const [factor, target, step] = [decimal(from['factor']), decimal(to['factor']), decimal(to['rounding'])]
  if (factor === null || target === null || step === null) return quantity
  return decimals.multiplyDivide(quantity, factor, target, step)
}

/**
 * The date of the earliest move, else the line's own, else the order's, else what the supplier's lead time gives.
 * Tryton's own field shows the same, but blanks dates in the past, so that it changes without being written.
 */
function expectedOf(line: Row, order: Row): string | null {
  const moves = rows(line['moves.']).filter((move) => move['state'] !== 'cancelled')
  if (moves.length > 0)
    return moves.flatMap((move) => date(move['effective_date']) ?? date(move['planned_date']) ?? []).sort()[0] ?? null
  if (truth(line['delivery_date_edit']) === true) return date(line['delivery_date_store'])
  const ofOrder = date(order['delivery_date'])
  if (ofOrder !== null) return ofOrder
  const leadTime = days(row(line['product_supplier.'])?.['lead_time'])
  const ordered = date(order['purchase_date'])
  if (leadTime === null || ordered === null) return null
  return new Date(Date.parse(`${ordered}T00:00:00Z`) + leadTime * 86_400_000).toISOString().slice(0, 10)
}
