import { AuthError, type RawRecord, RejectedError } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { instant, isId, text } from '../values.ts'
import { readByTime } from './by-time.ts'
import { isOneOf, keyOf, sqlOfKey } from './keys.ts'
import { select } from './select.ts'
import { instantOf, optional, plain, type Stamp, type WindowSource } from './source.ts'

interface Deletion {
  readonly id: string
  /** `deletedrecord.type` and its script id, bare. */
  readonly types: readonly string[]
  readonly stamp: Stamp
  /** The latest instant that its time may stand for, epoch ms. */
  readonly by: number
}

const deletedRecords: WindowSource = {
  table: 'deletedrecord',
  from: 'deletedrecord d',
  columns: {
    recordid: plain('d.recordid'),
    type: plain('d.type'),
    scriptid: optional(plain('d.scriptid')),
    deleteddate: instantOf('d.deleteddate'),
  },
  key: ['recordid'],
  modified: 'deleteddate',
}

/** One reading serves the streams that ask at about the same time. */
interface Reading {
  readonly since: number
  /** NetSuite's time when it began. */
  readonly at: number
  readonly deletions: Promise<readonly Deletion[]>
}

const readings = new WeakMap<NetSuiteSession, Reading>()
/** By our monotonic clock: the role may not read the table, or it is not there. */
const closedUntil = new WeakMap<NetSuiteSession, number>()
const ASKED_AGAIN_AFTER_MS = 3_600_000

/**
 * Records of this source that NetSuite wrote down as deleted since then, and that are really gone. None where the role
 * may not read `deletedrecord`: sweeps find them.
 */
export async function deletionsOf(
  session: NetSuiteSession,
  source: WindowSource,
  since: number,
  until: number,
  signal: AbortSignal,
): Promise<readonly RawRecord[]> {
  const { deletedAs = [] } = source
  if (deletedAs.length === 0 || performance.now() < (closedUntil.get(session) ?? 0)) return []
  const all = await deletionsSince(session, since, until, signal)
  const wanted = new Set(deletedAs.map(bare))
  const own = all.filter(({ types, by }) => by >= since - 1000 && types.some((type) => wanted.has(type)))
  const latest = new Map(own.map((each) => [each.id, each]))
  const there = await stillThere(session, source, [...latest.keys()], signal)
  return [...latest.values()]
    .filter(({ id }) => !there.has(id))
    .map(({ id, stamp }) => ({ key: id, ...stamp, deleted: true, payload: {} }))
}

async function deletionsSince(
  session: NetSuiteSession,
  since: number,
  until: number,
  signal: AbortSignal,
): Promise<readonly Deletion[]> {
  const known = readings.get(session)
  if (known !== undefined && known.since <= since && known.at >= until)
    return known.deletions.catch(() => askDeletions(session, since, signal))
  const at = await session.clock(signal)
  const deletions = askDeletions(session, since, signal)
  readings.set(session, { since, at, deletions })
  return deletions
}

/** What was written down by now. */
async function askDeletions(
  session: NetSuiteSession,
  since: number,
  signal: AbortSignal,
): Promise<readonly Deletion[]> {
  const found: Deletion[] = []
  // nothing is deleted in the future; the bound of a day is for clocks
  const range = { since, until: (await session.clock(signal)) + 86_400_000, position: null, pageSize: 1000 }
  const pages = readByTime(
    session,
    deletedRecords,
    range,
    (row, stamp) => {
      const by = instant(row['deleteddate'])
      const id = text(row['recordid'])
      const types = [text(row['type']), text(row['scriptid'])].flatMap((type) => type ?? [])
      if (id !== null && isId(id) && by !== null) found.push({ id, types: types.map(bare), stamp, by })
      return null
    },
    signal,
  )
  try {
    for await (const _page of pages);
  } catch (error) {
    if (!(error instanceof RejectedError || (error instanceof AuthError && error.streamOnly))) throw error
    closedUntil.set(session, performance.now() + ASKED_AGAIN_AFTER_MS)
  }
  return found
}

/** Names of record types as one compares them: `Purchase Order`, `purchaseorder`. */
const bare = (type: string) => type.toLowerCase().replace(/[\s_-]+/g, '')

const AT_ONCE = 200

/** Those of the ids that the source still has: a type's name may stand for records of other streams as well. */
async function stillThere(
  session: NetSuiteSession,
  source: WindowSource,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const there = new Set<string>()
  const [key = ''] = sqlOfKey(source)
  const columns = Object.fromEntries(Object.entries(source.columns).filter(([alias]) => source.key.includes(alias)))
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    let left = ids.slice(at, at + AT_ONCE)
    for (;;) {
      const asked = { conditions: () => [isOneOf(key, left)], order: () => [], size: AT_ONCE }
      const found = await select(session, { ...source, columns }, asked, signal)
      const ids = found.entries.flatMap(({ item }) => keyOf(source, item)?.[0] ?? [])
      for (const id of ids) there.add(id)
      left = left.filter((id) => !there.has(id))
      if (!found.more || ids.length === 0 || left.length === 0) break
    }
  }
  return there
}
