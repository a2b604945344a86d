import { decimals, type MappingSettings, type PurchaseOrderLine, unifiedId } from '../../../core/index.ts'
import { date, decimal, flag, type Row, text } from '../values.ts'
import { customFields } from './envelope.ts'
import { conversionIn, quantityOf, unitsOf } from './quantities.ts'
import { idOf, keyIn } from './references.ts'
import { type ChildSource, dateOf, display, optional, plain } from './source.ts'

/** Lines of purchase orders. Line ids stay; `linesequencenumber` is the order on the form and moves. */
export const orderLines: ChildSource = {
  as: 'lines',
  table: 'transactionline',
  from: 'transactionline l',
  where: [{ sql: "l.mainline = 'F'" }, { sql: "l.taxline = 'F'" }],
  columns: {
    transaction: plain('l.transaction'),
    lineid: plain('l.id'),
    linesequencenumber: plain('l.linesequencenumber'),
    item: plain('l.item'),
    itemtype: plain('l.itemtype'),
    memo: plain('l.memo'),
    quantity: plain('l.quantity'),
    quantityshiprecv: plain('l.quantityshiprecv'),
    quantitybilled: plain('l.quantitybilled'),
    units: optional(plain('l.units')),
    unitname: optional(display('l.units')),
    foreignamount: plain('l.foreignamount'),
    location: optional(plain('l.location')),
    department: optional(display('l.department')),
    isclosed: plain('l.isclosed'),
    expected: dateOf('l.expectedreceiptdate'),
  },
  parent: 'transaction',
  key: 'lineid',
}

/** Rows that hold texts, subtotals and the frame of a group: nothing that is ordered. */
const NOT_ORDERED: readonly string[] = ['Description', 'Subtotal', 'Group', 'EndGroup', 'TaxItem', 'TaxGroup']

/** In the order of the form. */
export const orderedLines = (lines: readonly Row[]): readonly Row[] => {
  const place = (line: Row) => Number(line['linesequencenumber'] ?? line['lineid'])
  return lines
    .filter((line) => !NOT_ORDERED.includes(text(line['itemtype']) ?? ''))
    .sort((a, b) => place(a) - place(b) || Number(a['lineid']) - Number(b['lineid']))
}

/** @param order header: what a line leaves open (place, date of receipt) is said there for all of them */
export function lineOf(line: Row, order: Row, settings: MappingSettings, key: string): PurchaseOrderLine {
  const number = keyIn(line, 'lineid')
  const quantity = quantityOf(line, 'quantity', settings)
  const received = quantityOf(line, 'quantityshiprecv', settings)
  return {
    line_id: orderLineId(settings.connectionId, key, number),
    line_number: number,
    item_id: idOf(settings, 'item', line['item']),
    description: text(line['memo']),
    vendor_item_number: null,
    quantity_ordered: quantity,
    ...unitsOf(line, 'unitname', settings),
    unit_price: priceOf(line, settings),
    line_amount: decimal(line['foreignamount']),
    tax_amount: null,
    quantity_received: received,
    quantity_billed: quantityOf(line, 'quantitybilled', settings),
    expected_date: date(line['expected']) ?? date(order['duedate']),
    location_id: idOf(settings, 'location', line['location'] ?? order['location']),
    cost_center: text(line['department']),
    work_order_id: null,
    is_closed: flag(line['isclosed']) === true || isReceived(quantity, received),
    is_canceled: false,
    custom_fields: customFields(line, settings.customFields),
  }
}

/** Line ids are what Record REST calls `line`. */
export const orderLineId = (connectionId: string, order: string, line: string): string =>
  unifiedId(connectionId, 'purchase_order_line', [order, line])

/** `rate` is in the base currency of the subsidiary: the price in the order's own is amount by quantity. */
function priceOf(line: Row, settings: MappingSettings): string | null {
  const [amount, quantity] = [decimal(line['foreignamount']), decimal(line['quantity'])]
  return amount === null || quantity === null
    ? null
    : decimals.ratio([amount, conversionIn(line, settings)], [quantity])
}

const isReceived = (ordered: string | null, received: string | null): boolean =>
  ordered !== null && received !== null && decimals.signOf(ordered) > 0 && decimals.compare(received, ordered) >= 0
