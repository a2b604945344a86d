import {
  type Json,
  type MappingSettings,
  type Page,
  type RawRecord,
  RejectedError,
  sourceKeyOf,
  type UndecodableRecord,
} from '../../../core/index.ts'
import type { MaintainXSession } from '../session.ts'
import { instant, isRow, type Row } from '../values.ts'
import { namesOf } from './names.ts'
import { type Names, type Outcome, problem, type Source } from './source.ts'
import { idOf } from './walk.ts'

/** Requests for single records that are under way at once. */
const AT_ONCE = 4

/** How the rows of a list become records. */
export interface Manner {
  /** Each is asked for by itself. */
  readonly detailed: boolean
  readonly isPatient: boolean
}

/** The records in rows of a list; one that cannot be read is reported, and the others are delivered. */
export async function recordsIn(
  session: MaintainXSession,
  source: Source,
  rows: readonly Json[],
  { detailed, isPatient }: Manner,
  signal: AbortSignal,
): Promise<Pick<Page, 'records' | 'undecodable'>> {
  const names = await namesOf(session, source.names ?? [], signal)
  const outcomes = await inTurns(rows, (row) => outcomeOf(session, source, row, { detailed, isPatient }, names, signal))
  const records: RawRecord[] = []
  const undecodable: UndecodableRecord[] = []
  for (const outcome of outcomes.flat())
    if ('records' in outcome) records.push(...outcome.records)
    else undecodable.push(outcome.problem)
  return undecodable.length === 0 ? { records } : { records, undecodable }
}

async function outcomeOf(
  session: MaintainXSession,
  source: Source,
  listed: Json,
  { detailed, isPatient }: Manner,
  names: Names,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const id = idOf(listed)
  if (id === null || !isRow(listed)) return [problem(null, listed, 'it has no id')]
  let row: Row | null = listed
  try {
    if (detailed) row = await session.client.one(source.collection, id, expanding(source), signal, isPatient)
    // deleted meanwhile: the keys will tell
    if (row === null) return []
    return [{ records: await recordsOf(session, source, row, id, names, signal) }]
  } catch (error) {
    const isItsOwn = error instanceof TypeError || error instanceof RangeError || error instanceof RejectedError
    if (!isItsOwn) throw error
    const { message } = error
    return keysOf(source, row ?? listed, id).map((key) => problem(key, row ?? listed, message))
  }
}

/** Of the records that it would be, where that can be told. */
function keysOf({ split }: Source, row: Row, id: string): readonly string[] {
  try {
    const keys = split?.(row).map(({ key }) => sourceKeyOf(key)) ?? []
    return keys.length === 0 ? [id] : keys
  } catch {
    return [id]
  }
}

/** @throws TypeError when the record is not what it should be */
export async function recordsOf(
  session: MaintainXSession,
  source: Source,
  row: Row,
  id: string,
  names: Names,
  signal: AbortSignal,
): Promise<readonly RawRecord[]> {
  const modifiedAt = instant(row['updatedAt'])
  if (modifiedAt === null && source.isTimed) throw new TypeError('it has no updatedAt')
  const stamps = { version: modifiedAt ?? 0, modifiedAt }
  if (isGone(source, row)) return [{ key: id, ...stamps, deleted: true, payload: {} }]
  const short = canonical(source.payload(row, names))
  const payload = source.complete === undefined ? short : canonical(await source.complete(short, session, signal))
  const records: readonly RawRecord[] =
    source.split === undefined
      ? [{ key: id, ...stamps, payload }]
      : source.split(payload).map((each) => ({ ...each, ...stamps, payload: canonical(each.payload) }))
  // a field that is not what it should be is told here, where the record is still at hand
  for (const { key, payload: each } of records) source.toUnified(each, NEUTRAL, sourceKeyOf(key))
  return records
}

const NEUTRAL: MappingSettings = {
  connectionId: 'any',
  system: 'maintainx',
  timeZone: 'UTC',
  currency: null,
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: {},
}

export const isGone = (source: Source, row: Row): boolean =>
  (row['deletedAt'] ?? null) !== null || source.isGone?.(row) === true

export const expanding = ({ expandOne }: Pick<Source, 'expandOne'>) =>
  expandOne.length === 0 ? {} : { expand: expandOne }

/** Without what is not there: lists leave out what single records have as null, and the other way round. */
function canonical(payload: Row): Row {
  const isEmpty = (value: Json | undefined) =>
    value === null ||
    value === undefined ||
    value === '' ||
    (Array.isArray(value) ? value.length === 0 : isRow(value) && Object.keys(value).length === 0)
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => !isEmpty(value)))
}

/** These properties, in this order. */
export const picked = (row: Row, names: readonly string[]): { [name: string]: Json } =>
  Object.fromEntries(names.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])))

/** In the order of the items, some at once. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let at = 0
  const worker = async () => {
    while (at < items.length) {
      const mine = at++
      results[mine] = await work(items[mine] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
  return results
}
