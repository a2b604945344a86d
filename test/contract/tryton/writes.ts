import { tryton } from '../../../connectors/tryton/index.ts'
import { type EntityName, type MappingSettings, unifiedId } from '../../../core/index.ts'
import type { Seeded } from '../../../scripts/tryton/seed.ts'
import { createMaker } from '../kit/maker.ts'
import type { Answer } from '../kit/wire.ts'
import type { WriteSide, WriteWorld } from '../kit/writing.ts'

type Worlds = { readonly [operation: string]: WriteWorld }
type Sql = (text: string, values?: readonly unknown[]) => Promise<{ readonly [column: string]: unknown }[]>

const CHANGES =
  /"method": ?"model\.[\w.]+\.(create|write|delete|quote|confirm|process|draft|cancel|wait|assign_try|receive|do|done)"/

/** Commands for a seeded Tryton, whose effects are counted in its database. */
export function trytonWrites(
  seeded: Seeded,
  sql: Sql,
  config: WriteSide['config'],
  mapping: MappingSettings,
): WriteSide {
  const make = createMaker(tryton, config, mapping)
  const id = (entity: EntityName, key: number | undefined) => unifiedId(mapping.connectionId, entity, String(key))
  const count = (text: string, values: readonly unknown[]) => async () =>
    Number((await sql(`select count(*) as n from ${text}`, values))[0]?.['n'])
  let counter = 0
  const mark = (what: string) => `${what} ${++counter}-${process.pid}`

  const goods = seeded.products.filter(({ type, digits }) => type === 'goods' && digits === 0)
  const [item, other] = [id('item', goods[0]?.id), id('item', goods.at(-1)?.id)]
  const [warehouse] = seeded.warehouses
  const bins = (warehouse?.bins ?? []).map((bin) => id('location', bin))
  const supplier = id('vendor', seeded.suppliers[0]?.id)

  const vendor = (over: object = {}) => {
    const name = mark('Nordwind')
    return {
      payload: { name, city: 'Kiel', country: 'DE', ...over },
      times: count('party_party where name = $1', [name]),
    }
  }
  const newVendor = async () => (await make('vendor', vendor().payload)).target
  const renamed = (target: string, over: object = {}) => ({ target, ...vendor(over) })
  const inactive = (table: string, target: string) => ({
    target,
    payload: null,
    times: count(`${table} where id = $1 and not active`, [Number(target)]),
  })
  const vendors: Worlds = {
    CREATE: {
      make: async () => vendor({ email: 'a@nordwind.example' }),
      refused: async () => ({ ...vendor({ tax_id: 'DE1' }), field: 'tax_id', words: /DE1/ }),
    },
    UPDATE: {
      make: async () => renamed(await newVendor(), { email: 'b@nordwind.example' }),
      next: ({ target = '' }) => renamed(target),
      refused: async () => ({ ...renamed(await newVendor(), { tax_id: 'DE1' }), field: 'tax_id', words: /DE1/ }),
    },
    DELETE: {
      make: async () => inactive('party_party', await newVendor()),
      async refused() {
        const target = await newVendor()
        return { ...inactive('party_party', target), ...refusing(target, 'The party is in use') }
      },
    },
  }

  const named = (over: object = {}) => {
    const name = mark('Bearing')
    return { payload: { name, ...over }, times: count('product_template where name = $1', [name]) }
  }
  const newItem = async () =>
    (await make('item', { ...named().payload, item_type: 'INVENTORY', source_unit: 'u' })).target
  const kind = { item_type: 'INVENTORY', source_unit: 'u' }
  // its last digit is wrong
  const wrong = { barcode: '4006381333930' }
  const items: Worlds = {
    CREATE: {
      make: async () => named({ ...kind, barcode: '4006381333931' }),
      refused: async () => ({ ...named({ ...kind, ...wrong }), field: 'barcode', words: /4006381333930/ }),
    },
    UPDATE: {
      make: async () => ({ target: await newItem(), ...named() }),
      next: ({ target = '' }) => ({ target, ...named() }),
      refused: async () => ({ target: await newItem(), ...named(wrong), field: 'barcode', words: /4006381333930/ }),
    },
    DELETE: {
      make: async () => inactive('product_product', await newItem()),
      async refused() {
        const target = await newItem()
        return { ...inactive('product_product', target), ...refusing(target, 'The product is in use') }
      },
    },
  }

  const order = (title: string, over: object = {}, line: object = {}) => ({
    title,
    vendor_id: supplier,
    ship_to_location_id: id('location', warehouse?.id),
    lines: [{ line_ref: 'a', item_id: item, quantity_ordered: '10', unit_price: '12.3450', ...line }],
    ...over,
  })
  const newOrder = async () => (await make('purchase_order', order(mark('bolts')))).target
  const ordered = (line: object = {}) => {
    const title = mark('bolts')
    const times = count('purchase_purchase where description = $1', [title])
    return { payload: order(title, { status: 'APPROVED' }, line), times }
  }
  const added = (target: string, line: object = {}) => {
    const description = mark('washers')
    const lines = [{ line_ref: 'b', item_id: other, quantity_ordered: '4', unit_price: '2', description, ...line }]
    return {
      target,
      payload: { notes: description, lines },
      times: count('purchase_line where description = $1', [description]),
    }
  }
  const retitled = (target: string) => {
    const title = mark('nuts')
    return { target, payload: { title }, times: count('purchase_purchase where description = $1', [title]) }
  }
  const quoted = (target: string) => ({
    target,
    payload: { status: 'PENDING_APPROVAL' },
    times: count("purchase_purchase where id = $1 and state = 'quotation'", [Number(target)]),
  })
  const gone = (target: string) => ({
    target,
    payload: null,
    times: async () => 1 - (await count('purchase_purchase where id = $1', [Number(target)])()),
  })
  const half = { quantity_ordered: '3.5' }
  const orders: Worlds = {
    CREATE: {
      make: async () => ordered(),
      refused: async () => ({ ...ordered(half), field: 'lines[0].quantity_ordered', words: /number of digits/ }),
    },
    UPDATE: {
      make: async () => added(await newOrder()),
      next: ({ target = '' }) => retitled(target),
      refused: async () => ({
        ...added(await newOrder(), half),
        field: 'lines[0].quantity_ordered',
        words: /number of digits/,
      }),
    },
    SET_STATUS: {
      make: async () => quoted(await newOrder()),
      async refused() {
        const target = await newOrder()
        return { ...quoted(target), ...refusing(target, 'The budget is exceeded') }
      },
    },
    DELETE: {
      make: async () => gone(await newOrder()),
      async refused() {
        const target = await newOrder()
        return { ...gone(target), ...refusing(target, 'The purchase is in use') }
      },
    },
  }

  const moved = (quantity: string) => {
    const reference = mark('MOVE')
    return {
      payload: {
        kind: 'TRANSFER',
        reference,
        lines: [{ line_ref: 't', item_id: item, from_location_id: bins[0], to_location_id: bins[1], quantity }],
      },
      times: count("stock_shipment_internal where reference = $1 and state = 'done'", [reference]),
    }
  }
  const stocked = (() => {
    let done: Promise<unknown> | null = null
    const lines = [{ item_id: item, to_location_id: bins[0], quantity_counted: '5000' }]
    return () => (done ??= make('inventory_movement', { kind: 'COUNT', lines }))
  })()
  const movements: Worlds = {
    CREATE: {
      async make() {
        await stocked()
        return moved('1')
      },
      refused: async () => ({ ...moved('1.5'), field: 'lines[0].quantity', words: /number of digits/ }),
    },
  }

  const worldsOf = (entity: EntityName, worlds: Worlds) =>
    Object.entries(worlds).map(([operation, world]) => [`${operation} ${entity}`, world] as const)
  return {
    config,
    isWrite: ({ body }) => CHANGES.test(body),
    worlds: Object.fromEntries([
      ...worldsOf('vendor', vendors),
      ...worldsOf('item', items),
      ...worldsOf('purchase_order', orders),
      ...worldsOf('inventory_movement', movements),
    ]),
  }
}

/** As a module of the customer's refuses a change of this record. */
function refusing(target: string, words: string) {
  const answer = ({ body }: { readonly body: string }): Partial<Answer> | null =>
    new RegExp(`\\[${target}[,\\]]`).test(body)
      ? {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ id: (JSON.parse(body) as { id: number }).id, error: ['UserError', [words, '']] }),
        }
      : null
  return { field: null, words: new RegExp(words), answer }
}
