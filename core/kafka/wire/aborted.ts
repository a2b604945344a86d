export interface AbortedTransaction {
  readonly producerId: string
  readonly firstOffset: number
}

export interface BatchFacts {
  readonly producerId: string
  readonly lastOffset: number
  readonly transactional: boolean
  /** Key of the control record, when it is a control batch. */
  readonly controlKey: Buffer | null
}

const isAbortMarker = (key: Buffer): boolean => key.length >= 4 && key.readInt16BE(2) === 0

/**
 * The read_committed rule, batch by batch in log order: true = deliver. Aborted transactions of several producers may
 * overlap and are listed in any order; whether a record is a marker is told by its batch's control bit, never by its
 * key (kafkajs' own filter is wrong in all three).
 */
export function createCommittedFilter(aborted: readonly AbortedTransaction[]): (batch: BatchFacts) => boolean {
  const pending = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  const open = new Set<string>()
  let next = 0
  return (batch) => {
    for (let one = pending[next]; one !== undefined && one.firstOffset <= batch.lastOffset; one = pending[++next])
      open.add(one.producerId)
    if (batch.controlKey !== null) {
      if (isAbortMarker(batch.controlKey)) open.delete(batch.producerId)
      return false
    }
    return !(batch.transactional && open.has(batch.producerId))
  }
}
