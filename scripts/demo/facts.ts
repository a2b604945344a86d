import type pg from 'pg'

/** What a system says that it holds, asked without Tributary, in the words of the tables. */
export interface SystemFacts {
  /** Table → number of its records. */
  readonly counts: ReadonlyMap<string, number>
  /** Some records. */
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly table: string
  readonly sourceId: string
  /** Column → what it must hold; numbers are compared as numbers. */
  readonly columns: { readonly [column: string]: string | number | boolean | null }
}

type Row = { readonly [column: string]: unknown }

/** Table → how its live rows differ from the facts; empty = it does not. Tables without facts are not named. */
export async function differences(
  client: Pick<pg.Client, 'query'>,
  connectionId: string,
  facts: SystemFacts,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const [table, expected] of facts.counts) {
    const live = `select count(*)::int as n from "${table}" where connection_id = $1 and deleted_at is null`
    const { rows } = await client.query<{ n: number }>(live, [connectionId])
    const n = rows[0]?.n ?? 0
    found.set(table, n === expected ? [] : [`${n} of ${expected} rows`])
  }
  for (const [table, samples] of Map.groupBy(facts.samples, (sample) => sample.table)) {
    const chosen = `select to_jsonb(t) as row from "${table}" t
      where connection_id = $1 and deleted_at is null and source_id = any($2)`
    const { rows } = await client.query<{ row: Row }>(chosen, [connectionId, samples.map(({ sourceId }) => sourceId)])
    const bySource = new Map(rows.map(({ row }) => [row['source_id'], row]))
    const wrong = samples.flatMap((sample) => differencesOf(sample, bySource.get(sample.sourceId)))
    found.set(table, [...(found.get(table) ?? []), ...wrong])
  }
  return found
}

function differencesOf({ sourceId, columns }: Sample, row: Row | undefined): string[] {
  if (row === undefined) return [`${sourceId} is missing`]
  return Object.entries(columns).flatMap(([column, expected]) => {
    const actual = typeof expected === 'number' && row[column] != null ? Number(row[column]) : row[column]
    return actual === expected ? [] : [`${sourceId} ${column} is ${show(row[column])}, not ${show(expected)}`]
  })
}

const show = (value: unknown): string => JSON.stringify(value) ?? 'no column'
