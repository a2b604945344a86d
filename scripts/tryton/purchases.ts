import type { Random } from './random.ts'
import { dateOf, decimal, type TrytonRpc, type Values } from './rpc.ts'
import type { Seeded, SeededProduct } from './seed.ts'

export type World = Omit<Seeded, 'purchases'>

const DAY_MS = 86_400_000
/** What becomes of an order; the numbers are shares. */
const FATES = [
  ['draft', 0.12],
  ['quotation', 0.1],
  ['cancelled', 0.08],
  ['processing', 0.25],
  ['partly received', 0.15],
  ['received', 0.15],
  ['done', 0.15],
] as const
type Fate = (typeof FATES)[number][0]

/** Creates orders in all states, receives part of them, counts stock; slices of 50 a request. */
export async function seedPurchases(
  tryton: TrytonRpc,
  random: Random,
  world: World,
  count: number,
  today: Date,
  say: (message: string) => void,
): Promise<number[]> {
  const plans = Array.from({ length: count }, () => {
    const fate = fateOf(random)
    return { fate, values: purchaseValues(random, world, today, fate === 'done' ? 'manual' : 'order') }
  })
  const ids = await tryton.create(
    'purchase.purchase',
    plans.map(({ values }) => values),
    50,
  )
  const among = (...fates: readonly Fate[]) => ids.filter((_, at) => fates.includes(plans[at]?.fate as Fate))
  await inSlices(among('cancelled'), (some) => tryton.call('purchase.purchase', 'cancel', some))
  const going = among('quotation', 'processing', 'partly received', 'received', 'done')
  await inSlices(going, (some) => tryton.call('purchase.purchase', 'quote', some))
  // confirming starts the processing as well: without a queue worker the server does it at once
  const confirmed = among('processing', 'partly received', 'received', 'done')
  await inSlices(confirmed, (some) => tryton.call('purchase.purchase', 'confirm', some))
  say(`${count} purchases`)
  for (const id of among('received', 'done')) await receive(tryton, id, 1)
  for (const id of among('partly received')) await receive(tryton, id, 0.5)
  await postInvoices(tryton, random, among('received'), today)
  say('goods received, invoices posted')
  await countStock(tryton, random, world, today)
  return ids
}

function fateOf(random: Random): Fate {
  let left = random.next()
  for (const [fate, share] of FATES) {
    left -= share
    if (left < 0) return fate
  }
  return 'draft'
}

export function purchaseValues(random: Random, world: World, today: Date, invoiceMethod: string): Values {
  const supplier = random.pick(world.suppliers)
  const ordered = new Date(today.getTime() - random.below(120) * DAY_MS)
  const count = 1 + random.below(6)
  return {
    company: world.company,
    party: supplier.id,
    invoice_address: supplier.address,
    currency: random.chance(0.2) ? world.otherCurrency : world.currency,
    warehouse: random.pick(world.warehouses).id,
    purchase_date: dateOf(ordered),
    delivery_date: random.chance(0.5) ? dateOf(new Date(ordered.getTime() + 20 * DAY_MS)) : null,
    payment_term: random.chance(0.7) ? random.pick(world.paymentTerms) : null,
    reference: random.chance(0.4) ? `Q-${random.below(100_000)}` : null,
    description: random.chance(0.3) ? 'Spare parts for line 3' : null,
    comment: random.chance(0.2) ? 'Deliver before noon.\nCall the gate.' : null,
    invoice_method: invoiceMethod,
    lines: [
      [
        'create',
        Array.from({ length: count }, (_, at) => lineValues(random, random.pick(world.products), supplier.id, at + 1)),
      ],
    ],
  }
}

export function lineValues(random: Random, product: SeededProduct, supplier: number, sequence: number): Values {
  const price = (1 + random.below(90_000) / 100).toFixed(random.chance(0.2) ? 4 : 2)
  return {
    type: 'line',
    sequence,
    product: product.id,
    unit: product.uom,
    quantity: quantityOf(random, product),
    unit_price: decimal(price),
    description: random.chance(0.5) ? `Item ${product.id}, as quoted` : null,
    product_supplier: product.supplier === supplier ? product.productSupplier : null,
  }
}

export const quantityOf = (random: Random, { digits }: SeededProduct): number =>
  digits === 0 ? 1 + random.below(50) : Number((1 + random.below(5000) / 100).toFixed(digits))

/** Receives a share of the open moves of an order: a supplier shipment, received and put away. */
export async function receive(tryton: TrytonRpc, purchase: number, share: number): Promise<number | null> {
  const [order] = await tryton.searchRead<{ party: number; warehouse: number }>(
    'purchase.purchase',
    [['id', '=', purchase]],
    ['party', 'warehouse'],
  )
  const moves = await tryton.searchRead<{ id: number; quantity: number; 'uom.': { digits: number } }>(
    'stock.move',
    [
      ['purchase', '=', purchase],
      ['state', '=', 'draft'],
      ['shipment', '=', null],
    ],
    ['quantity', 'uom.digits'],
  )
  if (order === undefined || moves.length === 0) return null
  const taken = moves.slice(0, Math.max(1, Math.ceil(moves.length * share)))
  const [shipment = 0] = await tryton.create('stock.shipment.in', [
    { supplier: order.party, warehouse: order.warehouse, incoming_moves: [['add', taken.map(({ id }) => id)]] },
  ])
  const [first] = taken
  if (share < 1 && first !== undefined && first.quantity > 1) {
    const part = Number((first.quantity / 2).toFixed(first['uom.'].digits))
    if (part > 0) await tryton.call('stock.move', 'write', [first.id], { quantity: part })
  }
  await tryton.call('stock.shipment.in', 'receive', [shipment])
  await tryton.call('stock.shipment.in', 'done', [shipment])
  return shipment
}

/** Posts the invoices of two thirds of these orders. */
async function postInvoices(tryton: TrytonRpc, random: Random, purchases: readonly number[], today: Date) {
  const chosen = purchases.filter(() => random.chance(0.67))
  const orders = await tryton.searchRead<{ invoices: number[] }>(
    'purchase.purchase',
    [['id', 'in', chosen]],
    ['invoices'],
  )
  const invoices = orders.flatMap((order) => order.invoices)
  if (invoices.length === 0) return
  await tryton.call('account.invoice', 'write', invoices, { invoice_date: dateOf(today) })
  await inSlices(invoices, (some) => tryton.call('account.invoice', 'post', some))
}

/** One count a warehouse: what is found differs a little from what should be there. */
async function countStock(tryton: TrytonRpc, random: Random, world: World, today: Date): Promise<void> {
  const goods = world.products.filter(({ type }) => type === 'goods')
  for (const { bins } of world.warehouses) {
    const counted = goods.filter(() => random.chance(0.3)).slice(0, 200)
    if (counted.length === 0) continue
    const ids = await tryton.create('stock.inventory', [
      {
        company: world.company,
        location: random.pick(bins),
        date: dateOf(today),
        lines: [['create', counted.map((product) => ({ product: product.id, quantity: quantityOf(random, product) }))]],
      },
    ])
    await tryton.call('stock.inventory', 'confirm', ids)
  }
}

export async function inSlices(
  ids: readonly number[],
  work: (some: readonly number[]) => Promise<unknown>,
  slice = 50,
) {
  for (let at = 0; at < ids.length; at += slice) await work(ids.slice(at, at + slice))
}
