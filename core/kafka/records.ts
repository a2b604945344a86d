/** A record to send. Topics are named without the installation's prefix. */
export interface OutRecord {
  readonly topic: string
  /** Missing: murmur2 of the key over the topic's partitions, as the Java client does. */
  readonly partition?: number
  readonly key: string | Buffer
  /** null = tombstone. */
  readonly value: Buffer | null
  /** Epoch ms; missing = now. */
  readonly timestamp?: number
}

/**
 * A committed record as read. `key` and `value` are views on the fetch buffer (megabytes): copy with `Buffer.from`
 * before keeping one beyond the callback, else the whole buffer stays in memory.
 */
export interface InRecord {
  /** Without the installation's prefix. */
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Epoch ms. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** What a transaction or a send wrote. */
export interface CommitResult {
  /** `<topic>/<partition>` (no prefix) → offset of the first record written there; the others follow without gaps. */
  readonly baseOffsets: ReadonlyMap<string, number>
}

export const partitionKey = (topic: string, partition: number): string => `${topic}/${partition}`
