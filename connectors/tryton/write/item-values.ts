import { createFindings, type Findings, type ItemWrite, type Json, type MappingSettings } from '../../../core/index.ts'
import { idOf } from '../read/rows.ts'
import type { TrytonSession } from '../session.ts'
import { type Row, row, rows, text } from '../values.ts'
import { currencyId, lookUp, unitsIn } from './lookups.ts'
import { customOf, given, idIn, native, toDecimal, toTimedelta } from './natives.ts'

/** What of a product must be known before it is written. */
export const PRODUCT_FIELDS = [
  'template',
  'template.default_uom',
  'template.categories.name',
  'identifiers.type',
  'identifiers.code',
]

const TYPES: { readonly [type: string]: { readonly type: string; readonly consumable: boolean } } = {
  INVENTORY: { type: 'goods', consumable: false },
  NON_INVENTORY: { type: 'goods', consumable: true },
  SERVICE: { type: 'service', consumable: false },
}

/** An item as values of `product.template` and of its variant. */
export interface ItemValues {
  readonly template: Row
  readonly product: Row
}

/**
 * @param current the product as it is now, with `PRODUCT_FIELDS`; null = it is created
 * @throws RejectedError
 */
export async function itemValues(
  session: TrytonSession,
  item: ItemWrite,
  settings: MappingSettings,
  current: Row | null,
  signal: AbortSignal,
): Promise<ItemValues> {
  const findings = createFindings()
  const units = await unitsIn(session, settings, signal)
  const ownUnit = row(current?.['template.'])?.['default_uom']
  const unit = units.find(item, typeof ownUnit === 'number' ? ownUnit : null, '', findings)
  const bought =
    item.purchase_unit === null
      ? undefined
      : (units.find({ source_unit: item.purchase_unit }, null, 'purchase_unit of ', findings) ?? undefined)
  const unitSent = item.unit !== null || item.source_unit !== null
  const template = given({
    name: native(item, 'name'),
    default_uom: unitSent ? unit : undefined,
    purchase_uom: bought ?? (current === null ? unit : undefined),
    categories: await categoriesOf(session, item, current, findings, signal),
    ...(item.is_active === true && current !== null ? { active: true } : {}),
    ...(current === null ? await ofNewTemplate(session, item, findings, signal) : {}),
  })
  const product = given({
    description: native(item, 'description'),
    cost_price: native(item, 'unit_cost', toDecimal) ?? (current === null ? toDecimal('0') : undefined),
    active: native(item, 'is_active'),
    identifiers: barcodeOf(item, current),
    ...(current === null ? { suffix_code: '' } : {}),
    ...customOf(item.custom_fields, 'custom_fields', findings),
  })
  findings.settle()
  return { template, product }
}

async function ofNewTemplate(session: TrytonSession, item: ItemWrite, findings: Findings, signal: AbortSignal) {
  return {
    ...TYPES[item.item_type ?? 'INVENTORY'],
    code: item.item_number,
    purchasable: true,
    list_price: toDecimal('0'),
    account_category: session.config.account_category ?? undefined,
    product_suppliers: await supplierOf(session, item, findings, signal),
  }
}

/** Who sells it, under which number, how fast. */
async function supplierOf(
  session: TrytonSession,
  item: ItemWrite,
  findings: Findings,
  signal: AbortSignal,
): Promise<Json | undefined> {
  const { preferred_vendor_id: vendor, vendor_item_number: code, lead_time_days: days } = item
  if (vendor === null) {
    if (code !== null || days !== null)
      findings.add('preferred_vendor_id', 'REQUIRED', 'whose number and lead time is it? Tryton keeps them by vendor')
    return undefined
  }
  const party = idIn(vendor, 'vendor', 'preferred_vendor_id', findings)
  const { id: company, currency } = session.company
  const money = currency === null ? null : await currencyId(session, currency, findings, signal)
  return [
    [
      'create',
      [
        given({
          party,
          company,
          currency: money ?? undefined,
          code,
          lead_time: days === null ? undefined : toTimedelta(days),
        }),
      ],
    ],
  ]
}

/** Names joined by commas, as they are read; the whole set is replaced. */
async function categoriesOf(
  session: TrytonSession,
  item: ItemWrite,
  current: Row | null,
  findings: Findings,
  signal: AbortSignal,
): Promise<Json | undefined> {
  const sent = native(item, 'category')
  if (sent === undefined) return undefined
  const names =
    typeof sent === 'string'
      ? sent
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '')
      : []
  const ids: number[] = []
  for (const value of names) {
    const id = await lookUp(
      session,
      { model: 'product.category', by: 'name', value, field: 'category' },
      findings,
      signal,
    )
    if (id !== null) ids.push(id)
  }
  const had = rows(row(current?.['template.'])?.['categories.']).map(idOf)
  const change: Json[] = [
    ['remove', had.filter((id) => !ids.includes(id))],
    ['add', ids],
  ]
  return change.filter((each) => Array.isArray(each) && (each[1] as Json[]).length > 0)
}

function barcodeOf(item: ItemWrite, current: Row | null): Json | undefined {
  const code = native(item, 'barcode')
  if (code === undefined) return undefined
  const known = rows(current?.['identifiers.']).find((each) => each['type'] === 'ean' && text(each['code']) !== null)
  if (code === null) return known === undefined ? undefined : [['delete', [idOf(known)]]]
  return known === undefined ? [['create', [{ type: 'ean', code }]]] : [['write', [idOf(known)], { code }]]
}
