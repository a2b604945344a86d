/**
 * How long from a live change on Kafka to its unified record at a read_committed consumer?
 * `npm run bench latency [-- --seconds 20 --rate 200 --backfill 300000]`
 *
 * One process of the normalizer, changes sent one by one at a steady rate. The baseline sends the same values to a
 * topic and reads them back with the same client, without a transaction. ratio = bare p50 / normalizer p50.
 */
import { parseArgs } from 'node:util'
import { followTopic, partitionFor } from '../core/index.ts'
import { openInstallation, PARTITIONS } from './support/installation.ts'
import { median, startWorker, until } from './support/processes.ts'
import { BENCH_CONNECTION, partyPayload } from './support/vendor-changes.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    rate: { type: 'string', default: '200' },
    runs: { type: 'string', default: '3' },
    /** Records of backfill that are worked off at the same time, in one more run; 0 = leave it out. */
    backfill: { type: 'string', default: '300000' },
  },
})
const rate = Number(values.rate)
const count = rate * Number(values.seconds)
const say = (line: string): void => console.error(line)
const round = (value: number, digits = 1): number => Number(value.toFixed(digits))
const installation = await openInstallation(say)
const { kafka, codec, addresses, prefix } = installation
const producer = kafka.producer()

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

let version = 0
/** Version → when it was sent. */
const sentAt = new Map<number, number>()
let latencies: number[] = []

function hear(of: number): void {
  const sent = sentAt.get(of)
  if (sent === undefined) return
  sentAt.delete(of)
  latencies.push(performance.now() - sent)
}

/** Sends `count` changes at the steady rate and waits until all are heard; milliseconds. */
async function run(topic: string): Promise<{ p50: number; p99: number }> {
  latencies = []
  const began = performance.now()
  const sends: Promise<unknown>[] = []
  for (let i = 0; i < count; i++) {
    const due = began + (i * 1000) / rate
    const wait = due - performance.now()
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
    const id = i % 5_000
    version++
    const key = `${BENCH_CONNECTION}:vendor:${1_000_000 + id}`
    const value = codec.encodeChange({
      connection_id: BENCH_CONNECTION,
      system: 'tryton',
      stream: 'vendor',
      entity: 'vendor',
      source_id: String(1_000_000 + id),
      operation: 'UPSERT',
      origin: 'INCREMENTAL',
      source_version: version,
      extracted_at: Date.now(),
      run_id: 'latency',
      payload: Buffer.from(JSON.stringify(partyPayload(id, version))),
    })
    sentAt.set(version, performance.now())
    sends.push(producer.send([{ topic, partition: partitionFor(key, PARTITIONS), key, value }]))
  }
  await Promise.all(sends)
  await until(() => sentAt.size === 0, 120_000)
  const sorted = latencies.toSorted((a, b) => a - b)
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) }
}

const startNormalizer = () =>
  startWorker('normalizer-process.ts', { kafka: addresses.kafka, registry: addresses.registry, prefix })
let worker = startNormalizer()
const unified = followTopic(kafka, 'unified.vendor', ({ value }) => {
  if (value !== null) hear(codec.unified('vendor').summary(value).sourceVersion)
})
/** A topic that the normalizer does not read. */
const bareTopic = 'sync-runs'
const bare = followTopic(kafka, bareTopic, ({ value }) => {
  if (value !== null) hear(codec.decodeChange(value).source_version)
})
try {
  await Promise.all([unified.ready, bare.ready])
  await until(() => worker.last()?.ready === true, 120_000)
  await run('changes.vendor')
  const ours: { p50: number; p99: number }[] = []
  const transactionMs: number[] = []
  const base: { p50: number; p99: number }[] = []
  for (let i = 1; i <= Number(values.runs); i++) {
    const before = worker.last()?.transactions
    ours.push(await run('changes.vendor'))
    const after = worker.last()?.transactions
    transactionMs.push(
      (((after?.seconds ?? 0) - (before?.seconds ?? 0)) * 1000) / ((after?.count ?? 0) - (before?.count ?? 0)),
    )
    base.push(await run(bareTopic))
    say(
      `run ${i}: p50 ${round(ours.at(-1)?.p50 ?? 0)} ms, p99 ${round(ours.at(-1)?.p99 ?? 0)} ms; bare p50 ${round(base.at(-1)?.p50 ?? 0)} ms`,
    )
  }
  let busy: { p50: number; p99: number } | null = null
  const backfill = Number(values.backfill)
  if (backfill > 0) {
    await worker.stop()
    await installation.load(backfill, backfill)
    worker = startNormalizer()
    await until(() => (worker.last()?.received ?? 0) > 0, 120_000)
    busy = await run('changes.vendor')
    const left = backfill - (worker.last()?.received ?? 0)
    if (left < 0) say('the backfill was worked off before the run ended: take a larger one')
    say(`under backfill: p50 ${round(busy.p50)} ms, p99 ${round(busy.p99)} ms`)
  }
  const p50 = median(ours.map((each) => each.p50))
  console.log(
    JSON.stringify({
      name: 'latency',
      ratio: round(median(base.map((each) => each.p50)) / p50, 3),
      changes_per_second: rate,
      p50_ms: round(p50),
      p99_ms: round(median(ours.map((each) => each.p99))),
      runs: ours.map((each) => ({ p50_ms: round(each.p50), p99_ms: round(each.p99) })),
      transaction_mean_ms: transactionMs.map((each) => round(each)),
      bare_p50_ms: base.map((each) => round(each.p50)),
      bare_p99_ms: base.map((each) => round(each.p99)),
      under_backfill: busy === null ? null : { p50_ms: round(busy.p50), p99_ms: round(busy.p99) },
    }),
  )
} finally {
  await worker.stop()
  await Promise.all([unified.close(), bare.close()])
  await producer.close()
  await installation.close()
}
