import { decimals, type MappingSettings, type PurchaseOrderLine, type Unified } from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import { children, date, decimal, type Row, ref, text } from '../values.ts'
import { envelope } from './envelope.ts'
import { isoCode, type Lookups } from './lookups.ts'
import { lineOf, orderedLines, orderLines } from './purchase-lines.ts'
import { billingStatusOf, letterOf, statusOf } from './purchase-order-status.ts'
import { withConversion } from './quantities.ts'
import { idOf, oneOf, shared } from './references.ts'
import { dateOf, display, instantOf, optional, plain, type WindowSource } from './source.ts'
import { streamOf } from './stream.ts'

/**
 * Purchase orders with their lines. Subsidiary and place stand on the main line. A change of a line moves the header's
 * stamp; that a receipt or bill does is unverified (README.md).
 */
const orderSource = ({ subsidiaries }: NetSuiteConfig): WindowSource => ({
  table: 'transaction',
  from: "transaction t JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T'",
  where: [{ sql: "t.type = 'PurchOrd'" }, ...oneOf('m.subsidiary', subsidiaries)],
  columns: {
    id: plain('t.id'),
    tranid: plain('t.tranid'),
    status: plain('t.status'),
    statusname: optional(display('t.status')),
    vendor: plain('t.entity'),
    trandate: dateOf('t.trandate'),
    duedate: dateOf('t.duedate'),
    memo: plain('t.memo'),
    otherrefnum: plain('t.otherrefnum'),
    currency: optional(plain('t.currency')),
    currencyname: optional(display('t.currency')),
    foreigntotal: plain('t.foreigntotal'),
    taxtotal: optional(plain('t.taxtotal')),
    employee: optional(plain('t.employee')),
    terms: optional(display('t.terms')),
    subsidiary: optional(plain('m.subsidiary')),
    location: optional(plain('m.location')),
    created: instantOf('t.createddate'),
    lastmodified: instantOf('t.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodified',
  deletedAs: ['purchaseorder'],
  children: [orderLines],
})

export const purchaseOrders = streamOf<'purchase_order'>({
  entity: 'purchase_order',
  mappingVersion: 1,
  ignoresWindow: false,
  source: orderSource,
  complete: completed,
  toUnified: purchaseOrderOf,
})

/** With the currency's ISO code, and what a line's unit is of the base unit. */
function completed(order: Row, lookups: Lookups): Row {
  const code = lookups.currencyOf(ref(order['currency'])) ?? isoCode(order['currencyname'])
  const lines = children(order['lines']).map((line) => withConversion(line, 'units', lookups))
  return { ...order, ...(code === null ? {} : { currencycode: code }), lines }
}

function purchaseOrderOf(order: Row, settings: MappingSettings, key: string): Unified<'purchase_order'> {
  const lines = orderedLines(children(order['lines'])).map((line) => lineOf(line, order, settings, key))
  const number = text(order['tranid'])
  const subtotal = subtotalOf(lines)
  return {
    ...envelope(order, settings, {
      key,
      displayName: number,
      page: '/app/accounting/transactions/purchord.nl',
    }),
    order_number: number ?? key,
    title: null,
    vendor_id: idOf(settings, 'vendor', order['vendor']),
    vendor_reference: text(order['otherrefnum']),
    buyer_id: idOf(settings, 'user', order['employee']),
    status: statusOf(order, settings),
    source_status: letterOf(order),
    billing_status: billingStatusOf(order, lines),
    order_date: date(order['trandate']),
    expected_date: lines.length === 0 ? date(order['duedate']) : earliestOpen(lines),
    currency: isoCode(order['currencycode']) ?? settings.currency,
    subtotal_amount: subtotal,
    tax_amount: signed(decimal(order['taxtotal']), subtotal),
    total_amount: signed(decimal(order['foreigntotal']), subtotal),
    payment_terms: text(order['terms']),
    ship_to_location_id:
      lines.length === 0
        ? idOf(settings, 'location', order['location'])
        : shared(lines.map((line) => line.location_id)),
    ship_to_address: null,
    bill_to_address: null,
    notes: text(order['memo']),
    lines,
  }
}

/** Net value of the lines; null when one has no amount. */
function subtotalOf(lines: readonly PurchaseOrderLine[]): string | null {
  const amounts = lines.flatMap((line) => line.line_amount ?? [])
  return amounts.length === lines.length ? decimals.sum(amounts) : null
}

/** What is owed is negative in a header's totals, and positive on the lines: the lines' sign counts. */
function signed(total: string | null, subtotal: string | null): string | null {
  if (total === null || subtotal === null) return total
  const sign = decimals.signOf(subtotal)
  return sign === 0 ? total : sign > 0 ? decimals.absolute(total) : decimals.negate(decimals.absolute(total))
}

const earliestOpen = (lines: readonly PurchaseOrderLine[]): string | null =>
  lines
    .filter((line) => !line.is_closed)
    .flatMap((line) => line.expected_date ?? [])
    .sort()[0] ?? null
