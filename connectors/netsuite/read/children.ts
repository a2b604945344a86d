import { AuthError } from '../../../core/index.ts'
import { UnknownColumn, UnknownTable } from '../failures.ts'
import type { NetSuiteSession } from '../session.ts'
import { isId, type Row } from '../values.ts'
import { behind, isOneOf, type Key, keyOf } from './keys.ts'
import { memoryOf } from './memory.ts'
import { type Entry, select } from './select.ts'
import type { ChildSource, Condition, TableSource } from './source.ts'

/** Parents whose children are asked for at once. */
const AT_ONCE = 200
const FEW = 50

/** The entries with their children, in the order of their keys. A child that cannot be read makes its parent so. */
export async function withChildren(
  session: NetSuiteSession,
  source: TableSource,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const { children = [] } = source
  const parents = entries.flatMap((entry) => (entry.row === null ? [] : (keyOf(source, entry.item)?.[0] ?? [])))
  if (children.length === 0 || parents.length === 0) return entries
  const found = await allOf(
    children.map((child) => (signal) => childrenOf(session, child, parents, signal)),
    signal,
  )
  return entries.map((entry) => {
    const parent = keyOf(source, entry.item)?.[0]
    if (entry.row === null || parent === undefined) return entry
    const row: { [alias: string]: Row[string] } = { ...entry.row }
    for (const [at, child] of children.entries()) {
      const own = found[at]?.get(parent) ?? []
      const bad = own.find((each) => each.row === null)
      if (bad !== undefined) return { ...entry, row: null, reason: `${child.as}: ${bad.reason}` }
      row[child.as] = own.map((each) => each.row as Row)
    }
    return { ...entry, row }
  })
}

/** By the parent's id. */
async function childrenOf(
  session: NetSuiteSession,
  child: ChildSource,
  parents: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Entry[]>> {
  // as many requests as may be under way, unless they are too small to be worth one
  const share = Math.ceil(parents.length / session.client.concurrency())
  const size = Math.max(FEW, Math.min(AT_ONCE, share))
  const groups = Array.from({ length: Math.ceil(parents.length / size) }, (_, at) =>
    parents.slice(at * size, (at + 1) * size),
  )
  const byParent = new Map<string, Entry[]>()
  const lists = await allOf(
    groups.map((group) => (signal) => childrenOfGroup(session, child, group, signal)),
    signal,
    session.client.concurrency(),
  )
  for (const entry of lists.flat()) {
    const parent = String(entry.item[child.parent])
    const own = byParent.get(parent)
    if (own === undefined) byParent.set(parent, [entry])
    else own.push(entry)
  }
  return byParent
}

async function childrenOfGroup(
  session: NetSuiteSession,
  child: ChildSource,
  parents: readonly string[],
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const source = { ...child, key: [child.parent, child.key] }
  const parentSql = child.columns[child.parent]?.sql
  if (parentSql === undefined) throw new TypeError(`${child.table}: no column ${child.parent}`)
  const memory = memoryOf(session, source)
  if (memory.absent) return []
  const entries: Entry[] = []
  let after: Key | null = null
  for (;;) {
    const conditions: Condition[] = [
      isOneOf(parentSql, parents.filter(isId)),
      ...(after === null ? [] : [behind(source, after)]),
    ]
    const order = [parentSql, child.columns[child.key]?.sql ?? parentSql]
    const asked = { conditions: () => conditions, order: () => order, size: 1000 }
    const found = await select(session, source, asked, signal).catch((error: unknown) => {
      if (child.optional !== true || !isUnknown(error)) throw error
      memory.absent = true
      return null
    })
    if (found === null) return []
    entries.push(...found.entries)
    const last = found.entries.at(-1)
    const next = last === undefined ? null : keyOf(source, last.item)
    if (!found.more) return entries
    if (next === null || (after !== null && next.every((part, at) => part === after?.[at])))
      throw new TypeError(`${child.table}: rows without ${source.key.join(', ')}`)
    after = next
  }
}

const isUnknown = (error: unknown) =>
  error instanceof UnknownTable || (error instanceof AuthError && error.cause instanceof UnknownColumn)

/** All results, in order, so many at once; the first failure stops the others. */
async function allOf<T>(
  works: readonly ((signal: AbortSignal) => Promise<T>)[],
  signal: AbortSignal,
  atOnce = works.length,
): Promise<readonly T[]> {
  const abort = new AbortController()
  const both = AbortSignal.any([signal, abort.signal])
  const results: T[] = []
  const left = works.entries()
  // more would only stand in the way of other streams
  const worker = async () => {
    for (const [at, work] of left) results[at] = await work(both)
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, worker))
    return results
  } catch (error) {
    abort.abort(error)
    throw error
  }
}
