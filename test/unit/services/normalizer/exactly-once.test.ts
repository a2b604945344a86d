import { describe, expect, test } from 'vitest'
import { createPipeline, type Fate, type Pipeline } from './pipeline.ts'

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const pick = <T>(next: () => number, values: readonly T[]): T => values[Math.floor(next() * values.length)] as T

/** Changes of 12 vendors and 6 orders in random order: repeated, late, deleted, brought back. */
function feed(pipeline: Pipeline, next: () => number, round: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const isOrder = next() < 0.35
    const version = round * 10 + Math.floor(next() * 10)
    const payload = isOrder
      ? { number: pick(next, ['PO1', 'PO2']), lines: ['1', '2', '3', '4'].filter(() => next() < 0.5) }
      : next() < 0.03
        ? { poison: true }
        : { name: pick(next, ['Alpha', 'Beta']) }
    pipeline.change({
      entity: isOrder ? 'purchase_order' : 'vendor',
      source_id: String(Math.floor(next() * (isOrder ? 6 : 12))),
      operation: next() < 0.12 ? 'DELETE' : 'UPSERT',
      live: next() < 0.5,
      source_version: version,
      extracted_at: 1_750_000_000_000 + version * 1000 + Math.floor(next() * 1500),
      payload: Buffer.from(JSON.stringify(payload)),
    })
  }
}

async function run(seed: number, fate: () => Fate, restart: (round: number) => boolean) {
  const next = random(seed)
  const sizes = random(seed + 1)
  const pipeline = createPipeline({ fate, batchSize: () => 1 + Math.floor(sizes() * 20) })
  pipeline.setConnection({ id: 'acme' })
  for (let round = 0; round < 6; round++) {
    feed(pipeline, next, round, 60)
    await pipeline.drain()
    if (restart(round)) await pipeline.restart()
  }
  const output = {
    vendor: pipeline.unified('vendor'),
    purchase_order: pipeline.unified('purchase_order'),
    lines: pipeline.records('unified.purchase_order_line').map(({ key, value }) => [key, value?.toString('hex')]),
    deadLetters: pipeline.deadLetters().map(({ offset, kind }) => [offset, kind]),
  }
  const { assignments } = pipeline
  await pipeline.close()
  return { output, assignments: assignments(), pipeline }
}

describe('the output of a partition', () => {
  test.each([11, 22, 33, 44, 55, 66, 77, 88])(
    'is the same, record for record, with and without crashes at any transaction (seed %i)',
    async (seed) => {
      const calm = await run(
        seed,
        () => 'commit',
        () => false,
      )
      const luck = random(seed * 7)
      const shaken = await run(
        seed,
        () => (luck() < 0.15 ? 'lost' : luck() < 0.15 ? 'committed-unheard' : 'commit'),
        () => luck() < 0.5,
      )
      expect(shaken.assignments).toBeGreaterThan(5)
      expect(calm.assignments).toBe(1)
      expect(shaken.output).toEqual(calm.output)
      expect(calm.output.vendor.length).toBeGreaterThan(40)
      expect(calm.output.deadLetters.length).toBeGreaterThan(0)
    },
  )

  test('never repeats the content of a key', async () => {
    const luck = random(5)
    const { output } = await run(
      99,
      () => (luck() < 0.3 ? 'lost' : 'commit'),
      () => luck() < 0.5,
    )
    const last = new Map<string, string>()
    for (const { key, record } of [...output.vendor, ...output.purchase_order]) {
      const content = JSON.stringify({ ...record, source_version: 0, origin: '', synced_at: 0, raw: null })
      expect(last.get(key)).not.toBe(content)
      last.set(key, content)
    }
  })

  test('has exactly the lines of the last version of each order', async () => {
    const luck = random(6)
    const { pipeline } = await run(
      123,
      () => (luck() < 0.3 ? 'lost' : 'commit'),
      () => luck() < 0.5,
    )
    const expected = new Map(
      [...pipeline.table('purchase_order').values()].flatMap((order) =>
        order.lines.map((line) => [line.line_id, [order.id, order.deleted_at]] as const),
      ),
    )
    const actual = new Map(
      [...pipeline.lines('purchase_order_line')].map(([id, line]) => [
        id,
        [line['purchase_order_id'], line['deleted_at']],
      ]),
    )
    expect(expected.size).toBeGreaterThan(3)
    expect(actual).toEqual(expected)
  })
})
