import type { Findings, Json, MappingSettings, PurchaseOrderLineWrite } from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { type Row, reference, row, toDate } from '../values.ts'
import { referenced, searchRows, type Units, unitsIn } from './lookups.ts'
import { customOf, given, idIn, native, nativeId, partsIn, toDecimal, toQuantity } from './natives.ts'

/** What is looked up once for all lines. */
interface Known {
  readonly products: ReadonlyMap<number, Row>
  /** Of this vendor, by template. */
  readonly offers: readonly Row[]
  readonly units: Units
}

type Line = PurchaseOrderLineWrite

const PRODUCT = [
  'template',
  'template.default_uom',
  'template.purchase_uom',
  'template.account_category.supplier_taxes_used',
]

/** Lines as values of `purchase.line`, in their order. Units, taxes and the vendor's numbers come from the product. */
export async function lineValues(
  session: TrytonSession,
  lines: readonly { readonly line: Line; readonly at: string }[],
  vendor: number | null,
  settings: MappingSettings,
  findings: Findings,
  signal: AbortSignal,
): Promise<Row[]> {
  const items = lines.flatMap(({ line, at }) => {
    const field = `${at}item_id`
    const id = line.item_id === null ? null : idIn(line.item_id, 'item', field, findings)
    return id === null ? [] : [{ id, field }]
  })
  const products = await referenced(session, 'product.product', items, PRODUCT, signal)
  const templates = [...products.values()].map((product) => product['template'] ?? null)
  const offered =
    vendor === null || templates.length === 0
      ? []
      : await searchRows(
          session,
          'purchase.product_supplier',
          [
            ['party', '=', vendor],
            ['template', 'in', templates],
            ['company', '=', session.company.id],
          ],
          ['template', 'product'],
          signal,
        )
  const known: Known = { products, offers: offered, units: await unitsIn(session, settings, signal) }
  return lines.map(({ line, at }) => valuesOf(line, at, known, findings))
}

function valuesOf(line: Line, at: string, known: Known, findings: Findings): Row {
  const id = line.item_id === null ? null : nativeId(partsIn(line.item_id, 'item')?.[0] ?? '')
  const product = id === null ? null : (known.products.get(id) ?? null)
  const template = row(product?.['template.'])
  const own = reference(template?.['purchase_uom']) ?? reference(template?.['default_uom'])
  const unit = known.units.find(line, own, at, findings)
  const date = native(line, 'expected_date', toDate)
  return given({
    product: native(line, 'item_id', () => id),
    description: native(line, 'description'),
    quantity: native(line, 'quantity_ordered', (text) => toQuantity(text, `${at}quantity_ordered`, findings)),
    unit: unit ?? undefined,
    unit_price: native(line, 'unit_price', toDecimal),
    ...(date === undefined ? {} : { delivery_date_edit: date !== null, delivery_date_store: date }),
    ...(product === null ? {} : ofProduct(product, template, known)),
    ...customOf(line.custom_fields, `${at}custom_fields`, findings),
  })
}

/** What Tryton's own client fills in when a product is chosen. */
function ofProduct(product: Row, template: Row | null, { offers }: Known): { [field: string]: Json | undefined } {
  const taxes = row(template?.['account_category.'])?.['supplier_taxes_used']
  const offer =
    offers.find((each) => each['product'] === product['id']) ??
    offers.find((each) => each['template'] === product['template'] && each['product'] === null)
  return {
    taxes: Array.isArray(taxes) && taxes.length > 0 ? [['add', taxes as Json]] : undefined,
    product_supplier: offer?.['id'] ?? null,
  }
}
