import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sweepKey } from '../../../../core/index.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'

const T = 1_750_000_000_000
const named = (name: string) => Buffer.from(JSON.stringify({ name }))

let pipeline: Pipeline
let batch = 50

beforeEach(async () => {
  batch = 50
  pipeline = createPipeline({ batchSize: () => batch })
  pipeline.setConnection({ id: 'acme' })
  pipeline.setConnection({ id: 'other' })
  for (const id of ['1', '2', '3', '4']) {
    pipeline.change({ entity: 'vendor', source_id: id, extracted_at: T, payload: named(`V${id}`) })
  }
  pipeline.change({ entity: 'vendor', connection_id: 'other', extracted_at: T, payload: named('other') })
  await pipeline.drain()
})
afterEach(() => pipeline.close())

type Part = 'SWEEP_BEGIN' | 'SEEN' | 'SWEEP_END' | 'SWEEP_APPLY'

function sweep(operation: Part, keys: string[] = [], runId = 'sweep-1', at = T + 100): void {
  const part = ({ SWEEP_BEGIN: 'begin', SEEN: 1, SWEEP_END: 'end', SWEEP_APPLY: 'apply' } as const)[operation]
  pipeline.change({
    entity: 'vendor',
    live: false,
    operation,
    origin: 'SWEEP',
    source_id: '',
    run_id: runId,
    extracted_at: at,
    key: sweepKey('acme', 'vendor', part),
    payload: Buffer.from(JSON.stringify({ keys })),
  })
}

const deleted = () =>
  [...pipeline.table('vendor').values()].filter((record) => record.deleted_at !== null).map((record) => record.id)

describe('a sweep', () => {
  test('reports at its end what it would delete, and deletes nothing before it is applied', async () => {
    sweep('SWEEP_BEGIN')
    sweep('SEEN', ['1', '3'])
    sweep('SWEEP_END')
    await pipeline.drain()
    expect(pipeline.reports()).toEqual([
      { connectionId: 'acme', entity: 'vendor', runId: 'sweep-1', partition: 3, complete: true, live: 4, missing: 2 },
    ])
    expect(deleted()).toEqual([])
  })

  test('when applied publishes the missing records with deleted_at, and only those', async () => {
    sweep('SWEEP_BEGIN')
    sweep('SEEN', ['1', '3'])
    sweep('SWEEP_END')
    await pipeline.drain()
    sweep('SWEEP_APPLY')
    await pipeline.drain()
    expect(deleted()).toEqual(['acme:vendor:2', 'acme:vendor:4'])
    expect(pipeline.table('vendor').get('acme:vendor:2')).toMatchObject({
      name: 'V2',
      deleted_at: T + 100,
      synced_at: T + 100,
      origin: 'SWEEP',
    })
  })

  test('counts a change that arrives in between as seen, also an old one, and again before it is applied', async () => {
    sweep('SWEEP_BEGIN')
    sweep('SEEN', ['1'])
    await pipeline.drain()
    pipeline.change({ entity: 'vendor', source_id: '2', extracted_at: T - 1, payload: named('late') })
    await pipeline.drain()
    sweep('SWEEP_END')
    await pipeline.drain()
    expect(pipeline.reports()[0]).toMatchObject({ live: 4, missing: 2 })
    pipeline.change({ entity: 'vendor', source_id: '3', extracted_at: T + 200, payload: named('V3 again') })
    await pipeline.drain()
    sweep('SWEEP_APPLY')
    await pipeline.drain()
    expect(deleted()).toEqual(['acme:vendor:4'])
  })

  test('does not take away what was read after it began, nor what is new', async () => {
    pipeline.change({
      entity: 'vendor',
      source_id: '4',
      source_version: 2,
      extracted_at: T + 150,
      payload: named('V4'),
    })
    await pipeline.drain()
    sweep('SWEEP_BEGIN')
    sweep('SEEN', ['1', '2', '3'])
    await pipeline.drain()
    pipeline.change({ entity: 'vendor', source_id: '5', extracted_at: T + 90, payload: named('new') })
    await pipeline.drain()
    sweep('SWEEP_END')
    await pipeline.drain()
    expect(pipeline.reports()[0]).toMatchObject({ live: 5, missing: 0 })
  })

  test('that was interrupted by a restart is reported incomplete', async () => {
    sweep('SWEEP_BEGIN')
    sweep('SEEN', ['1'])
    await pipeline.drain()
    await pipeline.restart()
    sweep('SWEEP_END')
    await pipeline.drain()
    expect(pipeline.reports()).toMatchObject([{ complete: false, live: 0, missing: 0 }])
  })

  test('that never ended deletes nothing, whatever is applied', async () => {
    sweep('SWEEP_BEGIN')
    sweep('SEEN', ['1'])
    sweep('SWEEP_APPLY')
    sweep('SWEEP_APPLY', [], 'another')
    await pipeline.drain()
    expect(deleted()).toEqual([])
  })

  test('reported before a restart and applied after it deletes nothing', async () => {
    sweep('SWEEP_BEGIN')
    sweep('SWEEP_END')
    await pipeline.drain()
    await pipeline.restart()
    sweep('SWEEP_APPLY')
    await pipeline.drain()
    expect(deleted()).toEqual([])
  })

  test('that begins anew forgets the marks of the one before', async () => {
    sweep('SWEEP_BEGIN')
    sweep('SEEN', ['1', '2', '3', '4'])
    sweep('SWEEP_BEGIN', [], 'sweep-2', T + 200)
    sweep('SEEN', ['1'], 'sweep-1')
    sweep('SEEN', ['2'], 'sweep-2')
    sweep('SWEEP_END', [], 'sweep-2')
    await pipeline.drain()
    expect(pipeline.reports()).toMatchObject([{ runId: 'sweep-2', complete: true, missing: 3 }])
  })

  test('of thousands of missing records is applied in several transactions', async () => {
    batch = 4000
    for (let i = 10; i < 5010; i++) {
      pipeline.change({ entity: 'vendor', source_id: String(i), extracted_at: T, payload: named('many') })
    }
    await pipeline.drain()
    sweep('SWEEP_BEGIN')
    sweep('SEEN', ['1', '2', '3', '4'])
    sweep('SWEEP_END')
    sweep('SWEEP_APPLY')
    await pipeline.drain()
    expect(deleted()).toHaveLength(5000)
  })

  test('a record that comes back after it was swept away is live again', async () => {
    sweep('SWEEP_BEGIN')
    sweep('SWEEP_END')
    sweep('SWEEP_APPLY')
    await pipeline.drain()
    expect(deleted()).toHaveLength(4)
    pipeline.change({ entity: 'vendor', source_id: '1', extracted_at: T + 300, payload: named('V1') })
    pipeline.change({ entity: 'vendor', source_id: '2', extracted_at: T + 99, payload: named('V2') })
    await pipeline.drain()
    expect(deleted()).toEqual(['acme:vendor:2', 'acme:vendor:3', 'acme:vendor:4'])
  })
})
