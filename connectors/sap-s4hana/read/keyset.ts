import { type Json, type Page, type ReadRange, RejectedError, RetryableError } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { entityPath, isRow, literal, type Row, sapInstant } from '../values.ts'
import { dayOf } from './by-date.ts'
import { type Key, keyOf } from './filters.ts'
import { type Listing, readListed } from './listed.ts'
import { readMatching } from './matching.ts'
import { completed, LARGEST_PAGE, nextRows, type Rows, selection } from './rows.ts'
import type { SetSource, StampedSource, ToRecord } from './source.ts'

export { readByDate } from './by-date.ts'
export { type Part, readInTurn } from './in-turn.ts'
export type { DatedSource, SetSource, StampedSource, ToRecord } from './source.ts'

/**
 * Rows changed or created at or after `since`. Pages go by key, so that neither many rows of one second nor a change
 * while paging loses anything; there is no upper bound, what was changed later comes early and is dropped as known by
 * the runtime. One request when nothing has changed.
 */
export async function* readKeyset(
  session: SapSession,
  source: StampedSource,
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  if (range.since === null) return yield* readMatching(session, source, [], range, toRecord, signal)
  // a stamp of whole seconds lies before the moment it stands for
  const since = Math.floor(range.since / 1000) * 1000
  const { changedAt, fallbackAt, fallbackOn } = source
  const at = literal.datetimeoffset(since)
  const either = [
    `${changedAt} ge ${at}`,
    ...(fallbackAt === undefined ? [] : [`${fallbackAt} ge ${at}`]),
    ...(fallbackOn === undefined ? [] : [`${fallbackOn} ge ${dayOf(since, session.timeZone)}`]),
  ]
  const conditions = [either.join(' or ')]
  if (fallbackOn === undefined || range.mode === 'snapshot')
    return yield* readMatching(session, source, conditions, range, toRecord, signal)
  const listing = { conditions, properties: [changedAt, fallbackOn], ...newOnly(session, source, since) }
  yield* readListed(session, source, listing, range, toRecord, signal)
}

/** Never-changed rows already delivered in this session, by set: native key. A day's worth, for a day only. */
const delivered = new WeakMap<SapSession, Map<string, Set<string>>>()

/**
 * Where all that is known of a row never changed is its day of creation, the filter finds it again all day long:
 * it is delivered once. SAP's own `eq null` is not used; what it matches differs from service to service.
 */
function newOnly(session: SapSession, source: StampedSource, since: number): Pick<Listing, 'needs' | 'delivered'> {
  const { service, set, key, changedAt } = source
  const known = delivered.get(session) ?? new Map<string, Set<string>>()
  delivered.set(session, known)
  const name = `${service}/${set} ${dayOf(since, session.timeZone)}`
  for (const other of known.keys()) if (other.startsWith(`${service}/${set} `) && other < name) known.delete(other)
  const keys = known.get(name) ?? new Set<string>()
  known.set(name, keys)
  return {
    needs(row) {
      const changed = sapInstant(row[changedAt])
      return changed === null ? !keys.has(JSON.stringify(keyOf(key, row))) : changed >= since
    },
    delivered(row) {
      if (row[changedAt] === null) keys.add(JSON.stringify(keyOf(key, row)))
    },
  }
}

/** Every row, for sets without a change field. */
export const readWhole = (
  session: SapSession,
  source: SetSource,
  range: ReadRange,
  toRecord: ToRecord,
  signal: AbortSignal,
): AsyncGenerator<Page> => readMatching(session, source, [], range, toRecord, signal)

/** Key of each row as text: one property as it is, several as a list. Null from `keyOf` leaves the row out. */
export async function* listKeysOf(
  session: SapSession,
  source: SetSource,
  signal: AbortSignal,
  native: (row: Row) => string | readonly string[] | null = (row) => plainKey(source, row),
): AsyncGenerator<(string | readonly string[])[]> {
  const { expand: _none, ...light } = source
  const select = [...new Set([...source.key, ...(source.select ?? [])])]
  let after: Key | null = null
  for (;;) {
    signal.throwIfAborted()
    const wanted = { conditions: [], after, top: LARGEST_PAGE }
    const found: Rows = await nextRows(session, { ...light, select }, wanted, signal)
    // left out, their records would count as deleted
    const [unread] = found.undecodable
    if (unread !== undefined) throw new RetryableError(`listing ${source.set}: ${unread.key}: ${unread.reason}`)
    const keys = found.rows.flatMap((row) => [native(row)]).filter((key) => key !== null)
    if (keys.length > 0) yield keys
    if (!found.more || found.last === null) return
    after = found.last
  }
}

function plainKey(source: SetSource, row: Row): string | readonly string[] {
  const key = keyOf(source.key, row)?.map(String)
  if (key === undefined) throw new TypeError(`a row of ${source.set} without ${source.key.join(', ')}`)
  return key.length === 1 ? (key[0] as string) : key
}

/** One row as it is now; null = there is none. `expand` [] = none. */
export async function readRow(
  session: SapSession,
  service: string,
  set: string,
  key: { readonly [property: string]: Json },
  expand: readonly string[],
  signal: AbortSignal,
  options: Pick<SetSource, 'language' | 'select'> = {},
): Promise<Row | null> {
  try {
    const answer = await session.client.get(service, entityPath(set, key), selection({ expand, ...options }), signal)
    return isRow(answer.body) && Object.keys(answer.body).length > 0
      ? await completed(session, { service }, answer.body, signal)
      : null
  } catch (error) {
    if (error instanceof RejectedError && isAbsence(error)) return null
    throw error
  }
}

/** Some services answer 400 where others say 404. */
const isAbsence = ({ status, message }: RejectedError): boolean =>
  status === 404 || (status === 400 && /not (be )?found|does not exist/i.test(message))
