import {
  type BillingStatus,
  decimals,
  fromVocabulary,
  type MappingSettings,
  type Unified,
  unifiedId,
  VOCABULARIES,
} from '../../../core/index.ts'
import { date, decimal, type Row, reference, row, rows, text } from '../values.ts'
import { type Source, streamOf } from './by-id.ts'
import { envelope, textOf } from './envelope.ts'
import { lineOf, type OrderLine } from './purchase-lines.ts'

const KNOWN_STATUSES = {
  draft: 'DRAFT',
  quotation: 'PENDING_APPROVAL',
  confirmed: 'APPROVED',
  processing: 'APPROVED',
  'processing/partial': 'PARTIALLY_RECEIVED',
  'processing/received': 'RECEIVED',
  done: 'CLOSED',
  cancelled: 'CANCELED',
} as const

/** `purchase.purchase` with lines, their stock moves and invoice lines: one request a page. */
export const purchaseSource: Source<'purchase_order'> = {
  entity: 'purchase_order',
  mappingVersion: 1,
  ignoresWindow: false,
  model: 'purchase.purchase',
  models: ['purchase.purchase', 'purchase.line', 'stock.move', 'stock.location', 'product.uom', 'currency.currency'],
  fields: [
    'number',
    'reference',
    'description',
    'state',
    'shipment_state',
    'invoice_state',
    'party',
    'purchase_date',
    'delivery_date',
    'currency.code',
    'untaxed_amount',
    'tax_amount',
    'total_amount',
    'payment_term.name',
    'warehouse.input_location',
    'invoice_address.full_address',
    'comment',
    ...[
      'type',
      'sequence',
      'product',
      'description',
      'quantity',
      'unit.symbol',
      'unit.name',
      'unit.factor',
      'unit.rounding',
      'unit_price',
      'amount',
      'delivery_date_edit',
      'delivery_date_store',
      'product_supplier.code',
      'product_supplier.lead_time',
      'moves.state',
      'moves.quantity',
      'moves.uom.factor',
      'moves.planned_date',
      'moves.effective_date',
    ].map((field) => `lines.${field}`),
  ],
  touchedBy: ['', 'lines.', 'lines.moves.'],
  optional: [
    {
      models: ['account.invoice', 'account.invoice.line'],
      fields: ['quantity', 'type', 'unit.factor', 'invoice.state', 'invoice_type'].map(
        (field) => `lines.invoice_lines.${field}`,
      ),
      touchedBy: ['lines.invoice_lines.', 'lines.invoice_lines.invoice.'],
    },
  ],
  domain: (session) => [['company', '=', session.company.id]],
  toUnified: purchaseOrderOf,
}

export const purchaseOrders = streamOf(purchaseSource)

function purchaseOrderOf(order: Row, settings: MappingSettings, key: string): Unified<'purchase_order'> {
  const vendor = reference(order['party'])
  const warehouse = reference(row(order['warehouse.'])?.['id'])
  const lines = rows(order['lines.'])
    .filter((line) => line['type'] === 'line')
    .map((line) => lineOf(line, order, settings, key))
  const native = statusOf(order, lines)
  const number = text(order['number'])
  const reference_ = text(order['reference'])
  return {
    ...envelope(order, settings, 'purchase.purchase', key, number ?? reference_),
    order_number: number,
    title: text(order['description']),
    vendor_id: vendor === null ? null : unifiedId(settings.connectionId, 'vendor', String(vendor)),
    vendor_reference: reference_,
    buyer_id: null,
    status: fromVocabulary(settings, 'purchase_order.status', native, KNOWN_STATUSES, VOCABULARIES.PurchaseOrderStatus),
    source_status:
      [text(order['state']), text(order['shipment_state'])].filter((each) => each !== null).join('/') || null,
    billing_status: billingStatusOf(order, lines),
    order_date: date(order['purchase_date']),
    expected_date: date(order['delivery_date']) ?? earliestOpen(lines),
    currency: textOf(row(order['currency.']), 'code'),
    subtotal_amount: decimal(order['untaxed_amount']),
    tax_amount: decimal(order['tax_amount']),
    total_amount: decimal(order['total_amount']),
    payment_terms: textOf(row(order['payment_term.']), 'name'),
    ship_to_location_id: warehouse === null ? null : unifiedId(settings.connectionId, 'location', String(warehouse)),
    ship_to_address: null,
    bill_to_address: textOf(row(order['invoice_address.']), 'full_address'),
    notes: text(order['comment']),
    lines,
  }
}

/** `processing` says only that goods are under way: what came in is in the moves (unified-model.md 4.2). */
function statusOf(order: Row, lines: readonly OrderLine[]): string | null {
  const state = text(order['state'])
  if (state !== 'processing') return state
  if (order['shipment_state'] === 'received') return 'processing/received'
  const anything = lines.some(
    ({ quantity_received: received }) => received !== null && decimals.compare(received, '0') !== 0,
  )
  return anything ? 'processing/partial' : state
}

/** By the lines' billed quantities; Tryton's own `invoice_state` tells what is paid, not what is invoiced. */
function billingStatusOf(order: Row, lines: readonly OrderLine[]): BillingStatus {
  const counted = lines.filter(
    (line) => line.quantity_ordered !== null && decimals.compare(line.quantity_ordered, '0') !== 0,
  )
  if (counted.some((line) => line.quantity_billed === null)) return 'UNKNOWN'
  if (counted.length === 0) return order['invoice_state'] === 'paid' ? 'BILLED' : 'NOT_BILLED'
  const isBilled = (line: OrderLine) => absolute(line.quantity_billed) >= 0 && covers(line)
  if (counted.every(isBilled)) return 'BILLED'
  return counted.some((line) => decimals.compare(line.quantity_billed ?? '0', '0') !== 0)
    ? 'PARTIALLY_BILLED'
    : 'NOT_BILLED'
}

const absolute = (text: string | null) => Math.abs(decimals.compare(text ?? '0', '0'))
const magnitude = (text: string | null) => (text ?? '0').replace(/^-/, '')
const covers = (line: OrderLine) =>
  decimals.compare(magnitude(line.quantity_billed), magnitude(line.quantity_ordered)) >= 0

function earliestOpen(lines: readonly OrderLine[]): string | null {
  const open = lines.filter(
    (line) =>
      decimals.compare(magnitude(line.quantity_received), magnitude(line.quantity_ordered)) < 0 &&
      line.expected_date !== null,
  )
  return open.flatMap((line) => line.expected_date ?? []).sort()[0] ?? null
}
