/** What the receiver takes, and how long it tries. docs/webhooks.md tells them to people. */
export interface Figures {
  /** Bytes of one delivery. A record with its headers must fit into Kafka's default `max.message.bytes`. */
  readonly bodyBytes: number
  /** Bytes of bodies that are being read at one time, by all senders together. */
  readonly readingBytes: number
  /** What waits for Kafka at most; one connection gets half of it. */
  readonly queueBytes: number
  readonly queueRecords: number
  /** One send to Kafka takes at most. */
  readonly batchBytes: number
  readonly batchRecords: number
  /** A delivery waits so long for others to share a send with, ms. */
  readonly lingerMs: number
  /** A delivery that is not stored by then is answered 503, ms. */
  readonly storeWithinMs: number
  /** A connection that was quiet may send so many seconds' worth at once. */
  readonly burstSeconds: number
  /** Bytes that a connection may send in the long run, for each delivery per second it is allowed. */
  readonly bytesPerDelivery: number
  readonly burstBytes: number
  /** Time for the headers, and for a whole request, ms. */
  readonly headersMs: number
  readonly requestMs: number
  /** Time an idle connection is kept, ms; longer than the proxies in front keep theirs. */
  readonly idleMs: number
  readonly sockets: number
}

const MB = 1_000_000

export const DEFAULT_FIGURES: Figures = {
  bodyBytes: MB,
  readingBytes: 64 * MB,
  queueBytes: 32 * MB,
  queueRecords: 20_000,
  batchBytes: 2 * MB,
  batchRecords: 2_000,
  lingerMs: 2,
  storeWithinMs: 5_000,
  burstSeconds: 10,
  bytesPerDelivery: 4_096,
  burstBytes: 64 * MB,
  headersMs: 5_000,
  requestMs: 10_000,
  idleMs: 75_000,
  sockets: 4_096,
}
