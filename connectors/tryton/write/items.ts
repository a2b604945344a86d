import { defineOperation, type Json, type WriteField, type WriteRequest } from '../../../core/index.ts'
import { items } from '../read/items.ts'
import type { TrytonSession } from '../session.ts'
import { afterWrite } from './after-write.ts'
import { foundAlready } from './already.ts'
import { INACTIVE } from './issues.ts'
import { itemValues, PRODUCT_FIELDS } from './item-values.ts'
import { createdId, searchRows } from './lookups.ts'
import { type Names, send } from './refusals.ts'
import { fieldsFrom, payloadOf } from './requests.ts'
import { rowOf, sendTo, targetOf } from './versions.ts'

const NAMES: Names = {
  models: [
    { model: 'product.identifier', fields: { code: 'barcode' } },
    { model: 'product.product', fields: { cost_price: 'unit_cost', description: 'description', active: 'is_active' } },
    {
      model: 'product.template',
      fields: {
        name: 'name',
        code: 'item_number',
        type: 'item_type',
        default_uom: 'unit',
        purchase_uom: 'purchase_unit',
        categories: 'category',
      },
    },
  ],
}

const field = fieldsFrom('Tryton 6.0 product/product.py, purchase/product.py')
const CREATE = { on: ['CREATE'] } as const
const FIELDS: readonly WriteField[] = [
  field('item_number', CREATE),
  field('name', { required: true }),
  field('description'),
  field('item_type', { ...CREATE, required: true, values: ['INVENTORY', 'NON_INVENTORY', 'SERVICE'] }),
  field('category'),
  field('unit'),
  field('source_unit'),
  field('purchase_unit'),
  field('barcode'),
  field('preferred_vendor_id', { ...CREATE, reference: 'vendor' }),
  field('vendor_item_number', CREATE),
  field('lead_time_days', CREATE),
  field('unit_cost'),
  field('is_active'),
]

type Request = WriteRequest<'item'>
const namesFor = (request: Request): Names => ({ ...NAMES, quoted: { barcode: payloadOf(request).barcode } })
const tokenOf = (request: Request) => request.token(26)

/** Template and variant in one transaction; the token is an identifier of the variant, without a type. */
export const createItem = defineOperation<TrytonSession, 'item'>({
  entity: 'item',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS,
  async execute(session, request, signal) {
    const { template, product } = await itemValues(session, payloadOf(request), request.mapping, null, signal)
    const identifiers = [['create', [{ type: null, code: tokenOf(request) }]], ...listOf(product['identifiers'])]
    const values = { ...template, products: [['create', [{ ...product, identifiers }]]] }
    const call = { model: 'product.template', method: 'create', params: [[values]] }
    const id = createdId(await send(session, call, namesFor(request), signal))
    const created = await afterWrite(
      searchRows(session, 'product.product', [['template', '=', id]], ['template'], signal).then(([one]) => {
        if (one === undefined) throw new TypeError(`product.template,${id} has no variant`)
        return one
      }),
    )
    return { target: String(created['id']), replay: false }
  },
  async find(session, request, signal) {
    const domain = [['identifiers.code', '=', tokenOf(request)]]
    const [found] = await searchRows(session, 'product.product', domain, ['template'], signal)
    return found === undefined ? 'not-applied' : { target: String(found['id']), replay: true }
  },
})

export const updateItem = defineOperation<TrytonSession, 'item'>({
  entity: 'item',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'native',
  atomic: true,
  fields: FIELDS,
  async execute(session, request, signal) {
    const target = await productOf(session, request, PRODUCT_FIELDS, signal)
    const { template, product } = await itemValues(session, payloadOf(request), request.mapping, target.row, signal)
    // through the template also when only that changes: the variant is written along, so its stamp is compared and moves
    const values = { ...template, products: [['write', [target.id], product]] }
    const call = { model: 'product.template', method: 'write', params: [[target.row['template'] ?? 0], values] }
    await sendTo(session, target, call, namesFor(request), signal)
    return { target: String(target.id), replay: false }
  },
  find: (session, request, signal) => foundAlready(items, session, request, signal),
})

/** Tryton refuses to delete products that anything names; an inactive one is offered to nobody. */
export const deleteItem = defineOperation<TrytonSession, 'item'>({
  entity: 'item',
  operation: 'DELETE',
  anchor: 'absolute',
  conflicts: 'native',
  atomic: true,
  fields: [],
  async execute(session, request, signal) {
    const target = await productOf(session, request, ['active'], signal)
    const call = { model: 'product.product', method: 'write', params: [[target.id], { active: false }] }
    await sendTo(session, target, call, NAMES, signal)
    return { target: String(target.id), replay: false, warnings: [INACTIVE] }
  },
  async find(session, request, signal) {
    const product = await rowOf(session, 'product.product', Number(request.target), ['active'], signal)
    if (product !== null && product['active'] !== false && product['active'] !== 0) return 'not-applied'
    return { target: request.target ?? '', replay: true, warnings: [INACTIVE] }
  },
})

const productOf = (session: TrytonSession, request: Request, fields: readonly string[], signal: AbortSignal) =>
  targetOf(
    session,
    { model: 'product.product', fields, key: request.target, expectedVersion: request.expectedVersion },
    signal,
  )

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])
