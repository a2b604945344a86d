import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * Every metric of Tributary: one table, the same names in every service (docs/metrics.md is generated from it).
 * `service` is added to each as a default label.
 */
export const METRICS = {
  recordsReceived: {
    name: 'tributary_records_received_total',
    type: 'counter',
    labels: ['connection', 'stream'],
    help: 'Records read from a source (sync) or from raw topics (normalizer).',
  },
  recordsSent: {
    name: 'tributary_records_sent_total',
    type: 'counter',
    labels: ['connection', 'stream'],
    help: 'Records committed to Kafka.',
  },
  recordsFailed: {
    name: 'tributary_records_failed_total',
    type: 'counter',
    labels: ['connection', 'stream', 'kind'],
    help: 'Records or reads that failed, by failure kind (retryable, rate-limited, auth, rejected, outcome-unknown, undecodable, mapping, bug).',
  },
  recordsSuppressed: {
    name: 'tributary_records_suppressed_total',
    type: 'counter',
    labels: ['connection', 'stream', 'reason'],
    help: 'Records that changed nothing and were not published: stale (older than what is known) or no-op (same content).',
  },
  lag: {
    name: 'tributary_lag_records',
    type: 'gauge',
    labels: ['topic', 'partition'],
    help: 'Records of a topic that this owner has still to process.',
  },
  rateLimited: {
    name: 'tributary_rate_limited_total',
    type: 'counter',
    labels: ['connection'],
    help: 'Answers by which a source asked to slow down (429, or 503 with Retry-After).',
  },
  httpRequests: {
    name: 'tributary_http_requests_total',
    type: 'counter',
    labels: ['connection', 'outcome'],
    help: 'Outgoing requests by status class (2xx … 5xx) or `network` / `timeout` / `aborted`.',
  },
  httpSeconds: {
    name: 'tributary_http_request_seconds',
    type: 'histogram',
    labels: ['system'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    help: 'Time from sending a request to the end of its answer, waits for the budget excluded.',
  },
  httpConcurrency: {
    name: 'tributary_http_concurrency_limit',
    type: 'gauge',
    labels: ['connection'],
    help: 'Concurrent requests that a connection may have at present (lowered by rate limits, slowly raised again).',
  },
  streamLag: {
    name: 'tributary_stream_lag_seconds',
    type: 'gauge',
    labels: ['connection', 'stream'],
    help: 'Time since the last successful read of a stream reached its upper bound.',
  },
  pages: {
    name: 'tributary_pages_total',
    type: 'counter',
    labels: ['connection', 'stream', 'mode'],
    help: 'Pages committed with their cursor, by mode (snapshot, incremental, sweep).',
  },
  sweepsHeld: {
    name: 'tributary_sweeps_held_total',
    type: 'counter',
    labels: ['connection', 'stream'],
    help: 'Sweeps held back by the guard because they would delete too much.',
  },
  deadLetters: {
    name: 'tributary_dead_letters_total',
    type: 'counter',
    labels: ['connection', 'stream'],
    help: 'Records written to dead-letters.',
  },
  transactions: {
    name: 'tributary_transactions_total',
    type: 'counter',
    labels: ['outcome'],
    help: 'Kafka transactions: committed, failed, fenced.',
  },
  transactionSeconds: {
    name: 'tributary_transaction_seconds',
    type: 'histogram',
    labels: [],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    help: 'Time of one Kafka transaction from its first record to its commit.',
  },
  restoredRecords: {
    name: 'tributary_restored_records_total',
    type: 'counter',
    labels: ['topic'],
    help: 'Records read to rebuild state after an assignment.',
  },
  webhookReceived: {
    name: 'tributary_webhook_received_total',
    type: 'counter',
    labels: ['connection'],
    help: 'Deliveries of webhooks that were verified, stored and answered 200.',
  },
  webhookRefused: {
    name: 'tributary_webhook_refused_total',
    type: 'counter',
    labels: ['reason'],
    help: 'Deliveries that were not taken, by reason (unknown-connection, method, encoding, too-large, rate, aborted, signature, stale, unverifiable, overload, not-durable, draining).',
  },
  webhookOldSecret: {
    name: 'tributary_webhook_old_secret_total',
    type: 'counter',
    labels: ['connection'],
    help: 'Deliveries signed with a secret that is not the current one: while they come, the old secret cannot go.',
  },
  webhookDeduplicated: {
    name: 'tributary_webhook_deduplicated_total',
    type: 'counter',
    labels: ['connection'],
    help: 'Deliveries that had come before and were dropped.',
  },
  webhookCoalesced: {
    name: 'tributary_webhook_coalesced_total',
    type: 'counter',
    labels: ['connection'],
    help: 'Hints that cost no read of their own: the record was waiting to be read again already.',
  },
  webhookLag: {
    name: 'tributary_webhook_lag_seconds',
    type: 'histogram',
    labels: [],
    buckets: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60, 300, 3600, 21600],
    help: 'Time from receiving a delivery to having published all that it told.',
  },
  webhookFailures: {
    name: 'tributary_webhook_failures_total',
    type: 'counter',
    labels: ['connection', 'kind'],
    help: 'Deliveries that could not be processed, tries that failed, and subscriptions that could not be set up, by kind of failure.',
  },
  webhookHealthy: {
    name: 'tributary_webhook_healthy',
    type: 'gauge',
    labels: ['connection'],
    help: '1 = deliveries tell what changes; 0 = none has come yet, or polls find what no delivery told. Connections without a webhook have none.',
  },
  webhookMissed: {
    name: 'tributary_webhook_missed_total',
    type: 'counter',
    labels: ['connection'],
    help: 'Changes that polls found and no delivery told.',
  },
  partitions: {
    name: 'tributary_partitions_owned',
    type: 'gauge',
    labels: [],
    help: 'Partitions that this process owns.',
  },
} as const satisfies { readonly [key: string]: MetricSpec }

interface MetricSpec {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  readonly help: string
  readonly buckets?: readonly number[]
}

type MetricOf<S extends MetricSpec> = S['type'] extends 'counter'
  ? Counter<S['labels'][number]>
  : S['type'] extends 'gauge'
    ? Gauge<S['labels'][number]>
    : Histogram<S['labels'][number]>

/** One object per process: `metrics.recordsSent.inc({ connection, stream }, 500)`. Count batches, not records. */
export type Metrics = { readonly [K in keyof typeof METRICS]: MetricOf<(typeof METRICS)[K]> } & {
  readonly registry: Registry
}

/** `process: false` leaves out Node's own metrics (heap, event loop), which start a timer-like observer. */
export function createMetrics(options: { readonly service?: string; readonly process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.service !== undefined) registry.setDefaultLabels({ service: options.service })
  if (options.process === true) collectDefaultMetrics({ register: registry })
  const make = (spec: MetricSpec) => {
    const common = { name: spec.name, help: spec.help, labelNames: [...spec.labels], registers: [registry] }
    if (spec.type === 'counter') return new Counter(common)
    if (spec.type === 'gauge') return new Gauge(common)
    return new Histogram({ ...common, buckets: [...(spec.buckets ?? [])] })
  }
  const all = Object.fromEntries(Object.entries(METRICS).map(([key, spec]) => [key, make(spec)]))
  return { ...all, registry } as unknown as Metrics
}
