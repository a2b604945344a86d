import type { CommitResult, OutRecord, Partition } from '../../core/index.ts'

/** What must become true together. */
export interface Unit {
  readonly records: readonly OutRecord[]
  /** Input records that are finished with this unit. */
  readonly done?: readonly { readonly topic: string; readonly offset: number }[]
}

/**
 * One transaction at a time; what comes meanwhile shares the next one. Each carries the positions as they are when all
 * its units are through.
 */
export interface Committer {
  /** Resolves once committed; never after a failure: then this owner is over, and the next one starts from the journal. */
  submit(unit: Unit): Promise<void>
  isOver(): boolean
  /** Resolves when nothing is under way; never throws. */
  idle(): Promise<void>
}

export interface CommitterOptions {
  readonly partition: Pick<Partition, 'transact'>
  readonly finished: (done: NonNullable<Unit['done']>) => void
  /** Told of each transaction, before its units resolve. */
  readonly committed: (records: readonly OutRecord[], result: CommitResult) => void
  /** The record that holds the positions; null = they have not moved. */
  readonly position: () => OutRecord | null
  readonly mostRecords: number
  readonly onOver: () => void
}

export function createCommitter(options: CommitterOptions): Committer {
  let queue: { readonly unit: Unit; readonly resolve: () => void }[] = []
  let working: Promise<void> | null = null
  let over = false

  function take() {
    let records = 0
    const end = queue.findIndex(({ unit }) => (records += unit.records.length) > options.mostRecords)
    const batch = queue.slice(0, end < 0 ? queue.length : Math.max(1, end))
    queue = queue.slice(batch.length)
    return batch
  }

  async function work(): Promise<void> {
    // what is ready in this turn of the event loop goes together: a command that may start at once is accepted and
    // journaled as started in one transaction
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) {
      const batch = take()
      for (const { unit } of batch) if (unit.done !== undefined) options.finished(unit.done)
      const position = options.position()
      const records = [...batch.flatMap(({ unit }) => unit.records), ...(position === null ? [] : [position])]
      try {
        if (records.length > 0) options.committed(records, await options.partition.transact(records))
      } catch {
        over = true
        queue = []
        options.onOver()
        break
      }
      for (const { resolve } of batch) resolve()
    }
    working = null
  }

  return {
    submit(unit) {
      if (over) return new Promise(() => {})
      return new Promise((resolve) => {
        queue.push({ unit, resolve })
        working ??= work()
      })
    },
    isOver: () => over,
    async idle() {
      while (working !== null) await working
    },
  }
}
