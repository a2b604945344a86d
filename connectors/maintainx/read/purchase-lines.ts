import { decimals, type MappingSettings, type Unified, unifiedId } from '../../../core/index.ts'
import { cents, children, decimal, type Row, ref, text } from '../values.ts'
import { customFields, reference } from './envelope.ts'

type Line = Unified<'purchase_order'>['lines'][number]

/** In the order in which MaintainX gives them; shown numbers count from one. */
export function linesOf(order: Row, settings: MappingSettings, key: string, expected: string | null): readonly Line[] {
  return children(order['items']).map((item, at) => lineOf(item, settings, key, at, expected))
}

function lineOf(item: Row, settings: MappingSettings, key: string, at: number, expected: string | null): Line {
  const ordered = decimal(item['quantityOrdered'])
  const received = decimal(item['quantityReceived'])
  const price = decimal(item['unitCostDecimal']) ?? cents(item['unitCost'])
  return {
    line_id: unifiedId(settings.connectionId, 'purchase_order_line', [key, ref(item['id']) ?? `@${at}`]),
    line_number: String(at + 1),
    item_id: reference(settings, 'item', item['partId']),
    description: text(item['name']),
    vendor_item_number: text(item['partNumber']),
    quantity_ordered: ordered,
    unit: null,
    source_unit: null,
    unit_price: price,
    line_amount: decimal(item['priceDecimal']) ?? cents(item['price']) ?? amountOf(price, ordered),
    tax_amount: null,
    quantity_received: received,
    quantity_billed: null,
    expected_date: expected,
    location_id: reference(settings, 'location', children(item['fulfillments'])[0]?.['locationId']),
    cost_center: null,
    work_order_id: null,
    is_closed:
      ordered !== null && received !== null && !decimals.isZero(ordered) && decimals.compare(received, ordered) >= 0,
    is_canceled: false,
    custom_fields: customFields(item['lineExtraFields'] ?? item['extraFields'], item, []),
  }
}

const amountOf = (price: string | null, quantity: string | null): string | null =>
  price === null || quantity === null ? null : decimals.ratio([price, quantity], ['1'])
