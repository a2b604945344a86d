import {
  CONNECTIONS,
  type Connection,
  createSessions,
  type InRecord,
  type Partition,
  type PartitionWork,
  type SessionOptions,
  SWEEP_REPORTS,
  type SweepReport,
  SYNC_REQUESTS,
  SYNC_STATE,
  WEBHOOKS_INBOUND,
} from '../../core/index.ts'
import { createConnectionsFollower } from './connections.ts'
import { createGroupCommit, type GroupCommitOptions } from './group-commit.ts'
import { createRequestDesk } from './requests.ts'
import { createScheduler, type SchedulerOptions } from './scheduler.ts'
import { createStateStore, type StateStore } from './state-store.ts'
import { createSweepReports } from './sweep-reports.ts'
import { openWebhooks, type WebhookParts } from './webhooks/webhooks.ts'

/** What the partitions of a process share. */
export interface SyncParts
  extends Omit<SchedulerOptions, 'store' | 'committer' | 'sessions' | 'reports' | 'watch' | 'remind'>,
    Pick<SessionOptions, 'settingsOf' | 'httpFor'>,
    WebhookParts {
  /** @throws Error when the value is not a connection */
  readonly decodeConnection: (value: Buffer) => Connection
  readonly commit: Pick<GroupCommitOptions, 'lingerMs' | 'maxRecords' | 'maxBytes' | 'amendedPerCommit'>
  /** How often what only memory knows (idle polls) is written. */
  readonly flushEveryMs: number
}

/**
 * Takes over one partition: restores its state and its connections, and runs their streams until it is closed. All
 * reads and writes of state go through this owner; a new one fences it and starts from what was committed.
 */
export async function openPartition(parts: SyncParts, partition: Partition): Promise<PartitionWork> {
  const { clock, log, turns } = parts
  const store = createStateStore(partition.index)
  const committer = createGroupCommit({ ...parts.commit, partition, store, clock })
  const sessions = createSessions({
    ...parts,
    turn: (connection, signal) => turns.take(connection.id, connection.limits.concurrency, 'live', signal),
  })
  const reports = createSweepReports()
  const options = { ...parts, store, committer, sessions, reports }
  const webhooks = openWebhooks(options, partition, (asks) => createScheduler({ ...options, ...asks }))
  const { scheduler } = webhooks
  const follower = createConnectionsFollower({
    ...parts,
    scheduler,
    store,
    committer,
    webhooks,
    decode: parts.decodeConnection,
    now: () => clock.now(),
  })
  const redeliver: typeof webhooks.redeliver = (...request) => webhooks.redeliver(...request)
  const desk = createRequestDesk({ scheduler, store, committer, redeliver, now: () => clock.now(), log })

  await partition.restore(SYNC_STATE, ({ key, value }) => {
    if (key !== null) store.load(key.toString(), value)
  })
  const table = new Map<string, Buffer>()
  const { endOffset } = await partition.restore(CONNECTIONS, ({ key, value }) => {
    if (key === null) return
    if (value === null) table.delete(key.toString())
    else table.set(key.toString(), Buffer.from(value))
  })
  await webhooks.restore()
  restartSweeps(store, clock.now())
  webhooks.begin()
  for (const [connectionId, value] of table) await follower.take(connectionId, value)
  await follower.forgetUnknown()

  // a partition that is going away asks for no more pages; what it has in hand is committed by `close`
  const drain = () => {
    webhooks.stop()
    return scheduler.drain()
  }
  partition.signal.addEventListener('abort', () => void drain(), { once: true })
  const keepWriting = repeat(clock, parts.flushEveryMs, () => committer.flush())

  async function takeReports(records: readonly InRecord[], topic: string): Promise<void> {
    for (const { value } of records) if (value !== null) reports.take(JSON.parse(value.toString()) as SweepReport)
    const next = nextOffset(records)
    // a report that is read again meets no sweep that waits for it: the position may be written late
    store.amend((draft) => draft.setPosition(topic, next))
  }

  return {
    positions: new Map([...Object.entries(store.positions()), [CONNECTIONS, endOffset]]),
    async onBatch({ topic, records }) {
      if (topic === SYNC_REQUESTS) await desk.take(records, nextOffset(records))
      else if (topic === WEBHOOKS_INBOUND) await webhooks.take(records)
      else if (topic === SWEEP_REPORTS) await takeReports(records, topic)
      else for (const { key, value } of records) if (key !== null) await follower.take(key.toString(), value)
    },
    async close() {
      keepWriting.stop()
      await drain()
      await committer.flush()
      await sessions.closeAll()
    },
  }
}

const nextOffset = (records: readonly InRecord[]) => (records.at(-1)?.offset ?? -1) + 1

/** A sweep does not survive its process: it starts anew, under a new run id, and nothing was deleted. */
function restartSweeps(store: StateStore, now: number): void {
  for (const state of store.streams())
    if (state.sweep !== null)
      store.amend((draft) => {
        const current = draft.stream(state.connectionId, state.entity)
        draft.setStream({ ...current, sweep: null, due: { ...current.due, sweep: now } })
      })
}

/** Runs `work` again and again, never twice at once, until stopped. */
function repeat(clock: SyncParts['clock'], everyMs: number, work: () => Promise<void>): { stop(): void } {
  let cancel = clock.after(everyMs, tick)
  let stopped = false
  function tick(): void {
    void work().finally(() => {
      if (!stopped) cancel = clock.after(everyMs, tick)
    })
  }
  return {
    stop() {
      stopped = true
      cancel()
    },
  }
}
