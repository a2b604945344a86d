import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { LINE_TOPICS } from '../../core/index.ts'
import type { LiveChanges } from './live.ts'
import { differences, type SystemFacts } from './facts.ts'

export interface Watched {
  readonly connectionId: string
  readonly title: string
  readonly facts: (() => Promise<SystemFacts>) | null
}

export interface InStep {
  /** Table, of lines too → live rows. */
  readonly rows: ReadonlyMap<string, number>
  /** Records that were compared field by field with their system. */
  readonly compared: number
}

const EVERY_MS = 1000
const SILENT_MS = 10_000
const STEADY_ROUNDS = 5

/**
 * Waits until PostgreSQL is in step: every unified record is a row, and every table agreed with what its system said at
 * that moment, in number and in the sample. People may go on working in the systems, so each table has its own moment.
 * A system that is not asked: nothing has come for some seconds.
 * @param say tells what is still missing, now and then
 */
export async function untilInStep(options: {
  readonly live: Pick<LiveChanges, 'counts'>
  readonly client: Pick<pg.Client, 'query'>
  readonly systems: readonly Watched[]
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}): Promise<InStep> {
  const { live, client, systems, signal, say } = options
  const agreed = new Map<string, number>()
  const isSilent = systems.some(({ facts }) => facts === null)
  let steady = 0
  let seen = ''
  let told = Date.now()
  for (;;) {
    const open = await disagreements(client, systems, agreed)
    const { rows, behind } = await rowsOf(live, client)
    const isFilled = behind.length === 0 && rows.get('vendor') !== 0 && rows.get('purchase_order') !== 0
    const counts = JSON.stringify([...live.counts()].map(([, records]) => records))
    steady = isFilled && counts === seen ? steady + 1 : 0
    seen = counts
    if (open.length === 0 && (isSilent ? steady >= STEADY_ROUNDS : isFilled))
      return { rows, compared: [...agreed.values()].reduce((sum, n) => sum + n, 0) }
    if (Date.now() - told > SILENT_MS) {
      told = Date.now()
      for (const line of [...behind, ...open].slice(0, 4)) say(`  not yet in step: ${line}`)
    }
    await delay(EVERY_MS, undefined, { signal })
  }
}

/**
 * One line for each table that has not agreed with its system yet.
 * @param agreed tables that have, with the number of records compared; grows
 */
async function disagreements(
  client: Pick<pg.Client, 'query'>,
  systems: readonly Watched[],
  agreed: Map<string, number>,
): Promise<string[]> {
  const open: string[] = []
  for (const { connectionId, title, facts } of systems) {
    if (facts === null) continue
    const now = await facts()
    for (const [table, wrong] of await differences(client, connectionId, now)) {
      const name = `${title}, ${table}`
      if (agreed.has(name)) continue
      if (wrong.length > 0) open.push(`${name}: ${wrong.slice(0, 2).join('; ')}${wrong.length > 2 ? '; …' : ''}`)
      else agreed.set(name, now.samples.filter((sample) => sample.table === table).length)
    }
  }
  return open
}

/** Live rows of each table, and the tables that have not all unified records yet. */
async function rowsOf(
  live: Pick<LiveChanges, 'counts'>,
  client: Pick<pg.Client, 'query'>,
): Promise<{ rows: Map<string, number>; behind: string[] }> {
  const rows = new Map<string, number>()
  const behind: string[] = []
  const count = async (table: string): Promise<{ whole: number; live: number }> => {
    const { rows: found } = await client.query<{ whole: number; live: number }>(
      `select count(*)::int as whole, count(*) filter (where deleted_at is null)::int as live from "${table}"`,
    )
    return found[0] ?? { whole: 0, live: 0 }
  }
  for (const [entity, records] of live.counts()) {
    const table = await count(entity)
    rows.set(entity, table.live)
    for (const { name } of LINE_TOPICS.filter((lines) => lines.entity === entity))
      rows.set(name, (await count(name)).live)
    const expected = records.live + records.deleted
    if (table.whole < expected) behind.push(`${entity}: ${table.whole} rows of ${expected} unified records`)
  }
  return { rows, behind }
}
