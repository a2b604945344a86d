import { AuthError, RejectedError } from '../../../core/index.ts'
import { COLLECTIONS } from '../collections.ts'
import type { MaintainXSession } from '../session.ts'
import { isRow, ref, text } from '../values.ts'
import type { NameList, Names } from './source.ts'

/** New teams and changed names are seen after so long. */
const FRESH_MS = 15 * 60_000

interface Entry {
  readonly at: number
  readonly names: Promise<ReadonlyMap<string, string>>
}

const known = new WeakMap<MaintainXSession, Map<NameList, Entry>>()

const NONE: ReadonlyMap<string, string> = new Map()

/** Asked for once in a while for the whole session, by whoever needs them first. */
export async function namesOf(
  session: MaintainXSession,
  wanted: readonly NameList[],
  signal: AbortSignal,
): Promise<Names> {
  const list = (name: NameList) => (wanted.includes(name) ? cached(session, name, signal) : Promise.resolve(NONE))
  const [teams, criticalities] = await Promise.all([list('teams'), list('criticalities')])
  const { organization } = session
  return { teams, criticalities, currency: organization?.currency ?? null, organization: organization?.id ?? null }
}

function cached(session: MaintainXSession, name: NameList, signal: AbortSignal): Entry['names'] {
  const lists = known.get(session) ?? new Map<NameList, Entry>()
  known.set(session, lists)
  const entry = lists.get(name)
  if (entry !== undefined && performance.now() - entry.at < FRESH_MS) return entry.names
  const names = read(session, name, signal)
  lists.set(name, { at: performance.now(), names })
  names.catch(() => lists.delete(name))
  return names
}

/** None where the user may not see them: the ids stay. */
async function read(session: MaintainXSession, name: NameList, signal: AbortSignal): Entry['names'] {
  const found = new Map<string, string>()
  try {
    for (let cursor: string | null = null; ; ) {
      const page = await session.client.list(COLLECTIONS[name], { limit: 200, cursor }, signal)
      for (const row of page.rows) {
        const id = isRow(row) ? ref(row['id']) : null
        const label = isRow(row) ? text(row[name === 'teams' ? 'name' : 'label']) : null
        if (id !== null && label !== null) found.set(id, label)
      }
      if (page.next === null || page.next === cursor) return found
      cursor = page.next
    }
  } catch (error) {
    if (error instanceof RejectedError || (error instanceof AuthError && error.streamOnly)) return found
    throw error
  }
}
