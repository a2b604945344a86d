import { afterEach, expect, test } from 'vitest'
import { instantOf, plain, type WindowSource } from '../../../../connectors/netsuite/read/source.ts'
import { readWindow } from '../../../../connectors/netsuite/read/window.ts'
import type { NetSuiteSession } from '../../../../connectors/netsuite/session.ts'
import type { Cursor, Page, RawRecord } from '../../../../core/index.ts'
import { type Asked, never, openStandIn, pageBody, type Reply, refusal, type StandIn, UNPROCESSED } from './stand-in.ts'

const NOW = Date.parse('2026-01-15T10:00:00Z')

const sourceOf = (table: string, deletedAs: string[]): WindowSource => ({
  table,
  from: `${table} x`,
  columns: { id: plain('x.id'), lastmodifieddate: instantOf('x.lastmodifieddate') },
  key: ['id'],
  modified: 'lastmodifieddate',
  deletedAs,
})
const vendors = sourceOf('vendor', ['vendor'])
const orders = sourceOf('transaction', ['purchaseOrder'])

let standIn: StandIn | null = null
afterEach(async () => {
  await standIn?.close()
  standIn = null
})

const tableOf = ({ q }: Asked) => /FROM (\w+)/.exec(q)?.[1] ?? ''

type Mode = 'snapshot' | 'incremental'

async function read(session: NetSuiteSession, source: WindowSource, mode: Mode = 'incremental') {
  return (await pagesOf(session, source, mode)).flatMap(({ records }): readonly RawRecord[] => records)
}

async function pagesOf(session: NetSuiteSession, source: WindowSource, mode: Mode, cursor: Cursor | null = null) {
  const pages: Page[] = []
  const since = mode === 'snapshot' ? null : NOW - 60_000
  const range = { mode, since, until: NOW, cursor, pageSize: 100 }
  const toRecord = (row: { readonly [alias: string]: unknown }) => ({
    key: String(row['id']),
    version: 1,
    modifiedAt: 1,
    payload: {},
  })
  for await (const page of readWindow(session, source, range, toRecord, never())) pages.push(page)
  return pages
}

const deleted = [
  { recordid: '12', type: 'Vendor', deleteddate: '2026-01-15 09:59:30' },
  { recordid: '13', type: 'Vendor', deleteddate: '2026-01-15 09:59:40' },
  { recordid: '12', type: 'Purchase Order', deleteddate: '2026-01-15 09:59:50' },
  { recordid: '14', type: 'Customer', deleteddate: '2026-01-15 09:59:50' },
]

test('deletions come with their own stream, and never for a record that is there', async () => {
  standIn = await openStandIn({
    now: () => NOW,
    suiteql: (asked): Reply => {
      if (tableOf(asked) === 'deletedrecord') return { body: pageBody(deleted) }
      // a vendor that is there again
      return { body: pageBody(asked.q.includes(' IN (') && tableOf(asked) === 'vendor' ? [{ id: '13' }] : []) }
    },
  })
  const session = await standIn.session()
  const at = Date.parse('2026-01-15T09:59:30Z')
  expect(await read(session, vendors)).toEqual([{ key: '12', version: at, modifiedAt: at, deleted: true, payload: {} }])
  expect((await read(session, orders)).map(({ key, deleted }) => [key, deleted])).toEqual([['12', true]])
})

test('behind changed rows, deletions have a cursor of their own, and behind it nothing is left', async () => {
  standIn = await openStandIn({
    now: () => NOW,
    suiteql: (asked): Reply => {
      if (tableOf(asked) === 'deletedrecord') return { body: pageBody(deleted) }
      const changed = [{ id: '20', lastmodifieddate: '2026-01-15 09:59:50' }]
      return { body: pageBody(asked.q.includes(' IN (') || asked.params.includes('20') ? [] : changed) }
    },
  })
  const session = await standIn.session()
  const pages = await pagesOf(session, vendors, 'incremental')
  expect(pages.map(({ records }) => records.map(({ key }) => key))).toEqual([['20'], ['12', '13']])
  const [rows, gone] = pages.map(({ cursor }) => cursor)
  expect(gone).not.toEqual(rows)
  const rest = await pagesOf(session, vendors, 'incremental', rows ?? null)
  expect(rest.map(({ records, cursor }) => [records.length, cursor])).toEqual([[2, gone]])
  expect(await pagesOf(session, vendors, 'incremental', gone ?? null)).toEqual([])
  await expect(pagesOf(session, vendors, 'incremental', { deletions: 'soon' })).rejects.toThrow('not a position')
})

test('streams that ask at the same time share one reading of the deletions', async () => {
  standIn = await openStandIn({ now: () => NOW + 5000, suiteql: () => ({ body: pageBody([]) }) })
  const session = await standIn.session()
  await Promise.all([read(session, vendors), read(session, orders)])
  expect(standIn.statements.filter((asked) => tableOf(asked) === 'deletedrecord').length).toBe(1)
})

test('a snapshot tells no deletions', async () => {
  standIn = await openStandIn({ suiteql: () => ({ body: pageBody([]) }) })
  const session = await standIn.session()
  await read(session, vendors, 'snapshot')
  expect(standIn.statements.map(tableOf)).toEqual(['vendor'])
})

test('a role without the permission is asked once; sweeps find the deletions', async () => {
  standIn = await openStandIn({
    suiteql: (asked) =>
      tableOf(asked) === 'deletedrecord'
        ? refusal(400, 'INVALID_PARAMETER', `${UNPROCESSED}Invalid search type: deletedrecord.`)
        : { body: pageBody([]) },
  })
  const session = await standIn.session()
  for (let n = 0; n < 3; n++) expect(await read(session, vendors)).toEqual([])
  expect(standIn.statements.filter((asked) => tableOf(asked) === 'deletedrecord').length).toBe(1)
})
