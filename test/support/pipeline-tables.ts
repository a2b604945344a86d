import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { keepSinksRunning, putSinks, untilSinksRun } from '../../scripts/sinks.ts'
import { CONNECTION_ID, type Pipeline, TRUTH_ENTITIES } from './pipeline.ts'
import { stack, testDatabase } from './stack.ts'
import { differences, type Facts, isEmptyLevel, type Truth } from './tryton-truth.ts'

/** The ready sinks between a pipeline's unified topics and a PostgreSQL database of their own. */
export interface PipelineTables {
  /** Waits until every row, of headers and of lines, equals the ERP. Throws with what differs. */
  untilEqual(withinMs?: number): Promise<{ readonly rows: number; readonly lines: number }>
  close(): Promise<void>
}

const LINE_TABLES = [
  { table: 'purchase_order_line', header: 'purchase_order' },
  { table: 'inventory_movement_line', header: 'inventory_movement' },
] as const

export async function openTables(pipeline: Pipeline): Promise<PipelineTables> {
  const database = await testDatabase()
  const sinks = await putSinks(stack(), {
    group: pipeline.prefix.slice(0, -1),
    topicPrefix: pipeline.prefix,
    postgresUrl: database.url,
    postgresUrlFromConnect: database.urlFromConnect,
    names: [...TRUTH_ENTITIES, ...LINE_TABLES.map(({ table }) => table)],
  })
  await untilSinksRun(sinks)
  const watch = keepSinksRunning(sinks, () => {})
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()

  async function live(table: string, keyField: string): Promise<Map<string, Facts>> {
    const { rows } = await client.query<{ row: Facts }>(
      `select to_jsonb(t) as row from "${table}" t where deleted_at is null`,
    )
    return new Map(rows.map(({ row }) => [String(row[keyField]), row]))
  }

  async function headersThatDiffer(truth: Truth, found: string[]): Promise<number> {
    let compared = 0
    for (const table of TRUTH_ENTITIES) {
      const rows = await live(table, 'source_id')
      for (const [key, { lines: _lines, ...facts }] of truth[table]) {
        compared++
        for (const difference of differences(facts, rows.get(key))) found.push(`${table} ${key} ${difference}`)
      }
      for (const [key, row] of rows)
        if (!truth[table].has(key) && !isEmptyLevel(row)) found.push(`${table} ${key} is not in the ERP`)
    }
    return compared
  }

  async function linesThatDiffer(truth: Truth, found: string[]): Promise<number> {
    let compared = 0
    for (const { table, header } of LINE_TABLES) {
      const rows = await live(table, 'id')
      for (const [key, { lines }] of truth[header])
        for (const facts of lines as Facts[]) {
          compared++
          const line = { ...facts, [`${header}_id`]: `${CONNECTION_ID}:${header}:${key}` }
          const id = String(facts['line_id'])
          for (const difference of differences(line, rows.get(id))) found.push(`${table} ${id} ${difference}`)
          rows.delete(id)
        }
      for (const id of rows.keys()) found.push(`${table} ${id} is not in the ERP`)
    }
    return compared
  }

  return {
    async untilEqual(withinMs = 90_000) {
      const deadline = Date.now() + withinMs
      for (;;) {
        const truth = await pipeline.truth()
        const found: string[] = []
        const rows = await headersThatDiffer(truth, found)
        const lines = await linesThatDiffer(truth, found)
        if (found.length === 0) return { rows, lines }
        if (Date.now() > deadline)
          throw new Error(`${found.length} differences after ${withinMs} ms:\n${found.slice(0, 20).join('\n')}`)
        await delay(500)
      }
    },
    async close() {
      await client.end()
      await watch.stop()
      for (const sink of sinks) await sink.remove()
      await database.drop()
    },
  }
}
