import {
  ACTIVITIES,
  type Activity,
  type AnyConnector,
  type Connection,
  type EntityName,
  type Logger,
  type Metrics,
  type Sessions,
  type SyncState,
  streamStateKey,
} from '../../core/index.ts'
import type { ChangeEncoder } from './changes.ts'
import type { GroupCommit } from './group-commit.ts'
import { hurry, planStream, type Stream, settingsOf, streamsOf } from './planner.ts'
import { createRecent, type Recent } from './recent.ts'
import type { Run, Tuning } from './run.ts'
import { createRunner } from './runner.ts'
import type { Draft, StateStore } from './state-store.ts'
import type { SweepReports } from './sweep-reports.ts'
import { createTimetable } from './timetable.ts'
import type { Turns } from './turns.ts'
import type { PollWatch } from './webhooks/health.ts'

export interface SchedulerOptions {
  readonly store: StateStore
  readonly committer: GroupCommit
  readonly sessions: Sessions
  readonly reports: SweepReports
  readonly encoder: ChangeEncoder
  readonly turns: Turns
  readonly partitions: number
  readonly connectorOf: (system: string) => AnyConnector | undefined
  readonly clock: Run['clock']
  readonly log: Logger
  readonly metrics: Metrics
  readonly tuning: Tuning
  /** Runs at once; the others wait in line. They cost memory, not requests: those are the turns' business. */
  readonly mostRuns: number
  readonly random: () => number
  readonly newRunId: () => string
  readonly watch: PollWatch
  /** Tells a stream's memory, made anew, what deliveries published of late. */
  readonly remind: (connectionId: string, entity: EntityName, recent: Recent) => void
}

/** Starts what is due on the connections of one partition, and stops what may no longer run. */
export interface Scheduler {
  /** Null = the connection is gone. The connection's runs that must not go on have ended when this resolves. */
  setConnection(connectionId: string, connection: Connection | null, restart: boolean): Promise<void>
  connection(connectionId: string): Connection | undefined
  entities(connectionId: string): readonly EntityName[]
  /** Plans every stream of the connection anew, after its state was changed from outside. */
  plan(connectionId: string): void
  /** Undefined = the connection has no such stream, or is not known. */
  stream(connectionId: string, entity: EntityName): Stream | undefined
  /** It has the stream, and its settings do not switch it off. */
  isRead(connectionId: string, entity: EntityName): boolean
  /** What the stream published of late. */
  recent(connectionId: string, entity: EntityName): Recent | undefined
  /** Makes an increment due at once, also when one is running that may have begun too early. Plan it after the commit. */
  askForPoll(draft: Draft, connectionId: string, entity: EntityName): void
  /** Plans the connection's polls at the interval of their streams. */
  hurry(connectionId: string): void
  /** Ends the runs of these streams (what they have not committed is dropped) and starts none until `work` is done. */
  whileStopped(connectionId: string, entities: readonly EntityName[], work: () => Promise<void>): Promise<void>
  /** Stops asking for pages; resolves when the pages in hand are committed. */
  drain(): Promise<void>
  running(): number
}

interface Running {
  readonly connectionId: string
  readonly entity: EntityName
  readonly reading: AbortController
  readonly dropping: AbortController
  /** When it was due. */
  readonly due: number | undefined
  /** Waits for the normalizer only: others may take its place. */
  aside: boolean
  ended: Promise<void>
}

interface Known {
  readonly connection: Connection
  readonly streams: ReadonlyMap<EntityName, Stream>
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { store, committer, sessions, clock, tuning } = options
  const known = new Map<string, Known>()
  const running = new Map<string, Running>()
  const recents = new Map<string, Recent>()
  /** Streams with something due, while all places are taken. */
  const inLine = new Set<string>()
  /** Streams that must not start anything now. */
  const stopped = new Set<string>()
  let aside = 0
  let draining = false
  const timetable = createTimetable({ clock, onDue: planStreamOf })
  const run = createRunner({ ...options, onConnectionStopped: stopConnection })

  function planStreamOf(key: string): void {
    const slash = key.indexOf('/')
    const connectionId = key.slice(0, slash)
    const entity = key.slice(slash + 1) as EntityName
    const owner = known.get(connectionId)
    const stream = owner?.streams.get(entity)
    if (owner === undefined || stream === undefined || draining || stopped.has(key) || committer.isOver())
      return timetable.delete(key)
    const { connection } = owner
    const now = clock.now()
    const state = store.stream(connectionId, entity)
    const plan = planStream({ state, connection, stream, trouble: store.connection(connectionId) })
    let next = Number.POSITIVE_INFINITY
    for (const activity of ACTIVITIES) {
      const at = plan[activity]
      if (at === undefined || running.has(`${key}/${activity}`)) continue
      if (at > now) next = Math.min(next, at)
      else if (running.size - aside >= options.mostRuns) inLine.add(key)
      else start(owner, stream, activity)
    }
    if (next === Number.POSITIVE_INFINITY) timetable.delete(key)
    else timetable.set(key, next)
  }

  function start({ connection }: Known, stream: Stream, activity: Activity): void {
    const { entity } = stream
    const key = streamStateKey(connection.id, entity)
    const entry: Running = {
      connectionId: connection.id,
      entity,
      reading: new AbortController(),
      dropping: new AbortController(),
      due: store.stream(connection.id, entity).due[activity],
      aside: false,
      ended: Promise.resolve(),
    }
    running.set(`${key}/${activity}`, entry)
    entry.ended = run({
      ...options,
      connection,
      entity,
      activity,
      stream,
      recent: recentOf(key, stream, connection.id),
      pollEveryMs: () => options.watch.pollEveryMs(connection, entity, settingsOf(connection, stream).pollEveryMs),
      watch: activity === 'incremental' ? options.watch.of(connection, entity) : null,
      signal: entry.reading.signal,
      dropped: entry.dropping.signal,
      replan: () => planStreamOf(key),
      standAside() {
        entry.aside = true
        aside++
        callInLine()
      },
    }).then(() => {
      // ends what the connector may still have under way
      entry.reading.abort(new Error('the run is over'))
      running.delete(`${key}/${activity}`)
      if (entry.aside) aside--
      planStreamOf(key)
      callInLine()
    })
  }

  function callInLine(): void {
    for (const key of inLine) {
      if (running.size - aside >= options.mostRuns) return
      inLine.delete(key)
      planStreamOf(key)
    }
  }

  function recentOf(key: string, stream: Stream, connectionId: string): Recent {
    let recent = recents.get(key)
    if (recent === undefined) {
      recent = createRecent(tuning.recentLimit[stream.changes], store.stream(connectionId, stream.entity).recent)
      recents.set(key, recent)
      options.remind(connectionId, stream.entity, recent)
    }
    return recent
  }

  async function cancel(entries: readonly Running[], reason: string): Promise<void> {
    for (const entry of entries) {
      entry.dropping.abort(new Error(reason))
      entry.reading.abort(new Error(reason))
    }
    await Promise.all(entries.map((entry) => entry.ended))
  }

  const runsOf = (connectionId: string) => [...running.values()].filter((entry) => entry.connectionId === connectionId)

  /** After a failure that stops the connection: its own run reports it, the others end. */
  function stopConnection(connectionId: string): void {
    for (const entry of runsOf(connectionId)) entry.reading.abort(new Error('the connection has stopped'))
    void sessions.close(connectionId)
  }

  function hurryStreams(connection: Connection, streams: Known['streams']): void {
    const now = clock.now()
    for (const [entity, stream] of streams)
      store.amend((draft) => draft.setStream(hurry(draft.stream(connection.id, entity), connection, stream, now)))
  }

  function plan(connectionId: string): void {
    for (const entity of known.get(connectionId)?.streams.keys() ?? [])
      planStreamOf(streamStateKey(connectionId, entity))
  }

  return {
    async setConnection(connectionId, connection, restart) {
      const before = known.get(connectionId)
      if (connection === null || connection.status !== 'active' || restart) {
        if (connection === null) known.delete(connectionId)
        else known.set(connectionId, { connection, streams: new Map() })
        await cancel(runsOf(connectionId), 'the connection has changed')
        await sessions.close(connectionId)
      }
      if (connection === null) {
        for (const entity of before?.streams.keys() ?? []) {
          recents.delete(streamStateKey(connectionId, entity))
          timetable.delete(streamStateKey(connectionId, entity))
        }
        return
      }
      const connector = options.connectorOf(connection.system)
      const streams = connector === undefined ? new Map<EntityName, Stream>() : streamsOf(connector)
      known.set(connectionId, { connection, streams })
      if (before !== undefined) hurryStreams(connection, streams)
      plan(connectionId)
    },
    connection: (connectionId) => known.get(connectionId)?.connection,
    entities: (connectionId) => [...(known.get(connectionId)?.streams.keys() ?? [])],
    plan,
    stream: (connectionId, entity) => known.get(connectionId)?.streams.get(entity),
    isRead(connectionId, entity) {
      const owner = known.get(connectionId)
      const stream = owner?.streams.get(entity)
      return owner !== undefined && stream !== undefined && settingsOf(owner.connection, stream).enabled
    },
    recent(connectionId, entity) {
      const stream = known.get(connectionId)?.streams.get(entity)
      return stream === undefined ? undefined : recentOf(streamStateKey(connectionId, entity), stream, connectionId)
    },
    askForPoll(draft, connectionId, entity) {
      const state = draft.stream(connectionId, entity)
      const { incremental: due } = state.due
      const now = Math.max(clock.now(), restOf(state, known.get(connectionId)?.streams.get(entity)))
      const begun = running.get(`${streamStateKey(connectionId, entity)}/incremental`)
      if (due !== undefined && due <= now && (begun === undefined || begun.due !== due)) return
      // a run that has begun recognises by another time that one more is asked for
      const at = begun?.due === now ? now + 0.5 : now
      draft.setStream({ ...state, due: { ...state.due, incremental: at } })
    },
    hurry(connectionId) {
      const owner = known.get(connectionId)
      if (owner === undefined) return
      hurryStreams(owner.connection, owner.streams)
      plan(connectionId)
    },
    async whileStopped(connectionId, entities, work) {
      const keys = entities.map((entity) => streamStateKey(connectionId, entity))
      for (const key of keys) stopped.add(key)
      try {
        const runs = runsOf(connectionId).filter((entry) => entities.includes(entry.entity))
        await cancel(runs, 'the stream starts anew')
        await work()
      } finally {
        for (const key of keys) stopped.delete(key)
        for (const key of keys) planStreamOf(key)
      }
    },
    async drain() {
      draining = true
      timetable.close()
      inLine.clear()
      for (const entry of running.values()) entry.reading.abort(new Error('sync is stopping'))
      await Promise.all([...running.values()].map((entry) => entry.ended))
      await committer.idle()
    },
    running: () => running.size,
  }
}

/** However often it is asked for, a stream that is read whole each time is read at most half of the time. */
function restOf({ incrementalDone: done }: SyncState, stream: Stream | undefined): number {
  return stream?.changes !== 'full-scan' || done === null ? 0 : done.finishedAt + (done.finishedAt - done.startedAt)
}
