import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLocalCodec, UnknownSchemaIdError } from '../../../../core/index.ts'
import { mappingVersions } from './fake-system.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'

const T = 1_750_000_000_000
const DAY = 86_400_000
const named = (name: string) => Buffer.from(JSON.stringify({ name }))

let pipeline: Pipeline

beforeEach(() => {
  mappingVersions.vendor = 1
  pipeline = createPipeline()
  pipeline.setConnection({ id: 'acme' })
})
afterEach(() => pipeline.close())

const names = () => pipeline.unified('vendor').map(({ record }) => record?.name ?? null)

describe('a change', () => {
  test('becomes a unified record with the envelope filled in', async () => {
    pipeline.change({
      entity: 'vendor',
      source_id: '42',
      source_version: 7,
      extracted_at: T,
      origin: 'SNAPSHOT',
      payload: named('Acme'),
    })
    await pipeline.drain()
    expect(pipeline.unified('vendor')).toEqual([
      {
        key: 'acme:vendor:42',
        record: expect.objectContaining({
          id: 'acme:vendor:42',
          connection_id: 'acme',
          system: 'fake',
          source_id: '42',
          display_name: 'Acme',
          deleted_at: null,
          raw: null,
          mapping_version: 'fake/vendor@1',
          source_version: 7,
          origin: 'SNAPSHOT',
          synced_at: T,
          version: expect.stringMatching(/^hash:[0-9a-f]{32}$/),
        }),
      },
    ])
  })

  test('keeps the source text when the connection asks for it, but never a part of it', async () => {
    pipeline.setConnection({ id: 'acme', includeRaw: true })
    const huge = Buffer.from(JSON.stringify({ name: 'x', filler: 'y'.repeat(40_000) }))
    pipeline.change({ entity: 'vendor', source_id: '1', payload: named('A') })
    pipeline.change({ entity: 'vendor', source_id: '2', payload: huge })
    await pipeline.drain()
    expect(pipeline.unified('vendor').map(({ record }) => record?.raw)).toEqual(['{"name":"A"}', null])
  })

  test('falls back to the source id where the mapping finds no name to show', async () => {
    pipeline.change({ entity: 'vendor', source_id: '9', payload: named('') })
    await pipeline.drain()
    expect(pipeline.unified('vendor')[0]?.record?.display_name).toBe('9')
  })

  test('on the live topic overtakes those of the backfill', async () => {
    pipeline.change({ entity: 'vendor', source_id: '1', live: false, payload: named('backfill') })
    pipeline.change({ entity: 'vendor', source_id: '2', payload: named('live') })
    await pipeline.drain()
    expect(names()).toEqual(['live', 'backfill'])
  })

  test('that is older than what is published is suppressed and counted', async () => {
    pipeline.change({ entity: 'vendor', source_version: 5, payload: named('new') })
    pipeline.change({ entity: 'vendor', source_version: 4, payload: named('old') })
    await pipeline.drain()
    expect(names()).toEqual(['new'])
    expect(await pipeline.counter('recordsSuppressed', { reason: 'stale' })).toBe(1)
  })

  test('of the same version is published when it was read later and differs, and stays out when it was read before', async () => {
    pipeline.change({ entity: 'vendor', source_version: 5, extracted_at: T, payload: named('with a row') })
    pipeline.change({ entity: 'vendor', source_version: 5, extracted_at: T + 1, payload: named('the row is gone') })
    await pipeline.drain()
    await pipeline.restart()
    pipeline.change({ entity: 'vendor', source_version: 5, extracted_at: T, payload: named('with a row') })
    await pipeline.drain()
    expect(names()).toEqual(['with a row', 'the row is gone'])
    expect(await pipeline.counter('recordsSuppressed', { reason: 'stale' })).toBe(1)
  })

  test('that differs only in version and time publishes nothing', async () => {
    pipeline.change({ entity: 'vendor', source_version: 5, payload: named('same') })
    pipeline.change({ entity: 'vendor', source_version: 6, extracted_at: T + 1, payload: named('same') })
    await pipeline.drain()
    expect(names()).toEqual(['same'])
    expect(await pipeline.counter('recordsSuppressed', { reason: 'no-op' })).toBe(1)
  })

  test('of the very same bytes is not mapped again, until a setting of its connection changes', async () => {
    const payload = Buffer.from('{"name":"A","count":true}')
    pipeline.change({ entity: 'vendor', source_version: 1, payload })
    await pipeline.drain()
    mappingVersions.mapped = 0
    pipeline.change({ entity: 'vendor', source_version: 2, payload })
    await pipeline.drain()
    expect(mappingVersions.mapped).toBe(0)
    expect(await pipeline.counter('recordsSuppressed', { reason: 'no-op' })).toBe(1)
    const remaps = { 'vendor.status': { x: 'OPEN' } }
    const mapping = { timeZone: 'UTC', currency: null, language: 'en', units: {}, remaps, customFields: [] }
    pipeline.setConnection({ id: 'acme', mapping })
    pipeline.change({ entity: 'vendor', source_version: 3, payload })
    await pipeline.drain()
    expect(mappingVersions.mapped).toBe(1)
  })

  test('of the very same bytes brings a deleted record back', async () => {
    pipeline.change({ entity: 'vendor', source_version: 1, extracted_at: T, payload: named('A') })
    pipeline.change({ entity: 'vendor', operation: 'DELETE', source_version: 2, extracted_at: T + 1 })
    pipeline.change({ entity: 'vendor', source_version: 2, extracted_at: T + 2, payload: named('A') })
    await pipeline.drain()
    expect(pipeline.unified('vendor').map(({ record }) => record?.deleted_at)).toEqual([null, T + 1, null])
  })

  test('A → B → A: a late B stays out, also after a restart', async () => {
    pipeline.change({ entity: 'vendor', source_version: 1, payload: named('A') })
    await pipeline.drain()
    // B (version 2) is still under way when the source is back at A.
    pipeline.change({ entity: 'vendor', source_version: 3, payload: named('A') })
    await pipeline.drain()
    await pipeline.restart()
    pipeline.change({ entity: 'vendor', source_version: 2, payload: named('B') })
    await pipeline.drain()
    expect(names()).toEqual(['A'])
  })

  test('published twice within one batch is published twice, in order', async () => {
    pipeline.change({ entity: 'vendor', source_version: 1, payload: named('A') })
    pipeline.change({ entity: 'vendor', source_version: 2, payload: named('B') })
    pipeline.change({ entity: 'vendor', source_version: 3, payload: named('A') })
    await pipeline.drain()
    expect(names()).toEqual(['A', 'B', 'A'])
  })
})

describe('a reported deletion', () => {
  test('publishes the last record again with deleted_at', async () => {
    pipeline.change({ entity: 'vendor', source_version: 1, extracted_at: T, payload: named('A') })
    await pipeline.drain()
    pipeline.change({ entity: 'vendor', operation: 'DELETE', source_version: 2, extracted_at: T + 5 })
    await pipeline.drain()
    expect(pipeline.unified('vendor')[1]?.record).toMatchObject({
      name: 'A',
      deleted_at: T + 5,
      source_version: 2,
      synced_at: T + 5,
    })
  })

  test('finds the last record also when it is of the same batch', async () => {
    pipeline.change({ entity: 'vendor', source_version: 1, extracted_at: T, payload: named('A') })
    pipeline.change({ entity: 'vendor', operation: 'DELETE', source_version: 2, extracted_at: T + 5 })
    await pipeline.drain()
    expect(pipeline.unified('vendor').map(({ record }) => record?.deleted_at)).toEqual([null, T + 5])
  })

  test('is undone by a record read later, not by one read before', async () => {
    pipeline.change({ entity: 'vendor', source_version: 1, extracted_at: T, payload: named('A') })
    pipeline.change({ entity: 'vendor', operation: 'DELETE', source_version: 1, extracted_at: T + 5 })
    await pipeline.drain()
    await pipeline.restart()
    pipeline.change({ entity: 'vendor', source_version: 1, extracted_at: T + 4, payload: named('late') })
    await pipeline.drain()
    expect(names()).toEqual(['A', 'A'])
    pipeline.change({ entity: 'vendor', source_version: 1, extracted_at: T + 6, payload: named('back') })
    await pipeline.drain()
    expect(pipeline.unified('vendor').at(-1)?.record).toMatchObject({ name: 'back', deleted_at: null })
  })

  test('of a key never seen publishes nothing, and a read from before it stays out, also after a restart', async () => {
    pipeline.change({ entity: 'vendor', operation: 'DELETE', source_version: 3, extracted_at: T + 5 })
    await pipeline.drain()
    await pipeline.restart()
    pipeline.change({ entity: 'vendor', source_version: 2, extracted_at: T, payload: named('late') })
    await pipeline.drain()
    expect(names()).toEqual([])
    expect(await pipeline.counter('recordsSuppressed', { reason: 'unknown-key' })).toBe(1)
    pipeline.change({ entity: 'vendor', source_version: 3, extracted_at: T + 9, payload: named('new') })
    await pipeline.drain()
    expect(names()).toEqual(['new'])
  })

  test('of a record that comes back with an older version leaves a gate that a restart reads the same way', async () => {
    pipeline.change({ entity: 'vendor', source_version: 5, extracted_at: T, payload: named('A') })
    pipeline.change({ entity: 'vendor', source_version: 8, extracted_at: T + 1, payload: named('A') })
    pipeline.change({ entity: 'vendor', operation: 'DELETE', source_version: 9, extracted_at: T + 5 })
    pipeline.change({ entity: 'vendor', source_version: 5, extracted_at: T + 6, payload: named('restored') })
    await pipeline.drain()
    await pipeline.restart()
    pipeline.change({ entity: 'vendor', source_version: 6, extracted_at: T + 7, payload: named('edited') })
    await pipeline.drain()
    expect(names().slice(-2)).toEqual(['restored', 'edited'])
  })
})

describe('lines', () => {
  const order = (lines: string[]) => Buffer.from(JSON.stringify({ number: 'PO', lines }))

  test('follow their header, and those that vanish get a tombstone, also after a restart', async () => {
    pipeline.change({ entity: 'purchase_order', source_version: 1, payload: order(['1', '2', '3']) })
    await pipeline.drain()
    await pipeline.restart()
    pipeline.change({ entity: 'purchase_order', source_version: 2, payload: order(['2', '4']) })
    await pipeline.drain()
    expect([...pipeline.lines('purchase_order_line').keys()]).toEqual([
      'acme:purchase_order:1|2',
      'acme:purchase_order:1|4',
    ])
    const tombstones = pipeline.records('unified.purchase_order_line').filter(({ value }) => value === null)
    expect(tombstones.map(({ key }) => key)).toEqual(['acme:purchase_order:1|1', 'acme:purchase_order:1|3'])
  })

  test('carry the header they belong to, and its deletion', async () => {
    pipeline.change({ entity: 'purchase_order', extracted_at: T, payload: order(['1']) })
    pipeline.change({ entity: 'purchase_order', operation: 'DELETE', source_version: 2, extracted_at: T + 5 })
    await pipeline.drain()
    expect(pipeline.lines('purchase_order_line').get('acme:purchase_order:1|1')).toMatchObject({
      id: 'acme:purchase_order:1|1',
      purchase_order_id: 'acme:purchase_order:1',
      connection_id: 'acme',
      status: 'APPROVED',
      deleted_at: T + 5,
    })
  })
})

describe('a record that cannot be processed', () => {
  test.each([
    ['is not framed', Buffer.from('garbage'), 'undecodable'],
    ['is cut off', Buffer.from([0, 0, 0, 0, 1]), 'undecodable'],
  ])('because it %s goes to dead-letters byte for byte', async (_, value, kind) => {
    pipeline.produce('changes.vendor', 'acme:vendor:1', value)
    pipeline.change({ entity: 'vendor', source_id: '2', payload: named('next') })
    await pipeline.drain()
    expect(pipeline.deadLetters()).toMatchObject([{ topic: 'changes.vendor', offset: 0, kind, value }])
    expect(names()).toEqual(['next'])
  })

  test.each([
    ['its mapping throws', { payload: Buffer.from('{"poison":true}') }, 'mapping', /party without a name/],
    ['its payload is not JSON', { payload: Buffer.from('{') }, 'mapping', /mapping acme:vendor:1/],
    ['the mapped record does not fit the schema', { payload: Buffer.from('{"wrong":true}') }, 'mapping', /schema/],
    ['its connection is unknown', { connection_id: 'nobody' }, 'unknown-connection', /connection unknown: nobody/],
    ['its key is not of its connection', { key: 'other:vendor:1' }, 'foreign-key', /is not an id of acme:vendor/],
    ['its operation is not known', { operation: 'UNKNOWN' as const }, 'unsupported', /operation UNKNOWN/],
  ])('because %s goes to dead-letters with the reason', async (_, change, kind, message) => {
    pipeline.change({ entity: 'vendor', ...change })
    await pipeline.drain()
    expect(pipeline.deadLetters()).toMatchObject([{ kind, error: expect.stringMatching(message) }])
    expect(await pipeline.counter('recordsFailed', { kind })).toBe(1)
    expect(names()).toEqual([])
  })

  test('because no stream maps its entity goes to dead-letters', async () => {
    pipeline.change({ entity: 'item' })
    await pipeline.drain()
    expect(pipeline.deadLetters()).toMatchObject([{ kind: 'unsupported', error: expect.stringMatching(/item/) }])
  })

  test('does not move the gate: the same record is taken once the fault is mended', async () => {
    pipeline.change({ entity: 'vendor', source_version: 5, payload: Buffer.from('{"poison":true}') })
    await pipeline.drain()
    pipeline.change({ entity: 'vendor', source_version: 5, payload: named('mended') })
    await pipeline.drain()
    expect(names()).toEqual(['mended'])
  })
})

test('a record whose schema the registry cannot tell yet is waited for, in its place', async () => {
  await pipeline.close()
  const codec = createLocalCodec()
  let known = false
  const asked: unknown[] = []
  pipeline = createPipeline({
    codec: {
      ...codec,
      decodeChange(value) {
        if (!known && value.includes('Bo')) throw new UnknownSchemaIdError(77)
        return codec.decodeChange(value)
      },
      async learn(error) {
        asked.push(error)
        await Promise.resolve()
        known = true
      },
    },
  })
  pipeline.setConnection({ id: 'acme' })
  for (const name of ['A', 'Bo', 'Cem']) pipeline.change({ entity: 'vendor', source_id: name, payload: named(name) })
  await pipeline.drain()
  expect(names()).toEqual(['A', 'Bo', 'Cem'])
  expect(asked).toHaveLength(1)
  expect(pipeline.deadLetters()).toEqual([])
})

describe('a connection', () => {
  test('that becomes known takes effect for later records without a restart', async () => {
    pipeline.change({ entity: 'vendor', connection_id: 'late' })
    await pipeline.drain()
    pipeline.setConnection({ id: 'late' })
    pipeline.change({ entity: 'vendor', connection_id: 'late', payload: named('now') })
    await pipeline.drain()
    expect(pipeline.deadLetters()).toHaveLength(1)
    expect(names()).toEqual(['now'])
  })

  test('that is removed has its keys and lines taken off, and its records dropped, also with a crash in between', async () => {
    pipeline.setConnection({ id: 'other' })
    for (let i = 0; i < 5; i++) {
      const payload = Buffer.from('{"lines":["1","2"]}')
      pipeline.change({ entity: 'purchase_order', source_id: String(i), payload })
      pipeline.change({ entity: 'vendor', source_id: String(i), payload: named('A') })
    }
    pipeline.change({ entity: 'vendor', source_id: '77', operation: 'DELETE' })
    pipeline.change({ entity: 'vendor', connection_id: 'other', payload: named('stays') })
    await pipeline.drain()
    pipeline.setConnection({ id: 'acme', status: 'removed' })
    await pipeline.clock.advance(1)
    await pipeline.restart()
    await pipeline.drain()
    await pipeline.clock.advance(60_000)
    expect([...pipeline.table('vendor').keys()]).toEqual(['other:vendor:1'])
    expect(pipeline.table('purchase_order').size).toBe(0)
    expect(pipeline.lines('purchase_order_line').size).toBe(0)
    const gates = new Map(pipeline.records('normalizer-state').map(({ key, value }) => [key, value]))
    expect([...gates].filter(([key, value]) => key.startsWith('acme') && value !== null)).toEqual([])
    pipeline.change({ entity: 'vendor', payload: named('dropped') })
    await pipeline.drain()
    expect(pipeline.table('vendor').size).toBe(1)
    expect(await pipeline.counter('recordsSuppressed', { reason: 'connection-removed' })).toBe(1)
  })
})

describe('tombstones', () => {
  test('follow a deletion after the days that the connection says, and a replay does not bring the record back', async () => {
    pipeline.change({ entity: 'purchase_order', extracted_at: T, payload: Buffer.from('{"lines":["1"]}') })
    pipeline.change({ entity: 'purchase_order', operation: 'DELETE', source_version: 2, extracted_at: T + 5 })
    await pipeline.drain()
    await pipeline.clock.advance(29 * DAY)
    expect(pipeline.table('purchase_order').size).toBe(1)
    await pipeline.clock.advance(2 * DAY)
    expect(pipeline.table('purchase_order').size).toBe(0)
    expect(pipeline.lines('purchase_order_line').size).toBe(0)
    await pipeline.restart()
    requestReplay()
    await pipeline.drain()
    expect(pipeline.table('purchase_order').size).toBe(0)
  })

  test('never follow where the connection says never', async () => {
    pipeline.setConnection({ id: 'acme', tombstoneAfterDays: null })
    pipeline.change({ entity: 'vendor', extracted_at: T, payload: named('A') })
    pipeline.change({ entity: 'vendor', operation: 'DELETE', source_version: 2, extracted_at: T + 5 })
    await pipeline.drain()
    await pipeline.clock.advance(400 * DAY)
    expect(pipeline.table('vendor').size).toBe(1)
  })
})

let requests = 0
function requestReplay(fields: { entity?: string; connectionId?: string } = {}): void {
  const request = {
    id: `replay-${++requests}`,
    kind: 'replay',
    entity: fields.entity ?? null,
    connectionId: fields.connectionId ?? null,
    requestedAt: T,
  }
  pipeline.produce('normalizer-requests', request.id, Buffer.from(JSON.stringify(request)))
}

describe('a replay', () => {
  test('after a mapping change publishes each record once more, without the source', async () => {
    for (let i = 0; i < 30; i++) {
      pipeline.change({ entity: 'vendor', source_id: String(i), live: i % 2 === 0, payload: named(`V${i}`) })
      pipeline.change({ entity: 'vendor', source_id: String(i), source_version: 2, payload: named(`W${i}`) })
    }
    await pipeline.drain()
    const before = pipeline.unified('vendor').length
    mappingVersions.vendor = 2
    await pipeline.restart()
    requestReplay({ entity: 'vendor' })
    await pipeline.drain()
    const replayed = pipeline.unified('vendor').slice(before)
    expect(replayed).toHaveLength(30)
    for (const { record } of replayed) {
      expect(record).toMatchObject({ mapping_version: 'fake/vendor@2', email: 'v2@example.org' })
      expect(record?.name).toMatch(/^W/)
    }
  })

  test('with an unchanged mapping publishes nothing', async () => {
    for (let i = 0; i < 10; i++) pipeline.change({ entity: 'vendor', source_id: String(i), payload: named('A') })
    await pipeline.drain()
    requestReplay()
    await pipeline.drain()
    expect(pipeline.unified('vendor')).toHaveLength(10)
    expect(await pipeline.counter('recordsSuppressed', { reason: 'no-op' })).toBe(10)
  })

  test('of one connection leaves the others alone', async () => {
    pipeline.setConnection({ id: 'other' })
    pipeline.change({ entity: 'vendor', payload: named('A') })
    pipeline.change({ entity: 'vendor', connection_id: 'other', payload: named('B') })
    await pipeline.drain()
    mappingVersions.vendor = 2
    await pipeline.restart()
    requestReplay({ connectionId: 'other' })
    await pipeline.drain()
    expect(
      pipeline
        .unified('vendor')
        .slice(2)
        .map(({ key }) => key),
    ).toEqual(['other:vendor:1'])
  })

  test('does not run old sweeps again, and goes on after failures in its middle', async () => {
    let transactions = 0
    await pipeline.close()
    pipeline = createPipeline({ fate: () => (++transactions % 3 === 0 ? 'lost' : 'commit') })
    pipeline.setConnection({ id: 'acme' })
    const sweep = { entity: 'vendor', live: false, run_id: 's1', source_id: '' } as const
    pipeline.change({ ...sweep, operation: 'SWEEP_BEGIN', key: '~sweep|acme|vendor|begin' })
    pipeline.change({ ...sweep, operation: 'SWEEP_END', key: '~sweep|acme|vendor|end' })
    for (let i = 0; i < 200; i++) {
      pipeline.change({ entity: 'vendor', source_id: String(i), live: false, payload: named('A') })
    }
    await pipeline.drain()
    const reports = pipeline.reports().length
    mappingVersions.vendor = 2
    await pipeline.restart()
    requestReplay()
    await pipeline.drain()
    expect(pipeline.assignments()).toBeGreaterThan(2)
    expect(pipeline.reports()).toHaveLength(reports)
    const replayed = pipeline.unified('vendor').filter(({ record }) => record?.mapping_version === 'fake/vendor@2')
    expect(replayed).toHaveLength(200)
    const state = pipeline.records('normalizer-state').filter(({ key }) => key === '~replay')
    expect(state.at(-1)?.value).toBeNull()
  })

  test('that nobody understands is a dead letter, not a stop', async () => {
    pipeline.produce('normalizer-requests', 'x', Buffer.from('{"kind":"dance"}'))
    pipeline.change({ entity: 'vendor', payload: named('A') })
    await pipeline.drain()
    expect(pipeline.deadLetters()).toMatchObject([{ topic: 'normalizer-requests', kind: 'undecodable' }])
    expect(names()).toEqual(['A'])
  })
})
