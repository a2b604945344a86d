import { afterAll, beforeAll, expect, test } from 'vitest'
import { AuthError, type EntityName, type RawRecord } from '../../../core/index.ts'
import { createActivity } from '../../../scripts/tryton/activity.ts'
import { differences, type Facts, isEmptyLevel } from '../../support/facts.ts'
import { readTruth, type TruthEntity } from '../../support/tryton-truth.ts'
import { allKeys, incrementRange, keyText, never, open, readAll, snapshotRange, streamOf } from '../kit/harness.ts'
import { type TrytonHarness, trytonHarness } from './harness.ts'

let tryton: TrytonHarness

beforeAll(async () => {
  tryton = await trytonHarness()
})
afterAll(() => tryton?.drop())

const ENTITIES: readonly TruthEntity[] = [
  'vendor',
  'item',
  'location',
  'stock_level',
  'purchase_order',
  'inventory_movement',
  'user',
]

test('while people work, snapshot, increments and sweeps end with every record as it is in the ERP', async () => {
  const settings = { ...tryton.config, vendor_scope: 'suppliers' }
  const { session } = await open(tryton, settings)
  const activity = await createActivity(tryton.at, { seed: 11 })
  const known = new Map<EntityName, Map<string, { version: number; unified: Facts }>>()
  const watermarks = new Map<EntityName, number>()

  async function take(entity: EntityName, records: Awaited<ReturnType<typeof readAll>>) {
    const table = known.get(entity) ?? new Map()
    known.set(entity, table)
    for (const record of records) {
      const key = keyText(record)
      // the normalizer's gate: an older version never wins
      if ((table.get(key)?.version ?? 0) > record.version) continue
      const unified = streamOf(tryton, entity).toUnified(record.payload, tryton.mapping, key)
      table.set(key, { version: record.version, unified })
    }
  }
  for (const entity of ENTITIES) {
    const start = await tryton.systemTime()
    watermarks.set(entity, start)
    await activity.step()
    await take(entity, await readAll(streamOf(tryton, entity), session, snapshotRange(start, 7)))
  }
  for (let round = 0; round < 12; round++) {
    for (let n = 0; n < 8; n++) await activity.step()
    for (const entity of ENTITIES) {
      const since = watermarks.get(entity) ?? 0
      const until = await tryton.connector.clock(session, never())
      await take(entity, await readAll(streamOf(tryton, entity), session, incrementRange(since, until, 7)))
      watermarks.set(entity, until)
    }
  }
  expect(activity.log.filter(({ refused }) => refused !== undefined)).toEqual([])
  expect(activity.log.filter(({ change }) => change?.deleted).length).toBeGreaterThan(0)
  const truth = await readTruth(tryton.databaseUrl, {
    connectionId: tryton.mapping.connectionId,
    company: tryton.seeded.company,
    vendorScope: 'suppliers',
  })
  const wrong: string[] = []
  for (const entity of ENTITIES) {
    const table = known.get(entity) ?? new Map()
    const stream = streamOf(tryton, entity)
    if (stream.deletes === 'by-absence') {
      const keys = await allKeys(stream, session)
      for (const key of table.keys()) if (!keys.has(key)) table.delete(key)
    }
    for (const [key, facts] of truth[entity])
      for (const difference of differences(facts, table.get(key)?.unified)) wrong.push(`${entity} ${key} ${difference}`)
    for (const [key, { unified }] of table)
      if (!truth[entity].has(key) && !isEmptyLevel(unified)) wrong.push(`${entity} ${key} is not in the ERP`)
  }
  expect(wrong).toEqual([])
})

test('a poll that finds nothing costs one request a stream', async () => {
  const { session, wire } = await open(tryton)
  const costs: { [entity: string]: number } = {}
  for (const entity of ENTITIES) {
    const now = (await tryton.systemTime()) + 60_000
    const range = incrementRange(now, now, 500)
    await readAll(streamOf(tryton, entity), session, range) // asks for the rights, once
    const before = wire.requests.length
    expect(await readAll(streamOf(tryton, entity), session, range)).toEqual([])
    costs[entity] = wire.requests.length - before
  }
  expect(costs).toEqual({
    vendor: 1,
    item: 1,
    location: 1,
    stock_level: 1,
    purchase_order: 1,
    // three models
    inventory_movement: 3,
    user: 1,
  })
})

test('a page of orders with lines, moves and invoice lines is one request', async () => {
  await tryton.worlds.purchase_order?.add(60)
  const { session, wire } = await open(tryton)
  const stream = streamOf(tryton, 'purchase_order')
  const range = snapshotRange(await tryton.systemTime(), 20)
  await readAll(stream, session, range)
  const before = wire.requests.length
  let pages = 0
  for await (const _ of stream.read(session, range, never())) pages++
  expect(pages).toBeGreaterThan(3)
  // the count for progress is the one more
  expect(wire.requests.length - before).toBeLessThanOrEqual(pages + 2)
})

test('a party becomes a vendor by its first purchase or product supplier, without being written', async () => {
  const { session } = await open(tryton, { ...tryton.config, vendor_scope: 'suppliers' })
  const stream = streamOf(tryton, 'vendor')
  const [byOffer = '', byOrder = '', never_ = ''] = (await tryton.worlds.vendor?.add(3)) ?? []
  expect([...(await allKeys(stream, session))]).not.toContain(byOffer)
  const since = await tryton.systemTime()
  const [product] = tryton.seeded.products
  await tryton.rpc.create('purchase.product_supplier', [
    {
      template: product?.template,
      party: Number(byOffer),
      company: tryton.seeded.company,
      currency: tryton.seeded.currency,
    },
  ])
  await tryton.rpc.create('purchase.purchase', [
    { company: tryton.seeded.company, party: Number(byOrder), currency: tryton.seeded.currency },
  ])
  const keys = (await readAll(stream, session, incrementRange(since, await tryton.systemTime(), 10))).map(keyText)
  expect(keys).toEqual(expect.arrayContaining([byOffer, byOrder]))
  expect(keys).not.toContain(never_)
  const listed = await allKeys(stream, session)
  expect([listed.has(byOffer), listed.has(byOrder), listed.has(never_)]).toEqual([true, true, false])
  expect(await stream.readOne(session, never_, never())).toBeNull()
})

test('a missing right stops the one stream and names the model; the others go on', async () => {
  const { session } = await open(tryton, await tryton.userWith([]))
  const range = snapshotRange(await tryton.systemTime(), 10)
  const refusal = await readAll(streamOf(tryton, 'purchase_order'), session, range).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(AuthError)
  expect(refusal).toMatchObject({ streamOnly: true, message: expect.stringContaining('purchase.purchase') })
  expect(await readAll(streamOf(tryton, 'location'), session, range)).not.toEqual([])
  await expect(allKeys(streamOf(tryton, 'purchase_order'), session)).rejects.toBeInstanceOf(AuthError)
})

test('a right taken away in the middle is told from a record that cannot be read', async () => {
  const settings = await tryton.userWith(['Purchase'])
  const { session } = await open(tryton, settings)
  const stream = streamOf(tryton, 'purchase_order')
  await tryton.worlds.purchase_order?.add(3)
  const range = snapshotRange(await tryton.systemTime(), 2)
  await readAll(stream, session, range)
  const [id] = await tryton.rpc.search('res.user', [['login', '=', settings['username']]])
  const groups = await tryton.rpc.search('res.group', [['name', '=', 'Purchase']])
  await tryton.rpc.call('res.user', 'write', [id], { groups: [['remove', groups]] })
  await expect(readAll(stream, session, range)).rejects.toMatchObject({ kind: 'auth', streamOnly: true })
  await expect(allKeys(stream, session)).rejects.toMatchObject({ kind: 'auth' })
})

test('without the right to see invoices orders come all the same, and nothing is said of what is billed', async () => {
  const models = await tryton.rpc.search('ir.model', [
    ['model', 'in', ['purchase.purchase', 'purchase.line', 'stock.move']],
  ])
  await tryton.rpc.create('res.group', [
    { name: 'Orders only', model_access: [['create', models.map((model) => ({ model, perm_read: true }))]] },
  ])
  const { session } = await open(tryton, await tryton.userWith(['Orders only']))
  const [record] = await readAll(
    streamOf(tryton, 'purchase_order'),
    session,
    snapshotRange(await tryton.systemTime(), 50),
  )
  const order = streamOf(tryton, 'purchase_order').toUnified(record?.payload ?? {}, tryton.mapping, '1')
  expect(order).toMatchObject({ billing_status: 'UNKNOWN', lines: [{ quantity_billed: null }, ...rest(order)] })
})

const rest = (order: unknown) => (order as { lines: unknown[] }).lines.slice(1).map(() => expect.anything())

const unifiedFacts = (entity: EntityName, key: string, record: RawRecord | null): Facts =>
  streamOf(tryton, entity).toUnified(record?.payload ?? {}, tryton.mapping, key) as unknown as Facts

/** May the normalizer replace what `before` says by `after`, read later? (services/normalizer/gate.ts) */
const isAccepted = (before: RawRecord | null, after: RawRecord | null) =>
  before !== null && after !== null && after.version >= before.version

test('writing one line is found as a change of its order, and only of that, and its reading is accepted', async () => {
  const { session } = await open(tryton)
  const stream = streamOf(tryton, 'purchase_order')
  const [key = '', other = ''] = (await tryton.worlds.purchase_order?.add(2)) ?? []
  const before = await stream.readOne(session, key, never())
  await tryton.worlds.purchase_order?.change(key)
  const after = await stream.readOne(session, key, never())
  expect(isAccepted(before, after)).toBe(true)
  expect(after?.payload).not.toEqual(before?.payload)
  expect(after?.modifiedAt).toBeGreaterThan(before?.modifiedAt ?? 0)
  const changed = await readAll(stream, session, incrementRange(after?.modifiedAt ?? 0, await tryton.systemTime(), 10))
  expect(changed.map(keyText)).toContain(key)
  expect(changed.map(keyText)).not.toContain(other)
})

test('an item whose newest row went with a deleted vendor names it no more, and its reading is accepted', async () => {
  const { session } = await open(tryton)
  const stream = streamOf(tryton, 'item')
  const [key = ''] = (await tryton.worlds.item?.add(1)) ?? []
  const [vendor = ''] = (await tryton.worlds.vendor?.add(1)) ?? []
  const [product] = await tryton.rpc.searchRead<{ template: number }>(
    'product.product',
    [['id', '=', Number(key)]],
    ['template'],
  )
  const { company, currency } = tryton.seeded
  await tryton.rpc.create('purchase.product_supplier', [
    { template: product?.template, party: Number(vendor), company, currency },
  ])
  const preferred = (record: RawRecord | null) => unifiedFacts('item', key, record)['preferred_vendor_id']
  const before = await stream.readOne(session, key, never())
  expect(preferred(before)).toBe(`works:vendor:${vendor}`)
  await tryton.worlds.vendor?.remove?.(vendor)
  const after = await stream.readOne(session, key, never())
  expect(preferred(after)).toBeNull()
  expect(after?.modifiedAt).toBeLessThan(before?.modifiedAt ?? 0)
  expect(isAccepted(before, after)).toBe(true)
})

test('a stock level whose newest move is deleted is read again as it is, and accepted', async () => {
  const { session } = await open(tryton)
  const stream = streamOf(tryton, 'stock_level')
  const [key = ''] = (await tryton.worlds.stock_level?.add(1)) ?? []
  const [product, bin] = key.split('|').map(Number)
  const [lost] = await tryton.rpc.search('stock.location', [['type', '=', 'lost_found']])
  const [row] = await tryton.sql(
    'select t.default_uom as uom from product_product p join product_template t on t.id = p.template where p.id = $1',
    [product],
  )
  const [move] = await tryton.rpc.create('stock.move', [
    {
      company: tryton.seeded.company,
      product,
      uom: row?.['uom'],
      quantity: 2,
      from_location: bin,
      to_location: lost,
      planned_date: null,
    },
  ])
  // buttons of shipments do this
  await tryton.sql("update stock_move set state = 'assigned' where id = $1", [move])
  const reserved = (record: RawRecord | null) => unifiedFacts('stock_level', key, record)['quantity_reserved']
  const before = await stream.readOne(session, key, never())
  expect(reserved(before)).toBe('2')
  await tryton.sql("update stock_move set state = 'draft' where id = $1", [move])
  await tryton.rpc.call('stock.move', 'delete', [move])
  const after = await stream.readOne(session, key, never())
  expect(reserved(after)).toBe('0')
  expect(after?.modifiedAt).toBeLessThan(before?.modifiedAt ?? 0)
  expect(isAccepted(before, after)).toBe(true)
})

test('an employee is inactive from the day after the last one, though nobody writes the record', async () => {
  const { session } = await open(tryton)
  const stream = streamOf(tryton, 'user')
  const [key = ''] = (await tryton.worlds.user?.add(1)) ?? []
  const yesterday = new Date((await tryton.systemTime()) - 86_400_000)
  await tryton.rpc.call('company.employee', 'write', [Number(key)], {
    end_date: {
      __class__: 'date',
      year: yesterday.getUTCFullYear(),
      month: yesterday.getUTCMonth() + 1,
      day: yesterday.getUTCDate(),
    },
  })
  // as if it had been written long ago: today began the inactivity
  await tryton.sql("update company_employee set write_date = '2020-01-01', create_date = '2020-01-01' where id = $1", [
    Number(key),
  ])
  await tryton.sql(
    "update party_party set write_date = '2020-01-01', create_date = '2020-01-01' where id = (select party from company_employee where id = $1)",
    [Number(key)],
  )
  const midnight = Date.UTC(yesterday.getUTCFullYear(), yesterday.getUTCMonth(), yesterday.getUTCDate()) + 86_400_000
  const records = await readAll(stream, session, incrementRange(midnight, await tryton.systemTime(), 10))
  const record = records.find((each) => keyText(each) === key)
  expect(record?.modifiedAt).toBe(midnight)
  expect(stream.toUnified(record?.payload ?? {}, tryton.mapping, key)).toMatchObject({ is_active: false })
})

test('fields of own modules are read when asked for, and published when listed', async () => {
  const { session } = await open(tryton, { ...tryton.config, extra_fields: ['party.party.full_name'] })
  const [key = ''] = (await tryton.worlds.vendor?.add(1)) ?? []
  const record = await streamOf(tryton, 'vendor').readOne(session, key, never())
  const mapping = { ...tryton.mapping, customFields: ['full_name', 'no_such_field'] }
  const vendor = streamOf(tryton, 'vendor').toUnified(record?.payload ?? {}, mapping, key)
  expect(JSON.parse(vendor.custom_fields ?? '{}')).toEqual({ full_name: (vendor as unknown as Facts)['name'] })
})
