import { type AnyConnector, type JsonObject, type ReadStream, type Unified } from '../../../../core/index.ts'

/** A system with vendors and purchase orders whose records are small JSON objects; only its mappings are of use. */
export const mappingVersions = { vendor: 1, mapped: 0 }

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const common = {
  source_url: null,
  organization: null,
  created_at: null,
  updated_at: null,
  custom_fields: null,
  version: null,
}

function vendor(payload: JsonObject): Unified<'vendor'> {
  mappingVersions.mapped++
  if (payload['poison'] === true) throw new Error('party without a name')
  return {
    ...common,
    display_name: text(payload['name']) ?? '',
    vendor_number: text(payload['number']),
    name: payload['wrong'] === true ? (7 as unknown as string) : (text(payload['name']) ?? ''),
    email: mappingVersions.vendor > 1 ? `v${mappingVersions.vendor}@example.org` : null,
    phone: null,
    tax_id: null,
    address_line1: null,
    address_line2: null,
    city: null,
    postal_code: null,
    region: null,
    country: null,
    currency: null,
    payment_terms: null,
    is_active: true,
    is_blocked: null,
    notes: null,
  }
}

function purchaseOrder(payload: JsonObject, _: unknown, key: string): Unified<'purchase_order'> {
  const lines = (payload['lines'] as readonly string[] | undefined) ?? []
  return {
    ...common,
    display_name: key,
    order_number: text(payload['number']),
    title: null,
    vendor_id: null,
    vendor_reference: null,
    buyer_id: null,
    status: 'APPROVED',
    source_status: null,
    billing_status: 'NOT_BILLED',
    order_date: null,
    expected_date: null,
    currency: 'EUR',
    subtotal_amount: null,
    tax_amount: null,
    total_amount: null,
    payment_terms: null,
    ship_to_location_id: null,
    ship_to_address: null,
    bill_to_address: null,
    notes: null,
    lines: lines.map((name) => ({
      line_id: `acme:purchase_order:${key}|${name}`,
      line_number: name,
      item_id: null,
      description: null,
      vendor_item_number: null,
      quantity_ordered: '1.5',
      unit: null,
      source_unit: null,
      unit_price: null,
      line_amount: null,
      tax_amount: null,
      quantity_received: null,
      quantity_billed: null,
      expected_date: null,
      location_id: null,
      cost_center: null,
      work_order_id: null,
      is_closed: false,
      is_canceled: false,
      custom_fields: null,
    })),
  }
}

const unread = {
  changes: 'incremental',
  deletes: 'by-absence',
  read: () => {
    throw new Error('not read in these tests')
  },
  readOne: async () => null,
} as const

const fake: AnyConnector = {
  id: 'fake',
  title: 'Fake',
  config: {} as AnyConnector['config'],
  connect: async () => ({}),
  clock: async () => 0,
  streams: {
    vendor: {
      ...unread,
      entity: 'vendor',
      get mappingVersion() {
        return mappingVersions.vendor
      },
      toUnified: vendor,
    } as ReadStream<unknown, 'vendor'>,
    purchase_order: {
      ...unread,
      entity: 'purchase_order',
      mappingVersion: 1,
      toUnified: purchaseOrder,
    } as ReadStream<unknown, 'purchase_order'>,
  },
}

export const connectorOf = (system: string): AnyConnector | undefined => (system === 'fake' ? fake : undefined)
