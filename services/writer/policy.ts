/** Figures of the writer; times in milliseconds. */
export interface Policy {
  /** How long a system may still be working on a call that nobody waits for any more. */
  readonly settleMs: number
  /** Between two looks that must agree. */
  readonly lookAgainMs: number
  readonly longestLookWaitMs: number
  /** After this long in doubt a person must look. */
  readonly inDoubtAfterMs: number
  /** From receipt, for commands that name no deadline. */
  readonly deadlineMs: number
  readonly retryBaseMs: number
  readonly retryCapMs: number
  /** First wait after refused credentials; doubles up to an hour. */
  readonly authWaitMs: number
  /** Longest time that a result waits for the record to be read again. */
  readonly rereadMs: number
  /** Commands of a partition that may be unfinished before no more are read. */
  readonly mostUnfinished: number
  /** How long a partition that goes away waits for calls under way. */
  readonly drainMs: number
}

const MINUTE = 60_000

export const DEFAULT_POLICY: Policy = {
  settleMs: 2 * MINUTE,
  lookAgainMs: 30_000,
  longestLookWaitMs: 10 * MINUTE,
  inDoubtAfterMs: 24 * 60 * MINUTE,
  deadlineMs: 24 * 60 * MINUTE,
  retryBaseMs: 1_000,
  retryCapMs: MINUTE,
  authWaitMs: MINUTE,
  rereadMs: 5_000,
  mostUnfinished: 20_000,
  drainMs: 10_000,
}
