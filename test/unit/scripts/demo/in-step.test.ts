import { expect, test } from 'vitest'
import { differences, type SystemFacts } from '../../../../scripts/demo/facts.ts'
import { untilInStep, type Watched } from '../../../../scripts/demo/in-step.ts'

type Row = { source_id: string; deleted?: boolean; [column: string]: unknown }

/** A database that understands the two kinds of question that are asked here. */
function database(tables: Record<string, Row[]>) {
  return {
    async query(sql: string, values?: unknown[]) {
      const rows = tables[/from "(\w+)"/.exec(sql)?.[1] ?? ''] ?? []
      const live = rows.filter((row) => row.deleted !== true)
      if (sql.includes('to_jsonb')) {
        const [, wanted] = values as [string, string[]]
        return { rows: live.filter((row) => wanted.includes(row.source_id)).map((row) => ({ row })) }
      }
      return { rows: [{ n: live.length, live: live.length, whole: rows.length }] }
    },
  } as never
}

const facts = (counts: Record<string, number>, samples: SystemFacts['samples'] = []): SystemFacts => ({
  counts: new Map(Object.entries(counts)),
  samples,
})
const vendor = (sourceId: string, columns: SystemFacts['samples'][number]['columns']) => ({
  table: 'vendor',
  sourceId,
  columns,
})

test('rows are compared with the facts in number and, for the sample, in each column', async () => {
  const client = database({
    vendor: [{ source_id: '1', name: 'Nord' }, { source_id: '2' }, { source_id: '3', deleted: true }],
  })
  const samples = [vendor('1', { name: 'Nord' }), vendor('1', { name: 'Süd' }), vendor('4', { name: 'West' })]
  const found = await differences(client, 'demo', facts({ vendor: 2, item: 1 }, samples))
  expect(found.get('vendor')).toEqual(['1 name is "Nord", not "Süd"', '4 is missing'])
  expect(found.get('item')).toEqual(['0 of 1 rows'])
})

test('numbers are compared as numbers, however many digits the column writes', async () => {
  const client = database({ stock_level: [{ source_id: 'a', quantity: '12.500000000' }] })
  const sample = (quantity: number) => [{ table: 'stock_level', sourceId: 'a', columns: { quantity } }]
  const wrong = async (quantity: number) =>
    (await differences(client, 'demo', facts({}, sample(quantity)))).get('stock_level')
  expect(await wrong(12.5)).toEqual([])
  expect(await wrong(12)).toHaveLength(1)
})

function waiting(tables: Record<string, Row[]>, systems: Watched[], counts: [string, number][]) {
  const said: string[] = []
  const stop = new AbortController()
  const done = untilInStep({
    live: { counts: () => new Map(counts.map(([entity, live]) => [entity as 'vendor', { live, deleted: 0 }])) },
    client: database(tables),
    systems,
    signal: stop.signal,
    say: (line) => said.push(line),
  })
  return { done, stop }
}

const two: Row[] = [
  { source_id: '1', name: 'Nord' },
  { source_id: '2', name: 'Süd' },
]
const LIVE: [string, number][] = [
  ['vendor', 2],
  ['purchase_order', 2],
]

test('in step is said with the rows, once tables, unified records and the system agree', async () => {
  const system = {
    title: 'S',
    connectionId: 'demo',
    facts: async () => facts({ vendor: 2 }, [vendor('2', { name: 'Süd' })]),
  }
  const { done } = waiting({ vendor: two, purchase_order: two }, [system], LIVE)
  const { rows, compared } = await done
  expect([...rows].filter(([, n]) => n > 0)).toEqual(LIVE)
  expect(compared).toBe(1)
})

test('a table that agreed once has agreed: people go on working', async () => {
  const answers = [facts({ vendor: 2, purchase_order: 3 }), facts({ vendor: 3, purchase_order: 2 })]
  const system = { title: 'S', connectionId: 'demo', facts: async () => answers.shift() ?? facts({ vendor: 9 }) }
  const { done } = waiting({ vendor: two, purchase_order: two }, [system], LIVE)
  await done
  expect(answers).toEqual([])
})

test('a difference, or a row that has not arrived, keeps it waiting', async () => {
  const asked = Promise.withResolvers<void>()
  let times = 0
  const system = (expected: SystemFacts): Watched => ({
    title: 'S',
    connectionId: 'demo',
    facts: async () => {
      if (++times === 4) asked.resolve()
      return expected
    },
  })
  const wrong = waiting({ vendor: two, purchase_order: two }, [system(facts({ vendor: 3 }))], LIVE)
  const late = waiting({ vendor: two, purchase_order: [] }, [system(facts({ vendor: 2 }))], LIVE)
  const first = await Promise.race([wrong.done.then(() => 'wrong'), late.done.then(() => 'late'), asked.promise])
  expect(first).toBeUndefined()
  wrong.stop.abort()
  late.stop.abort()
  await expect(wrong.done).rejects.toThrow('abort')
  await expect(late.done).rejects.toThrow('abort')
})
