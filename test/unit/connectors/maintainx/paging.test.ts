import { afterEach, beforeEach, expect, test } from 'vitest'
import { assets } from '../../../../connectors/maintainx/read/assets.ts'
import { locations } from '../../../../connectors/maintainx/read/locations.ts'
import { purchaseOrders } from '../../../../connectors/maintainx/read/purchase-orders.ts'
import { stockLevels } from '../../../../connectors/maintainx/read/stock-levels.ts'
import { users } from '../../../../connectors/maintainx/read/users.ts'
import { workOrders } from '../../../../connectors/maintainx/read/work-orders.ts'
import { CorruptCursorError, type Page } from '../../../../core/index.ts'
import { type Doc, increment, never, openStandIn, type StandIn, snapshot, thrownBy } from './stand-in.ts'

let mx: StandIn
beforeEach(async () => {
  mx = await openStandIn()
})
afterEach(() => mx.close())

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString()

const asset = (id: number, created: number, updated = created): Doc => ({
  id,
  name: `Asset ${id}`,
  createdAt: at(created),
  updatedAt: at(updated),
})

const keysOf = (page: Page) => page.records.map(({ key }) => (typeof key === 'string' ? key : key.join('|')))

async function collected(pages: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = []
  for await (const page of pages) all.push(page)
  return all
}

test('a snapshot goes by time of creation and asks for each page from where the one before ended', async () => {
  mx.records.set(
    '/assets',
    [1, 2, 3, 4, 5].map((id) => asset(id, id)),
  )
  const pages = await collected(assets.read(await mx.session(), snapshot(2), never()))
  expect(pages.flatMap(keysOf)).toEqual(['1', '2', '3', '4', '5'])
  const asked = mx.requests.filter(({ path }) => path === '/assets')
  expect(asked.map(({ query }) => query.get('createdAt[gte]'))).toEqual([null, at(2), at(3), at(4)])
  expect(asked.every(({ query }) => query.get('sort') === 'createdAt' && !query.has('cursor'))).toBe(true)
  expect(asked[0]?.query.getAll('expand')).toContain('extra_fields')
})

test('a record that is deleted while pages are read hides no other one', async () => {
  const all = [1, 2, 3, 4, 5, 6].map((id) => asset(id, id))
  mx.records.set('/assets', all)
  const got: string[] = []
  for await (const page of assets.read(await mx.session(), snapshot(3), never())) {
    got.push(...keysOf(page))
    mx.records.set(
      '/assets',
      all.filter(({ id }) => id !== 1),
    )
  }
  expect(got).toEqual(['1', '2', '3', '4', '5', '6'])
})

test('more records of one time than a page holds are all delivered, each once, and resuming goes on behind any page', async () => {
  mx.records.set('/assets', [...[1, 2, 3, 4, 5, 6, 7].map((id) => asset(id, 3)), asset(8, 4), asset(9, 1)])
  const session = await mx.session()
  for (const pageSize of [1, 2, 3, 4]) {
    const pages = await collected(assets.read(session, snapshot(pageSize), never()))
    const keys = pages.map(keysOf)
    expect(keys.flat()).toEqual(['9', '1', '2', '3', '4', '5', '6', '7', '8'])
    for (const [n, { cursor }] of pages.entries()) {
      const kept = JSON.parse(JSON.stringify(cursor)) as Page['cursor']
      const rest = await collected(assets.read(session, snapshot(pageSize, { cursor: kept }), never()))
      expect(rest.flatMap(keysOf)).toEqual(keys.slice(n + 1).flat())
    }
  }
})

test('an increment goes by time of change, from the watermark on', async () => {
  mx.records.set('/assets', [asset(1, 1, 50), asset(2, 2, 20), asset(3, 3, 40), asset(4, 4, 30)])
  const pages = await collected(assets.read(await mx.session(), increment(at(30), 2), never()))
  expect(pages.flatMap(keysOf)).toEqual(['4', '3', '1'])
  expect(pages.flatMap(({ records }) => records.map(({ version }) => version))).toEqual(
    [30, 40, 50].map((m) => Date.parse(at(m))),
  )
})

test('a window narrows the snapshot of documents by their last change', async () => {
  mx.records.set('/purchaseorders', [
    { id: 1, createdAt: at(1), updatedAt: at(2), status: 'PENDING', items: [] },
    { id: 2, createdAt: at(2), updatedAt: at(30), status: 'PENDING', items: [] },
  ])
  const range = snapshot(10, { since: Date.parse(at(10)) })
  const pages = await collected(purchaseOrders.read(await mx.session(), range, never()))
  expect(pages.flatMap(keysOf)).toEqual(['2'])
})

test('where lists do not sort as they are asked, their own cursor leads on', async () => {
  mx.records.set('/assets', [asset(1, 9), asset(2, 8), asset(3, 7), asset(4, 6), asset(5, 5)])
  mx.play(({ query }) => {
    // by id, whatever was asked for
    query.delete('sort')
    return null
  })
  const pages = await collected(assets.read(await mx.session(), snapshot(2), never()))
  expect(pages.flatMap(keysOf)).toEqual(['1', '2', '3', '4', '5'])
})

test('a cursor of another walk, a damaged one and one with more in it are refused', async () => {
  mx.records.set('/assets', [asset(1, 1), asset(2, 2)])
  const session = await mx.session()
  const [page] = await collected(assets.read(session, snapshot(1), never()))
  const good = page?.cursor ?? {}
  const bad = [
    {},
    { walk: 'x' },
    { walk: null },
    { ...good, more: 1 },
    { ...good, walk: 'asset by updatedAt' },
    { ...good, from: 'yesterday' },
    { ...good, ids: ['a'] },
    { ...good, part: -1 },
  ]
  for (const cursor of bad)
    expect(await thrownBy(() => collected(assets.read(session, snapshot(1, { cursor }), never())))).toBeInstanceOf(
      CorruptCursorError,
    )
  const foreign = () => collected(locations.read(session, snapshot(1, { cursor: good }), never()))
  expect(await thrownBy(foreign)).toBeInstanceOf(CorruptCursorError)
})

test('a cursor that MaintainX does not know any more begins the list again', async () => {
  mx.records.set(
    '/locations',
    [1, 2, 3].map((id) => ({ id, name: `L${id}` })),
  )
  const session = await mx.session()
  const [page] = await collected(locations.read(session, snapshot(1), never()))
  mx.play(({ query }) => (query.get('cursor') === '1' ? { status: 400, body: { error: 'Invalid cursor' } } : null))
  const range = snapshot(2, { cursor: page?.cursor ?? null })
  const rest = await collected(locations.read(session, range, never()))
  expect(rest.flatMap(keysOf)).toEqual(['1', '2', '3'])
})

test('keys of a list that cannot be sorted are asked for twice, so that one that goes hides no other', async () => {
  const all = [1, 2, 3, 4].map((id) => ({ id, name: `L${id}` }))
  mx.records.set('/locations', all)
  const got: (string | readonly string[])[] = []
  for await (const keys of locations.listKeys?.(await mx.session({ page_size: 2 }), never()) ?? []) {
    got.push(...keys)
    mx.records.set(
      '/locations',
      all.filter(({ id }) => id !== 1),
    )
  }
  expect(got.map(String).sort()).toEqual(['1', '2', '3', '4'])
})

test('keys of stock are those of parts at their locations', async () => {
  const part = { id: 7, name: 'Nut', createdAt: at(1), updatedAt: at(1) }
  mx.records.set('/parts', [
    { ...part, locations: [{ locationId: 1 }, { locationId: 2 }] },
    { ...part, id: 8 },
  ])
  const got = []
  for await (const keys of stockLevels.listKeys?.(await mx.session(), never()) ?? []) got.push(...keys)
  expect(got).toEqual([
    ['7', '1'],
    ['7', '2'],
  ])
})

test('sub-orders are asked for by themselves: lists do not say what they are part of', async () => {
  const order = (id: number, more: Doc = {}) => ({
    id,
    sequentialId: id,
    title: `Order ${id}`,
    status: 'OPEN',
    createdAt: at(id),
    updatedAt: at(id),
    ...more,
  })
  mx.records.set('/workorders', [
    order(1, { isParent: true }),
    order(2, { parentId: 1 }),
    order(3),
    order(4, { parentId: 1 }),
  ])
  mx.lists.set('/workorders', ({ parentId: _, ...doc }) => doc)
  mx.records.set('/teams', [])
  const session = await mx.session()
  const pages = await collected(workOrders.read(session, snapshot(1), never()))
  expect(pages.flatMap(keysOf)).toEqual(['1', '3', '2', '4'])
  expect(pages.flatMap(({ records }) => records.map(({ payload }) => payload['parentId'] ?? null))).toEqual([
    null,
    null,
    1,
    1,
  ])
  for (const [n, { cursor }] of pages.entries()) {
    const rest = await collected(workOrders.read(session, snapshot(1, { cursor }), never()))
    expect(rest.flatMap(keysOf)).toEqual(pages.slice(n + 1).flatMap(keysOf))
  }
  expect(mx.requests.some(({ path }) => path === '/workorders/1')).toBe(false)
  const lists = mx.requests.filter(({ path }) => path === '/workorders')
  expect(lists.every(({ query }) => query.get('show_upcoming') === 'true')).toBe(true)
})

test('a record that cannot be read is reported with its key, and the others are delivered', async () => {
  mx.records.set('/assets', [
    asset(1, 1),
    { id: 2, name: 'Bad', createdAt: at(2), updatedAt: 'never' },
    { name: 'Keyless' },
    { ...asset(3, 3), status: { status: { deep: 1 } } },
    asset(4, 4),
  ])
  const [page] = await collected(assets.read(await mx.session(), snapshot(10), never()))
  expect(page && keysOf(page)).toEqual(['1', '4'])
  expect(page?.undecodable?.map(({ key }) => key)).toEqual(['2', null, '3'])
})

test('of a part that cannot be read, the stock at each of its locations is reported', async () => {
  const part = { name: 'Nut', createdAt: at(1), updatedAt: at(1) }
  mx.records.set('/parts', [
    { ...part, id: 7, locations: [{ locationId: 1, availableQuantity: 'many' }, { locationId: 2 }] },
    { ...part, id: 8, locations: [{ locationId: 1 }] },
    { ...part, id: 9, locations: [{ locationId: 'here' }] },
  ])
  const [page] = await collected(stockLevels.read(await mx.session(), snapshot(10), never()))
  expect(page && keysOf(page)).toEqual(['8|1'])
  expect(page?.undecodable?.map(({ key }) => key)).toEqual(['7|1', '7|2', '9'])
})

test('a record that is deleted between list and single read is left out', async () => {
  mx.records.set(
    '/purchaseorders',
    [1, 2].map((id) => ({ id, createdAt: at(id), updatedAt: at(id), status: 'PENDING', items: [] })),
  )
  mx.play(({ path }) => (path === '/purchaseorders/1' ? { status: 404, body: { error: 'Not Found.' } } : null))
  const pages = await collected(purchaseOrders.read(await mx.session(), snapshot(10), never()))
  expect(pages.flatMap(keysOf)).toEqual(['2'])
})

test('a list without keys in one of its records ends in an error, not in a deletion', async () => {
  mx.records.set('/assets', [asset(1, 1), { name: 'Keyless', createdAt: at(2) }])
  const session = await mx.session()
  const all = async () => {
    for await (const _ of assets.listKeys?.(session, never()) ?? []);
  }
  expect((await thrownBy(all)).message).toMatch(/reading assets: a record without an id/)
})

test('what is gone is null to a single read: unknown, deleted, removed from the organization', async () => {
  mx.records.set('/assets', [{ ...asset(1, 1), deletedAt: at(5) }])
  mx.records.set('/users', [{ id: 9, firstName: 'A', lastName: 'B', removedFromOrganization: true }])
  mx.records.set('/parts', [{ id: 7, name: 'Nut', createdAt: at(1), updatedAt: at(1), locations: [{ locationId: 1 }] }])
  const session = await mx.session()
  expect(await assets.readOne(session, '1', never())).toBeNull()
  expect(await assets.readOne(session, '2', never())).toBeNull()
  expect(await assets.readOne(session, 'no id', never())).toBeNull()
  expect(await users.readOne(session, '9', never())).toBeNull()
  expect(await stockLevels.readOne(session, '7|2', never())).toBeNull()
  expect((await stockLevels.readOne(session, '7|1', never()))?.key).toEqual(['7', '1'])
})

test('with little left of the minute increments go on, and snapshots and keys wait', async () => {
  mx.records.set('/assets', [asset(1, 1)])
  const session = await mx.session()
  const asked: [string, boolean | undefined][] = []
  const client = {
    ...session.client,
    list: (...[, , , isPatient]: Parameters<typeof session.client.list>) => {
      asked.push([doing, isPatient])
      return Promise.resolve({ rows: [], next: null })
    },
  }
  const spied = { ...session, client }
  let doing = 'snapshot'
  await collected(assets.read(spied, snapshot(10), never()))
  doing = 'increment'
  await collected(assets.read(spied, increment(at(1), 10), never()))
  doing = 'keys'
  for await (const _ of assets.listKeys?.(spied, never()) ?? []);
  doing = 'whole'
  await collected(locations.read(spied, increment(at(1), 10), never()))
  expect(asked).toEqual([
    ['snapshot', true],
    ['increment', false],
    ['keys', true],
    ['whole', true],
  ])
})
