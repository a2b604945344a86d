import { address, companyName, contacts, partName, price } from './believable.ts'
import { lineValues, purchaseValues, quantityOf, receive, type World } from './purchases.ts'
import type { Random } from './random.ts'
import { dateOf, type TrytonRpc } from './rpc.ts'

/** What the company's people do all day. Each changes one thing and says which; null = nothing to do it to. */
export interface Context {
  readonly tryton: TrytonRpc
  readonly random: Random
  readonly world: World
  /** Made here and referenced by nothing: may be deleted. */
  readonly ownParties: number[]
  readonly ownTemplates: number[]
  counter: number
}

export interface Change {
  readonly entity: 'vendor' | 'item' | 'purchase_order' | 'stock_level' | 'inventory_movement'
  /** Native key. */
  readonly key: string
  readonly deleted?: boolean
}

type Action = (context: Context) => Promise<Change | null>

const changed = (entity: Change['entity'], id: number | string, deleted = false): Change =>
  deleted ? { entity, key: String(id), deleted } : { entity, key: String(id) }

async function oneOf(context: Context, model: string, domain: readonly unknown[]): Promise<number | null> {
  const ids = await context.tryton.search(model, domain)
  return ids.length === 0 ? null : context.random.pick(ids)
}

const renameVendor: Action = async ({ tryton, random, world, ...context }) => {
  const { id } = random.pick(world.suppliers)
  await tryton.call('party.party', 'write', [id], { name: companyName(random, context.counter) })
  return changed('vendor', id)
}

const moveVendor: Action = async ({ tryton, random, world }) => {
  const { id, address: addressId } = random.pick(world.suppliers)
  const { invoice: _invoice, ...values } = address(random, world.places)
  await tryton.call('party.address', 'write', [addressId], values)
  return changed('vendor', id)
}

const newPhone: Action = async ({ tryton, random, world }) => {
  const { id } = random.pick(world.suppliers)
  const [phone] = await tryton.search('party.contact_mechanism', [
    ['party', '=', id],
    ['type', '=', 'phone'],
  ])
  const value = `+49 30 ${1_000_000 + random.below(9_000_000)}`
  if (phone === undefined) await tryton.create('party.contact_mechanism', [{ party: id, type: 'phone', value }])
  else await tryton.call('party.contact_mechanism', 'write', [phone], { value })
  return changed('vendor', id)
}

const createVendor: Action = async (context) => {
  const { tryton, random, world } = context
  const n = context.counter
  const [id = 0] = await tryton.create('party.party', [
    {
      name: companyName(random, n),
      addresses: [['create', [address(random, world.places)]]],
      contact_mechanisms: [['create', contacts(random, n)]],
    },
  ])
  const product = random.pick(world.products)
  await tryton.create('purchase.product_supplier', [
    { template: product.template, party: id, company: world.company, currency: world.currency, sequence: 1000 + n },
  ])
  context.ownParties.push(id)
  return changed('vendor', id)
}

const deleteVendor: Action = async ({ tryton, random, ownParties }) => {
  if (ownParties.length === 0) return null
  const [id = 0] = ownParties.splice(random.below(ownParties.length), 1)
  const offers = await tryton.search('purchase.product_supplier', [['party', '=', id]])
  if (offers.length > 0) await tryton.call('purchase.product_supplier', 'delete', offers)
  await tryton.call('party.party', 'delete', [id])
  return changed('vendor', id, true)
}

const createItem: Action = async (context) => {
  const { tryton, random, world } = context
  const like = random.pick(world.products)
  const [template = 0] = await tryton.create('product.template', [
    {
      name: partName(random, context.counter),
      code: `N${context.counter}`,
      type: 'goods',
      default_uom: like.uom,
      purchasable: true,
      purchase_uom: like.uom,
      list_price: price(random),
      cost_price_method: 'fixed',
      account_category: world.accountCategory,
      products: [['create', [{ suffix_code: '', cost_price: price(random) }]]],
    },
  ])
  const [id = 0] = await tryton.search('product.product', [['template', '=', template]])
  context.ownTemplates.push(template)
  return changed('item', id)
}

const deleteItem: Action = async ({ tryton, random, ownTemplates }) => {
  if (ownTemplates.length === 0) return null
  const [template = 0] = ownTemplates.splice(random.below(ownTemplates.length), 1)
  const products = await tryton.search('product.product', [['template', '=', template]])
  await tryton.call('product.template', 'delete', [template])
  return changed('item', products[0] ?? 0, true)
}

/** The template is written: its variants change. */
const renameItem: Action = async ({ tryton, random, world, ...context }) => {
  const { id, template } = random.pick(world.products)
  await tryton.call('product.template', 'write', [template], { name: partName(random, context.counter) })
  return changed('item', id)
}

/** Only of items that have not been in stock yet: Tryton refuses the others. */
const repriceItem: Action = async (context) => {
  const { tryton, random } = context
  const id = await oneOf(context, 'product.product', [['template', 'in', context.ownTemplates]])
  if (id === null) return null
  await tryton.call('product.product', 'write', [id], { cost_price: price(random) })
  return changed('item', id)
}

const createPurchase: Action = async ({ tryton, random, world }) => {
  const method = random.chance(0.5) ? 'order' : 'manual'
  const [id = 0] = await tryton.create('purchase.purchase', [purchaseValues(random, world, new Date(), method)])
  return changed('purchase_order', id)
}

const advance =
  (from: string, method: string): Action =>
  async (context) => {
    const id = await oneOf(context, 'purchase.purchase', [['state', '=', from]])
    if (id === null) return null
    await context.tryton.call('purchase.purchase', method, [id])
    return changed('purchase_order', id)
  }

/** The line itself is written: Tryton leaves the order's own stamp alone. */
const changeQuantity: Action = async (context) => {
  const { tryton, random, world } = context
  const id = await oneOf(context, 'purchase.line', [
    ['purchase.state', '=', 'draft'],
    ['type', '=', 'line'],
  ])
  if (id === null) return null
  const [line] = await tryton.searchRead<{ purchase: number; product: number }>(
    'purchase.line',
    [['id', '=', id]],
    ['purchase', 'product'],
  )
  const product = world.products.find((each) => each.id === line?.product)
  if (line === undefined || product === undefined) return null
  await tryton.call('purchase.line', 'write', [id], { quantity: quantityOf(random, product) })
  return changed('purchase_order', line.purchase)
}

/** Through the order, as Tryton's own client does: it stamps the order, also when a line is removed. */
const changeLines: Action = async (context) => {
  const { tryton, random, world } = context
  const id = await oneOf(context, 'purchase.purchase', [['state', '=', 'draft']])
  if (id === null) return null
  const lines = await tryton.search('purchase.line', [['purchase', '=', id]])
  const remove = lines.length > 1 && random.chance(0.5)
  const line = lineValues(random, random.pick(world.products), 0, lines.length + 1)
  await tryton.call('purchase.purchase', 'write', [id], {
    lines: [remove ? ['delete', [random.pick(lines)]] : ['create', [line]]],
  })
  return changed('purchase_order', id)
}

const receiveGoods: Action = async (context) => {
  const id = await oneOf(context, 'purchase.purchase', [
    ['state', '=', 'processing'],
    ['shipment_state', '=', 'waiting'],
  ])
  if (id === null) return null
  const shipment = await receive(context.tryton, id, context.random.chance(0.5) ? 1 : 0.5)
  return shipment === null ? null : changed('purchase_order', id)
}

const countStock: Action = async ({ tryton, random, world }) => {
  const goods = world.products.filter(({ type }) => type === 'goods')
  const product = random.pick(goods)
  const location = random.pick(random.pick(world.warehouses).bins)
  const [id = 0] = await tryton.create('stock.inventory', [
    {
      company: world.company,
      location,
      date: dateOf(new Date()),
      lines: [['create', [{ product: product.id, quantity: quantityOf(random, product) }]]],
    },
  ])
  await tryton.call('stock.inventory', 'confirm', [id])
  return changed('stock_level', `${product.id}|${location}`)
}

/** With their weights. */
export const ACTIONS: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['rename vendor', 6, renameVendor],
  ['move vendor', 4, moveVendor],
  ['new phone', 3, newPhone],
  ['create vendor', 4, createVendor],
  ['delete vendor', 2, deleteVendor],
  ['create item', 3, createItem],
  ['delete item', 1, deleteItem],
  ['rename item', 4, renameItem],
  ['reprice item', 3, repriceItem],
  ['create purchase', 6, createPurchase],
  ['quote purchase', 4, advance('draft', 'quote')],
  ['confirm purchase', 3, advance('quotation', 'confirm')],
  ['cancel purchase', 1, advance('quotation', 'cancel')],
  ['change quantity', 6, changeQuantity],
  ['change lines', 4, changeLines],
  ['receive goods', 3, receiveGoods],
  ['count stock', 3, countStock],
]
