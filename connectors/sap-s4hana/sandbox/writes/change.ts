/** PATCH, MERGE and PUT of one row, and DELETE. */
import type { EntitySet, Row } from '../model.ts'
import { readChanges } from './payload.ts'
import { inputNotProcessed } from './refusals.ts'
import { rulesOf } from './registry.ts'
import { initialValue } from './values.ts'
import { keyOf, type Work } from './work.ts'

/** `replace`: PUT, properties that were not given are reset. */
export function change(work: Work, set: EntitySet, current: Row, body: unknown, replace: boolean): void {
  const rules = rulesOf(set)
  const once = rules.writeOnce ?? { level: '', fields: [] }
  const given = readChanges(set, body, once.fields)
  for (const field of once.fields) {
    if (!(field in given)) continue
    if (given[field] !== current[field]) throw inputNotProcessed(field, once.level)
    delete given[field]
  }
  for (const name of Object.keys(given))
    if (work.switches.silentNoOpFields.has(`${set.name}.${name}`)) delete given[name]
  const wanted = replace ? { ...initialValues(set, once.fields), ...given } : given
  apply(work, set, current, rules.change?.(work, current, wanted) ?? wanted)
}

/** Writes changes and lets the rules of the set follow up; a change to the same values is still a change. */
export function apply(work: Work, set: EntitySet, current: Row, changes: Row): void {
  if (Object.keys(changes).length > 0) work.store.update(set, keyOf(set, current), changes)
  rulesOf(set).changed?.(work, current, { ...current, ...changes })
}

export function remove(work: Work, set: EntitySet, row: Row): void {
  const rules = rulesOf(set)
  if (rules.remove === undefined) {
    work.store.remove(set, keyOf(set, row))
    rules.changed?.(work, row, row)
  } else {
    rules.remove(work, row)
  }
}

function initialValues(set: EntitySet, kept: readonly string[]): Row {
  const row: Row = {}
  for (const property of set.type.properties.values())
    if (property.updatable && !property.isKey && !kept.includes(property.name))
      row[property.name] = initialValue(property)
  return row
}
