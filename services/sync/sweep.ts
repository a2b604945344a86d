import { backfillTopic, type SyncState } from '../../core/index.ts'
import type { Origin } from './changes.ts'
import { settingsOf } from './planner.ts'
import { historyOf, type Run, type Standing } from './run.ts'
import { judgeSweep, type SweepVerdict } from './sweep-guard.ts'

/** A sweep that proved nothing (the normalizer was restarted or silent) is made again after this. */
const AGAIN_AFTER_MS = 60_000

/**
 * Finds deletions that the system does not report: lists every key, tells the normalizer (docs/sync.md, "Sweeps"), adds
 * up its answers, and lets it delete only if the guard agrees. Whatever interrupts it, nothing is deleted: SWEEP_END
 * is sent only after the list came to its normal end, and SWEEP_APPLY only after every partition has answered.
 */
export async function runSweep(run: Run): Promise<void> {
  const startedAt = run.clock.now()
  const runId = run.newRunId()
  const from: Origin = {
    connectionId: run.connection.id,
    system: run.connection.system,
    entity: run.entity,
    runId,
    origin: 'SWEEP',
    topic: backfillTopic(run.entity),
  }
  const approved = run.state().approvedDeletes
  const reports = run.reports.expect(runId, run.partitions)
  try {
    const keys = await list(run, from, startedAt, approved)
    const verdict = await hear(run, reports, approved, keys)
    await conclude(run, from, { runId, startedAt, records: keys, total: null }, verdict)
  } finally {
    reports.end()
  }
}

/** Sends BEGIN, the keys page by page, and END; returns how many keys there were. */
async function list(run: Run, from: Origin, startedAt: number, approved: number | null): Promise<number> {
  const { stream, entity, encoder, session, signal } = run
  if (stream.listKeys === undefined) throw new Error(`stream ${entity} says by-absence and has no listKeys`)
  const { runId } = from
  let keys = 0
  let pages = 0
  const stage = (name: 'listing' | 'counting') => (state: SyncState) => ({
    ...state,
    sweep: { runId, startedAt, stage: name, keys, approved },
  })
  await run.commit(encoder.sweepMark(from, 'begin', startedAt), stage('listing'))
  await run.pump(stream.listKeys(session.value, signal), 'backfill', async (page, askedAt) => {
    if (page.length === 0) return
    const records = encoder.seen(from, page, pages, askedAt)
    keys += page.length
    pages++
    await run.commit(records, stage('listing'))
    run.metrics.pages.inc({ connection: from.connectionId, stream: entity, mode: 'sweep' })
  })
  await run.commit(encoder.sweepMark(from, 'end', run.clock.now()), stage('counting'))
  return keys
}

/** Waits for the normalizer's answers; it may be down for a while, but not for ever. */
async function hear(
  run: Run,
  reports: ReturnType<Run['reports']['expect']>,
  approved: number | null,
  keys: number,
): Promise<SweepVerdict> {
  run.standAside()
  const waiting = new AbortController()
  const signal = AbortSignal.any([run.signal, waiting.signal])
  const tooLate = run.clock.sleep(run.tuning.reportsWithinMs, signal).then(() => null)
  try {
    const answers = await Promise.race([reports.all, tooLate])
    if (answers !== null) return judgeSweep(answers, keys, run.connection.sweepGuard, approved)
    const silent = reports.missing().join(', ')
    return { kind: 'again', reason: `the normalizer has not answered (partitions ${silent}); is it running?` }
  } finally {
    tooLate.catch(() => {})
    waiting.abort()
  }
}

async function conclude(run: Run, from: Origin, standing: Standing, verdict: SweepVerdict): Promise<void> {
  const { runId, startedAt, records: keys } = standing
  const finishedAt = run.clock.now()
  const { sweepEveryMs } = settingsOf(run.connection, run.stream)
  const about = { connection: from.connectionId, stream: run.entity, run: runId }
  const dueAfter = (state: SyncState, ms: number | null): SyncState['due'] => {
    const { sweep: _done, ...due } = state.due
    return ms === null ? due : { ...due, sweep: finishedAt + ms }
  }
  if (verdict.kind === 'again') {
    run.log.warn({ ...about, reason: verdict.reason }, 'sweep deleted nothing and is made again')
    await run.commit([historyOf(run, 'failed', standing, { cause: verdict.reason }).record], (state) => ({
      ...state,
      sweep: null,
      due: dueAfter(state, Math.min(AGAIN_AFTER_MS, sweepEveryMs ?? AGAIN_AFTER_MS)),
    }))
    return
  }
  const { live, missing } = verdict.count
  if (verdict.kind === 'held') {
    const { reason } = verdict
    const isNews = run.state().held?.missing !== missing
    if (isNews) run.log.warn({ ...about, missing, live, reason }, heldAdvice(run))
    run.metrics.sweepsHeld.inc({ connection: from.connectionId, stream: run.entity })
    await run.commit([historyOf(run, 'held', standing, { cause: reason }).record], (state) => ({
      ...state,
      sweep: null,
      approvedDeletes: null,
      held: { runId, at: finishedAt, missing, live, reason },
      due: dueAfter(state, sweepEveryMs),
    }))
    return
  }
  // also when nothing is missing: the normalizer then forgets what it kept of this sweep
  const marks = run.encoder.sweepMark(from, 'apply', finishedAt)
  const history = historyOf(run, 'finished', standing, { deleted: missing }).record
  await run.commit([...marks, history], (state) => ({
    ...state,
    sweep: null,
    approvedDeletes: null,
    held: null,
    sweepDone: { runId, startedAt, finishedAt, records: keys, deleted: missing },
    due: dueAfter(state, sweepEveryMs),
  }))
}

const heldAdvice = (run: Run) =>
  `sweep held: nothing is deleted; look at the system, then \`tributary sync approve-deletes ${run.connection.id} ${run.entity}\``
