import {
  type Clock,
  type Codec,
  type CommandJournal,
  type Connection,
  RejectedError,
  type Sessions,
  type WritableEntity,
} from '../../core/index.ts'
import type { Committer } from './committer.ts'
import type { Journal } from './journal.ts'
import type { Policy } from './policy.ts'
import { reread } from './reread.ts'

/** Records that were written, but could not be read again at once. What sync brings anyway is not tried for ever. */
export interface Rereads {
  add(entry: CommandJournal): void
  /** Those that an owner before us left. */
  restore(): void
  stop(): void
}

const MOST_TRIES = 10

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

  async function tryOnce(entry: CommandJournal) {
    const connection = parts.connectionOf(entry.connection_id)
    const key = entry.result?.source_id ?? null
    if (connection === undefined || key === null) return []
    const session = await parts.sessions.open(connection)
    const { records } = await reread(
      { ...parts, now: () => clock.now() },
      { connection, connector: session.connector, session: session.value },
      { entity: entry.entity as WritableEntity, key, commandId: entry.command_id },
      parts.signal,
    )
    return records
  }

  async function work(commandId: string, tries: number): Promise<void> {
    const entry = journal.get(commandId)
    if (stopped || entry?.reread_due !== true) return
    const records = await tryOnce(entry).catch((error: unknown) => (error instanceof RejectedError ? [] : null))
    if (stopped) return
    if (records === null && tries < MOST_TRIES) return later(commandId, tries + 1)
    const current = journal.get(commandId) ?? entry
    const written = journal.write({ entry: { ...current, reread_due: false }, result: null })
    await committer.submit({ records: [...(records ?? []), ...written] })
  }

  function later(commandId: string, tries: number): void {
    const wait = Math.min(policy.retryCapMs, policy.retryBaseMs * 2 ** Math.min(tries, 20))
    const cancel = clock.after(wait, () => {
      waits.delete(cancel)
      void work(commandId, tries)
    })
    waits.add(cancel)
  }

  return {
    add: (entry) => later(entry.command_id, 0),
    restore() {
      for (const entry of journal.entries()) if (entry.reread_due) later(entry.command_id, 0)
    },
    stop() {
      stopped = true
      for (const cancel of waits) cancel()
      waits.clear()
    },
  }
}
