import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NetSuiteClient, RowPage, Statement } from '../../../connectors/netsuite/client.ts'
import { netsuite } from '../../../connectors/netsuite/index.ts'
import type { NetSuiteSession } from '../../../connectors/netsuite/session.ts'
import { AuthError, type EntityName, type Json, type JsonObject } from '../../../core/index.ts'
import { FAULTS, type Fault, WRITING_FAULTS } from '../kit/faults/index.ts'
import { withRead } from '../kit/faults/plant.ts'
import { toldOfWriting } from '../kit/faults/told.ts'
import type { Harness } from '../kit/harness.ts'
import { CONNECTOR_RULES, STREAM_RULES } from '../kit/rule-book.ts'
import type { OperationName } from '../kit/writing.ts'
import { type NetSuiteHarness, netsuiteHarness } from './harness.ts'

/* The same mistakes as in test/unit/contract-kit, and some that only NetSuite invites, in this connector. */

let harness: NetSuiteHarness

beforeAll(async () => {
  harness = await netsuiteHarness()
})
afterAll(() => harness?.drop())

type Ask = NetSuiteClient['suiteql']

/** Changes what is asked and what comes. */
function withStatements(sound: Harness, change: (ask: Ask) => Ask): Harness {
  return {
    ...sound,
    connector: {
      ...sound.connector,
      async connect(config, http, signal) {
        const session = (await sound.connector.connect(config, http, signal)) as NetSuiteSession
        const { client } = session
        return { ...session, client: { ...client, suiteql: change((...asked) => client.suiteql(...asked)) } }
      },
    },
  }
}

const asking = (sound: Harness, change: (statement: Statement) => Statement): Harness =>
  withStatements(sound, (ask) => (statement, signal) => ask(change(statement), signal))

const answering = (sound: Harness, change: (page: RowPage, statement: Statement) => RowPage): Harness =>
  withStatements(sound, (ask) => async (statement, signal) => change(await ask(statement, signal), statement))

/** Changes what readings end in: a gateway that turns everything away shuts the connection here, not one stream. */
const ending = (sound: Harness, change: (error: AuthError) => Error | null): Harness =>
  withRead(
    sound,
    (read) =>
      async function* (session, range, signal) {
        try {
          yield* read(session, range, signal)
        } catch (error) {
          const instead = error instanceof AuthError ? change(error) : (error as Error)
          if (instead !== null) throw instead
        }
      },
  )

const OF_NETSUITE: readonly (Fault & { readonly streams: readonly EntityName[] })[] = [
  {
    title: 'throws what is none of the five failures when it is shut out',
    finds: ['T1'],
    complaint: /told as a bug/,
    streams: [],
    plant: (sound) => ending(sound, ({ message }) => new Error(message)),
  },
  {
    title: 'takes being shut out for the end of the list',
    finds: ['T2'],
    complaint: /waited in vain until a failure is logged/,
    streams: [],
    plant: (sound) => ending(sound, () => null),
  },
  {
    title: 'pages by time alone',
    finds: ['R2'],
    complaint: /^Error: (lost: |the harness made no records with one timestamp)/,
    streams: ['vendor', 'purchase_order', 'asset'],
    plant: (sound) =>
      asking(sound, (statement) => {
        // `> time OR id > last` without the id
        const at = statement.q.search(/ OR \w\.id > \?\)/)
        if (at < 0) return statement
        const q = statement.q.replace(/ OR \w\.id > \?\)/, ')')
        const marks = (statement.q.slice(0, at).match(/\?/g) ?? []).length
        return { ...statement, q, params: statement.params.filter((_, index) => index !== marks) }
      }),
  },
  {
    title: 'takes the first page for all',
    finds: ['R8'],
    complaint: /of more than 10,000/,
    streams: ['user', 'stock_level'],
    plant: (sound) =>
      answering(sound, (page, { q }) =>
        / > \?/.test(q) && !/transactionline|itemvendor|addressbook/.test(q)
          ? { ...page, items: [], hasMore: false }
          : page,
      ),
  },
  {
    title: 'reads numbers as numbers',
    finds: ['M3'],
    complaint: /is not in/,
    streams: ['stock_level', 'purchase_order', 'item', 'inventory_movement', 'work_order', 'asset'],
    plant: (sound) => answering(sound, (page) => ({ ...page, items: page.items.map((item) => numbered(item)) })),
  },
  {
    title: 'does not ask for lines again that changed',
    finds: ['R3'],
    complaint: /is not in/,
    streams: ['purchase_order'],
    plant(sound) {
      const kept = new Map<string, RowPage>()
      return withStatements(sound, (ask) => async (statement, signal) => {
        if (!statement.q.includes('FROM transactionline l')) return ask(statement, signal)
        const page = await ask(statement, signal)
        const items = page.items.map((item) => {
          const key = `${String(item['transaction'])} ${String(item['lineid'])}`
          const known = kept.get(key)?.items[0]
          if (known === undefined) kept.set(key, { ...page, items: [item] })
          return known ?? item
        })
        return { ...page, items }
      })
    },
  },
  {
    title: 'leaves rows out that it cannot read',
    finds: ['R9'],
    complaint: /was not reported/,
    streams: ['vendor', 'location', 'purchase_order'],
    plant: (sound) =>
      answering(sound, (page) => ({
        ...page,
        items: page.items.filter((item) => !JSON.stringify(item).includes('13/45/0026')),
      })),
  },
]

function numbered(row: JsonObject): JsonObject {
  const read = (name: string, value: Json) => (/quantity|amount|cost/.test(name) ? String(Number(value)) : value)
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, read(name, value)]))
}

/** What the rule says of the faulty connector, by stream. */
async function told(fault: Fault, streams: readonly EntityName[]): Promise<{ [stream: string]: string }> {
  const [id] = fault.finds
  const faulty = fault.plant(harness)
  const complaint = (check: Promise<void>) =>
    check.then(
      () => 'nothing',
      (error: unknown) => String(error),
    )
  const ofConnector = CONNECTOR_RULES.find((rule) => rule.id === id)
  if (ofConnector !== undefined) return { [harness.connector.id]: await complaint(ofConnector.check(faulty)) }
  const rule = STREAM_RULES.find((each) => each.id === id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  const found: { [stream: string]: string } = {}
  for (const entity of streams)
    if (rule.appliesTo?.(harness.connector, entity) !== false)
      found[entity] = await complaint(rule.check(faulty, entity))
  return found
}

/** Streams of which the rule says something else, or nothing. */
const unlike = (found: { readonly [stream: string]: string }, complaint: RegExp) =>
  Object.fromEntries(Object.entries(found).filter(([, text]) => !complaint.test(text)))

/** One for each way of reading: an entity, transactions with lines, the account's own records, a whole table. */
const READERS: readonly EntityName[] = ['vendor', 'inventory_movement', 'asset', 'stock_level']
const ALL = Object.keys(netsuite.streams) as EntityName[]
const STREAMS: { readonly [rule: string]: readonly EntityName[] } = {
  R8: ['user'],
  // stock has no stamp that could be taken for known
  R2: READERS.filter((entity) => entity !== 'stock_level'),
  M1: ALL,
  M2: ALL,
  M3: ['item', 'stock_level', 'purchase_order', 'asset'],
  M4: ALL,
  // nor has it a vocabulary: all its columns are numbers and names
  M5: ALL.filter((entity) => !['stock_level', 'vendor', 'user'].includes(entity)),
}

/** One that makes a document and one that changes a record. */
const WRITERS: readonly OperationName[] = ['CREATE purchase_order', 'UPDATE vendor']

describe('the rules find a NetSuite connector that', () => {
  // what is refused to one stream is told apart by its words: bad-input.test.ts
  test.for(FAULTS.filter(({ finds }) => !finds[0].startsWith('T')))('$title', async (fault) => {
    const streams = STREAMS[fault.finds[0]] ?? READERS
    expect(unlike(await told(fault, streams), fault.complaint)).toEqual({})
  })

  test.for(WRITING_FAULTS)('$title', async (fault) => {
    const found = await toldOfWriting(fault, harness, WRITERS)
    expect(Object.keys(found)).not.toEqual([])
    expect(unlike(found, fault.complaint)).toEqual({})
  })

  test.for(OF_NETSUITE)('$title', async (fault) => {
    expect(unlike(await told(fault, fault.streams), fault.complaint)).toEqual({})
  })
})
