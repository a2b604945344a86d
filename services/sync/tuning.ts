import type { SyncParts } from './partition-work.ts'
import type { TurnOptions } from './turns.ts'

export interface Figures extends Pick<SyncParts, 'tuning' | 'commit' | 'flushEveryMs' | 'mostRuns' | 'webhooks'> {
  readonly turns: Omit<TurnOptions, 'clock'>
}

/** The figures sync runs with; docs/sync.md explains them. */
export const DEFAULTS: Figures = {
  tuning: {
    pageSize: 1000,
    overlapMs: 60_000,
    recentLimit: { incremental: 20_000, 'full-scan': 50_000 },
    progressEveryMs: 5_000,
    reportsWithinMs: 30 * 60_000,
  },
  commit: { lingerMs: 2, maxRecords: 10_000, maxBytes: 8 * 1024 * 1024, amendedPerCommit: 200 },
  flushEveryMs: 60_000,
  mostRuns: 5_000,
  webhooks: { windowMs: 50, mostWaiting: 500, mostTasks: 2_000, graceMs: 30_000 },
  turns: { total: 128, slowAfterMs: 2_000 },
}
