import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OutRecord, partitionFor, readTopic } from '../../../core/index.ts'
import { fetchArtifact, KAFKA } from '../../../scripts/stack/artifacts.ts'
import { requireJava } from '../../../scripts/stack/java.ts'
import { stack } from '../../support/stack.ts'
import { contents, install, type Installation } from './installation.ts'

const runFile = promisify(execFile)
let installation: Installation
beforeAll(async () => {
  installation = await install({
    one: 'delete',
    two: 'delete',
    mixed: 'delete',
    java: 'delete',
    packed: 'delete',
    zstd: 'delete',
    large: 'delete',
  })
})
afterAll(() => installation.drop())

describe.each(['fast', 'stock'] as const)('with the %s codec', (wire) => {
  test('megabytes in one send arrive once and in order, and base offsets tell where', async () => {
    const kafka = installation.client({ wire })
    const topic = wire === 'fast' ? 'one' : 'two'
    const producer = kafka.producer()
    const records = Array.from(
      { length: 6_000 },
      (_, i): OutRecord => ({ topic, key: `k${i % 700}`, value: Buffer.from(`${i}`.padEnd(900, 'x')) }),
    )
    await producer.send(records.slice(0, 1))
    const { baseOffsets } = await producer.send(records.slice(1))
    await producer.close()
    const read = await contents(kafka, topic)
    expect(read.length).toBe(6_000)
    for (let partition = 0; partition < 3; partition++) {
      const wanted = records
        .filter((record) => partitionFor(record.key, 3) === partition)
        .map((record) => String(record.value))
      const mine = read.filter((record) => record.partition === partition)
      expect(mine.map((record) => record.value)).toEqual(wanted)
      const firstOfSend = mine.find((record) => record.value !== String(records[0]!.value))
      expect(baseOffsets.get(`${topic}/${partition}`)).toBe(firstOfSend!.offset)
    }
    await kafka.close()
  })
})

test('sends made at the same time all arrive', async () => {
  const producer = installation.kafka.producer()
  await Promise.all(
    Array.from({ length: 200 }, (_, i) => producer.send([{ topic: 'mixed', partition: 1, key: `k${i}`, value: null }])),
  )
  await producer.close()
  const read = await contents(installation.kafka, 'mixed')
  expect(read.map((record) => record.key)).toEqual(Array.from({ length: 200 }, (_, i) => `k${i}`))
})

test('a record larger than the topic allows is refused with a clear error, and the producer goes on', async () => {
  const producer = installation.kafka.producer()
  const large = producer.send([{ topic: 'large', partition: 0, key: 'big', value: Buffer.alloc(3 * 1024 * 1024, 'x') }])
  await expect(large).rejects.toThrow(/large\/0.*max\.message\.bytes/)
  await producer.send([{ topic: 'large', partition: 0, key: 'small', value: Buffer.from('x') }])
  await producer.close()
  expect((await contents(installation.kafka, 'large')).map((record) => record.key)).toEqual(['small'])
})

/** Runs the Java client; needs a JDK, because the probe is compiled when it is started. */
async function probe(...args: string[]): Promise<string[]> {
  const [java, jars] = [await requireJava(), await fetchArtifact(KAFKA)]
  const source = fileURLToPath(new URL('../../support/java/KafkaProbe.java', import.meta.url))
  const { stdout } = await runFile(java, ['-Xmx128m', '-cp', `${jars}/*`, source, ...args], { maxBuffer: 1 << 24 })
  return stdout.trimEnd().split('\n')
}

test('a Java consumer reads what we write, compressed or not, with keys, times and tombstones', async () => {
  const values = ['plain', 'Ärger 日本', null, 'x'.repeat(5_000)]
  for (const compression of ['none', 'gzip'] as const) {
    const kafka = installation.client({ compression })
    const producer = kafka.producer()
    await producer.send(
      values.map((value, i) => ({
        topic: 'java',
        partition: 0,
        key: `${compression}-schlüssel-${i}`,
        value: value === null ? null : Buffer.from(value),
        timestamp: 1_764_000_000_000 + i,
      })),
    )
    await producer.close()
    await kafka.close()
  }
  const lines = await probe('consume', stack().kafka, installation.kafka.topic('java'), '0', '8')
  expect(lines).toEqual(
    ['none', 'gzip'].flatMap((compression, c) =>
      values.map((value, i) => `${c * 4 + i}\t${1_764_000_000_000 + i}\t${compression}-schlüssel-${i}\t${value}`),
    ),
  )
})

test('a Java producer puts a key into the partition that we expect; its zstd batches are read', async () => {
  for (const key of ['acme|vendor|1', 'Ärger|item|42']) {
    const [line] = await probe(
      'produce',
      stack().kafka,
      installation.kafka.topic('zstd'),
      'zstd',
      key,
      'value '.repeat(50),
    )
    expect(line).toMatch(new RegExp(`^${partitionFor(key, 3)}\t`))
  }
  const read = await contents(installation.kafka, 'zstd')
  expect(read.map((record) => record.key).sort()).toEqual(['acme|vendor|1', 'Ärger|item|42'])
})

test('a batch compressed with snappy is refused with a clear error', async () => {
  await probe('produce', stack().kafka, installation.kafka.topic('packed'), 'snappy', 'key', 'value '.repeat(50))
  await expect(readTopic(installation.kafka, 'packed', { onRecord: () => undefined })).rejects.toThrow(
    /snappy.*compression\.type/,
  )
})
