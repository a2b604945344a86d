import { type Basics, createBasics } from './basics.ts'
import { address, CATEGORIES, companyName, contacts, partName, price, vatNumber } from './believable.ts'
import { seedPurchases } from './purchases.ts'
import { createRandom, type Random } from './random.ts'
import { connectTryton, daysLong, type TrytonAddress, type TrytonRpc } from './rpc.ts'

/** How much of everything; the same numbers and seed give the same records. */
export interface SeedSizes {
  readonly vendors: number
  /** Products; every fifth is a variant of the template before it. */
  readonly items: number
  readonly purchases: number
  readonly employees: number
}

export const SMALL: SeedSizes = { vendors: 40, items: 30, purchases: 30, employees: 5 }
/** About three minutes: Tryton needs a few hundred ms to process an order. */
export const DEMO: SeedSizes = { vendors: 600, items: 300, purchases: 100, employees: 40 }

export interface SeedOptions extends Partial<SeedSizes> {
  readonly seed?: number
  /** Dates of documents go back from here. */
  readonly today?: Date
  readonly onProgress?: (message: string) => void
}

/** What was made, with the ids by which scripts and tests go on. */
export interface Seeded extends Basics {
  /** Parties; every tenth is not a supplier (no product supplier, no purchase). */
  readonly suppliers: readonly SeededParty[]
  readonly otherParties: readonly number[]
  readonly products: readonly SeededProduct[]
  readonly warehouses: readonly SeededWarehouse[]
  readonly employees: readonly number[]
  readonly purchases: readonly number[]
}

export interface SeededParty {
  readonly id: number
  readonly address: number
}

/** Tryton stocks goods and assets, and counts goods only. */
export type ProductType = 'goods' | 'assets' | 'service'

export interface SeededProduct {
  readonly id: number
  readonly template: number
  readonly uom: number
  /** Digits after the point that its unit allows. */
  readonly digits: number
  readonly type: ProductType
  readonly supplier: number | null
  readonly productSupplier: number | null
}

export interface SeededWarehouse {
  readonly id: number
  readonly storage: number
  readonly bins: readonly number[]
}

/** Fills an empty Tryton database (modules active) with a believable buying company. */
export async function seedTryton(at: TrytonAddress, options: SeedOptions = {}): Promise<Seeded> {
  const sizes = { ...SMALL, ...options }
  const today = options.today ?? new Date()
  const say = options.onProgress ?? (() => {})
  const random = createRandom(options.seed ?? 20_260)
  const tryton = await connectTryton(at)
  const basics = await createBasics(tryton, today)
  say('company, accounts and countries are there')
  const { suppliers, otherParties } = await seedParties(tryton, random.fork(), basics, sizes.vendors)
  say(`${sizes.vendors} parties`)
  const products = await seedProducts(tryton, random.fork(), basics, suppliers, sizes.items)
  say(`${products.length} products`)
  const warehouses = await seedWarehouses(tryton, random.fork(), basics)
  const employees = await seedEmployees(tryton, random.fork(), basics, sizes.employees, today)
  say(`${warehouses.length} warehouses, ${employees.length} employees`)
  const world = { ...basics, suppliers, otherParties, products, warehouses, employees }
  const purchases = await seedPurchases(tryton, random.fork(), world, sizes.purchases, today, say)
  await archiveSome(tryton, random.fork(), world)
  return { ...world, purchases }
}

/** A few vendors and products are no longer in use; last, because nothing new may point at them. */
async function archiveSome(tryton: TrytonRpc, random: Random, world: Omit<Seeded, 'purchases'>): Promise<void> {
  const parties = world.suppliers.filter(() => random.chance(0.03)).map(({ id }) => id)
  if (parties.length > 0) await tryton.call('party.party', 'write', parties, { active: false })
  const old = new Set(world.products.filter(() => random.chance(0.02)).map(({ template }) => template))
  const variants = world.products.filter(({ template }) => old.has(template)).map(({ id }) => id)
  if (variants.length === 0) return
  const offers = await tryton.search('purchase.product_supplier', [['template', 'in', [...old]]])
  if (offers.length > 0) await tryton.call('purchase.product_supplier', 'write', offers, { active: false })
  await tryton.call('product.product', 'write', variants, { active: false })
  await tryton.call('product.template', 'write', [...old], { active: false })
}

async function seedParties(tryton: TrytonRpc, random: Random, { places, paymentTerms }: Basics, count: number) {
  const values = Array.from({ length: count }, (_, n) => ({
    name: companyName(random, n + 1),
    addresses: [['create', [address(random, places), ...(random.chance(0.2) ? [address(random, places)] : [])]]],
    contact_mechanisms: [['create', contacts(random, n + 1)]],
    ...(random.chance(0.7) ? { identifiers: [['create', [{ type: 'eu_vat', code: vatNumber(random) }]]] } : {}),
    ...(random.chance(0.5) ? { supplier_payment_term: random.pick(paymentTerms) } : {}),
  }))
  const ids = await tryton.create('party.party', values)
  const rows = await tryton.searchRead<{ id: number; addresses: number[] }>(
    'party.party',
    [['id', 'in', ids]],
    ['addresses'],
  )
  const first = new Map(rows.map((row) => [row.id, row.addresses[0] ?? 0]))
  const parties = ids.map((id) => ({ id, address: first.get(id) ?? 0 }))
  return {
    suppliers: parties.filter((_, n) => n % 10 !== 9),
    otherParties: parties.filter((_, n) => n % 10 === 9).map(({ id }) => id),
  }
}

async function seedProducts(
  tryton: TrytonRpc,
  random: Random,
  basics: Basics,
  suppliers: readonly SeededParty[],
  count: number,
): Promise<SeededProduct[]> {
  const uoms = await tryton.searchRead<{ id: number; symbol: string; digits: number }>(
    'product.uom',
    [],
    ['symbol', 'digits'],
  )
  const uomOf = (symbol: string) => uoms.find((uom) => uom.symbol === symbol) ?? { id: 1, symbol: 'u', digits: 0 }
  const categories = await tryton.create(
    'product.category',
    CATEGORIES.map((name) => ({ name })),
  )
  const plans = Array.from({ length: Math.ceil((count * 4) / 5) }, (_, n) => {
    const type: ProductType = random.chance(0.08) ? 'service' : random.chance(0.05) ? 'assets' : 'goods'
    const uom = type === 'service' ? uomOf('h') : uomOf(random.pick(['u', 'u', 'u', 'kg', 'm', 'l']))
    return { n, type, uom, variants: n % 4 === 0 ? 2 : 1 }
  })
  const templates = await tryton.create(
    'product.template',
    plans.map(({ n, type, uom, variants }) => ({
      name: partName(random, n + 1),
      code: `P${String(n + 1).padStart(6, '0')}`,
      type,
      consumable: type === 'goods' && random.chance(0.1),
      default_uom: uom.id,
      purchasable: true,
      purchase_uom: uom.id,
      list_price: price(random),
      cost_price_method: 'fixed',
      account_category: basics.accountCategory,
      categories: [['add', random.chance(0.2) ? categories.slice(0, 2) : [random.pick(categories)]]],
      products: [
        [
          'create',
          Array.from({ length: variants }, (_, variant) => ({
            suffix_code: variants === 1 ? '' : `-${variant + 1}`,
            cost_price: price(random),
            description: random.chance(0.3) ? 'Store dry.\nKeep away from light.' : null,
          })),
        ],
      ],
    })),
    100,
  )
  const rows = await tryton.searchRead<{ id: number; template: number }>(
    'product.product',
    [['template', 'in', templates]],
    ['template'],
  )
  const byTemplate = new Map(templates.map((id, at) => [id, plans[at]]))
  const supplied = rows.slice(0, count).filter(() => random.chance(0.8))
  const offers = supplied.map(({ id, template }) => ({
    template,
    product: random.chance(0.5) ? id : null,
    party: random.pick(suppliers).id,
    company: basics.company,
    currency: basics.currency,
    code: `V-${random.below(1_000_000)}`,
    lead_time: random.chance(0.7) ? daysLong(1 + random.below(40)) : null,
  }))
  const offerIds = await tryton.create('purchase.product_supplier', offers)
  const offerOf = new Map(supplied.map(({ id }, at) => [id, { ...offers[at], id: offerIds[at] }]))
  return rows.slice(0, count).map(({ id, template }) => {
    const plan = byTemplate.get(template)
    const offer = offerOf.get(id)
    return {
      id,
      template,
      uom: plan?.uom.id ?? 1,
      digits: plan?.uom.digits ?? 0,
      type: plan?.type ?? 'goods',
      supplier: offer?.party ?? null,
      productSupplier: offer?.id ?? null,
    }
  })
}

/** The warehouse that Tryton brings, and a second one; five bins each, below the storage zone. */
async function seedWarehouses(tryton: TrytonRpc, random: Random, { places }: Basics): Promise<SeededWarehouse[]> {
  const [party] = await tryton.create('party.party', [
    { name: 'Plant South', addresses: [['create', [address(random, places)]]] },
  ])
  const [site] = await tryton.search('party.address', [['party', '=', party]])
  const [input, output, storage] = await tryton.create(
    'stock.location',
    ['Input', 'Output', 'Storage'].map((name) => ({
      name: `South ${name}`,
      code: `S-${name.slice(0, 3).toUpperCase()}`,
      type: 'storage',
    })),
  )
  await tryton.create('stock.location', [
    {
      name: 'Warehouse South',
      code: 'WH-S',
      type: 'warehouse',
      input_location: input,
      output_location: output,
      storage_location: storage,
      address: site,
    },
  ])
  const warehouses = await tryton.searchRead<{ id: number; code: string; storage_location: number }>(
    'stock.location',
    [['type', '=', 'warehouse']],
    ['code', 'storage_location'],
  )
  // counting stock books the difference from or to there
  const [lostAndFound] = await tryton.search('stock.location', [['type', '=', 'lost_found']])
  await tryton.call(
    'stock.location',
    'write',
    warehouses.map(({ id }) => id),
    { lost_found_location: lostAndFound },
  )
  const result: SeededWarehouse[] = []
  for (const { id, code, storage_location } of warehouses) {
    const bins = await tryton.create(
      'stock.location',
      Array.from({ length: 5 }, (_, n) => ({
        name: `Aisle ${n + 1}`,
        code: `${code}-A${n + 1}`,
        type: 'storage',
        parent: storage_location,
      })),
    )
    result.push({ id, storage: storage_location, bins })
  }
  return result
}

async function seedEmployees(tryton: TrytonRpc, random: Random, basics: Basics, count: number, today: Date) {
  const parties = await tryton.create(
    'party.party',
    Array.from({ length: count }, (_, n) => ({
      name: `${random.pick(['Ada', 'Bo', 'Chidi', 'Dana', 'Émile'])} ${random.pick(['Voss', 'Marsh', 'Ortega', 'Ýr'])} ${n + 1}`,
      contact_mechanisms: [['create', [{ type: 'email', value: `employee${n + 1}@works.example` }]]],
    })),
  )
  const ended = new Date(today.getTime() - 40 * 86_400_000)
  return tryton.create(
    'company.employee',
    parties.map((party, n) => ({
      party,
      company: basics.company,
      ...(n % 5 === 4
        ? {
            end_date: {
              __class__: 'date',
              year: ended.getUTCFullYear(),
              month: ended.getUTCMonth() + 1,
              day: ended.getUTCDate(),
            },
          }
        : {}),
    })),
  )
}
