import { afterEach, expect, test } from 'vitest'
import { instantOf, plain, type ToRecord, type WindowSource } from '../../../../connectors/netsuite/read/source.ts'
import { listKeysOf, readOneOf, readWindow } from '../../../../connectors/netsuite/read/window.ts'
import type { NetSuiteSession } from '../../../../connectors/netsuite/session.ts'
import { CorruptCursorError, type Cursor, type RawRecord, type ReadRange } from '../../../../core/index.ts'
import { never, openStandIn, type StandIn, thrownBy } from './stand-in.ts'
import { createTables } from './suiteql-tables.ts'

const orders: WindowSource = {
  table: 'transaction',
  from: 'transaction t',
  columns: { id: plain('t.id'), memo: plain('t.memo'), lastmodifieddate: instantOf('t.lastmodifieddate') },
  key: ['id'],
  modified: 'lastmodifieddate',
  deletedAs: ['purchaseorder'],
  children: [
    {
      as: 'lines',
      table: 'transactionline',
      from: 'transactionline l',
      columns: { transaction: plain('l.transaction'), id: plain('l.id'), memo: plain('l.memo') },
      parent: 'transaction',
      key: 'id',
    },
  ],
}
const toRecord: ToRecord = (row, stamp) => ({ key: String(row['id']), ...stamp, payload: row })

const START = Date.parse('2026-01-15T10:00:00Z') / 1000

let standIn: StandIn | null = null
afterEach(async () => {
  await standIn?.close()
  standIn = null
})

/** Numbers below `n`, the same every time for a seed. */
function chance(seed: number) {
  let state = seed
  return (n: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
}

async function collect(session: NetSuiteSession, range: Partial<ReadRange>, eachPage = (_cursor: Cursor) => {}) {
  const records: RawRecord[] = []
  const full: ReadRange = { mode: 'snapshot', since: null, until: START * 1000, cursor: null, pageSize: 1000, ...range }
  for await (const page of readWindow(session, orders, full, toRecord, never())) {
    records.push(...page.records)
    eachPage(page.cursor)
  }
  return records
}

test('more than 100,000 rows, thousands of one second, are read completely by snapshot and by increment', async () => {
  const tables = createTables()
  tables.bulk(() => {
    for (let id = 1; id <= 102_500; id++)
      tables.put({ id: id * 3, modified: START + Math.floor(id / 4000), memo: `order ${id}` })
  })
  standIn = await openStandIn({ suiteql: tables.answer })
  const session = await standIn.session()
  const snapshot = await collect(session, { until: (START + 100) * 1000 })
  expect(new Set(snapshot.map(({ key }) => key)).size).toBe(102_500)
  expect(snapshot.length).toBe(102_500)
  standIn.statements.length = 0
  const since = START * 1000
  const increment = await collect(session, { mode: 'incremental', since, until: (START + 100) * 1000 })
  expect(new Set(increment.map(({ key }) => key)).size).toBe(102_500)
  expect(increment.length).toBe(102_500)
  // every page begins anew: nothing depends on what was counted before
  expect(standIn.statements.every(({ offset, limit }) => offset === 0 && limit <= 1000)).toBe(true)
}, 60_000)

/** What sync does: gate by version, watermark by what was delivered, an overlap, resuming at committed cursors. */
function createFollower(tables: ReturnType<typeof createTables>, pick: (n: number) => number, atMs: () => number) {
  const known = new Map<string, { version: number; text: string }>()
  const take = ({ key, version, deleted, payload }: RawRecord) => {
    const name = String(key)
    const before = known.get(name)
    if (before !== undefined && before.version > version) return
    if (deleted === true) known.set(name, { version, text: 'deleted' })
    else known.set(name, { version, text: JSON.stringify([payload['memo'], payload['lines']]) })
  }
  return {
    known,
    /** Reads a range; now and then the session is another one, begun at a cursor that made a round trip through JSON. */
    async range(
      sessions: readonly NetSuiteSession[],
      wanted: Omit<ReadRange, 'cursor' | 'pageSize'>,
      work: () => void,
    ) {
      let cursor: Cursor | null = null
      let newest = 0
      for (;;) {
        const range: ReadRange = { ...wanted, cursor, pageSize: 1 + pick(40) }
        const session = sessions[pick(sessions.length)] as NetSuiteSession
        let interrupted = false
        for await (const page of readWindow(session, orders, range, toRecord, never())) {
          for (const record of page.records) {
            take(record)
            newest = Math.max(newest, record.modifiedAt ?? 0)
          }
          cursor = JSON.parse(JSON.stringify(page.cursor)) as Cursor
          work()
          interrupted = pick(6) === 0
          if (interrupted) break
        }
        if (!interrupted) return Math.min(newest, wanted.until)
      }
    },
    lost: () =>
      tables.all().filter(({ id, memo }) => !(known.get(String(id))?.text ?? '').includes(JSON.stringify(memo))),
    leftOver: () => {
      const there = new Set(tables.all().map(({ id }) => String(id)))
      return [...known].filter(([key, { text }]) => text !== 'deleted' && !there.has(key))
    },
    atMs,
  }
}

test.each([
  ['UTC', 1],
  ['UTC', 2],
  ['UTC', 3],
  ['Europe/Berlin', 4],
  ['Europe/Berlin', 5],
  ['America/Los_Angeles', 6],
])('while rows change, vanish and come late, nothing is lost (%s, seed %i)', async (zone, seed) => {
  const pick = chance(seed)
  const tables = createTables(zone)
  // increments are read in the night in which the clock is set back
  const setBack = zone === 'Europe/Berlin' ? '2026-10-25T01:00:00Z' : '2026-11-01T09:00:00Z'
  let at = Date.parse(setBack) / 1000 - 5 * 3600
  let next = 1
  let said = 0
  const late: { readonly due: number; put(): void }[] = []
  const step = () => {
    at += pick(240)
    for (const entry of late.splice(0).sort((a, b) => a.due - b.due))
      if (entry.due <= at) entry.put()
      else late.push(entry)
    const memo = `said ${++said}`
    const stamp = at
    const lines = Array.from({ length: pick(4) }, (_, n) => `${memo} line ${n}`)
    const some = tables.all()
    const one = some[pick(Math.max(1, some.length))]
    const kind = pick(10)
    if (kind < 3 || one === undefined) tables.put({ id: next++, modified: stamp, memo }, lines)
    else if (kind < 5)
      // committed after its stamp
      late.push({ due: at + pick(50), put: () => tables.put({ id: next++, modified: stamp, memo }, lines) })
    else if (kind < 9) tables.put({ id: one.id, modified: stamp, memo }, lines)
    else tables.remove(one.id, stamp)
    // an import: many rows of one second
    if (pick(15) === 0)
      for (let n = 0; n < 60; n++) tables.put({ id: next++, modified: stamp, memo: `${memo} import ${n}` })
  }
  for (let n = 0; n < 120; n++) step()
  standIn = await openStandIn({
    suiteql: tables.answer,
    utc: zone === 'UTC',
    now: () => at * 1000,
    before: offsetAnswer(zone, () => at * 1000),
  })
  const over = zone === 'UTC' ? {} : { time_zone: zone }
  const sessions = [await standIn.session(over), await standIn.session(over)]
  const follower = createFollower(tables, pick, () => at * 1000)
  const t0 = at * 1000
  await follower.range(sessions, { mode: 'snapshot', since: null, until: t0 }, step)
  let watermark = t0
  for (let round = 0; round < 25; round++) {
    for (let n = pick(12); n > 0; n--) step()
    const since = watermark - 60_000
    const until = at * 1000 + pick(1000)
    const newest = await follower.range(sessions, { mode: 'incremental', since, until }, () => pick(3) === 0 && step())
    watermark = Math.max(watermark, newest, until - 300_000)
  }
  at += 100
  for (const entry of late.splice(0)) entry.put()
  await follower.range(sessions, { mode: 'incremental', since: watermark - 60_000, until: at * 1000 }, () => {})
  expect(follower.lost()).toEqual([])
  expect(follower.leftOver()).toEqual([])
  expect([...follower.known.values()].filter(({ text }) => text === 'deleted').length).toBeGreaterThan(0)
})

/** The self-test of an account whose clock is `at`. */
const offsetAnswer = (zone: string, at: () => number) => async (request: { path: string; body: string }) => {
  if (request.path.endsWith('/serverTime')) return { body: { serverTime: new Date(at()).toISOString() } }
  if (!request.body.includes('FROM DUAL') || request.body.includes('SYS_EXTRACT_UTC')) return null
  const { localOf } = await import('../../../../core/zones.ts')
  const l = new Date(localOf(at(), zone)).toISOString().slice(0, 19).replace('T', ' ')
  return { body: { items: [{ l }], hasMore: false, totalResults: 1 } }
}

test('resuming at any cursor gives exactly what had not come', async () => {
  const tables = createTables()
  for (let id = 1; id <= 60; id++) tables.put({ id, modified: START + Math.floor(id / 25), memo: `m${id}` }, ['a', 'b'])
  standIn = await openStandIn({ suiteql: tables.answer })
  const session = await standIn.session()
  for (const mode of ['snapshot', 'incremental'] as const) {
    const since = mode === 'snapshot' ? null : START * 1000
    const until = (START + 10) * 1000
    const cursors: Cursor[] = []
    const whole = await collect(session, { mode, since, until, pageSize: 7 }, (cursor) => cursors.push(cursor))
    expect(whole.length).toBe(60)
    for (const [at, cursor] of cursors.entries()) {
      const rest = await collect(session, {
        mode,
        since,
        until,
        cursor: JSON.parse(JSON.stringify(cursor)),
        pageSize: 7,
      })
      expect(rest.map(({ key }) => key)).toEqual(whole.slice((at + 1) * 7).map(({ key }) => key))
    }
  }
})

test('a snapshot, an increment and a single reading of one record are the same bytes, lines in order', async () => {
  const tables = createTables()
  for (let id = 8; id <= 12; id++) tables.put({ id, modified: START, memo: `m${id}` }, Array.from('abcdefghijkl'))
  standIn = await openStandIn({ suiteql: tables.answer })
  const session = await standIn.session()
  const snapshot = (await collect(session, {}))[1]
  const increment = (await collect(session, { mode: 'incremental', since: START * 1000 }))[1]
  const one = await readOneOf(session, orders, ['9'], toRecord, never())
  expect(JSON.stringify(increment)).toBe(JSON.stringify(snapshot))
  expect(JSON.stringify(one)).toBe(JSON.stringify(snapshot))
  expect((snapshot?.payload['lines'] as { id: string }[] | undefined)?.map(({ id }) => Number(id))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ])
  expect(snapshot?.payload['lastmodifieddate']).toBe('2026-01-15T10:00:00Z')
  expect(await readOneOf(session, orders, ['99'], toRecord, never())).toBeNull()
  expect(await readOneOf(session, orders, ['x; DROP'], toRecord, never())).toBeNull()
})

test('corrupt and foreign cursors are refused', async () => {
  const tables = createTables()
  tables.put({ id: 1, modified: START, memo: 'm' })
  standIn = await openStandIn({ suiteql: tables.answer })
  const session = await standIn.session()
  const time = { at: '2026-01-15 10:00:00', id: '1', zone: 'UTC' }
  const wrong: Cursor[] = [
    {},
    { id: 'x' },
    { id: -1 },
    { id: '1', more: 1 },
    { ...time, at: 'x' },
    { ...time, zone: 'Mars' },
    { ...time, more: 1 },
  ]
  for (const cursor of wrong)
    for (const mode of ['snapshot', 'incremental'] as const) {
      const since = mode === 'snapshot' ? null : START * 1000
      const error = await thrownBy(() => collect(session, { mode, since, cursor }))
      expect([error instanceof CorruptCursorError, cursor]).toEqual([true, cursor])
    }
})

test('keys are listed without gaps, composite ones by their parts', async () => {
  const tables = createTables()
  for (let id = 1; id <= 2500; id++) tables.put({ id, modified: START, memo: '' }, id <= 700 ? ['a', 'b', 'c'] : [])
  standIn = await openStandIn({ suiteql: tables.answer })
  const session = await standIn.session()
  const keys: unknown[] = []
  for await (const page of listKeysOf(session, orders, never())) keys.push(...page)
  expect(keys).toEqual(Array.from({ length: 2500 }, (_, at) => String(at + 1)))
  const [lines] = orders.children ?? []
  const pairs: unknown[] = []
  for await (const page of listKeysOf(session, { ...lines, key: ['transaction', 'id'] } as never, never()))
    pairs.push(...page)
  expect(pairs.length).toBe(2100)
  expect(pairs[4]).toEqual(['2', '2'])
})

test('a poll that finds nothing costs one statement for the rows and one for deletions', async () => {
  const tables = createTables()
  tables.put({ id: 1, modified: START, memo: 'm' })
  standIn = await openStandIn({ suiteql: tables.answer })
  const session = await standIn.session()
  await collect(session, { mode: 'incremental', since: (START + 10) * 1000, until: (START + 20) * 1000 })
  expect(standIn.statements.map(({ q }) => /FROM (\w+)/.exec(q)?.[1])).toEqual(['transaction', 'deletedrecord'])
})

test('a snapshot asks for the rows of one page ahead while lines are read, for no more, and tells how old they are', async () => {
  const tables = createTables()
  tables.bulk(() => {
    for (let id = 1; id <= 50; id++) tables.put({ id, modified: START, memo: `order ${id}` }, ['a line'])
  })
  let linesMayCome = () => {}
  const lines = new Promise<void>((resolve) => {
    linesMayCome = resolve
  })
  standIn = await openStandIn({
    suiteql: async (asked) => {
      if (asked.q.includes('FROM transactionline')) await lines
      return tables.answer(asked)
    },
  })
  const session = await standIn.session()
  const { statements } = standIn
  const headers = () => statements.filter(({ q }) => q.includes('FROM transaction t')).length
  const range: ReadRange = { mode: 'snapshot', since: null, until: START * 1000, cursor: null, pageSize: 10 }
  const pages = readWindow(session, orders, range, toRecord, never())
  const first = pages.next()
  await expect.poll(headers).toBe(2)
  linesMayCome()
  expect((await first).value?.records).toHaveLength(10)
  expect((await first).value?.aheadMs).toBeUndefined()
  await expect.poll(() => statements.length).toBe(4)
  const waitedFrom = performance.now()
  await expect.poll(() => performance.now() - waitedFrom).toBeGreaterThan(30)
  // nobody has asked for the second page yet: the third is not read
  expect(headers()).toBe(2)
  expect((await pages.next()).value?.aheadMs).toBeGreaterThan(30)
  await pages.return(undefined)
})
