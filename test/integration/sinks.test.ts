import { readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Codec,
  createKafka,
  type EntityName,
  ensureTopics,
  type KafkaClient,
  LINE_TOPICS,
  openCodec,
  type OutRecord,
  partitionFor,
  type RecordProducer,
} from '../../core/index.ts'
import { TOPICS } from '../../core/topics.ts'
import {
  keepSinksRunning,
  putSink,
  putSinks,
  type Sink,
  SINK_NAMES,
  sinkConfig,
  untilSinksRun,
} from '../../scripts/sinks.ts'
import { asAdmin } from '../../scripts/stack/postgres.ts'
import { ownConnect, ownPostgres } from '../support/own-servers.ts'
import { stack, type TestDatabase, testDatabase, testPrefix } from '../support/stack.ts'
import { fieldKinds, SAMPLE_NAMES, sampleRecord } from '../support/unified-samples.ts'

/** Real unified records through the real codec, Kafka, Connect and sink files into PostgreSQL. */

const PARTITIONS = 3
const quiet = { debug() {}, info() {}, warn() {}, error() {} } as never
const prefix = testPrefix()
let kafka: KafkaClient
let producer: RecordProducer
let codec: Codec
let database: TestDatabase
let client: pg.Client
let sinks: readonly Sink[] = []

const isLine = (name: string): boolean => LINE_TOPICS.some((line) => line.name === name)

function encode(name: string, record: Record<string, unknown>): Buffer {
  if (isLine(name)) return codec.line(name as never).encode(record as never)
  return Buffer.from(codec.unified(name as EntityName).encode(record as never).value)
}

function outRecord(name: string, id: string, record: Record<string, unknown> | null): OutRecord {
  return {
    topic: `unified.${name}`,
    partition: partitionFor(id, PARTITIONS),
    key: id,
    value: record === null ? null : encode(name, record),
  }
}

const put = (name: string, record: Record<string, unknown>): Promise<unknown> =>
  producer.send([outRecord(name, String(record['id']), record)])
const bury = (name: string, id: string): Promise<unknown> => producer.send([outRecord(name, id, null)])

type Row = Readonly<Record<string, string | null>>

/** Every column as PostgreSQL's own text. */
async function rows(name: string, where = 'true'): Promise<Row[]> {
  const found = await client.query<Row>({
    text: `select * from "${name}" where ${where} order by id`,
    types: { getTypeParser: () => (text: string) => text },
  })
  return found.rows
}

/** Waits until the condition holds; fails with a sink's own cause when one has failed. */
async function eventually<T>(what: () => Promise<T>, holds: (value: T) => boolean, watched = sinks): Promise<T> {
  const deadline = Date.now() + 60_000
  while (true) {
    const value = await what()
    if (holds(value)) return value
    if (Date.now() > deadline) throw new Error(`after 60 s still: ${JSON.stringify(value)}`)
    await untilSinksRun(watched)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const rowOf = (name: string, id: string, holds: (row: Row) => boolean = () => true): Promise<Row | undefined> =>
  eventually(
    async () => (await rows(name, `id = ${client.escapeLiteral(id)}`))[0],
    (row) => row !== undefined && holds(row),
  )

/** What PostgreSQL shows for a field of a unified record. */
function expectedText(kind: string | undefined, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (kind === 'decimal') return String(value)
  if (kind === 'time')
    return new Date(Number(value))
      .toISOString()
      .replace('T', ' ')
      .replace(/\.?0*Z$/, '')
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return String(value)
}

/** `1.500000000` and `1.5` are the same number: trailing zeros are the column's scale. */
const plain = (text: string | null | undefined): string | null | undefined =>
  typeof text === 'string' && /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text

/** Columns that do not show the record, or that only one of the two has; `[column, seen, expected]`. */
function differences(name: string, row: Row | undefined, record: Record<string, unknown>): unknown[] {
  const kinds = fieldKinds(name)
  const columns = [...kinds].filter(([, kind]) => kind !== 'array').map(([field]) => field)
  const found: unknown[] = Object.keys(row ?? {}).filter((column) => !columns.includes(column))
  for (const column of columns) {
    const expected = expectedText(kinds.get(column), record[column])
    const seen = kinds.get(column) === 'decimal' ? plain(row?.[column]) : row?.[column]
    if (seen !== expected) found.push([column, seen, expected])
  }
  return found
}

const target = ({ url, urlFromConnect }: TestDatabase) => ({
  topicPrefix: prefix,
  postgresUrl: url,
  postgresUrlFromConnect: urlFromConnect,
})

beforeAll(async () => {
  database = await testDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  kafka = createKafka({ brokers: stack().kafka.split(','), clientId: 'sinks-test', prefix }, quiet)
  const topics = TOPICS.filter((topic) => topic.name.startsWith('unified.'))
  await ensureTopics(kafka, topics, { partitions: PARTITIONS, replicationFactor: 1 })
  codec = await openCodec({ registryUrl: stack().registry, prefix, register: true })
  producer = kafka.producer()
  // Before the sinks exist: a topic may begin with the deletion of something that was never in the table.
  for (const name of SINK_NAMES) await bury(name, 'c:gone:1')
  sinks = await putSinks(stack(), { ...target(database), group: prefix.slice(0, -1) })
  await untilSinksRun(sinks)
})

afterAll(async () => {
  await Promise.all(sinks.map((sink) => sink.remove()))
  await producer?.close()
  await kafka?.withAdmin((admin) =>
    admin.deleteTopics({ topics: SINK_NAMES.map((name) => `${prefix}unified.${name}`) }),
  )
  await kafka?.close()
  await client?.end()
  await database?.drop()
})

describe('a unified record becomes a row', () => {
  test.each(SAMPLE_NAMES)('%s: every field, filled and empty', async (name) => {
    const full = sampleRecord(name, `c:${name}:full`)
    const empty = sampleRecord(name, `c:${name}:empty`, 'empty')
    await producer.send([outRecord(name, `c:${name}:full`, full), outRecord(name, `c:${name}:empty`, empty)])
    expect(differences(name, await rowOf(name, `c:${name}:full`), full)).toEqual([])
    expect(differences(name, await rowOf(name, `c:${name}:empty`), empty)).toEqual([])
  })
})

describe('changes', () => {
  test('an update replaces the row, also by nulls', async () => {
    const before = sampleRecord('vendor', 'c:vendor:u')
    await put('vendor', before)
    await rowOf('vendor', 'c:vendor:u')
    const after = { ...before, name: 'Renamed', email: null, is_active: false }
    await put('vendor', after)
    expect(
      differences('vendor', await rowOf('vendor', 'c:vendor:u', (row) => row['name'] === 'Renamed'), after),
    ).toEqual([])
    expect(await rows('vendor', "id = 'c:vendor:u'")).toHaveLength(1)
  })

  test('a record deleted at the source keeps its row, with deleted_at', async () => {
    const record = sampleRecord('item', 'c:item:d')
    await put('item', { ...record, deleted_at: null })
    await rowOf('item', 'c:item:d', (row) => row['deleted_at'] === null)
    await put('item', { ...record, deleted_at: Date.UTC(2025, 0, 2, 3, 4, 5, 6) })
    const row = await rowOf('item', 'c:item:d', (found) => found['deleted_at'] !== null)
    expect(row?.['deleted_at']).toBe('2025-01-02 03:04:05.006')
  })

  test('a tombstone deletes the row, of a header and of a line', async () => {
    for (const name of ['purchase_order', 'purchase_order_line']) {
      await put(name, sampleRecord(name, 'c:buried:1'))
      await put(name, sampleRecord(name, 'c:buried:2'))
      await rowOf(name, 'c:buried:2')
      await bury(name, 'c:buried:1')
      const left = await eventually(
        () => rows(name, "id like 'c:buried:%'"),
        (found) => found.length < 2,
      )
      expect(left.map((row) => row['id'])).toEqual(['c:buried:2'])
    }
  })

  test('deleted and made again within one batch: the row is there, as made last', async () => {
    const record = (name: string): Record<string, unknown> => ({ ...sampleRecord('asset', 'c:asset:again'), name })
    const send = (value: Record<string, unknown> | null): OutRecord => outRecord('asset', 'c:asset:again', value)
    await producer.send([send(record('first')), send(null), send(record('second')), send(null), send(record('third'))])
    const mark = sampleRecord('asset', 'c:asset:mark')
    await producer.send([
      { ...outRecord('asset', 'c:asset:mark', mark), partition: partitionFor('c:asset:again', PARTITIONS) },
    ])
    await rowOf('asset', 'c:asset:mark')
    expect((await rows('asset', "id = 'c:asset:again'")).map((row) => row['name'])).toEqual(['third'])
  })
})

describe('types', () => {
  test.each([
    '12345678901234567890123456789.123456789',
    '-0.000000001',
    '-99999999999999999999999999999.999999999',
    '0',
  ])('the amount %s is exact', async (amount) => {
    const id = `c:exact:${amount}`
    await put('purchase_order', { ...sampleRecord('purchase_order', id), total_amount: amount })
    const row = await rowOf('purchase_order', id)
    expect(plain(row?.['total_amount'])).toBe(amount)
  })

  test('amounts can be summed, dates compared, custom fields asked for', async () => {
    for (const [n, amount] of ['0.1', '0.2', '1000000000000000000'].entries()) {
      const record = sampleRecord('purchase_order', `c:sum:${n}`)
      await put('purchase_order', { ...record, total_amount: amount, order_date: `2023-12-${29 + n}` })
      await rowOf('purchase_order', `c:sum:${n}`)
    }
    const found = await client.query<Record<string, string>>(
      `select sum(total_amount)::text as total, count(*) filter (where order_date < '2023-12-31')::text as before,
              min(custom_fields ->> 'price') as price
       from purchase_order where id like 'c:sum:%'`,
    )
    expect(plain(found.rows[0]?.['total'])).toBe('1000000000000000000.3')
    expect(found.rows[0]).toMatchObject({ before: '2', price: '1.10' })
  })

  test('a table of an older version gets the column that it lacks', async () => {
    const other = await testDatabase()
    await asAdmin(other.url, async (admin) => {
      await admin.query(readFileSync(new URL('../../docs/sinks/tables.sql', import.meta.url), 'utf8'))
      await admin.query('alter table location drop column city')
    })
    await put('location', { ...sampleRecord('location', 'c:location:new'), city: 'Ghent' })
    const older = await putSinks(stack(), { ...target(other), group: `${prefix}older`, names: ['location'] })
    const city = () =>
      asAdmin(other.url, (admin) =>
        admin.query<Row>("select to_jsonb(location) ->> 'city' as city from location where id = 'c:location:new'"),
      )
    const found = await eventually(city, (result) => result.rows.length > 0)
    expect(found.rows).toEqual([{ city: 'Ghent' }])
    await Promise.all(older.map((sink) => sink.remove()))
    await other.drop()
  })
})

test('a worker that is killed in the middle: the table holds each record as published last', async () => {
  const other = await testDatabase()
  const reader = new pg.Client({ connectionString: other.url })
  await reader.connect()
  const worker = await ownConnect({ brokers: stack().kafka, registryUrl: stack().registry })
  try {
    const addresses = { ...stack(), connect: worker.url }
    await putSinks(addresses, { ...target(other), group: `${prefix}killed`, names: ['stock_level'] })
    const count = async (where: string): Promise<number> =>
      (await reader.query<{ n: number }>(`select count(*)::int as n from stock_level where ${where}`)).rows[0]?.n ?? 0
    const batch = (revision: string): OutRecord[] =>
      Array.from({ length: 1000 }, (_, n) => {
        const record = { ...sampleRecord('stock_level', `c:killed:${n}`), version: revision }
        return outRecord('stock_level', `c:killed:${n}`, record)
      })
    await producer.send(batch('r1'))
    await eventually(
      () => count("id like 'c:killed:%'"),
      (n) => n > 0,
    )
    await worker.kill()
    await producer.send(batch('r2'))
    await producer.send(Array.from({ length: 100 }, (_, n) => outRecord('stock_level', `c:killed:${n}`, null)))
    await worker.restart()
    await eventually(
      () => count("id like 'c:killed:%' and version = 'r2'"),
      (n) => n === 900,
    )
    expect(await count("id like 'c:killed:%'")).toBe(900)
  } finally {
    await reader.end()
    await worker.remove()
    await other.drop()
  }
})

test('PostgreSQL is killed in the middle of writing and comes back: every record arrives', async () => {
  const server = await ownPostgres()
  const place = { topicPrefix: prefix, postgresUrl: server.url, group: `${prefix}outage`, names: ['user'] }
  const onServer = await putSinks(stack(), place)
  const failures: string[] = []
  const watch = keepSinksRunning(onServer, (line) => failures.push(line), 500)
  const count = (): Promise<number> =>
    asAdmin(server.url, async (admin) => {
      const found = await admin.query<{ n: number }>(
        'select count(*)::int as n from "user" where id like \'c:outage:%\'',
      )
      return found.rows[0]?.n ?? 0
    })
  const users = (from: number, to: number): OutRecord[] =>
    Array.from({ length: to - from }, (_, n) => {
      const id = `c:outage:${from + n}`
      return outRecord('user', id, sampleRecord('user', id))
    })
  try {
    for (let n = 0; n < 6000; n += 1000) await producer.send(users(n, n + 1000))
    await eventually(count, (n) => n > 0, [])
    await server.kill()
    await producer.send(users(6000, 7000))
    // Long enough for the sink to meet the closed port; there is nothing to wait for but its retries.
    await new Promise((resolve) => setTimeout(resolve, 4000))
    await server.restart()
    await eventually(count, (n) => n === 7000, [])
    for (const line of failures) expect(line).toMatch(/has failed and is started anew: .*[Cc]onnection/)
    await untilSinksRun(onServer)
  } finally {
    await watch.stop()
    await Promise.all(onServer.map((sink) => sink.remove()))
    await server.remove()
  }
})

test('a sink that cannot write says why', async () => {
  const values = {
    postgresUrl: 'postgresql://nobody:wrong@127.0.0.1:1/none',
    registryUrl: stack().registry,
    topicPrefix: prefix,
  }
  const sink = await putSink(stack().connect, `${prefix}broken`, {
    ...sinkConfig('user', values),
    'hibernate.c3p0.acquireRetryAttempts': '1',
  })
  await put('user', sampleRecord('user', 'c:user:unwritten'))
  await expect(untilSinksRun([sink]).then(() => eventuallyFails(sink))).rejects.toThrow(
    /has failed: .*(connection|Connection)/,
  )
  await sink.remove()
})

async function eventuallyFails(sink: Sink): Promise<void> {
  while (true) {
    await untilSinksRun([sink])
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
