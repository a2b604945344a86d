import {
  decimals,
  defineStream,
  type MappingSettings,
  type PurchaseOrderLine,
  type RawRecord,
  type Unified,
  unifiedId,
} from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { children, localInstant, type Row, sapDate, sapInstant, text } from '../values.ts'
import { customFields, envelope, intent, systemZone } from './envelope.ts'
import { listKeysOf, readKeyset, readRow, type StampedSource } from './keyset.ts'
import { lean } from './lean.ts'
import { lineOf } from './purchase-lines.ts'
import { billingStatusOf, isDeleted, sourceStatusOf, statusOf } from './purchase-order-status.ts'
import { byNumber, keyIn, longText, requireDates, shared } from './references.ts'

/**
 * Purchase orders with items, schedule lines, account assignments and header notes. That a change of an item moves the
 * header's stamp is assumed; receipts and invoices, which set flags of items, may not move it and are then found when
 * the stream is read whole again (README.md). A deletion code makes an order or line CANCELED; archiving removes rows.
 */
const orderSource = {
  service: 'API_PURCHASEORDER_PROCESS_SRV',
  set: 'A_PurchaseOrder',
  key: ['PurchaseOrder'],
  expand: ['to_PurchaseOrderItem/to_ScheduleLine', 'to_PurchaseOrderItem/to_AccountAssignment', 'to_PurchaseOrderNote'],
  changedAt: 'LastChangeDateTime',
  fallbackOn: 'CreationDate',
} as const satisfies StampedSource

export const purchaseOrders = defineStream<SapSession, 'purchase_order'>({
  entity: 'purchase_order',
  changes: 'incremental',
  deletes: 'by-absence',
  mappingVersion: 1,
  read: (session, range, signal) => readKeyset(session, orderSource, range, recordIn(session), signal),
  listKeys: (session, signal) => listKeysOf(session, { ...orderSource, select: orderSource.key, expand: [] }, signal),
  async readOne(session, key, signal) {
    const { service, set, expand } = orderSource
    const order = await readRow(session, service, set, { PurchaseOrder: key }, expand, signal)
    return order === null ? null : recordIn(session)(order)
  },
  toUnified: purchaseOrderOf,
})

const recordIn =
  ({ timeZone }: SapSession) =>
  (order: Row): RawRecord => {
    requireDates(order, ['CreationDate', 'PurchaseOrderDate'])
    for (const item of children(order['to_PurchaseOrderItem']))
      for (const line of children(item['to_ScheduleLine'])) requireDates(line, ['ScheduleLineDeliveryDate'])
    const changed = sapInstant(order['LastChangeDateTime'])
    return {
      key: keyIn(order, 'PurchaseOrder'),
      // 0 until the first change: all that is known before is the day of creation, in another clock
      version: changed ?? 0,
      modifiedAt: changed ?? localInstant(order['CreationDate'], null, timeZone),
      payload: lean(order),
    }
  }

function purchaseOrderOf(order: Row, settings: MappingSettings, key: string): Unified<'purchase_order'> {
  const items = byNumber(children(order['to_PurchaseOrderItem']), 'PurchaseOrderItem')
  const live = items.filter((item) => !isDeleted(item))
  const lines = items.map((item) => lineOf(item, settings, key))
  const counted = lines.filter((line) => !line.is_canceled)
  const vendor = text(order['Supplier'])
  return {
    ...envelope(order, settings, {
      key,
      displayName: text(order['PurchaseOrder']),
      url: intent('PurchaseOrder-displayFactSheet', { PurchaseOrder: key }),
      organization: text(order['CompanyCode']),
      createdAt: localInstant(order['CreationDate'], null, systemZone(settings)),
      updatedAt: sapInstant(order['LastChangeDateTime']),
      // no ETag in this service, and the stamp need not move with every item
      version: null,
    }),
    custom_fields: customFields([order], ['PurchasingGroup', ...settings.customFields]),
    order_number: text(order['PurchaseOrder']) ?? key,
    title: null,
    vendor_id: vendor === null ? null : unifiedId(settings.connectionId, 'vendor', vendor),
    vendor_reference: text(order['SupplierQuotationExternalID']),
    buyer_id: null,
    status: statusOf(order, items, settings),
    source_status: sourceStatusOf(order),
    billing_status: billingStatusOf(items),
    order_date: sapDate(order['PurchaseOrderDate']),
    expected_date: earliestOpen(lines),
    currency: text(order['DocumentCurrency']),
    subtotal_amount: subtotalOf(counted),
    tax_amount: null,
    total_amount: null,
    payment_terms: text(order['PaymentTerms']),
    ship_to_location_id: shared(counted.map((line) => line.location_id)),
    ship_to_address: shared(live.map(deliveryAddress)),
    bill_to_address: null,
    notes: longText(children(order['to_PurchaseOrderNote']), 'PlainLongText', settings),
    lines,
  }
}

/** Net value of the lines that were not removed; null when one has no price. */
function subtotalOf(lines: readonly PurchaseOrderLine[]): string | null {
  const amounts = lines.flatMap((line) => line.line_amount ?? [])
  return amounts.length === lines.length ? decimals.sum(amounts) : null
}

const earliestOpen = (lines: readonly PurchaseOrderLine[]): string | null =>
  lines
    .filter((line) => !line.is_closed && !line.is_canceled)
    .flatMap((line) => line.expected_date ?? [])
    .sort()[0] ?? null

function deliveryAddress(item: Row): string | null {
  const field = (name: string) => text(item[`DeliveryAddress${name}`])
  const line = (...parts: readonly (string | null)[]) => parts.filter((part) => part !== null).join(' ')
  const lines = [
    field('FullName') ?? line(field('Name'), field('Name2')),
    line(field('StreetName'), field('HouseNumber')),
    line(field('PostalCode'), field('CityName')),
    line(field('Region'), field('Country')),
  ]
  return lines.filter((each) => each !== '').join('\n') || null
}
