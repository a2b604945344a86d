import type { NetSuiteSession } from '../session.ts'
import type { TableSource } from './source.ts'

/** What a session has learned about a table and its joins. */
export interface Memory {
  /** SQL of optional columns that the account does not know. */
  readonly missing: Set<string>
  /** The table does not take `SYS_EXTRACT_UTC`. */
  local: boolean
  /** Rows that NetSuite manages to give in time; more are not asked for. */
  size: number
  /** The account does not have the table, or not for this role. */
  absent: boolean
  /** Pages in a row that came in time at this size. */
  inTime: number
  /** By our monotonic clock. */
  readonly since: number
}

/** Permissions and features change: what is missing is looked for again after this long. */
const FORGOTTEN_AFTER_MS = 3_600_000

const memories = new WeakMap<NetSuiteSession, Map<string, Memory>>()

export function memoryOf(session: NetSuiteSession, { from }: Pick<TableSource, 'from'>): Memory {
  const known = memories.get(session) ?? new Map<string, Memory>()
  memories.set(session, known)
  const now = performance.now()
  let memory = known.get(from)
  if (memory === undefined || now - memory.since > FORGOTTEN_AFTER_MS) {
    memory = { missing: new Set(), local: !session.zone.utc, size: 1000, absent: false, inTime: 0, since: now }
    known.set(from, memory)
  }
  return memory
}
