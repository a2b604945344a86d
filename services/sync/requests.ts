import {
  type InRecord,
  type Logger,
  SYNC_REQUESTS,
  type SyncFailure,
  type SyncRequest,
  type SyncState,
} from '../../core/index.ts'
import type { GroupCommit } from './group-commit.ts'
import type { Scheduler } from './scheduler.ts'
import type { Draft, StateStore } from './state-store.ts'

/** What an operator's request does to the state of a stream. */
export interface Answered {
  readonly state: SyncState
  /** The running activities that must stop, because their range is given up. */
  readonly restart: boolean
  /** Said on the log when the request cannot do anything. */
  readonly note: string | null
}

/** Applies one request to one stream. `now`: our clock. */
export function answerRequest(request: SyncRequest, state: SyncState, now: number): Answered {
  switch (request.kind) {
    case 'run':
      return {
        state: tryNow({ ...state, due: { ...state.due, incremental: now, sweep: now } }, now),
        restart: false,
        note: null,
      }
    case 'resync':
      // what is known stays known: only the snapshot is read anew, and a corrupt cursor is thrown away
      return {
        state: { ...state, snapshot: null, incremental: null, resyncRequested: true, failures: {} },
        restart: true,
        note: null,
      }
    case 'approve-deletes':
      if (state.held === null) return { state, restart: false, note: 'no sweep of this stream is held' }
      return {
        state: tryNow(
          { ...state, held: null, approvedDeletes: state.held.missing, due: { ...state.due, sweep: now } },
          now,
        ),
        restart: false,
        note: null,
      }
    default:
      return { state, restart: false, note: `unknown request ${String(request.kind)}` }
  }
}

/** Ends waiting; what only a resync can heal goes on waiting. */
function tryNow(state: SyncState, now: number): SyncState {
  const failures = Object.fromEntries(
    Object.entries(state.failures).map(([activity, failure]) => [activity, atOnce(failure, now)]),
  )
  return { ...state, failures }
}

const atOnce = (failure: SyncFailure, now: number): SyncFailure =>
  failure.kind === 'corrupt-cursor' ? failure : { ...failure, retryAt: now }

export interface RequestDesk {
  /** Answers a batch of `sync-requests`; each effect is one transaction with the position behind its request. */
  take(records: readonly InRecord[], next: number): Promise<void>
}

export interface RequestDeskOptions {
  readonly scheduler: Scheduler
  readonly store: StateStore
  readonly committer: GroupCommit
  /** Processes a delivery again. */
  readonly redeliver: (request: SyncRequest, next: number) => Promise<void>
  /** Our clock. */
  readonly now: () => number
  readonly log: Logger
}

export function createRequestDesk(options: RequestDeskOptions): RequestDesk {
  const { scheduler, store, committer, now, log } = options
  const write = (update: (draft: Draft) => void) => committer.submit({ records: [], bytes: 0, update })

  function parse({ value }: InRecord): SyncRequest | null {
    try {
      const request = JSON.parse(value?.toString() ?? 'null') as Partial<SyncRequest> | null
      if (typeof request?.connectionId === 'string') return request as SyncRequest
    } catch {
      // said below
    }
    log.warn({ scope: 'installation' }, 'sync request that is not one; ignored')
    return null
  }

  async function answer(request: SyncRequest, next: number): Promise<void> {
    if (request.kind === 'redeliver') return options.redeliver(request, next)
    const { connectionId } = request
    const about = { connection: connectionId, stream: request.entity, request: request.kind }
    const entities = scheduler.entities(connectionId).filter((entity) => (request.entity ?? entity) === entity)
    if (entities.length === 0)
      return log.warn(about, 'sync request for a connection or stream that is not known; ignored')
    const answers = entities.map((entity) => answerRequest(request, store.stream(connectionId, entity), now()))
    if (answers.every(({ note }) => note !== null))
      return log.warn(about, `sync request has no effect: ${answers[0]?.note}`)
    const change = () =>
      write((draft) => {
        // in the same transaction: a snapshot that was asked for once is not made twice
        draft.setPosition(SYNC_REQUESTS, next)
        for (const entity of entities)
          draft.setStream(answerRequest(request, draft.stream(connectionId, entity), now()).state)
        const trouble = draft.connection(connectionId)
        if (trouble !== null)
          draft.setConnection(connectionId, { ...trouble, failure: { ...trouble.failure, retryAt: now() } })
      })
    if (answers.some(({ restart }) => restart)) await scheduler.whileStopped(connectionId, entities, change)
    else await change()
    scheduler.plan(connectionId)
  }

  return {
    async take(records, next) {
      for (const record of records) {
        const request = parse(record)
        if (request !== null) await answer(request, record.offset + 1)
      }
      await write((draft) => draft.setPosition(SYNC_REQUESTS, next))
    },
  }
}
