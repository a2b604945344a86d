import type { Clock, OutRecord, Partition } from '../../core/index.ts'
import type { Draft, StateStore } from './state-store.ts'

/** The partition was lost, or Kafka refused: this owner is over, and the next one starts from what was committed. */
export class CommitError extends Error {
  constructor(cause: unknown) {
    super('committing to Kafka', { cause })
    this.name = 'CommitError'
  }
}

/** What must become true together: records, and the state that says they were sent. */
export interface Unit {
  readonly records: readonly OutRecord[]
  /** Size of keys and values, for the limits of a transaction. */
  readonly bytes: number
  /** Changes the state; runs when the transaction is put together, after the units submitted before. */
  readonly update: (draft: Draft) => void
  /** The unit is dropped, and its promise rejects with the signal's reason, if this has aborted by then. */
  readonly signal?: AbortSignal
}

export interface GroupCommit {
  /** Resolves once the unit's transaction is committed. @throws CommitError; then every later call throws it too. */
  submit(unit: Unit): Promise<void>
  /** A transaction failed: nothing can be committed any more. */
  isOver(): boolean
  /** Resolves when nothing is under way; never throws. */
  idle(): Promise<void>
  /** Writes the keys amended so far; never throws. */
  flush(): Promise<void>
}

export interface GroupCommitOptions {
  readonly partition: Pick<Partition, 'transact'>
  readonly store: StateStore
  readonly clock: Clock
  /** How long a first unit waits for company, ms. */
  readonly lingerMs: number
  /** A transaction takes units until one of these is reached; a single larger unit goes alone. */
  readonly maxRecords: number
  readonly maxBytes: number
  /** Amended keys written along, at most. */
  readonly amendedPerCommit: number
}

interface Waiting {
  readonly unit: Unit
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** Pages of several streams and connections of one partition share a transaction: commits cost the broker, not the page. */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { partition, store, clock, lingerMs, maxRecords, maxBytes, amendedPerCommit } = options
  let queue: Waiting[] = []
  let working: Promise<void> | null = null
  let failed: CommitError | null = null

  function takeBatch(): Waiting[] {
    const batch: Waiting[] = []
    let records = 0
    let bytes = 0
    while (queue.length > 0) {
      const next = queue[0] as Waiting
      records += next.unit.records.length
      bytes += next.unit.bytes
      if (batch.length > 0 && (records > maxRecords || bytes > maxBytes)) break
      queue.shift()
      if (next.unit.signal?.aborted) next.reject(next.unit.signal.reason)
      else batch.push(next)
    }
    return batch
  }

  async function commit(batch: readonly Waiting[], amended: number): Promise<void> {
    const transaction = store.begin()
    for (const { unit } of batch) unit.update(transaction.draft)
    const records = [...batch.flatMap(({ unit }) => unit.records), ...transaction.records(amended)]
    if (records.length > 0) await partition.transact(records)
    transaction.apply()
    for (const { resolve } of batch) resolve()
  }

  async function work(): Promise<void> {
    // what is submitted in the same turn of the event loop shares the transaction even without lingering
    await (lingerMs > 0 ? clock.sleep(lingerMs) : Promise.resolve())
    while (queue.length > 0 && failed === null) {
      const batch = takeBatch()
      try {
        if (batch.length > 0) await commit(batch, amendedPerCommit)
      } catch (error) {
        fail(error, batch)
      }
    }
    working = null
  }

  function fail(cause: unknown, batch: readonly Waiting[]): void {
    failed = new CommitError(cause)
    for (const { reject } of [...batch, ...queue]) reject(failed)
    queue = []
  }

  const isOver = () => failed !== null

  return {
    isOver,
    submit(unit) {
      if (failed !== null) return Promise.reject(failed)
      return new Promise((resolve, reject) => {
        queue.push({ unit, resolve, reject })
        working ??= work()
      })
    },
    async idle() {
      while (working !== null) await working
    },
    async flush() {
      // what is amended meanwhile waits for the next flush
      for (let left = store.unwritten(); left > 0 && !isOver(); left -= amendedPerCommit)
        await this.submit({ records: [], bytes: 0, update: () => {} }).catch(() => {})
    },
  }
}
