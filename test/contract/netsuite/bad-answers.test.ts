import { describe, expect, test, vi } from 'vitest'
import type { EntityName, RawRecord } from '../../../core/index.ts'
import { allKeys, incrementRange, keyText, never, readAll, snapshotRange } from '../kit/harness.ts'
import { connectTo, ENTITIES, httpClient, streamNamed } from './cycle.ts'
import { certificateConfig, netsuiteTime, tokenConfig, worldsOf } from './harness.ts'
import { illSystem } from './ill-system.ts'

/* What an operator reads when something is wrong, word for word; and what goes on all the same. */

const { sandbox, connect, all, told } = illSystem()

describe('answers', () => {
  test('an answer cut short is asked for again', async () => {
    const session = await connect()
    const whole = await all(session, 'item', 5)
    sandbox().switches.truncateJson = 1
    expect(await all(session, 'item', 5)).toEqual(whole)
    expect(sandbox().switches.truncateJson).toBe(0)
  })

  test('answers that stay cut short', async () => {
    const session = await connect()
    await all(session, 'item')
    sandbox().switches.truncateJson = 1_000_000
    const cut = {
      kind: 'retryable',
      status: 200,
      message: 'reading item: expected JSON, got truncated or no JSON (HTTP 200)',
    }
    expect(await told(all(session, 'item'))).toEqual(cut)
    expect(await told(allKeys(streamNamed('item'), session))).toEqual(cut)
  })

  const DATES: readonly (readonly [entity: EntityName, column: string, value: string, wanted: string])[] = [
    ['vendor', 'created', '1/15/2026 10:00 am', 'a time in an unexpected format: "1/15/2026 10:00 am"'],
    ['user', 'lastmodified', '15-Jan-2026', 'a time in an unexpected format: "15-Jan-2026"'],
    ['purchase_order', 'trandate', '15.01.2026', 'expected a date YYYY-MM-DD, got "15.01.2026"'],
    ['purchase_order', 'duedate', '2026-02-30', 'expected a date, got "2026-02-30"'],
    ['work_order', 'startdate', '1/15/26', 'expected a date YYYY-MM-DD, got "1/15/26"'],
  ]

  test.for(DATES)(
    '%s with %s "%s" is reported with the field, the others come',
    async ([entity, column, value, wanted]) => {
      const { worlds } = worldsOf(sandbox())
      const made = await worlds[entity].add(5)
      const [, , bad = ''] = made
      sandbox().switches.badRow = { where: { id: bad }, column, value }
      const session = await connect()
      const since = netsuiteTime() - 60_000
      for (const range of [snapshotRange(netsuiteTime(), 2), incrementRange(since, netsuiteTime(), 2)]) {
        const reported: unknown[] = []
        const keys: string[] = []
        for await (const page of streamNamed(entity).read(session, range, never())) {
          keys.push(...page.records.map(keyText))
          reported.push(...(page.undecodable ?? []).map(({ key, reason }) => ({ key, reason })))
        }
        expect(reported).toEqual([{ key: bad, reason: `${column}: ${wanted}` }])
        expect(keys).toEqual(expect.arrayContaining(made.filter((key) => key !== bad)))
      }
    },
  )

  test('a line with a date in another format: its order is reported', async () => {
    const { worlds } = worldsOf(sandbox())
    const [bad = '', good = ''] = await worlds.purchase_order.add(2)
    sandbox().switches.badRow = { where: { transaction: bad, lineid: '2' }, column: 'expected', value: '1/2/26' }
    const session = await connect()
    expect(await told(streamNamed('purchase_order').readOne(session, bad, never()))).toEqual({
      kind: 'rejected',
      message: `reading transaction ${bad}: lines: expected: expected a date YYYY-MM-DD, got "1/2/26"`,
    })
    expect(await streamNamed('purchase_order').readOne(session, good, never())).not.toBeNull()
  })

  test('all times in another format: every record is reported, increments end, no key is lost', async () => {
    const session = await connect()
    const before = await allKeys(streamNamed('user'), session)
    sandbox().switches.badDateColumn = 'lastmodified'
    const range = incrementRange(netsuiteTime() - 3 * 365 * 86_400_000, netsuiteTime(), 3)
    const reported = new Set<string | null>()
    for await (const page of streamNamed('user').read(session, range, never())) {
      expect(page.records).toEqual([])
      for (const { key } of page.undecodable ?? []) reported.add(key)
    }
    expect(reported).toEqual(before)
    expect(await allKeys(streamNamed('user'), session)).toEqual(before)
  })

  test.for(ENTITIES)('records of %s deleted between pages take no others with them', async (entity) => {
    const { worlds } = worldsOf(sandbox())
    const world = worlds[entity]
    const session = await connect()
    const made = await world.add(9)
    const got: string[] = []
    let hits = 0
    for await (const page of streamNamed(entity).read(session, snapshotRange(netsuiteTime(), 2), never())) {
      got.push(...page.records.map(keyText))
      const hit = page.records.map(keyText).find((key) => made.includes(key))
      if (hit === undefined || ++hits > 1) continue
      // one that came, and two that were to come
      const ahead = made.filter((key) => !got.includes(key)).slice(0, 2)
      for (const key of [hit, ...ahead]) await world.remove(key)
      made.splice(0, made.length, ...made.filter((key) => key !== hit && !ahead.includes(key)))
    }
    expect(hits).toBeGreaterThan(0)
    expect(got).toEqual(expect.arrayContaining(made))
    expect(new Set(got).size).toBe(got.length)
  })

  const DELETED = ENTITIES.filter((entity) => entity !== 'stock_level')

  test.for(DELETED)('a deletion in %s is told by the next increment', async (entity) => {
    const { worlds } = worldsOf(sandbox())
    const session = await connect()
    const [gone = '', kept = ''] = await worlds[entity].add(2)
    const since = netsuiteTime()
    await worlds[entity].remove(gone)
    const deleted: RawRecord[] = []
    for (const record of await readAll(streamNamed(entity), session, incrementRange(since, netsuiteTime(), 10)))
      if (record.deleted === true) deleted.push(record)
    expect(deleted.map(keyText)).toContain(gone)
    expect(deleted.map(keyText)).not.toContain(kept)
  })
})

describe('a busy or broken account', () => {
  test('maintenance', async () => {
    const session = await connect()
    await all(session, 'vendor')
    sandbox().switches.maintenance = true
    const page =
      'HTTP 503: NetSuite - Scheduled Maintenance NetSuite - Scheduled Maintenance NetSuite is currently undergoing scheduled maintenance. We will be back as soon as possible.'
    expect(await told(all(session, 'vendor'))).toEqual({
      kind: 'retryable',
      status: 503,
      message: `reading vendor: NetSuite is not available now, perhaps in maintenance: POST https://ns/services/rest/query/v1/suiteql?limit=500&offset=0: ${page}`,
    })
    expect(await told(connect())).toEqual({
      kind: 'retryable',
      status: 503,
      message: `asking NetSuite for its time: NetSuite is not available now, perhaps in maintenance: POST https://ns/services/rest/auth/oauth2/v1/token: ${page}`,
    })
    sandbox().switches.maintenance = false
    expect(await all(session, 'vendor')).not.toEqual([])
  })

  test.for(['504', '500', 'hang'] as const)(
    'pages that take too long (%s) are asked for in parts',
    async (slowPageEnds) => {
      const session = await connect({ timeout_seconds: 1 })
      const whole = await all(session, 'purchase_order', 1000)
      // the session has read its small tables: what is slow now is the stream's own
      Object.assign(sandbox().switches, { slowPagesAbove: 300, slowPageEnds })
      expect(await all(session, 'purchase_order', 1000)).toEqual(whole)
      sandbox().requests.clear()
      expect(await all(session, 'purchase_order', 1000)).toEqual(whole)
      // learned: nothing is asked for in vain any more
      expect(sandbox().requests.list.filter(({ status }) => status !== 200)).toEqual([])
    },
  )

  test('statements that take too long whatever is asked for', async () => {
    const session = await connect()
    await all(session, 'vendor')
    sandbox().switches.slowPagesAbove = 0.5
    const slow = {
      kind: 'retryable',
      status: 504,
      message:
        'reading vendor: POST https://ns/services/rest/query/v1/suiteql?limit=1&offset=0: HTTP 504: Gateway Timeout Gateway Timeout The gateway did not receive an answer in time.',
    }
    expect(await told(all(session, 'vendor'))).toEqual(slow)
    expect(await told(allKeys(streamNamed('vendor'), session))).toEqual(slow)
    // it was not for their size
    sandbox().switches.slowPagesAbove = 0
    sandbox().requests.clear()
    await all(session, 'vendor')
    expect(sandbox().requests.list.map(({ path }) => new URL(path, 'http://ns').searchParams.get('limit'))).toContain(
      '500',
    )
  })

  test('nothing but errors of NetSuite', async () => {
    const session = await connect()
    await all(session, 'vendor')
    sandbox().switches.failEvery = 1
    const broken = {
      kind: 'retryable',
      status: 500,
      message: expect.stringMatching(/^reading vendor: POST .*HTTP 500: .*An unexpected error occurred\. Error ID: kq/),
    }
    expect(await told(all(session, 'vendor'))).toEqual(broken)
    expect(await told(allKeys(streamNamed('vendor'), session))).toEqual(broken)
  })

  test('others in the account use up all requests for a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true, advanceTimeDelta: 500 })
    try {
      const session = await connect()
      const whole = await all(session, 'vendor')
      sandbox().switches.heldRequests = 5
      const reading = all(session, 'vendor')
      await vi.waitFor(() => expect(sandbox().concurrency.refused).toBeGreaterThan(2), { timeout: 20_000 })
      sandbox().switches.heldRequests = 0
      expect(await reading).toEqual(whole)
    } finally {
      vi.useRealTimers()
    }
  })

  test('our clock is set while the connection runs: certificates and tokens go on being taken', async () => {
    const rightly = Date.now
    const wire = httpClient()
    const sessions = [
      await connectTo(certificateConfig(sandbox()), wire),
      await connectTo(tokenConfig(sandbox()), wire),
    ]
    for (const wrongMs of [3 * 3_600_000, -26 * 3_600_000, 0]) {
      vi.spyOn(Date, 'now').mockImplementation(() => rightly() + wrongMs)
      sandbox().expireTokens()
      for (const session of sessions) expect(await all(session, 'vendor')).not.toEqual([])
    }
    await wire.close()
  })

  test('a poll that finds nothing costs one request, and one for deletions that the streams share', async () => {
    const session = await connect()
    for (const entity of ENTITIES) await all(session, entity)
    const now = netsuiteTime() + 3 * 86_400_000
    const costs: { [entity: string]: number } = {}
    const found: EntityName[] = []
    for (const entity of ENTITIES) {
      sandbox().requests.clear()
      const records = await readAll(streamNamed(entity), session, incrementRange(now, now, 500))
      if (records.length > 0) found.push(entity)
      costs[entity] = sandbox().requests.count
    }
    // read whole each time
    expect(found).toEqual(['stock_level'])
    expect(costs).toEqual(Object.fromEntries(ENTITIES.map((entity) => [entity, entity === 'stock_level' ? 1 : 2])))
  })
})
