/**
 * How long does a normalizer take to rebuild its state? `npm run bench restore [-- --keys 1000000 --runs 3]`
 *
 * All partitions of `unified.vendor`, one record a key, are restored side by side as after an assignment; the baseline
 * reads the same topic with the same client and does nothing. Runs alternate. ratio = bare time / restore time.
 */
import { parseArgs } from 'node:util'
import { connectorOf } from '../connectors/index.ts'
import type { JsonObject } from '../core/index.ts'
import {
  mappingSettings,
  type OutRecord,
  type Partition,
  partitionFor,
  readTopic,
  silentLogger,
} from '../core/index.ts'
import type { PartitionState } from '../services/normalizer/partition-state.ts'
import { restoreState } from '../services/normalizer/restore.ts'
import { benchConnection } from './support/bench-connection.ts'
import { openInstallation, PARTITIONS } from './support/installation.ts'
import { median } from './support/processes.ts'
import { partyPayload } from './support/vendor-changes.ts'

const { values } = parseArgs({
  options: { keys: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '3' } },
})
const keys = Number(values.keys)
const runs = Number(values.runs)
const say = (line: string): void => console.error(line)
const round = (value: number, digits = 0): number => Number(value.toFixed(digits))
const topic = 'unified.vendor'
const installation = await openInstallation(say)
const { kafka, codec } = installation

async function load(): Promise<number> {
  const producer = kafka.producer()
  const stream = connectorOf('tryton')?.streams.vendor
  if (stream === undefined) throw new Error('no stream to map vendors with')
  const settings = mappingSettings(benchConnection)
  const { encode } = codec.unified('vendor')
  let bytes = 0
  let batch: OutRecord[] = []
  for (let id = 0; id < keys; id++) {
    const key = `${benchConnection.id}:vendor:${id}`
    const { value } = encode({
      ...stream.toUnified(partyPayload(id, 1) as JsonObject, settings, String(id)),
      id: key,
      connection_id: benchConnection.id,
      system: 'tryton',
      source_id: String(id),
      deleted_at: null,
      version: '',
      raw: null,
      mapping_version: 'tryton/vendor@1',
      source_version: 1_750_000_000_000,
      origin: 'SNAPSHOT',
      synced_at: 1_750_000_000_000,
    })
    bytes += value.length
    batch.push({ topic, partition: partitionFor(key, PARTITIONS), key, value })
    if (batch.length === 10_000 || id === keys - 1) {
      await producer.send(batch)
      batch = []
    }
  }
  await producer.close()
  return bytes / keys
}

/** A partition that can be restored, which is all that this bench asks of it. */
function partition(index: number): Partition {
  const never = () => {
    throw new Error('only restored')
  }
  return {
    index,
    signal: new AbortController().signal,
    async restore(name, onRecord) {
      const { records, endOffsets } = await readTopic(kafka, name, { partitions: [index], onRecord })
      return { records, endOffset: endOffsets.get(index) ?? 0 }
    },
    transact: never,
    fetchOne: never,
    seek: never,
    lag: never,
  }
}

const partitions = Array.from({ length: PARTITIONS }, (_, index) => index)

async function restore(): Promise<{ seconds: number; states: PartitionState[] }> {
  const began = performance.now()
  const restored = await Promise.all(partitions.map((index) => restoreState(codec, partition(index), silentLogger)))
  return { seconds: (performance.now() - began) / 1000, states: restored.map(({ state }) => state) }
}

/** The same topics, read and forgotten. */
async function read(): Promise<number> {
  const began = performance.now()
  await Promise.all(partitions.map((index) => readTopic(kafka, topic, { partitions: [index], onRecord: () => {} })))
  return (performance.now() - began) / 1000
}

try {
  say(`loading ${keys} unified vendors …`)
  const valueBytes = await load()
  const restoreSeconds: number[] = []
  const readSeconds: number[] = []
  let tableBytes = 0
  let residentBytes = 0
  for (let run = 1; run <= runs; run++) {
    globalThis.gc?.()
    const before = process.memoryUsage().arrayBuffers
    const { seconds, states } = await restore()
    globalThis.gc?.()
    // Later runs begin with the state of the one before still held.
    if (run === 1) residentBytes = process.memoryUsage().arrayBuffers - before
    const held = states.reduce((sum, state) => sum + state.keys(), 0)
    if (held !== keys) throw new Error(`restored ${held} keys instead of ${keys}`)
    tableBytes = states.reduce((sum, state) => sum + state.memory().tables, 0)
    restoreSeconds.push(seconds)
    readSeconds.push(await read())
    say(`run ${run}: restored in ${round(seconds, 2)} s; bare read ${round(readSeconds.at(-1) ?? 0, 2)} s`)
  }
  const seconds = median(restoreSeconds)
  console.log(
    JSON.stringify({
      name: 'restore',
      ratio: round(median(readSeconds) / seconds, 3),
      keys,
      value_bytes: round(valueBytes),
      restore_seconds: restoreSeconds.map((each) => round(each, 2)),
      bare_read_seconds: readSeconds.map((each) => round(each, 2)),
      keys_per_second: round(keys / seconds),
      table_bytes_per_key: round(tableBytes / keys, 1),
      array_buffer_bytes_per_key: round(residentBytes / keys, 1),
    }),
  )
} finally {
  await installation.close()
}
