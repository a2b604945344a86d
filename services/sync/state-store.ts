import {
  type ConnectionState,
  connectionStateKey,
  type EntityName,
  formatSyncState,
  newSyncState,
  type OutRecord,
  POSITION_KEY,
  parseSyncState,
  SYNC_STATE,
  type SyncPositions,
  type SyncState,
  streamStateKey,
} from '../../core/index.ts'

/** A view of the state in which changes can be made; they become true when their transaction is committed. */
export interface Draft {
  readonly stream: (connectionId: string, entity: EntityName) => SyncState
  setStream(state: SyncState): void
  readonly connection: (connectionId: string) => ConnectionState | null
  /** Null = the connection works. */
  setConnection(connectionId: string, state: ConnectionState | null): void
  /** Removes everything known of a connection. */
  forget(connectionId: string): void
  setPosition(topic: string, next: number): void
}

/** One partition's part of `sync-state`, in memory exactly as committed (plus what is cheap to lose). */
export interface StateStore {
  /** Takes one record of the topic, at restore. @throws Error when it is not one of ours. */
  load(key: string, value: Buffer | null): void
  readonly stream: (connectionId: string, entity: EntityName) => SyncState
  readonly connection: (connectionId: string) => ConnectionState | null
  streams(): readonly SyncState[]
  positions(): SyncPositions
  /** Connections of which anything is stored. */
  connectionIds(): ReadonlySet<string>
  /**
   * Changes memory only; written with the key's next transaction or by a flush. For what a restart may lose.
   * `change` must be idempotent: while a transaction is under way it is applied at once and again on top of it.
   */
  amend(change: (draft: Draft) => void): void
  /** Keys that were amended and not yet written. */
  unwritten(): number
  /** Begins a transaction (one at a time): collect changes in `draft`, give `records()` to Kafka, `apply()` once committed. */
  begin(): StateTransaction
}

export interface StateTransaction {
  readonly draft: Draft
  /** State records to write: what the draft changed, and up to `amended` keys that were amended before. */
  records(amended: number): OutRecord[]
  apply(): void
}

type Value = SyncState | ConnectionState | SyncPositions

export function createStateStore(partition: number): StateStore {
  const values = new Map<string, Value>()
  const dirty = new Set<string>()
  let underWay: ((draft: Draft) => void)[] | null = null

  const owners = () => {
    const ids = new Set<string>()
    for (const key of values.keys()) if (key !== POSITION_KEY) ids.add(key.slice(0, key.indexOf('/')))
    return ids
  }

  function draftOn(changes: Map<string, Value | null>): Draft {
    const read = (key: string) => (changes.has(key) ? changes.get(key) : values.get(key)) ?? null
    return {
      stream: (connectionId, entity) =>
        (read(streamStateKey(connectionId, entity)) as SyncState | null) ?? newSyncState(connectionId, entity),
      setStream: (state) => void changes.set(streamStateKey(state.connectionId, state.entity), state),
      connection: (connectionId) => read(connectionStateKey(connectionId)) as ConnectionState | null,
      setConnection: (connectionId, state) => void changes.set(connectionStateKey(connectionId), state),
      forget(connectionId) {
        for (const key of [...values.keys(), ...changes.keys()])
          if (key.startsWith(`${connectionId}/`)) changes.set(key, null)
      },
      setPosition(topic, next) {
        changes.set(POSITION_KEY, { ...(read(POSITION_KEY) as SyncPositions | null), [topic]: next })
      },
    }
  }

  function store(changes: ReadonlyMap<string, Value | null>): void {
    for (const [key, value] of changes) {
      if (value === null) values.delete(key)
      else values.set(key, value)
    }
  }

  function amendNow(change: (draft: Draft) => void): void {
    const changes = new Map<string, Value | null>()
    change(draftOn(changes))
    store(changes)
    for (const key of changes.keys()) dirty.add(key)
  }

  const outRecord = (key: string, value: Value | null): OutRecord => ({
    topic: SYNC_STATE,
    partition,
    key,
    value: value === null ? null : formatSyncState(value),
  })

  const reader = draftOn(new Map())
  return {
    load(key, value) {
      if (value === null) return void values.delete(key)
      const record = parseSyncState(key, value)
      values.set(key, record.kind === 'position' ? record.positions : record.state)
    },
    stream: reader.stream,
    connection: reader.connection,
    streams: () => [...values.values()].filter((value): value is SyncState => 'entity' in value),
    positions: () => (values.get(POSITION_KEY) as SyncPositions | undefined) ?? {},
    connectionIds: owners,
    amend(change) {
      amendNow(change)
      underWay?.push(change)
    },
    unwritten: () => dirty.size,
    begin() {
      const changes = new Map<string, Value | null>()
      const written = new Set<string>()
      const amendments: ((draft: Draft) => void)[] = []
      underWay = amendments
      return {
        draft: draftOn(changes),
        records(amended) {
          const records: OutRecord[] = []
          for (const key of dirty) {
            if (written.size >= amended) break
            if (changes.has(key)) continue
            written.add(key)
            records.push(outRecord(key, values.get(key) ?? null))
          }
          for (const [key, value] of changes) {
            written.add(key)
            records.push(outRecord(key, value))
          }
          return records
        },
        apply() {
          store(changes)
          for (const key of written) dirty.delete(key)
          underWay = null
          for (const change of amendments) amendNow(change)
        },
      }
    },
  }
}
