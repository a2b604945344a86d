import { maintainx } from '../../../connectors/maintainx/index.ts'
import type { Doc, Resource, Sandbox } from '../../../connectors/maintainx/sandbox/index.ts'
import { type EntityName, type MappingSettings, unifiedId } from '../../../core/index.ts'
import { createMaker } from '../kit/maker.ts'
import type { Answer } from '../kit/wire.ts'
import type { WriteSide, WriteWorld } from '../kit/writing.ts'

type Worlds = { readonly [operation: string]: WriteWorld }

/** Commands for a plant that holds what they refer to; effects are counted in its store. */
export function maintainxWrites(sandbox: Sandbox, config: WriteSide['config'], mapping: MappingSettings): WriteSide {
  const make = createMaker(maintainx, config, mapping)
  const id = (entity: string, ...key: (number | string)[]) => unifiedId(mapping.connectionId, entity, key.map(String))
  const made = (path: string, body: object) => {
    const { status, body: answer } = sandbox.ask('POST', path, body as never)
    if (status >= 400) throw new Error(`${path}: ${JSON.stringify(answer)}`)
    return (answer as { readonly id: number }).id
  }
  const docs = (resource: Resource, fits: (doc: Doc) => boolean) => async () =>
    sandbox.truth(resource).filter(fits).length
  const isThere = (resource: Resource, key: string, fits: (doc: Doc) => boolean) => async () => {
    const doc = sandbox.store.get(resource, Number(key))
    return doc !== null && doc.deletedAt == null && fits(doc) ? 1 : 0
  }
  let counter = 0
  const mark = (what: string) => `${what} ${++counter}-${process.pid}`
  const place = made('/locations', { name: 'Main store' })
  const maker = made('/vendors', { name: 'Nordhafen' })
  const newPart = (availableQuantity = 0) =>
    made('/parts', { name: mark('seal'), locations: [{ locationId: place, availableQuantity }] })

  const gone = (resource: Resource, target: string) => ({
    target,
    payload: null,
    times: async () => (sandbox.store.get(resource, Number(target))?.deletedAt == null ? 0 : 1),
  })

  /** Records that are told apart by one text. */
  function named(
    entity: 'vendor' | 'item' | 'location' | 'asset' | 'work_order',
    resource: Resource,
    field: 'name' | 'title',
    more: object,
    strange: { readonly payload: object; readonly field: string },
  ): Worlds {
    const create = (over: object = {}) => {
      const text = mark('New')
      return { payload: { [field]: text, ...more, ...over }, times: docs(resource, (doc) => doc[field] === text) }
    }
    const renamed = (target: string, over: object = {}) => {
      const text = mark('Renamed')
      return {
        target,
        payload: { [field]: text, ...over },
        times: isThere(resource, target, (doc) => doc[field] === text),
      }
    }
    const one = async () => (await make(entity, create().payload)).target
    const refusal = { field: strange.field, words: /does not exist|must not be empty|no user/ }
    return {
      CREATE: { make: async () => create(), refused: async () => ({ ...create(strange.payload), ...refusal }) },
      UPDATE: {
        make: async () => renamed(await one()),
        next: ({ target = '' }) => renamed(target),
        refused: async () => ({ ...renamed(await one(), strange.payload), ...refusal }),
      },
      DELETE: {
        make: async () => gone(resource, await one()),
        async refused() {
          const target = await one()
          const words = /right permissions/
          return { ...gone(resource, target), field: null, words, answer: refusing(target, 403, PERMISSION) }
        },
      },
    }
  }
  const blank = { payload: { name: '   ' }, field: 'name' }

  /** As it is shown: an asset's is a record of its own. */
  const nativeStatus = (path: string): unknown => {
    const shown = sandbox.ask('GET', path).body as { readonly [one: string]: { readonly status: unknown } }
    const status = Object.values(shown)[0]?.status
    return typeof status === 'object' && status !== null ? (status as { readonly status?: unknown }).status : status
  }
  const statusOf = (resource: Resource, target: string, status: string, native: string) => ({
    target,
    payload: { status },
    times: async () => (nativeStatus(`/${resource}/${target}`) === native ? 1 : 0),
  })
  const refusedStatus = (command: ReturnType<typeof statusOf>) => {
    const answer = refusing(command.target, 400, STATUS)
    return { ...command, field: 'status', words: /Invalid status/, answer }
  }
  const newAsset = () => String(made('/assets', { name: mark('Pump') }))
  const newWork = () => String(made('/workorders', { title: mark('Leak') }))

  const order = (over: object = {}, line: object = {}) => {
    const notes = mark('bolts')
    const lines = [{ line_ref: 'a', description: 'M8 bolts', quantity_ordered: '10', unit_price: '3.40', ...line }]
    return {
      payload: { vendor_id: id('vendor', maker), notes, lines, ...over },
      times: docs('purchaseorders', (doc) => doc['note'] === notes),
    }
  }
  const newOrder = async () => {
    const { target, lines = [] } = await make('purchase_order', order().payload)
    return { target, line: lines[0]?.lineKey.split('|')[1] ?? '' }
  }
  const nothing = { item_id: id('item', 4242) }
  const itemsOf = (doc: Doc) => (doc['items'] ?? []) as unknown as readonly { readonly name: string }[]
  const added = ({ target, line }: { target: string; line: string }, over: object = {}) => {
    const description = mark('washers')
    const lines = [
      { line_id: id('purchase_order_line', target, line), quantity_ordered: '12' },
      { line_ref: 'b', description, quantity_ordered: '1', unit_price: '3', ...over },
    ]
    const times = async () =>
      itemsOf(sandbox.store.get('purchaseorders', Number(target)) as Doc).filter(({ name }) => name === description)
        .length
    return { target, payload: { lines }, times }
  }
  const renoted = (target: string) => {
    const notes = mark('nuts')
    return { target, payload: { notes }, times: isThere('purchaseorders', target, (doc) => doc['note'] === notes) }
  }
  const orders: Worlds = {
    CREATE: {
      make: async () => order(),
      refused: async () => ({ ...order({}, nothing), field: 'lines[0].item_id', words: /does not exist/ }),
    },
    UPDATE: {
      make: async () => added(await newOrder()),
      next: ({ target = '' }) => renoted(target),
      refused: async () => ({
        ...added(await newOrder(), nothing),
        field: 'lines[1].item_id',
        words: /does not exist/,
      }),
    },
    SET_STATUS: {
      make: async () => statusOf('purchaseorders', (await newOrder()).target, 'CANCELED', 'CANCELED'),
      refused: async () => refusedStatus(statusOf('purchaseorders', (await newOrder()).target, 'CANCELED', 'CANCELED')),
    },
    DELETE: {
      make: async () => gone('purchaseorders', (await newOrder()).target),
      async refused() {
        const { target } = await newOrder()
        const answer = refusing(target, 403, PERMISSION)
        return { ...gone('purchaseorders', target), field: null, words: /right permissions/, answer }
      },
    },
  }

  const stockOf = (part: number) => {
    const shelves = (sandbox.store.get('parts', part)?.['locations'] ?? []) as unknown as readonly {
      readonly availableQuantity: number
      readonly minimumQuantity: number
    }[]
    return shelves[0]
  }
  /** One that adds 7 each time it is applied. */
  const moved = (over: object = {}) => {
    const part = newPart()
    const lines = [{ line_ref: 'a', item_id: id('item', part), quantity: '7', to_location_id: id('location', place) }]
    const payload = { kind: 'ADJUSTMENT', lines: lines.map((line) => ({ ...line, ...over })) }
    return { payload, times: async () => (stockOf(part)?.availableQuantity ?? 0) / 7 }
  }
  const movements: Worlds = {
    CREATE: {
      make: async () => moved(),
      refused: async () => ({
        ...moved({ to_location_id: id('location', 4242) }),
        field: 'lines[0].to_location_id',
        words: /does not exist/,
      }),
    },
  }
  const least = (target: string, quantity = String(++counter)) => ({
    target,
    payload: { minimum_quantity: quantity },
    times: async () => (stockOf(Number(target.split('|')[0]))?.minimumQuantity === Number(quantity) ? 1 : 0),
  })
  const newLevel = () => `${newPart()}|${place}`
  const levels: Worlds = {
    UPDATE: {
      make: async () => least(newLevel()),
      next: ({ target = '' }) => least(target),
      async refused() {
        const level = least(newLevel(), '9')
        const payload = { minimum_quantity: '9', maximum_quantity: '4' }
        return { ...level, payload, field: 'maximum_quantity', words: /greater than or equal/ }
      },
    },
  }

  const setting = (make_: () => Promise<ReturnType<typeof statusOf>>): Worlds => ({
    SET_STATUS: { make: make_, refused: async () => refusedStatus(await make_()) },
  })
  const entities: { readonly [E in EntityName]?: Worlds } = {
    vendor: named('vendor', 'vendors', 'name', { notes: 'Kai 7' }, blank),
    item: named('item', 'parts', 'name', { item_type: 'INVENTORY', unit: 'EA', unit_cost: '0.07' }, blank),
    location: named(
      'location',
      'locations',
      'name',
      {},
      { payload: { parent_id: id('location', 4242) }, field: 'parent_id' },
    ),
    asset: {
      ...named(
        'asset',
        'assets',
        'name',
        { kind: 'EQUIPMENT' },
        { payload: { location_id: id('location', 4242) }, field: 'location_id' },
      ),
      ...setting(async () => statusOf('assets', newAsset(), 'DOWN', 'OFFLINE')),
    },
    work_order: {
      ...named(
        'work_order',
        'workorders',
        'title',
        {},
        { payload: { asset_id: id('asset', 4242) }, field: 'asset_id' },
      ),
      ...setting(async () => statusOf('workorders', newWork(), 'COMPLETED', 'DONE')),
    },
    purchase_order: orders,
    inventory_movement: movements,
    stock_level: levels,
  }
  return {
    config,
    isWrite: ({ method, url }) => method !== 'GET' && !url.includes('/customfields/'),
    worlds: Object.fromEntries(
      Object.entries(entities).flatMap(([entity, worlds]) =>
        Object.entries(worlds).map(([operation, world]) => [`${operation} ${entity}`, world] as const),
      ),
    ),
  }
}

const PERMISSION = { errors: [{ error: "User doesn't have the right permissions" }] }
const STATUS = { errors: [{ error: 'Invalid status', fieldPath: 'status', fieldValue: 'x' }] }

/** What the sandbox has no reason to refuse, in the form of the vendor's description. */
const refusing =
  (target: string, status: number, body: object) =>
  ({ url }: { readonly url: string }): Partial<Answer> | null =>
    !url.includes(`/${target}`)
      ? null
      : { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
