import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { keepSinksRunning, putSinks, untilSinksRun } from '../../scripts/sinks.ts'
import { type EntityName, LINE_TOPICS, parseUnifiedId } from '../../core/index.ts'
import { differences, type Facts, isEmptyLevel, type Truth } from './facts.ts'
import type { Pipeline } from './pipeline.ts'
import { stack, testDatabase } from './stack.ts'

/** The ready sinks between a pipeline's unified topics and a PostgreSQL database of their own. */
export interface PipelineTables {
  /** Waits until every row, of headers and of lines, equals its system. Throws with what differs. */
  untilEqual(withinMs?: number): Promise<{ readonly rows: number; readonly lines: number }>
  close(): Promise<void>
}

export async function openTables(pipeline: Pipeline): Promise<PipelineTables> {
  const { entities } = pipeline
  const lineTables = LINE_TOPICS.filter(({ entity }) => entities.includes(entity))
  const database = await testDatabase()
  const sinks = await putSinks(stack(), {
    group: pipeline.prefix.slice(0, -1),
    topicPrefix: pipeline.prefix,
    postgresUrl: database.url,
    postgresUrlFromConnect: database.urlFromConnect,
    names: [...entities, ...lineTables.map(({ name }) => name)],
  })
  await untilSinksRun(sinks)
  const watch = keepSinksRunning(sinks, () => {})
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()

  async function live(table: string): Promise<Map<string, Facts>> {
    const { rows } = await client.query<{ row: Facts }>(
      `select to_jsonb(t) as row from "${table}" t where deleted_at is null`,
    )
    return new Map(rows.map(({ row }) => [String(row['id']), row]))
  }

  async function headersThatDiffer(truth: Truth, found: string[]): Promise<number> {
    let compared = 0
    for (const table of entities) {
      const rows = await live(table)
      for (const [id, facts] of truth[table] ?? []) {
        compared++
        const own = Object.fromEntries(Object.entries(facts).filter(([, value]) => !Array.isArray(value)))
        for (const difference of differences(own, rows.get(id))) found.push(`row ${id} ${difference}`)
      }
      for (const [id, row] of rows)
        if (truth[table]?.has(id) !== true && !isEmptyLevel(row)) found.push(`row ${id} is not in its system`)
    }
    return compared
  }

  async function linesThatDiffer(truth: Truth, found: string[]): Promise<number> {
    let compared = 0
    for (const { name, entity, field, idField, headerIdField } of lineTables) {
      const rows = await live(name)
      for (const [header, facts] of truth[entity] ?? [])
        for (const line of (facts[field] ?? []) as Facts[]) {
          compared++
          const id = String(line[idField])
          const wanted = { ...line, [headerIdField]: header }
          for (const difference of differences(wanted, rows.get(id))) found.push(`${name} ${id} ${difference}`)
          rows.delete(id)
        }
      const listed = connectionsListing(truth, entity, field)
      for (const [id, row] of rows)
        if (listed.has(String(row['connection_id']))) found.push(`${name} ${id} is not in its system`)
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

/** Connections whose facts name the lines of this entity at all. */
const connectionsListing = (truth: Truth, entity: EntityName, field: string): ReadonlySet<string> =>
  new Set([...(truth[entity] ?? [])].flatMap(([id, facts]) => (field in facts ? parseUnifiedId(id).connectionId : [])))
