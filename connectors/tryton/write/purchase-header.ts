import type { Findings, PurchaseOrderWrite } from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { type Row, reference, rows, toDate, truth } from '../values.ts'
import { currencyId, paymentTermId, referenced, searchRows } from './lookups.ts'
import { customOf, given, idIn, native } from './natives.ts'

type Order = PurchaseOrderWrite

/** What a new order has and an old one keeps. */
export async function newHeader(
  session: TrytonSession,
  order: Order,
  findings: Findings,
  signal: AbortSignal,
): Promise<{ readonly vendor: number | null; readonly values: Row }> {
  const vendor = order.vendor_id === null ? null : idIn(order.vendor_id, 'vendor', 'vendor_id', findings)
  const parties =
    vendor === null
      ? new Map<number, Row>()
      : await referenced(session, 'party.party', [{ id: vendor, field: 'vendor_id' }], PARTY, signal)
  const party = vendor === null ? null : (parties.get(vendor) ?? null)
  const terms =
    order.payment_terms ?? (order.clear_fields.includes('payment_terms') ? null : session.config.payment_term)
  const common = await header(session, { ...order, payment_terms: terms }, findings, signal)
  const currency = order.currency === null ? undefined : await currencyId(session, order.currency, findings, signal)
  const values = given({
    company: session.company.id,
    number: native(order, 'order_number'),
    party: vendor,
    invoice_address: invoiceAddress(party),
    currency: currency ?? undefined,
    payment_term: reference(party?.['supplier_payment_term']) ?? undefined,
    invoice_method: session.config.invoice_method ?? undefined,
    ...common,
    warehouse: common['warehouse'] ?? (await defaultWarehouse(session, order, findings, signal)),
  })
  return { vendor, values }
}

const PARTY = ['supplier_payment_term', 'addresses.invoice', 'addresses.active']

/** Tryton's order: the address marked for invoices, else the first (party/party.py, address_get). */
function invoiceAddress(party: Row | null): number | undefined {
  const active = rows(party?.['addresses.']).filter((each) => truth(each['active']) !== false)
  const chosen = active.find((each) => truth(each['invoice']) === true) ?? active[0]
  return chosen === undefined ? undefined : (reference(chosen['id']) ?? undefined)
}

/** The connection's, else the only one; Tryton quotes no order of goods without. */
async function defaultWarehouse(session: TrytonSession, order: Order, findings: Findings, signal: AbortSignal) {
  if (session.config.warehouse !== null) return session.config.warehouse
  if (order.lines.every((line) => line.item_id === null)) return undefined
  const domain = [
    ['type', '=', 'warehouse'],
    ['active', '=', true],
  ]
  const found = await searchRows(session, 'stock.location', domain, ['name'], signal)
  if (found.length === 1) return reference(found[0]?.['id']) ?? undefined
  const message = `which of the ${found.length} warehouses? Name a location, or set "warehouse" in the connection's settings`
  findings.add('ship_to_location_id', 'REQUIRED', message)
  return undefined
}

/** Values of `purchase.purchase` that may be written at any time of a draft. */
export async function header(
  session: TrytonSession,
  order: Order,
  findings: Findings,
  signal: AbortSignal,
): Promise<Row> {
  const terms =
    order.payment_terms === null ? null : await paymentTermId(session, order.payment_terms, findings, signal)
  return given({
    description: native(order, 'title'),
    reference: native(order, 'vendor_reference'),
    purchase_date: native(order, 'order_date', toDate),
    delivery_date: native(order, 'expected_date', toDate),
    payment_term: native(order, 'payment_terms', () => terms),
    warehouse: await warehouseOf(session, order, findings, signal),
    comment: native(order, 'notes'),
    ...customOf(order.custom_fields, 'custom_fields', findings),
  })
}

/** Tryton receives a whole order in one warehouse: the one that all locations named lie in. */
async function warehouseOf(session: TrytonSession, order: Order, findings: Findings, signal: AbortSignal) {
  const sent = [
    { unified: order.ship_to_location_id, field: 'ship_to_location_id' },
    ...order.lines.map((line, at) => ({ unified: line.location_id, field: `lines[${at}].location_id` })),
  ]
  const asked = sent.flatMap(({ unified, field }) => {
    const id = unified === null ? null : idIn(unified, 'location', field, findings)
    return id === null ? [] : [{ id, field }]
  })
  const found = await referenced(session, 'stock.location', asked, ['warehouse', 'type'], signal)
  let warehouse: number | undefined
  for (const { id, field } of asked) {
    const location = found.get(id)
    const its = location?.['type'] === 'warehouse' ? id : reference(location?.['warehouse'])
    if (its === null) findings.add(field, 'INVALID_REFERENCE', 'the location lies in no warehouse')
    else if (warehouse !== undefined && warehouse !== its)
      findings.add(field, 'INVALID_VALUE', 'Tryton receives an order in one warehouse: the locations lie in several')
    else warehouse = its
  }
  return warehouse
}
