import { afterEach, describe, expect, test } from 'vitest'
import {
  type DatedSource,
  listKeysOf,
  readByDate,
  readInTurn,
  readKeyset,
  readRow,
  readWhole,
  type StampedSource,
  type ToRecord,
} from '../../../../connectors/sap-s4hana/read/keyset.ts'
import type { SapSession } from '../../../../connectors/sap-s4hana/session.ts'
import { localInstant, type Row, sapInstant, text } from '../../../../connectors/sap-s4hana/values.ts'
import { CorruptCursorError, type Cursor, type Page, type ReadRange } from '../../../../core/index.ts'
import { errorBody, never, openStandIn, type StandIn, thrownBy } from './stand-in.ts'
import { type Habits, type TableRow, tableServer } from './table-server.ts'

const T0 = Date.parse('2026-01-15T10:00:00Z')
const at = (ms: number) => `/Date(${ms}+0000)/`
const day = (iso: string) => `/Date(${Date.parse(`${iso}T00:00:00Z`)})/`

const ORDERS: StampedSource = { service: 'API_X', set: 'Orders', key: ['Order'], changedAt: 'ChangedAt' }
const ITEMS: StampedSource = { service: 'API_X', set: 'Items', key: ['Order', 'Item'], changedAt: 'ChangedAt' }

const toRecord: ToRecord = (row) => {
  const modified = sapInstant(row['ChangedAt'])
  return {
    key: row['Item'] === undefined ? String(row['Order']) : [String(row['Order']), String(row['Item'])],
    version: modified ?? 0,
    modifiedAt: modified,
    payload: row,
  }
}

const range = (over: Partial<ReadRange> = {}): ReadRange => ({
  mode: 'snapshot',
  since: null,
  until: T0 + 86_400_000,
  cursor: null,
  pageSize: 3,
  ...over,
})

let sap: StandIn
afterEach(() => sap.close())

async function serving(rows: TableRow[], over: Partial<Habits> = {}, config: Parameters<StandIn['session']>[0] = {}) {
  const habits: Habits = { most: 5000, saysNext: true, dumps: () => false, ...over }
  sap = await openStandIn(tableServer(rows, habits))
  return { habits, session: sap.session(config) }
}

async function collect(pages: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = []
  for await (const page of pages) all.push(page)
  return all
}
const keysOf = (pages: readonly Page[]) =>
  pages.flatMap(({ records }) => records.map(({ key }) => (typeof key === 'string' ? key : key.join('|'))))

/** Repeatable chance (mulberry32). */
function dice(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

describe('reading by key', () => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'delivers every row once, resumed from any page (system %i)',
    async (seed) => {
      const roll = dice(seed + 1)
      const isDeep = seed % 2 === 1
      const rows = Array.from({ length: 20 + roll(30) }, (_, n) => ({
        Order: isDeep ? `45${roll(9)}'` : String(4_500_000_000 + n * 7),
        Item: isDeep ? String(n * 10) : 'x',
        // many of one second
        ChangedAt: at(T0 + roll(3) * 1000),
      }))
      const source = isDeep ? ITEMS : ORDERS
      const saysNext = roll(2) === 1
      // a system that cuts silently does so at round numbers
      const { session } = await serving(rows, { most: saysNext ? 1 + roll(6) : 5000, saysNext })
      const record: ToRecord = (row) => (isDeep ? toRecord(row) : { ...toRecord(row)!, key: String(row['Order']) })
      const read = (cursor: Cursor | null = null) =>
        collect(readWhole(session, source, range({ cursor, pageSize: 2 + (seed % 4) }), record, never()))
      const pages = await read()
      const wanted = rows.map((row) => (isDeep ? `${row.Order}|${row.Item}` : row.Order)).sort()
      expect(keysOf(pages).sort()).toEqual(wanted)
      expect(pages[0]?.total).toBe(rows.length)
      for (const [n, { cursor }] of pages.entries()) {
        const rest = await read(JSON.parse(JSON.stringify(cursor)) as Cursor)
        expect(keysOf(rest)).toEqual(keysOf(pages.slice(n + 1)))
        expect(rest[0]?.total).toBeUndefined()
      }
    },
  )

  test.each(Array.from({ length: 10 }, (_, seed) => seed))(
    'rows that change, come and go while paging: nothing is lost (system %i)',
    async (seed) => {
      const roll = dice(seed + 100)
      let now = T0
      const rows: TableRow[] = Array.from({ length: 40 }, (_, n) => ({
        Order: String(1000 + n * 3),
        ChangedAt: at(now),
        Text: 'a',
      }))
      const untouched = new Set(rows.map(({ Order }) => String(Order)))
      let changes = 0
      const { session } = await serving(rows, {
        most: 1 + roll(7),
        before: () => {
          if (++changes > 60) return
          now += 1000
          const victim = roll(rows.length)
          const row = rows[victim]
          if (row === undefined) return
          untouched.delete(String(row['Order']))
          if (roll(3) === 0) rows.splice(victim, 1)
          else Object.assign(row, { ChangedAt: at(now), Text: `b${changes}` })
          if (roll(3) === 0)
            rows.push({ Order: String(1000 + roll(200)).concat('x', String(changes)), ChangedAt: at(now), Text: 'new' })
        },
      })
      const got = new Map<string, string>()
      const take = (pages: readonly Page[]) => {
        for (const { records } of pages)
          for (const { key, payload } of records) got.set(String(key), String(payload['Text']))
      }
      const snapshot = await collect(readKeyset(session, ORDERS, range({ until: T0, pageSize: 5 }), toRecord, never()))
      for (const key of untouched) expect(keysOf(snapshot)).toContain(key)
      take(snapshot)
      changes = 1000
      take(
        await collect(
          readKeyset(session, ORDERS, range({ mode: 'incremental', since: T0, pageSize: 4 }), toRecord, never()),
        ),
      )
      for (const row of rows) expect([row['Order'], got.get(String(row['Order']))]).toEqual([row['Order'], row['Text']])
    },
  )

  test('an increment finds what was changed or created since, of the same second too', async () => {
    const rows = [
      { Order: '1', ChangedAt: at(T0 - 1000), CreatedAt: at(T0 - 9000) },
      { Order: '2', ChangedAt: at(T0), CreatedAt: at(T0 - 9000) },
      { Order: '3', ChangedAt: null, CreatedAt: at(T0) },
      { Order: '4', ChangedAt: null, CreatedAt: at(T0 - 1000) },
      { Order: '5', ChangedAt: at(T0 + 5000), CreatedAt: at(T0) },
    ]
    const { session } = await serving(rows)
    const source = { ...ORDERS, fallbackAt: 'CreatedAt' }
    // what is stamped 10:00:00 may have happened at 10:00:00.900
    const since = T0 + 900
    const pages = await collect(readKeyset(session, source, range({ mode: 'incremental', since }), toRecord, never()))
    expect(keysOf(pages)).toEqual(['2', '3', '5'])
    const whole = await collect(readKeyset(session, source, range(), toRecord, never()))
    expect(keysOf(whole)).toEqual(['1', '2', '3', '4', '5'])
    const windowed = await collect(readKeyset(session, source, range({ since }), toRecord, never()))
    expect(keysOf(windowed)).toEqual(['2', '3', '5'])
  })

  test('costs one request when nothing has changed, and no $top beyond what SAP takes', async () => {
    const { session } = await serving([{ Order: '1', ChangedAt: at(T0) }], {}, { page_size: 5000 })
    const wanted = range({ mode: 'incremental', since: T0 + 5000, pageSize: 20_000 })
    expect(await collect(readKeyset(session, ORDERS, wanted, toRecord, never()))).toEqual([])
    expect(sap.requests).toHaveLength(1)
    expect(sap.requests[0]?.query.get('$top')).toBe('5000')
  })

  test('a system that cuts at its own limit without a word loses nothing', async () => {
    const rows = Array.from({ length: 250 }, (_, n) => ({ Order: String(1000 + n), ChangedAt: at(T0) }))
    const { session } = await serving(rows, { most: 100, saysNext: false })
    const pages = await collect(readKeyset(session, ORDERS, range({ pageSize: 500 }), toRecord, never()))
    expect(keysOf(pages)).toHaveLength(250)
    expect(sap.requests).toHaveLength(3)
  })

  test('a filter of the stream, a selection and expansions go along', async () => {
    const rows = [
      { Order: '1', ChangedAt: at(T0), Plant: 'A', to_Item: { results: [] } },
      { Order: '2', ChangedAt: at(T0), Plant: 'B', to_Item: { results: [] } },
    ]
    const { session } = await serving(rows)
    const source = {
      ...ORDERS,
      filter: "Plant eq 'A' or Plant eq 'C'",
      select: ['Order', 'ChangedAt'],
      expand: ['to_Item'],
      language: 'EN',
    }
    const pages = await collect(
      readKeyset(session, source, range({ since: T0, mode: 'incremental' }), toRecord, never()),
    )
    expect(keysOf(pages)).toEqual(['1'])
    const [request] = sap.requests
    expect(request?.query.get('$select')).toBe('Order,ChangedAt,to_Item')
    expect(request?.query.get('$expand')).toBe('to_Item')
    expect(request?.query.getAll('sap-language')).toEqual(['EN'])
  })

  test('an expanded list that SAP cuts is read to its end', async () => {
    sap = await openStandIn(({ query, path }) => {
      if (query.has('$skiptoken')) return { body: { d: { results: [{ I: '2' }, { I: '3' }] } } }
      const uri = `https://internal${path}?$skiptoken=1`
      const order = {
        Order: '1',
        ChangedAt: null,
        to_Item: { results: [{ I: '1' }], __next: uri },
        to_Other: { __deferred: { uri } },
      }
      return { body: { d: path.endsWith(')') ? order : { results: [order] } } }
    })
    const session = sap.session()
    const source = { ...ORDERS, expand: ['to_Item'] }
    const [page] = await collect(readWhole(session, source, range(), toRecord, never()))
    const whole = { results: [{ I: '1' }, { I: '2' }, { I: '3' }] }
    expect(page?.records[0]?.payload['to_Item']).toEqual(whole)
    const one = await readRow(session, 'API_X', 'Orders', { Order: '1' }, ['to_Item'], never())
    expect(one?.['to_Item']).toEqual(whole)
  })

  test('a service that does not page by its key is said, not read for ever', async () => {
    sap = await openStandIn(() => ({ body: { d: { results: [{ Order: '1' }], __next: '/x' } } }))
    const error = await thrownBy(() => collect(readWhole(sap.session(), ORDERS, range(), toRecord, never())))
    expect(error).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/API_X\/Orders.*key \(Order\)/) })
  })
})

describe('cursors', () => {
  test('that are corrupt, or of another set or mode, are refused', async () => {
    const { session } = await serving([{ Order: '1', ChangedAt: at(T0) }])
    const [page] = await collect(readKeyset(session, ORDERS, range(), toRecord, never()))
    const good = page?.cursor as { readonly [name: string]: unknown }
    const read = (cursor: object, source = ORDERS, mode: ReadRange['mode'] = 'snapshot') =>
      collect(
        readKeyset(
          session,
          source,
          range({ cursor: cursor as Cursor, mode, since: mode === 'snapshot' ? null : 0 }),
          toRecord,
          never(),
        ),
      )
    await expect(read(good)).resolves.toEqual([])
    const corrupt = [
      {},
      { nonsense: 1 },
      { ...good, more: 1 },
      { ...good, after: 'x' },
      { ...good, after: [] },
      { ...good, after: [null] },
      { ...good, after: ['1', '2'] },
      { ...good, of: null },
    ]
    for (const name of Object.keys(good)) corrupt.push({ [name]: 'x' }, { [name]: -1 }, { [name]: null })
    for (const cursor of corrupt)
      expect([cursor, await read(cursor).catch((error: unknown) => error)]).toEqual([
        cursor,
        expect.any(CorruptCursorError),
      ])
    await expect(read(good, { ...ORDERS, set: 'Other' })).rejects.toBeInstanceOf(CorruptCursorError)
    await expect(read(good, ORDERS, 'incremental')).rejects.toBeInstanceOf(CorruptCursorError)
  })

  test('of a stream of several sets name the set they are in', async () => {
    const rows = Array.from({ length: 4 }, (_, n) => ({ Order: String(n), ChangedAt: at(T0) }))
    const { session } = await serving(rows)
    const part = (name: string, set: string) => ({
      name,
      read: (of: ReadRange) =>
        readKeyset(
          session,
          { ...ORDERS, set },
          of,
          (row) => ({ ...toRecord(row)!, key: [name, String(row['Order'])] }),
          never(),
        ),
    })
    const read = (cursor: Cursor | null = null) =>
      collect(readInTurn([part('a', 'As'), part('b', 'Bs')], range({ cursor })))
    const pages = await read()
    expect(keysOf(pages)).toEqual(['a|0', 'a|1', 'a|2', 'a|3', 'b|0', 'b|1', 'b|2', 'b|3'])
    for (const [n, { cursor }] of pages.entries())
      expect(keysOf(await read(JSON.parse(JSON.stringify(cursor)) as Cursor))).toEqual(keysOf(pages.slice(n + 1)))
    for (const cursor of [{}, { c: {} }, { a: null }, { a: 1 }, { ...pages[0]?.cursor, b: {} }])
      await expect(read(cursor as Cursor)).rejects.toBeInstanceOf(CorruptCursorError)
  })
})

describe('rows that cannot be read', () => {
  test('are reported with their key, and the others are delivered', async () => {
    const rows = ['1', '2', '3', '4'].map((Order) => ({ Order, ChangedAt: Order === '2' ? '/Date(bad)/' : at(T0) }))
    const { session } = await serving(rows)
    const pages = await collect(
      readWhole(session, { ...ORDERS, nativeKey: (row) => `po|${text(row['Order'])}` }, range(), toRecord, never()),
    )
    expect(keysOf(pages)).toEqual(['1', '3', '4'])
    expect(pages.flatMap(({ undecodable = [] }) => undecodable)).toEqual([
      { key: 'po|2', raw: JSON.stringify(rows[1]), reason: expect.stringMatching(/expected a date/) },
    ])
  })

  test('by SAP itself are told apart', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => ({ Order: String(100 + n), ChangedAt: at(T0) }))
    const { session } = await serving(rows, { dumps: ({ Order }) => Order === '105' || Order === '119' })
    const pages = await collect(readWhole(session, ORDERS, range({ pageSize: 20 }), toRecord, never()))
    expect(keysOf(pages)).toEqual(rows.map(({ Order }) => Order).filter((each) => each !== '105' && each !== '119'))
    expect(pages.flatMap(({ undecodable = [] }) => undecodable.map(({ key }) => key))).toEqual(['105', '119'])
  })

  test('are not blamed when the system as a whole does not answer', async () => {
    sap = await openStandIn(() => ({ status: 500, body: '<html>dump</html>' }))
    const error = await thrownBy(() => collect(readWhole(sap.session(), ORDERS, range(), toRecord, never())))
    expect(error).toMatchObject({ kind: 'retryable', status: 500 })
  })
})

describe('reading by day', () => {
  const PARTNERS: DatedSource = {
    service: 'API_X',
    set: 'Partners',
    key: ['Order'],
    date: 'ChangedOn',
    time: 'ChangedTime',
    createdDate: 'CreatedOn',
    createdTime: 'CreatedTime',
    expand: ['to_Address'],
  }
  const zone = 'Europe/Berlin'
  const partner = (
    Order: string,
    changed: [string, string] | null,
    created: [string, string] = ['2020-01-01', 'PT0S'],
  ) => ({
    Order,
    ChangedOn: changed === null ? null : day(changed[0]),
    ChangedTime: changed === null ? 'PT00H00M00S' : changed[1],
    CreatedOn: day(created[0]),
    CreatedTime: created[1],
    to_Address: { results: [{ City: 'Hamburg' }] },
  })
  const recordOf = (row: Row) => ({
    key: String(row['Order']),
    version: 0,
    modifiedAt: localInstant(row['ChangedOn'], row['ChangedTime'], zone),
    payload: row,
  })
  const read = (session: SapSession, over: Partial<ReadRange>, source: DatedSource = PARTNERS) =>
    collect(readByDate(session, source, range({ mode: 'incremental', ...over }), recordOf, never()))

  test('finds what was changed or created since, in the zone of the system', async () => {
    const rows = [
      partner('1', ['2026-01-15', 'PT00H29M59S']),
      partner('2', ['2026-01-15', 'PT00H30M00S']),
      partner('3', ['2026-01-14', 'PT23H59M59S']),
      partner('4', null, ['2026-01-15', 'PT08H00M00S']),
      partner('5', null),
      partner('6', ['2026-01-16', 'PT00H00M00S']),
    ]
    const { session } = await serving(rows, {}, { system_time_zone: zone })
    // 00:30 in Berlin, the day before in UTC
    const pages = await read(session, { since: Date.parse('2026-01-14T23:30:00.700Z') })
    expect(keysOf(pages)).toEqual(['2', '4', '6'])
    expect(pages[0]?.records[0]?.payload['to_Address']).toEqual({ results: [{ City: 'Hamburg' }] })
    expect(sap.requests[0]?.query.get('$filter')).toContain("ChangedOn ge datetime'2026-01-15T00:00:00'")
    expect(keysOf(await read(session, { mode: 'snapshot', since: null }))).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  test('costs one small request when nothing has changed, however much happened that day', async () => {
    const rows = Array.from({ length: 90 }, (_, n) => partner(String(n), ['2026-01-15', 'PT08H00M00S']))
    const { session } = await serving(rows)
    expect(await read(session, { since: Date.parse('2026-01-15T09:00:00Z') })).toEqual([])
    expect(sap.requests).toHaveLength(1)
    expect(sap.requests[0]?.query.get('$expand')).toBeNull()
    expect(sap.requests[0]?.query.get('$select')).toBe('Order,ChangedOn,CreatedOn,ChangedTime,CreatedTime')
  })

  test('a change in the hour that the clock strikes twice is not taken for an older one', async () => {
    const { session } = await serving([partner('1', ['2026-10-25', 'PT02H30M00S'])], {}, { system_time_zone: zone })
    const second = Date.parse('2026-10-25T01:29:00Z')
    expect(keysOf(await read(session, { since: second }))).toEqual(['1'])
  })

  test.each([30, 450])('%i changes come in pages, resumed from any', async (count) => {
    const pageSize = count / 10
    const rows = Array.from({ length: count }, (_, n) =>
      partner(String(1000 + n), ['2026-01-15', n % 3 === 2 ? 'PT08H00M00S' : 'PT12H00M00S']),
    )
    const { session } = await serving(rows, { most: 300 })
    const since = Date.parse('2026-01-15T11:00:00Z')
    const wanted = rows.filter((_, n) => n % 3 !== 2).map(({ Order }) => Order)
    const pages = await read(session, { since, pageSize })
    expect(keysOf(pages)).toEqual(wanted)
    expect(Math.max(...pages.map(({ records }) => records.length))).toBeLessThanOrEqual(pageSize)
    for (const n of [0, 1, pages.length - 2, pages.length - 1]) {
      const cursor = JSON.parse(JSON.stringify(pages.at(n)?.cursor)) as Cursor
      const rest = pages.slice(pages.indexOf(pages.at(n) as Page) + 1)
      expect(keysOf(await read(session, { since, pageSize, cursor }))).toEqual(keysOf(rest))
    }
  })

  test('a day that is none is reported, and stops nobody', async () => {
    const rows = [
      partner('1', ['2026-01-15', 'PT12H00M00S']),
      { ...partner('2', ['2026-01-15', 'PT12H00M00S']), ChangedTime: 'noon' },
    ]
    const { session } = await serving(rows)
    const pages = await read(session, { since: Date.parse('2026-01-15T11:00:00Z') })
    expect(keysOf(pages)).toEqual(['1'])
    expect(pages[0]?.undecodable).toMatchObject([{ key: '2', reason: expect.stringMatching(/expected a time/) }])
  })

  test('rows that tell only the day of their creation are delivered once, not all day long', async () => {
    const rows: TableRow[] = [
      { Order: '1', ChangedAt: null, CreatedOn: day('2026-01-15'), to_Item: { results: [] } },
      { Order: '2', ChangedAt: at(T0 - 5000), CreatedOn: day('2026-01-15'), to_Item: { results: [] } },
      { Order: '3', ChangedAt: null, CreatedOn: day('2026-01-14'), to_Item: { results: [] } },
    ]
    const { session } = await serving(rows)
    const source = { ...ORDERS, fallbackOn: 'CreatedOn', expand: ['to_Item'] }
    const poll = async () =>
      keysOf(await collect(readKeyset(session, source, range({ mode: 'incremental', since: T0 }), toRecord, never())))
    expect(await poll()).toEqual(['1'])
    sap.requests.length = 0
    expect(await poll()).toEqual([])
    expect(sap.requests).toHaveLength(1)
    Object.assign(rows[0] as TableRow, { ChangedAt: at(T0 + 1000) })
    rows.push({ Order: '4', ChangedAt: null, CreatedOn: day('2026-01-15'), to_Item: { results: [] } })
    expect(await poll()).toEqual(['1', '4'])
    // another session knows of nothing delivered
    expect(
      keysOf(
        await collect(readKeyset(sap.session(), source, range({ mode: 'incremental', since: T0 }), toRecord, never())),
      ),
    ).toEqual(['1', '4'])
  })
})

describe('keys and single rows', () => {
  test('keys are listed without the rest, a page of SAP at a time', async () => {
    const rows = Array.from({ length: 7 }, (_, n) => ({ Order: '1', Item: String(n), ChangedAt: at(T0), Text: 'x' }))
    const { session } = await serving(rows, { most: 3 })
    const keys: unknown[] = []
    for await (const page of listKeysOf(session, { ...ITEMS, expand: ['to_X'] }, never())) keys.push(...page)
    expect(keys).toEqual(rows.map(({ Order, Item }) => [Order, Item]))
    expect(sap.requests.every(({ query }) => query.get('$select') === 'Order,Item' && !query.has('$expand'))).toBe(true)
    const own: unknown[] = []
    const named = (row: Row) => (row['Item'] === '3' ? null : `i|${String(row['Item'])}`)
    for await (const page of listKeysOf(session, ITEMS, never(), named)) own.push(...page)
    expect(own).toEqual(['i|0', 'i|1', 'i|2', 'i|4', 'i|5', 'i|6'])
  })

  test('a list of keys that breaks off does not end as if it were complete', async () => {
    let pages = 0
    const rows = Array.from({ length: 9 }, (_, n) => ({ Order: String(n), ChangedAt: null }))
    const { session } = await serving(rows, { most: 3 })
    const { client } = session
    const page: typeof client.page = (...asked) =>
      ++pages > 1 ? Promise.reject(new Error('broken')) : client.page(...asked)
    const broken = { ...session, client: { ...client, page } }
    await expect(collect(listKeysOf(broken, ORDERS, never()) as never)).rejects.toThrow('broken')
  })

  test.each<[string, number, object]>([
    ['404', 404, errorBody('/IWBEP/CM_MGW_RT/020', "Resource not found for segment 'Order'")],
    ['400 with words', 400, errorBody('X/001', 'Order 1 does not exist')],
    ['200 with nothing', 200, { d: {} }],
  ])('a row that is gone (%s) is null', async (_, status, body) => {
    sap = await openStandIn(() => ({ status, body }))
    expect(await readRow(sap.session(), 'API_X', 'Orders', { Order: '1' }, [], never())).toBeNull()
  })

  test('a row that may not be read is not taken for gone', async () => {
    sap = await openStandIn(() => ({ status: 403, body: errorBody('/IWFND/CM_CONSUMER/101', 'No authorization') }))
    await expect(readRow(sap.session(), 'API_X', 'Orders', { Order: '1' }, [], never())).rejects.toMatchObject({
      kind: 'auth',
    })
  })
})
