import { DELETED, type StateTable } from './state-table.ts'

/**
 * The version gate. States of one key are ordered by (source version, extracted at): a smaller pair is a stale read
 * and never overwrites. An equal pair passes: the content hash decides whether it says anything new (a replay with a
 * newer mapping does).
 *
 * A deleted key comes back only by a record read after the deletion was noticed, or of a higher version; a system that
 * restores a record with its old version is believed, a read from before the deletion is not.
 */
export type Verdict = 'pass' | 'stale' | 'deleted'

/** May a record of this version, read from the source at `extractedAt`, replace what `slot` holds? */
export function judgeUpsert(table: StateTable, slot: number, version: number, extractedAt: number): Verdict {
  const heldVersion = table.version(slot)
  if ((table.marks(slot) & DELETED) !== 0) {
    return extractedAt > table.extractedAt(slot) || version > heldVersion ? 'pass' : 'deleted'
  }
  if (version > heldVersion) return 'pass'
  return version < heldVersion || extractedAt < table.extractedAt(slot) ? 'stale' : 'pass'
}

/**
 * May a reported deletion take effect? Version 0 means that the system does not version its deletions: then only the
 * time of reading counts. A key that is deleted already stays as it is, so that its tombstone is not put off for ever.
 */
export function judgeDelete(table: StateTable, slot: number, version: number, extractedAt: number): Verdict {
  if ((table.marks(slot) & DELETED) !== 0) return 'deleted'
  if (version === 0 || version === table.version(slot)) return extractedAt < table.extractedAt(slot) ? 'stale' : 'pass'
  return version < table.version(slot) ? 'stale' : 'pass'
}

/** True = (version, extractedAt) is ahead of what `slot` holds: the gate must move, also when the content is the same. */
export function isAhead(table: StateTable, slot: number, version: number, extractedAt: number): boolean {
  const held = table.version(slot)
  return version > held || (version === held && extractedAt > table.extractedAt(slot))
}
