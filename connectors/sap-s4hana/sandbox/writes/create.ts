/** Creation with everything nested below (deep insert): rows are written top-down, rules see each before and after. */
import type { Navigation, Row } from '../model.ts'
import type { WrittenEntity } from './context.ts'
import type { Draft } from './payload.ts'
import { business } from './refusals.ts'
import { rulesOf } from './registry.ts'
import { keyOf, type Work } from './work.ts'

/** Writes the draft and what hangs below it. `parent`: the row it is created under, with the way that led here. */
export function create(
  work: Work,
  draft: Draft,
  parent: { row: Row; by: Navigation } | null,
  top = true,
): WrittenEntity {
  const { set, row } = draft
  const rules = rulesOf(set)
  if (parent !== null) inherit(row, parent.row, parent.by)
  rules.prepare?.(work, draft, parent?.row ?? null)
  if (work.store.get(set, keyOf(set, row)) !== null)
    throw business(
      '/IWBEP/CM_MGW_RT/022',
      `${set.type.name} ${Object.values(keyOf(set, row)).join('/')} already exists`,
    )
  work.store.insert(set, row)
  const expanded: Record<string, readonly WrittenEntity[] | WrittenEntity | null> = {}
  for (const [name, drafts] of draft.nested) {
    const navigation = set.type.navigations.get(name)
    if (navigation === undefined || drafts.length === 0) continue
    const written = drafts.map((child) => create(work, child, { row, by: navigation }, false))
    expanded[name] = navigation.many ? written : (written[0] ?? null)
  }
  rules.created?.(work, draft, top)
  return { set, row: work.store.get(set, keyOf(set, row)) ?? row, expanded }
}

function inherit(row: Row, parent: Row, by: Navigation): void {
  for (const [own, theirs] of by.on) row[theirs] = parent[own] ?? null
  for (const [theirs, value] of by.fixed) row[theirs] = value
}
