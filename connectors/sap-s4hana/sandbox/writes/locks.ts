import type { EntitySet, Row } from '../model.ts'
import { business } from './refusals.ts'
import { rulesOf } from './registry.ts'
import type { Lock } from './rules.ts'
import type { Work } from './work.ts'

/** @throws SapError while another user holds the object that the row belongs to (switch `locks`) */
export function checkLock(work: Work, set: EntitySet, row: Row): void {
  const lock = rulesOf(set).lock?.(row)
  if (lock !== undefined) checkLocked(work, lock)
}

export function checkLocked(work: Work, lock: Lock): void {
  const until = work.switches.locks.get(lock.name)
  if (until !== undefined && until > work.clock) throw business(lock.code, lock.message)
}
