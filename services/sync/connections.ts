import type { AnyConnector, Connection, Logger, SyncFailure, SyncState } from '../../core/index.ts'
import type { GroupCommit } from './group-commit.ts'
import type { Scheduler } from './scheduler.ts'
import type { Draft, StateStore } from './state-store.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

/** Follows the `connections` table: what an operator changes takes effect without a restart. */
export interface ConnectionsFollower {
  /** One record of the topic; null = tombstone. Resolves once what must stop has stopped. */
  take(connectionId: string, value: Buffer | null): Promise<void>
  /** Removes the state of connections that vanished while nobody was looking. Call it after the table is restored. */
  forgetUnknown(): Promise<void>
}

export interface FollowerOptions {
  readonly scheduler: Scheduler
  readonly store: StateStore
  readonly committer: GroupCommit
  readonly webhooks: Pick<Webhooks, 'connectionChanges' | 'connectionChanged' | 'connectionRemoved' | 'ids'>
  readonly decode: (value: Buffer) => Connection
  readonly connectorOf: (system: string) => AnyConnector | undefined
  readonly now: () => number
  readonly log: Logger
}

export function createConnectionsFollower(options: FollowerOptions): ConnectionsFollower {
  const { scheduler, store, committer, webhooks, log } = options

  function decode(connectionId: string, value: Buffer): Connection | null {
    try {
      return options.decode(value)
    } catch (error) {
      log.error(
        { connection: connectionId, scope: 'connection', err: error },
        'connection record cannot be read; add the connection again',
      )
      return null
    }
  }

  const write = (update: (draft: Draft) => void) => committer.submit({ records: [], bytes: 0, update })

  async function forget(connectionId: string, last: Connection | null = null): Promise<void> {
    const before = last ?? scheduler.connection(connectionId) ?? null
    webhooks.connectionChanges(connectionId)
    await scheduler.setConnection(connectionId, null, true)
    // not waited for: the system may take its time to remove its webhooks
    void webhooks.connectionRemoved(connectionId, before)
    if (store.connectionIds().has(connectionId)) await write((draft) => draft.forget(connectionId))
  }

  /** New settings deserve a new try, whatever was wrong before. */
  async function tryAgain(connection: Connection): Promise<void> {
    const trouble = store.connection(connection.id)
    const waiting = scheduler
      .entities(connection.id)
      .map((entity) => store.stream(connection.id, entity))
      .filter((state) => Object.values(state.failures).some((failure) => failure.kind === 'auth'))
    if (trouble === null && waiting.length === 0) return
    await write((draft) => {
      if (trouble !== null)
        draft.setConnection(connection.id, { ...trouble, failure: { ...trouble.failure, retryAt: options.now() } })
      for (const { entity } of waiting) draft.setStream(retryAuth(draft.stream(connection.id, entity), options.now()))
    })
  }

  return {
    async take(connectionId, value) {
      if (value === null) return forget(connectionId)
      const connection = decode(connectionId, value)
      if (connection === null) return
      if (connection.status === 'removed') return forget(connectionId, connection)
      if (options.connectorOf(connection.system) === undefined)
        log.warn(
          { connection: connectionId, scope: 'connection', system: connection.system },
          'this version has no connector for the system of this connection',
        )
      const before = scheduler.connection(connectionId)
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(connection)) await tryAgain(connection)
      webhooks.connectionChanges(connectionId)
      await scheduler.setConnection(
        connectionId,
        connection,
        before !== undefined && needsNewSession(before, connection),
      )
      webhooks.connectionChanged(connection)
    },
    async forgetUnknown() {
      for (const id of new Set([...store.connectionIds(), ...webhooks.ids()]))
        if (scheduler.connection(id) === undefined) await forget(id)
    },
  }
}

/** Did anything change that the session was opened with? Compared as text: equal records have equal text. */
const needsNewSession = (a: Connection, b: Connection) => openedWith(a) !== openedWith(b)
const openedWith = ({ system, settings, limits }: Connection) => JSON.stringify([system, settings, limits])

function retryAuth(state: SyncState, now: number): SyncState {
  const failures = Object.entries(state.failures).map(([activity, failure]): [string, SyncFailure] => [
    activity,
    failure.kind === 'auth' ? { ...failure, retryAt: now } : failure,
  ])
  return { ...state, failures: Object.fromEntries(failures) }
}
