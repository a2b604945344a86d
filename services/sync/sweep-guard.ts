import type { Connection, SweepReport } from '../../core/index.ts'

/** What all partitions of the normalizer found at the end of a sweep. */
export interface SweepCount {
  readonly live: number
  readonly missing: number
}

export type SweepVerdict =
  | { readonly kind: 'apply'; readonly count: SweepCount }
  | { readonly kind: 'held'; readonly count: SweepCount; readonly reason: string }
  /** A partition was restarted during the sweep: it proves nothing. */
  | { readonly kind: 'again'; readonly reason: string }

/**
 * May this sweep delete? Pure.
 * @param keys how many keys the system listed; none at all is never believed without approval, however few records
 *   there are: an empty answer is what a lost permission or a broken source looks like
 * @param approved deletions an operator has approved; null = the guard alone decides
 */
export function judgeSweep(
  reports: readonly SweepReport[],
  keys: number,
  guard: Connection['sweepGuard'],
  approved: number | null,
): SweepVerdict {
  const restarted = reports.filter((report) => !report.complete).map((report) => report.partition)
  if (restarted.length > 0)
    return {
      kind: 'again',
      reason: `the normalizer was restarted during the sweep (partitions ${restarted.join(', ')})`,
    }
  const count = {
    live: reports.reduce((sum, report) => sum + report.live, 0),
    missing: reports.reduce((sum, report) => sum + report.missing, 0),
  }
  if (count.missing === 0 || (approved !== null && count.missing <= approved)) return { kind: 'apply', count }
  const found = `would delete ${count.missing} of ${count.live} records`
  if (keys === 0) return { kind: 'held', count, reason: `the system listed no records at all; ${found}` }
  if (count.missing > guard.records && count.missing > guard.share * count.live)
    return {
      kind: 'held',
      count,
      reason: `${found}; the guard allows ${guard.records} records or ${Math.round(guard.share * 100)} %`,
    }
  return { kind: 'apply', count }
}
