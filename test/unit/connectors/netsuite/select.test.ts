import { afterEach, expect, test } from 'vitest'
import {
  dateOf,
  instantOf,
  optional,
  plain,
  type ToRecord,
  type WindowSource,
} from '../../../../connectors/netsuite/read/source.ts'
import { readOneOf, readWindow } from '../../../../connectors/netsuite/read/window.ts'
import type { NetSuiteSession } from '../../../../connectors/netsuite/session.ts'
import { AuthError, type Page, type ReadRange, RetryableError } from '../../../../core/index.ts'
import {
  type Asked,
  never,
  openStandIn,
  pageBody,
  type Reply,
  refusal,
  type StandIn,
  thrownBy,
  UNPROCESSED,
  unknownColumn,
} from './stand-in.ts'

const vendors: WindowSource = {
  table: 'vendor',
  from: 'vendor v',
  columns: {
    id: plain('v.id'),
    entityid: plain('v.entityid'),
    subsidiary: optional(plain('v.subsidiary')),
    subsidiaryname: optional(plain('BUILTIN.DF(v.subsidiary)')),
    hired: dateOf('v.hired'),
    lastmodifieddate: instantOf('v.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodifieddate',
}
const toRecord: ToRecord = (row, stamp) => ({ key: String(row['id']), ...stamp, payload: row })

let standIn: StandIn | null = null
afterEach(async () => {
  await standIn?.close()
  standIn = null
})

const rows = (n: number) =>
  Array.from({ length: n }, (_, at) => ({
    id: String(at + 1),
    entityid: `V${at + 1}`,
    lastmodifieddate: '2026-01-15 10:00:00',
  }))

/** Rows behind the id asked for, at most as many as asked for. */
function pageFor(all: readonly { id: string }[], { q, params, limit }: Asked): Reply {
  const after = /v\.id > \?/.test(q) ? Number(params.at(-1)) : 0
  const left = all.filter(({ id }) => Number(id) > after)
  const size = Math.min(limit, Number(/FETCH FIRST (\d+)/.exec(q)?.[1] ?? limit))
  return { body: pageBody(left.slice(0, size), left.length) }
}

async function pages(session: NetSuiteSession, over: Partial<ReadRange> = {}): Promise<Page[]> {
  const range: ReadRange = { mode: 'snapshot', since: null, until: Date.now(), cursor: null, pageSize: 1000, ...over }
  const found: Page[] = []
  for await (const page of readWindow(session, vendors, range, toRecord, never())) found.push(page)
  return found
}

test('columns that the account does not know are left out, and that is asked once a session', async () => {
  standIn = await openStandIn({
    suiteql: (asked) => (asked.q.includes('subsidiary') ? unknownColumn('subsidiary') : pageFor(rows(3), asked)),
  })
  const session = await standIn.session()
  await pages(session)
  await pages(session)
  expect(standIn.statements.map(({ q }) => q.includes('subsidiary'))).toEqual([true, false, false])
})

test('a column that cannot be left out stops the stream and names permission and feature', async () => {
  standIn = await openStandIn({ suiteql: () => unknownColumn('entityid') })
  const session = await standIn.session()
  const thrown = await thrownBy(() => pages(session))
  expect(thrown).toBeInstanceOf(AuthError)
  expect(thrown['streamOnly']).toBe(true)
  expect(thrown.message).toMatch(/entityid.*Lists > Vendors: View/)
})

test('a page that takes too long is asked for in halves, and later in wholes again', async () => {
  let mostMs = 300
  const sizes: number[] = []
  standIn = await openStandIn({
    suiteql: (asked) => {
      sizes.push(asked.limit)
      return asked.limit > mostMs ? { status: 504, body: '<html>Gateway Time-out</html>' } : pageFor(rows(9000), asked)
    },
  })
  const session = await standIn.session()
  const records = (await pages(session)).flatMap((page) => page.records)
  expect(records.length).toBe(9000)
  // once without counting all rows, then smaller
  expect(sizes.slice(0, 4)).toEqual([1000, 1000, 500, 250])
  mostMs = 1000
  sizes.length = 0
  await pages(session)
  expect(sizes.at(-1)).toBeGreaterThan(250)
})

test('one row that takes too long is no reason to ask for ever', async () => {
  standIn = await openStandIn({ suiteql: () => ({ status: 504, body: 'no' }) })
  const session = await standIn.session()
  expect(await thrownBy(() => pages(session))).toBeInstanceOf(RetryableError)
  expect(standIn.statements.length).toBeLessThan(20)
})

test('rows with dates or times in another format are reported, the others delivered', async () => {
  const bad = rows(5).map((row) => ({ ...row, hired: '2024-03-01' }))
  Object.assign(bad[1] as object, { hired: '3/1/2024' })
  Object.assign(bad[3] as object, { lastmodifieddate: '15-Jan-2026 10:00 am' })
  Object.assign(bad[4] as object, { hired: '2024-02-31', entityid: null })
  standIn = await openStandIn({ suiteql: (asked) => pageFor(bad, asked) })
  const session = await standIn.session()
  const [page] = await pages(session)
  expect(page?.records.map(({ key }) => key)).toEqual(['1', '3'])
  expect(page?.undecodable?.map(({ key }) => key)).toEqual(['2', '4', '5'])
  expect(page?.undecodable?.[0]?.reason).toMatch(/hired.*3\/1\/2024/)
  expect(page?.records[0]?.payload).toEqual({
    id: '1',
    entityid: 'V1',
    hired: '2024-03-01',
    lastmodifieddate: '2026-01-15T10:00:00Z',
  })
})

test('an increment full of times in another format is read by id instead', async () => {
  const bad = rows(30).map((row) => ({ ...row, lastmodifieddate: '15/01/2026' }))
  standIn = await openStandIn({
    suiteql: (asked) =>
      /ORDER BY v\.lastmodifieddate/.test(asked.q)
        ? { body: pageBody(bad.slice(0, Math.min(asked.limit, 10)), 30) }
        : pageFor(bad, asked),
  })
  const session = await standIn.session()
  const found = await pages(session, { mode: 'incremental', since: Date.parse('2026-01-15'), pageSize: 10 })
  expect(new Set(found.flatMap((page) => page.undecodable ?? []).map(({ key }) => key)).size).toBe(30)
})

test('nulls that are sent and nulls that are left out give the same bytes', async () => {
  const one = [{ id: '1', entityid: 'A', lastmodifieddate: '2026-01-15 10:00:00' }]
  const sent = [{ lastmodifieddate: '2026-01-15 10:00:00', hired: null, subsidiary: null, entityid: 'A', id: '1' }]
  let all: readonly { id: string }[] = one
  standIn = await openStandIn({ suiteql: (asked) => pageFor(all, asked) })
  const session = await standIn.session()
  const [left] = await pages(session)
  all = sent
  const [right] = await pages(session)
  expect(JSON.stringify(right?.records)).toBe(JSON.stringify(left?.records))
})

test('where UTC is not to be had, times are read in the zone of the settings, which must be the right one', async () => {
  const offsetMs = -8 * 3_600_000
  const now = () => Date.parse('2026-01-20T10:00:00Z')
  standIn = await openStandIn({ utc: false, offsetMs, now, suiteql: (asked) => pageFor(rows(1), asked) })
  const session = await standIn.session({ time_zone: 'America/Los_Angeles' })
  const record = await readOneOf(session, vendors, ['1'], toRecord, never())
  expect(record?.payload['lastmodifieddate']).toBe('2026-01-15T18:00:00Z')
  expect(record?.version).toBe(Date.parse('2026-01-15T18:00:00Z'))
  const wrong = await standIn.session({ time_zone: 'Europe/Berlin' })
  expect((await thrownBy(() => pages(wrong))).message).toMatch(/time_zone: Europe\/Berlin is not.*-8 h/)
  const none = await standIn.session()
  expect((await thrownBy(() => pages(none))).message).toMatch(/time_zone.*-8 h ahead/)
})

test('UTC that only one table does not take is asked for in local time there', async () => {
  standIn = await openStandIn({
    suiteql: (asked) =>
      asked.q.includes('SYS_EXTRACT_UTC')
        ? refusal(400, 'INVALID_PARAMETER', `${UNPROCESSED}Search error occurred: Invalid or unsupported search.`)
        : pageFor(rows(1), asked),
  })
  const session = await standIn.session({ time_zone: 'UTC' })
  expect((await pages(session))[0]?.records.length).toBe(1)
  await pages(session)
  expect(standIn.statements.map(({ q }) => q.includes('SYS_EXTRACT_UTC'))).toEqual([true, false, false])
})

test('a statement that is refused both ways is refused', async () => {
  standIn = await openStandIn({
    suiteql: () =>
      refusal(400, 'INVALID_PARAMETER', `${UNPROCESSED}Search error occurred: Invalid or unsupported search.`),
  })
  for (const over of [{ time_zone: 'UTC' }, {}]) {
    const session = await standIn.session(over)
    for (let n = 0; n < 2; n++)
      expect((await thrownBy(() => pages(session))).message).toMatch(/reading vendor.*unsupported/)
  }
})

test('an account whose SYS_EXTRACT_UTC changes nothing is found out at connect', async () => {
  const now = () => Date.parse('2026-01-20T10:00:00Z')
  const clock = { u: '2026-01-20 02:00:01', l: '2026-01-20 02:00:01' }
  standIn = await openStandIn({
    now,
    before: ({ body }) => (body.includes('FROM DUAL') ? { body: pageBody([clock]) } : null),
    suiteql: (asked) => pageFor(rows(1), asked),
  })
  const session = await standIn.session({ time_zone: 'America/Los_Angeles' })
  const [page] = await pages(session)
  expect(page?.records[0]?.payload['lastmodifieddate']).toBe('2026-01-15T18:00:00Z')
  expect(standIn.statements[0]?.q).not.toContain('SYS_EXTRACT_UTC')
})

test('two readings at once that find the same column missing go on without it, both of them', async () => {
  standIn = await openStandIn({
    suiteql: (asked) => (asked.q.includes('subsidiary') ? unknownColumn('subsidiary') : pageFor(rows(3), asked)),
  })
  const session = await standIn.session()
  const found = await Promise.all([pages(session), pages(session), pages(session)])
  expect(found.map(([page]) => page?.records.length)).toEqual([3, 3, 3])
})

test('two readings at once that find UTC refused go on in local time, both of them', async () => {
  standIn = await openStandIn({
    suiteql: (asked) =>
      asked.q.includes('SYS_EXTRACT_UTC')
        ? refusal(400, 'INVALID_PARAMETER', `${UNPROCESSED}Search error occurred: Invalid or unsupported search.`)
        : pageFor(rows(2), asked),
  })
  const session = await standIn.session({ time_zone: 'UTC' })
  const found = await Promise.all([pages(session), pages(session), pages(session)])
  expect(found.map(([page]) => page?.records.length)).toEqual([2, 2, 2])
})
