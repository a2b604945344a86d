import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sapS4Hana } from '../../../connectors/sap-s4hana/index.ts'
import type { SapClient } from '../../../connectors/sap-s4hana/client.ts'
import type { SapSession } from '../../../connectors/sap-s4hana/session.ts'
import type { EntityName, Json, JsonObject } from '../../../core/index.ts'
import { FAULTS, type Fault, WRITING_FAULTS } from '../kit/faults/index.ts'
import { toldOfWriting } from '../kit/faults/told.ts'
import type { Harness } from '../kit/harness.ts'
import { CONNECTOR_RULES, STREAM_RULES } from '../kit/rule-book.ts'
import type { OperationName } from '../kit/writing.ts'
import { type SapHarness, sapHarness } from './harness.ts'

/* The same mistakes as in test/unit/contract-kit, and some that only SAP invites, in this connector on this system. */

let harness: SapHarness

beforeAll(async () => {
  harness = await sapHarness()
})
afterEach(() => {
  harness.large.switches.pageLimits = { '*': { default: 1000, max: 5000 } }
})
afterAll(() => harness?.drop())

type Page = SapClient['page']

/** Changes how lists are asked for and what comes. */
function withLists(sound: Harness, change: (page: Page) => Page): Harness {
  return {
    ...sound,
    connector: {
      ...sound.connector,
      async connect(config, http, signal) {
        const session = (await sound.connector.connect(config, http, signal)) as SapSession
        return { ...session, client: { ...session.client, page: change((...asked) => session.client.page(...asked)) } }
      },
    },
  }
}

const STAMPED = ['vendor', 'item', 'purchase_order', 'work_order', 'asset', 'user'] as const

const OF_SAP: readonly (Fault & { readonly streams: readonly EntityName[] })[] = [
  {
    title: 'leaves out what was never changed since it was created',
    finds: ['R2'],
    complaint: /^Error: lost: /,
    streams: STAMPED,
    plant: (sound) =>
      withLists(sound, (page) => async (...asked) => {
        const found = await page(...asked)
        const isNew = (row: JsonObject) => row['LastChangeDateTime'] === null || row['LastChangeDate'] === null
        return { ...found, rows: found.rows.filter((row) => !isNew(row)) }
      }),
  },
  {
    title: 'takes a page shorter than it asked for for the last',
    finds: ['R8'],
    complaint: /of more than 10,000/,
    streams: ['vendor', 'stock_level'],
    plant: (sound) => {
      harness.large.switches.pageLimits = { '*': { default: 250, max: 250 + 1 } }
      return withLists(sound, (page) => async (...asked) => ({ ...(await page(...asked)), next: null }))
    },
  },
  {
    title: 'reads decimals as numbers',
    finds: ['M3'],
    complaint: /is not in/,
    streams: ['stock_level'],
    plant: (sound) =>
      withLists(sound, (page) => async (...asked) => {
        const found = await page(...asked)
        return { ...found, rows: found.rows.map((row) => numbered(row)) }
      }),
  },
  {
    title: 'takes a short dump for an empty list',
    finds: ['R9'],
    complaint: /was not reported/,
    streams: ['location'],
    plant: (sound) =>
      withLists(
        sound,
        (page) =>
          (...asked) =>
            page(...asked).catch(() => ({ rows: [], next: null, count: null })),
      ),
  },
]

function numbered(row: JsonObject): JsonObject {
  const read = (name: string, value: Json) => (/Qty|Quantity/.test(name) ? Number(value) : value)
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, read(name, value)]))
}

const complaintOf = (check: Promise<void>): Promise<string> =>
  check.then(
    () => 'nothing',
    (error: unknown) => String(error),
  )

/** What the rule says of the faulty connector, by stream. */
async function told(fault: Fault, streams: readonly EntityName[]): Promise<{ [stream: string]: string }> {
  const [id] = fault.finds
  const faulty = fault.plant(harness)
  const ofConnector = CONNECTOR_RULES.find((rule) => rule.id === id)
  if (ofConnector !== undefined) return { [harness.connector.id]: await complaintOf(ofConnector.check(faulty)) }
  const rule = STREAM_RULES.find((each) => each.id === id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  const found: { [stream: string]: string } = {}
  for (const entity of streams)
    if (rule.appliesTo?.(harness.connector, entity) !== false)
      found[entity] = await complaintOf(rule.check(faulty, entity))
  return found
}

/** One that makes a document and one that changes a record. */
const WRITERS: readonly OperationName[] = ['CREATE purchase_order', 'UPDATE vendor']

/** Streams of which the rule says something else, or nothing. */
const unlike = (found: { readonly [stream: string]: string }, complaint: RegExp) =>
  Object.fromEntries(Object.entries(found).filter(([, text]) => !complaint.test(text)))

/** One for each way of reading: by date and time, by stamp in turn, summed, with what a document takes back. */
const READERS: readonly EntityName[] = ['vendor', 'asset', 'stock_level', 'inventory_movement']
const ALL = Object.keys(sapS4Hana.streams) as EntityName[]
const STREAMS: { readonly [rule: string]: readonly EntityName[] } = {
  R8: ['vendor'],
  M1: ALL,
  M2: ALL,
  // the others have no amounts that floats cannot hold
  M3: ['stock_level', 'purchase_order'],
  M4: ALL,
  // a stock level's payload has no vocabulary: types are names there
  M5: ALL.filter((entity) => entity !== 'stock_level'),
}

describe('the rules find a SAP connector that', () => {
  test.for(FAULTS)('$title', async (fault) => {
    const streams = STREAMS[fault.finds[0]] ?? READERS
    expect(unlike(await told(fault, streams), fault.complaint)).toEqual({})
  })

  test.for(WRITING_FAULTS)('$title', async (fault) => {
    const found = await toldOfWriting(fault, harness, WRITERS)
    expect(Object.keys(found)).not.toEqual([])
    expect(unlike(found, fault.complaint)).toEqual({})
  })

  test.for(OF_SAP)('$title', async (fault) => {
    expect(unlike(await told(fault, fault.streams), fault.complaint)).toEqual({})
  })
})
