/** If-Match: needed where the set says so (or the switch `etagRequired`), and always compared when it was sent. */
import type { EntitySet, Row } from '../model.ts'
import { actionPreconditionRequired, preconditionFailed, preconditionRequired } from './refusals.ts'
import type { Work } from './work.ts'

export function checkEtag(work: Work, set: EntitySet, row: Row, ifMatch: string | undefined): void {
  if (!isRequired(work, set)) return
  if (ifMatch === undefined) throw preconditionRequired(set.name)
  compareTags(row, ifMatch)
}

/** A function that changes a row is an action of its entity. */
export function checkActionEtag(work: Work, set: EntitySet, row: Row, ifMatch: string | undefined): void {
  if (!isRequired(work, set)) return
  if (ifMatch === undefined) throw actionPreconditionRequired(set.name)
  compareTags(row, ifMatch)
}

function isRequired(work: Work, set: EntitySet): boolean {
  return work.switches.etagRequired[set.name] ?? set.requiresEtag
}

function compareTags(row: Row, ifMatch: string): void {
  if (ifMatch.trim() === '*') return
  const stamps = ifMatch.split(/,(?=\s*(?:W\/)?")/).map(instantOf)
  const own = row['LastChangeDateTime'] ?? row['MaintOrderCreationDateTime'] ?? null
  if (!stamps.some((stamp) => stamp === own)) throw preconditionFailed()
}

/** `W/"datetimeoffset'2026-01-15T10%3A00%3A00Z'"` → epoch ms; NaN when it is no tag of ours; null for an empty stamp. */
function instantOf(tag: string): number | null {
  const inner = /^\s*(?:W\/)?"(.*)"\s*$/.exec(tag)?.[1]
  if (inner === undefined) return Number.NaN
  const stamp = /^datetimeoffset'(.+)'$/.exec(inner.replaceAll(/%3A/gi, ':'))?.[1]
  if (stamp === undefined) return inner === '' || inner === 'null' ? null : Number.NaN
  return Date.parse(stamp)
}
