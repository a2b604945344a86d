import type { Broker } from '../kafkajs.ts'
import type { InRecord, OutRecord } from '../records.ts'

/** How record batches travel: `fast` is our own codec, `stock` is kafkajs' (the switch back, and the baseline). */
export type WireName = 'fast' | 'stock'
export type CompressionName = 'none' | 'gzip'

export interface FetchTarget {
  /** Full name. */
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly maxBytes: number
}

export interface FetchRequest {
  readonly targets: readonly FetchTarget[]
  /** Upper bounds: how long the broker may wait for data, and how much it may answer. */
  readonly maxWaitMs: number
  readonly maxBytes: number
  /** Full topic name → the name that records carry. */
  readonly nameOf: (topic: string) => string
}

export interface FetchedPartition {
  /** Full name. */
  readonly topic: string
  readonly partition: number
  /** The partition's own error, with the protocol's `type`; the rest of the answer is good. */
  readonly error: Error | null
  readonly highWatermark: number
  /** First offset that a read_committed reader may not pass yet. */
  readonly lastStableOffset: number
  /** Committed records from the offset asked for on; aborted and control records are left out. */
  readonly records: InRecord[]
  /** Where to go on: behind every batch seen, also those that held nothing to deliver. */
  readonly nextOffset: number
  /** Size on the wire. */
  readonly bytes: number
}

/** Records `[from, to)` of one topic-partition, to become one record batch. */
export interface ProduceBatch {
  /** Full name. */
  readonly topic: string
  readonly partition: number
  readonly records: readonly OutRecord[]
  readonly from: number
  readonly to: number
  /** No fewer than its encoded size. */
  readonly maxBytes: number
  readonly firstSequence: number
}

export interface ProduceRequest {
  readonly transactionalId: string | null
  readonly producerId: string
  readonly producerEpoch: number
  /** At most one batch per topic-partition; batches of one topic stand together. */
  readonly batches: readonly ProduceBatch[]
  readonly compression: CompressionName
  readonly timeoutMs: number
}

export interface ProduceOutcome {
  readonly error: Error | null
  readonly baseOffset: number
}

export interface Wire {
  readonly name: WireName
  /** One fetch, read_committed. @throws on failures of the whole request */
  fetch(broker: Broker, request: FetchRequest): Promise<FetchedPartition[]>
  /** One produce request, acks = all. Outcomes in the order of the batches. @throws on failures of the whole request */
  produce(broker: Broker, request: ProduceRequest): Promise<ProduceOutcome[]>
}
