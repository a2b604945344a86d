import { expect, test } from 'vitest'
import type { Cursor, EntityName } from '../../../core/index.ts'
import { incrementRange, keyText, never, readAll, snapshotRange } from '../kit/harness.ts'
import { connectTo, httpClient, streamNamed } from './cycle.ts'
import { certificateConfig, netsuiteTime, startNetSuite, worldsOf } from './harness.ts'

/* More rows than paging of NetSuite reaches, thousands of them with one stamp, read while people work. */

const COUNT = 100_500
/** Rows of one second, as imports leave them. */
const CLUSTER = 7000

/** The same numbers for the same seed. */
function diceOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const CASES: readonly (readonly [entity: EntityName, mode: 'snapshot' | 'incremental', seed: number])[] = [
  ['user', 'snapshot', 1],
  ['user', 'incremental', 2],
  ['purchase_order', 'incremental', 3],
]

test.for(CASES)('%s: %s of more than 100,000 is complete under changes (seed %i)', async ([entity, mode, seed]) => {
  const sandbox = await startNetSuite({ size: 0 })
  const http = httpClient()
  try {
    const { worlds, tables } = worldsOf(sandbox)
    const { store } = sandbox
    const table = entity === 'user' ? 'employee' : 'transaction'
    const world = worlds[entity]
    const first = Math.floor(netsuiteTime() / 1000) * 1000 - 3_600_000
    const living = new Set<string>()
    store.transaction(() => {
      for (const [at, key] of made(COUNT).entries()) {
        living.add(key)
        store.update(table, Number(key), { lastmodifieddate: first + Math.floor(at / CLUSTER) * 1000 })
      }
    })

    const session = await connectTo(certificateConfig(sandbox), http)
    const dice = diceOf(seed)
    const start = netsuiteTime()
    const seen = new Map<string, string>()
    const last = new Map<string, string>()
    const take = (records: readonly { readonly key: string | readonly string[]; readonly deleted?: boolean }[]) => {
      for (const record of records) {
        if (record.deleted === true) seen.delete(keyText(record))
        else seen.set(keyText(record), JSON.stringify(record))
      }
    }
    let pages = 0
    let cursor: Cursor | null = null
    const range = () =>
      mode === 'snapshot' ? snapshotRange(start, 1000, cursor) : { ...incrementRange(first, start, 1000), cursor }
    reading: for (;;) {
      for await (const page of streamNamed(entity).read(session, range(), never())) {
        take(page.records)
        cursor = page.cursor
        pages++
        if (pages % 3 === 0) await work()
        // the reader stops, and goes on from where it was
        if (pages % 40 === 0) continue reading
      }
      break
    }
    expect(pages).toBeGreaterThan(100)
    take(await readAll(streamNamed(entity), session, incrementRange(start - 60_000, netsuiteTime() + 1000, 1000)))

    expect([...living].filter((key) => !seen.has(key))).toEqual([])
    const stale = [...last].filter(([key, text]) => living.has(key) && seen.get(key)?.includes(text) !== true)
    expect(stale).toEqual([])
    // nothing is invented: whatever was seen was there once
    expect(seen.size).toBe(living.size)

    function made(count: number): string[] {
      if (entity === 'user') {
        const keys = tables.ids(count, 'entity')
        tables.insert(
          table,
          keys.map((id) => ({ id, entityid: `E-${id}`, lastname: `Nr ${id}`, isinactive: false })),
        )
        return keys.map(String)
      }
      return tables.post('PurchOrd', count, { status: 'B' }, () => [{ memo: 'Bolt', quantity: '1' }]).map(String)
    }

    function change(key: string): string {
      const text = `Changed in ${pages}`
      if (entity === 'user') tables.edit(table, Number(key), { lastname: text })
      else {
        tables.update('transactionline', [Number(key), 1], { memo: text })
        tables.edit(table, Number(key), {})
      }
      return text
    }

    /** One changes, one goes, one comes. */
    async function work(): Promise<void> {
      const keys = [...living]
      const changed = keys[dice(keys.length)] ?? ''
      last.set(changed, change(changed))
      const gone = keys[dice(keys.length)] ?? ''
      if (gone !== changed) {
        await world.remove?.(gone)
        living.delete(gone)
      }
      for (const key of made(1)) living.add(key)
    }
  } finally {
    await http.close()
    await sandbox.close()
  }
})
