import { readFileSync } from 'node:fs'
import pg from 'pg'
import { tryton } from '../../../connectors/tryton/index.ts'
import { createBasics } from '../../../scripts/tryton/basics.ts'
import { bulkLoad } from '../../../scripts/tryton/bulk.ts'
import { connectTryton, dateOf, decimal, type TrytonRpc } from '../../../scripts/tryton/rpc.ts'
import { type Seeded, seedTryton } from '../../../scripts/tryton/seed.ts'
import type { TrytonAccess } from '../../../scripts/stack/addresses.ts'
import { withDatabase } from '../../../scripts/stack/postgres.ts'
import type { EntityName, MappingSettings } from '../../../core/index.ts'
import { stack, testTryton } from '../../support/stack.ts'
import type { Harness, World } from '../kit/harness.ts'
import { trytonWrites } from './writes.ts'

export interface TrytonHarness extends Harness {
  readonly at: TrytonAccess
  readonly databaseUrl: string
  /** As administrator. */
  readonly rpc: TrytonRpc
  readonly seeded: Seeded
  sql(text: string, values?: readonly unknown[]): Promise<{ readonly [column: string]: unknown }[]>
  /** Another user who may read what these groups may; settings for connecting as that user. */
  userWith(groups: readonly string[], values?: { readonly [field: string]: unknown }): Promise<Harness['config']>
  drop(): Promise<void>
}

/** A seeded Tryton of its own, and a user with exactly the rights that README.md asks for. */
export async function trytonHarness(): Promise<TrytonHarness> {
  const at = await testTryton()
  const emptyAt = await testTryton()
  try {
    return await prepare(at, emptyAt)
  } catch (error) {
    await Promise.all([at.drop(), emptyAt.drop()])
    throw error
  }
}

type TestTryton = Awaited<ReturnType<typeof testTryton>>

async function prepare(at: TestTryton, emptyAt: TestTryton): Promise<TrytonHarness> {
  const seeded = await seedTryton(at, { vendors: 12, items: 10, purchases: 12, employees: 4 })
  await createBasics(await connectTryton(emptyAt), new Date())
  const rpc = await connectTryton(at)
  rpc.setContext({ company: seeded.company })
  const databaseUrl = withDatabase(stack().postgres, at.database)
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  db.on('error', () => {})
  const sql = async (text: string, values: readonly unknown[] = []) => (await db.query(text, [...values])).rows

  let users = 0
  async function userWith(groups: readonly string[], values: { readonly [field: string]: unknown } = {}) {
    const login = `tributary${++users}`
    const password = 'Quay-folds-92-lime'
    const ids = await rpc.search('res.group', [['name', 'in', groups]])
    await rpc.create('res.user', [
      {
        name: login,
        login,
        password,
        groups: [['add', ids]],
        companies: [['add', [seeded.company]]],
        company: seeded.company,
        ...values,
      },
    ])
    return { base_url: at.url, database: at.database, username: login, password, vendor_scope: 'all' }
  }

  const config = await userWith(['Purchase', 'Stock'])
  const mapping = mappingOf(at)
  const writer = await userWith(['Purchase', 'Stock', 'Party Administration', 'Product Administration'])
  const passwords = ['Quay-folds-92-lime', 'Dune-maps-47-crow'] as const
  let turn = 0
  return {
    at,
    databaseUrl,
    rpc,
    seeded,
    sql,
    userWith,
    connector: tryton,
    config,
    mapping,
    writes: trytonWrites(seeded, sql, writer, mapping),
    readme: readFileSync(new URL('../../../connectors/tryton/README.md', import.meta.url), 'utf8'),
    wrongConfigs: [
      { title: 'wrong password', config: { ...config, password: 'no-such-secret-9' }, names: /user or password/ },
      { title: 'unknown database', config: { ...config, database: 'no_such_database' }, names: /no_such_database/ },
      { title: 'company without access', config: { ...config, company: 4711 }, names: /company 4711/ },
    ],
    empty: {
      ...config,
      database: emptyAt.database,
      username: 'admin',
      password: at.password,
      vendor_scope: 'suppliers',
    },
    async expireSessions() {
      await sql('delete from ir_session')
    },
    async rotateSecret() {
      turn = 1 - turn
      const password = passwords[turn] ?? passwords[0]
      const [id] = await rpc.search('res.user', [['login', '=', config.username]])
      await rpc.call('res.user', 'write', [id], { password })
      return { ...config, password }
    },
    isLogin: ({ body }) => body.includes('common.db.login'),
    async systemTime() {
      const [row] = await sql('select (extract(epoch from clock_timestamp()) * 1000)::bigint as now')
      return Number(row?.['now'])
    },
    worlds: worldsOf(rpc, seeded, sql, databaseUrl),
    async drop() {
      await db.end()
      await at.drop()
      await emptyAt.drop()
    },
  }
}

export const mappingOf = (at: TrytonAccess): MappingSettings => ({
  connectionId: 'works',
  system: 'tryton',
  timeZone: 'UTC',
  currency: null,
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: { base_url: at.url, database: at.database },
})

function worldsOf(
  rpc: TrytonRpc,
  seeded: Seeded,
  sql: TrytonHarness['sql'],
  databaseUrl: string,
): { readonly [E in EntityName]?: World } {
  let counter = 0
  const fresh = (what: string) => `${what} ${++counter} ${Math.random().toString(36).slice(2, 8)}`
  const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))
  const product = seeded.products.find(({ type }) => type === 'goods') ?? fail('no goods were seeded')
  const uom = product.uom
  const bin = seeded.warehouses[0]?.bins[0] ?? fail('no bins were seeded')
  const supplier = seeded.suppliers[0] ?? fail('no suppliers were seeded')

  const newItems = async (count: number) => {
    const templates = await rpc.create(
      'product.template',
      times(count, () => ({
        name: fresh('Item'),
        type: 'goods',
        default_uom: uom,
        purchasable: true,
        purchase_uom: uom,
        list_price: decimal('1.10'),
        cost_price_method: 'fixed',
        account_category: seeded.accountCategory,
        products: [['create', [{ cost_price: decimal('12.3456') }]]],
      })),
    )
    return rpc.search('product.product', [['template', 'in', templates]])
  }
  const templateOf = async (key: string) =>
    (await rpc.searchRead<{ template: number }>('product.product', [['id', '=', Number(key)]], ['template']))[0]
      ?.template
  const inventory = (products: readonly number[], quantity: number) => ({
    company: seeded.company,
    location: bin,
    date: dateOf(new Date()),
    lines: [['create', products.map((id) => ({ product: id, quantity }))]],
  })

  return {
    vendor: {
      add: async (count) =>
        (
          await rpc.create(
            'party.party',
            times(count, () => ({ name: fresh('Vendor'), addresses: [['create', [{ city: 'Ulm' }]]] })),
          )
        ).map(String),
      async change(key) {
        const city = fresh('City')
        const [address] = await rpc.search('party.address', [['party', '=', Number(key)]])
        await rpc.call('party.address', 'write', [address], { city })
        return city
      },
      remove: async (key) => void (await rpc.call('party.party', 'delete', [Number(key)])),
      fill: async (count) => void (await bulkLoad(databaseUrl, { parties: count })),
    },
    item: {
      add: async (count) => (await newItems(count)).map(String),
      async change(key) {
        const name = fresh('Renamed')
        await rpc.call('product.template', 'write', [await templateOf(key)], { name })
        return name
      },
      remove: async (key) => void (await rpc.call('product.template', 'delete', [await templateOf(key)])),
    },
    location: {
      add: async (count) =>
        (
          await rpc.create(
            'stock.location',
            times(count, () => ({ name: fresh('Bin'), type: 'storage', parent: bin })),
          )
        ).map(String),
      async change(key) {
        const name = fresh('Renamed')
        await rpc.call('stock.location', 'write', [Number(key)], { name })
        return name
      },
      remove: async (key) => void (await rpc.call('stock.location', 'delete', [Number(key)])),
    },
    purchase_order: {
      add: async (count) =>
        (
          await rpc.create(
            'purchase.purchase',
            times(count, () => ({
              company: seeded.company,
              party: supplier.id,
              invoice_address: supplier.address,
              currency: seeded.currency,
              warehouse: seeded.warehouses[0]?.id,
              lines: [
                [
                  'create',
                  [
                    {
                      type: 'line',
                      product: product.id,
                      unit: uom,
                      quantity: 3,
                      unit_price: decimal('0.0001'),
                      sequence: 1,
                    },
                  ],
                ],
              ],
            })),
          )
        ).map(String),
      // the line alone is written: Tryton does not stamp the order
      async change(key) {
        const description = fresh('Line')
        const [line] = await rpc.search('purchase.line', [['purchase', '=', Number(key)]])
        await rpc.call('purchase.line', 'write', [line], { description })
        return description
      },
      remove: async (key) => void (await rpc.call('purchase.purchase', 'delete', [Number(key)])),
      // a subtotal over a line without quantity: Tryton fails to add it up
      async spoil(key) {
        const [line] = await sql(
          "insert into purchase_line (create_uid, create_date, purchase, sequence, type) values (1, current_timestamp, $1, 2, 'subtotal') returning id",
          [Number(key)],
        )
        await sql("update purchase_line set quantity = null where purchase = $1 and type = 'line'", [Number(key)])
        return async () => {
          await sql('delete from purchase_line where id = $1', [line?.['id']])
          await sql("update purchase_line set quantity = 3 where purchase = $1 and type = 'line'", [Number(key)])
        }
      },
    },
    user: {
      async add(count) {
        const parties = await rpc.create(
          'party.party',
          times(count, () => ({ name: fresh('Person') })),
        )
        return (
          await rpc.create(
            'company.employee',
            parties.map((party) => ({ party, company: seeded.company })),
          )
        ).map(String)
      },
      async change(key) {
        const [employee] = await rpc.searchRead<{ party: number }>(
          'company.employee',
          [['id', '=', Number(key)]],
          ['party'],
        )
        const name = fresh('Married')
        await rpc.call('party.party', 'write', [employee?.party], { name })
        return name
      },
      remove: async (key) => void (await rpc.call('company.employee', 'delete', [Number(key)])),
    },
    stock_level: {
      async add(count) {
        const products = await newItems(count)
        const ids = await rpc.create('stock.inventory', [inventory(products, 5)])
        await rpc.call('stock.inventory', 'confirm', ids)
        return products.map((id) => `${id}|${bin}`)
      },
      async change(key) {
        const quantity = 1000 + ++counter
        const ids = await rpc.create('stock.inventory', [inventory([Number(key.split('|')[0])], quantity)])
        await rpc.call('stock.inventory', 'confirm', ids)
        return `"quantity_on_hand":"${quantity}"`
      },
    },
    inventory_movement: {
      async add(count) {
        const products = await newItems(count)
        const ids = await rpc.create(
          'stock.inventory',
          products.map((id) => inventory([id], 2)),
        )
        return ids.map((id) => `inventory|${id}`)
      },
      async change(key) {
        const quantity = 1000 + ++counter
        const [line] = await rpc.search('stock.inventory.line', [['inventory', '=', Number(key.split('|')[1])]])
        await rpc.call('stock.inventory.line', 'write', [line], { quantity })
        return `"quantity_counted":"${quantity}"`
      },
      remove: async (key) => void (await rpc.call('stock.inventory', 'delete', [Number(key.split('|')[1])])),
    },
  }
}

function fail(message: string): never {
  throw new Error(message)
}
