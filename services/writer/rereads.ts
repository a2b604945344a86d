import {
  type Clock,
  type Codec,
  type CommandJournal,
  type Connection,
  type OutRecord,
  RejectedError,
  RetryableError,
  type Sessions,
  type WritableEntity,
} from '../../core/index.ts'
import type { Committer } from './committer.ts'
import type { Journal } from './journal.ts'
import { levelsOf, movesStock } from './levels.ts'
import type { Policy } from './policy.ts'
import { NOT_READ, reread } from './reread.ts'

/**
 * Records that were written, but could not be read again at once, and the stock levels that a movement touched. What
 * sync brings anyway is not tried for ever.
 */
export interface Rereads {
  add(entry: CommandJournal, known?: Known): void
  /** Those that an owner before us left. */
  restore(): void
  stop(): void
}

export interface Known {
  readonly levels: readonly string[]
  /** The record itself has been published. */
  readonly isRead: boolean
}

const MOST_TRIES = 10
const NOTHING: Known = { levels: [], isRead: false }

export function createRereads(parts: {
  readonly codec: Codec
  readonly partitions: number
  readonly clock: Clock
  readonly policy: Policy
  readonly sessions: Sessions
  readonly journal: Journal
  readonly committer: Committer
  readonly connectionOf: (id: string) => Connection | undefined
  readonly signal: AbortSignal
}): Rereads {
  const { clock, policy, journal, committer } = parts
  const waits = new Set<() => void>()
  let stopped = false

  async function tryOnce(entry: CommandJournal, known: Known): Promise<OutRecord[]> {
    const connection = parts.connectionOf(entry.connection_id)
    const key = entry.result?.source_id ?? null
    if (connection === undefined || key === null) return []
    const session = await parts.sessions.open(connection)
    const read = (entity: WritableEntity, key: string) =>
      reread(
        { ...parts, now: () => clock.now() },
        { connection, connector: session.connector, session: session.value },
        { entity, key, commandId: entry.command_id },
        parts.signal,
      )
    const entity = entry.entity as WritableEntity
    const found = known.isRead ? NOT_READ : await read(entity, key)
    if (found.gone && entry.operation !== 'DELETE') throw new RetryableError(`${entity} ${key} is not shown yet`)
    const records = [...found.records]
    if (!movesStock(session.connector, entity)) return records
    for (const level of new Set([...known.levels, ...levelsOf(session.connector, found.mapped)])) {
      // no such level, or no longer: a sweep tells which
      const { gone, records: changes } = await read('stock_level', level)
      if (!gone) records.push(...changes)
    }
    return records
  }

  async function work(commandId: string, tries: number, known: Known): Promise<void> {
    const entry = journal.get(commandId)
    if (stopped || entry?.reread_due !== true) return
    const records = await tryOnce(entry, known).catch((error: unknown) => (error instanceof RejectedError ? [] : null))
    if (stopped) return
    if (records === null && tries < MOST_TRIES) return later(commandId, tries + 1, known)
    const current = journal.get(commandId) ?? entry
    const written = journal.write({ entry: { ...current, reread_due: false }, result: null })
    await committer.submit({ records: [...(records ?? []), ...written] })
  }

  function later(commandId: string, tries: number, known: Known): void {
    const wait = tries === 0 && known.isRead ? 0 : Math.min(policy.retryCapMs, policy.retryBaseMs * 2 ** tries)
    const cancel = clock.after(wait, () => {
      waits.delete(cancel)
      void work(commandId, tries, known)
    })
    waits.add(cancel)
  }

  return {
    add: (entry, known = NOTHING) => later(entry.command_id, 0, known),
    restore() {
      for (const entry of journal.entries()) if (entry.reread_due) later(entry.command_id, 0, NOTHING)
    },
    stop() {
      stopped = true
      for (const cancel of waits) cancel()
      waits.clear()
    },
  }
}
