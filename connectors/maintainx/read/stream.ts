import {
  type EntityName,
  type Page,
  type RawRecord,
  type ReadRange,
  type ReadStream,
  RejectedError,
} from '../../../core/index.ts'
import type { Query } from '../client.ts'
import type { MaintainXSession } from '../session.ts'
import { isId } from '../values.ts'
import { namesOf } from './names.ts'
import { cursorAt, positionIn, START } from './position.ts'
import { expanding, isGone, recordsIn, recordsOf } from './records.ts'
import type { Part, Source } from './source.ts'
import { idOf, steps, type Walk } from './walk.ts'

/** Records that are asked for one by one are committed in smaller pages: each takes a request of the minute's hundred. */
const DETAILED_A_PAGE = 25
const KEYS_A_PAGE = 200

/** Deletions are found by key sweeps: no list tells of them. */
export function streamOf<Entity extends EntityName>(source: Source<Entity>): ReadStream<MaintainXSession, Entity> {
  const { entity, mappingVersion, ignoresWindow, isTimed, toUnified } = source
  const plain = source as unknown as Source
  return {
    entity,
    changes: isTimed ? 'incremental' : 'full-scan',
    deletes: 'by-absence',
    mappingVersion,
    ignoresWindow,
    read: (session, range, signal) => readPages(plain, session, range, signal),
    listKeys: (session, signal) => listKeys(plain, session, signal),
    readOne: (session, key, signal) => readOne(plain, session, key, signal),
    toUnified,
  }
}

async function* readPages(
  source: Source,
  session: MaintainXSession,
  range: ReadRange,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const by = !source.isTimed ? null : range.mode === 'snapshot' ? 'createdAt' : 'updatedAt'
  const name = by === null ? source.entity : `${source.entity} by ${by}`
  let position = positionIn(name, range.cursor)
  const parts = partsOf(source)
  // increments are few requests, and as urgent as what webhooks tell
  const isPatient = by !== 'updatedAt'
  while (position.part < parts.length) {
    const { part, end } = position
    const { query, detailed } = parts[part] as Part
    const since = range.since === null || by === null ? {} : { 'updatedAt[gte]': new Date(range.since).toISOString() }
    const walk: Walk = {
      collection: source.collection,
      query: { ...since, ...(detailed ? {} : expandingMany(source)), ...source.query, ...query },
      by,
      limit: Math.min(range.pageSize, session.config.page_size, detailed ? DETAILED_A_PAGE : KEYS_A_PAGE),
      isPatient,
    }
    if (!end)
      for await (const step of steps(session, walk, position, signal)) {
        position = step.position
        const page = await recordsIn(session, source, step.rows, { detailed, isPatient }, signal)
        yield { ...page, cursor: cursorAt(name, position) }
      }
    position = { ...START, part: part + 1 }
  }
}

const partsOf = ({ parts, detailed }: Source): readonly Part[] => parts ?? [{ query: {}, detailed }]

const expandingMany = ({ expandMany }: Source): Query => (expandMany.length === 0 ? {} : { expand: expandMany })

/**
 * Keys of all records. Where MaintainX cannot sort, pages may be offsets, and one that goes hides another behind it: so
 * such a list of several pages is gone through twice, and what either had is there.
 */
async function* listKeys(
  source: Source,
  session: MaintainXSession,
  signal: AbortSignal,
): AsyncGenerator<readonly (string | readonly string[])[]> {
  const walk: Walk = {
    collection: source.collection,
    query: { ...source.query },
    by: source.isTimed ? 'createdAt' : null,
    limit: Math.min(session.config.page_size, KEYS_A_PAGE),
    isPatient: true,
  }
  const told = new Set<string>()
  for (let round = 0; round < (source.isTimed ? 1 : 2); round++) {
    let pages = 0
    for await (const { rows } of steps(session, walk, START, signal)) {
      pages++
      const keys = rows.flatMap((row) => keysIn(source, row))
      const fresh = source.isTimed ? keys : keys.filter((key) => !told.has(key.join('|')))
      if (!source.isTimed) for (const key of fresh) told.add(key.join('|'))
      if (fresh.length > 0) yield fresh.map((key) => (key.length === 1 ? (key[0] as string) : key))
    }
    if (pages < 2) return
  }
}

/** @throws RejectedError for a record without an id: left out, it would count as deleted */
function keysIn(source: Source, row: unknown): readonly (readonly string[])[] {
  const id = idOf(row as never)
  if (id === null) throw new RejectedError(`reading ${source.collection.title}: a record without an id`)
  if (isGone(source, row as never)) return []
  return source.split === undefined ? [[id]] : source.split(row as never).map(({ key }) => key)
}

async function readOne(
  source: Source,
  session: MaintainXSession,
  key: string,
  signal: AbortSignal,
): Promise<RawRecord | null> {
  const parts = key.split('|')
  if (!parts.every(isId)) return null
  const [id = ''] = parts
  const row = await session.client.one(source.collection, id, expanding(source), signal)
  if (row === null || isGone(source, row)) return null
  const names = await namesOf(session, source.names ?? [], signal)
  try {
    const records = await recordsOf(session, source, row, id, names, signal)
    return (
      records.find((record) => (typeof record.key === 'string' ? record.key : record.key.join('|')) === key) ?? null
    )
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      throw new RejectedError(`reading ${source.collection.title} ${key}: ${error.message}`, [], { cause: error })
    throw error
  }
}
