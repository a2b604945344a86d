import { backfillTopic, type Page, type RunProgress, type SyncState } from '../../core/index.ts'
import type { Origin } from './changes.ts'
import { createLoopGuard } from './loop-guard.ts'
import { preparePage, rememberAll } from './pages.ts'
import { createProgress } from './progress.ts'
import { historyOf, type Run } from './run.ts'

const DAY_MS = 86_400_000

/**
 * Reads the stream once, back to the start of the connection's window, into `backfill.<entity>`. Each page is committed
 * with its cursor; after a crash the same range goes on behind the last committed page.
 */
export async function runSnapshot(run: Run): Promise<void> {
  const range = run.state().snapshot ?? (await begin(run))
  const from: Origin = {
    connectionId: run.connection.id,
    system: run.connection.system,
    entity: run.entity,
    runId: range.runId,
    origin: 'SNAPSHOT',
    topic: backfillTopic(run.entity),
  }
  const progress = createProgress(run, range)
  const guard = createLoopGuard(range.cursor)
  // the full scan after this one sends what has changed since: it must know what was sent here
  const known = run.stream.changes === 'incremental' ? 'all' : { isKnown: () => false }
  const pages = run.stream.read(
    run.session.value,
    { mode: 'snapshot', since: range.since, until: range.until, cursor: range.cursor, pageSize: run.tuning.pageSize },
    run.signal,
  )
  await run.pump(pages, 'backfill', async (page: Page, askedAt) => {
    guard(page.cursor, page.records.length)
    const ready = await preparePage(run, from, page, askedAt, known)
    const history = progress.afterPage(ready.sent, page.total ?? null)
    await run.commit(history === null ? ready.records : [...ready.records, history], (state) => ({
      ...state,
      records: state.records + ready.sent,
      snapshot: advance(state.snapshot ?? range, page, ready.sent),
    }))
    rememberAll(run.recent, ready.delivered, range.until)
    countPage(run, ready.sent)
  })
  await finish(run, range)
}

/** The watermark is taken before the first page is read: increments deliver what changes while the snapshot runs. */
async function begin(run: Run): Promise<RunProgress> {
  const until = await run.session.askTime(run.signal)
  const { windowDays } = run.connection
  const range: RunProgress = {
    runId: run.newRunId(),
    startedAt: run.clock.now(),
    since: run.stream.ignoresWindow === true || windowDays === null ? null : until - windowDays * DAY_MS,
    until,
    cursor: null,
    records: 0,
    pages: 0,
    total: null,
  }
  await run.commit([historyOf(run, 'started', range).record], (state) => ({
    ...state,
    snapshot: range,
    resyncRequested: false,
    watermark: state.watermark ?? until,
  }))
  run.replan()
  return range
}

async function finish(run: Run, range: RunProgress): Promise<void> {
  const { snapshot } = run.state()
  const { runId, startedAt, records, total } = snapshot ?? range
  const finishedAt = run.clock.now()
  await run.commit([historyOf(run, 'finished', { runId, startedAt, records, total }).record], (state) => ({
    ...state,
    snapshot: null,
    snapshotDone: { runId, startedAt, finishedAt, records },
    due: { ...state.due, ...nextDue(run, finishedAt) },
  }))
  run.log.debug({ connection: run.connection.id, stream: run.entity, run: runId, records }, 'snapshot finished')
}

/** The snapshot was a full scan itself; the next one is due after the usual pause. */
function nextDue(run: Run, finishedAt: number): SyncState['due'] {
  if (run.stream.changes === 'incremental') return {}
  return { incremental: finishedAt + run.pollEveryMs() }
}

/** The range behind one more page. */
export function advance<Range extends RunProgress>(range: Range, page: Page, sent: number): Range {
  return {
    ...range,
    cursor: page.cursor,
    records: range.records + sent,
    pages: range.pages + 1,
    total: page.total ?? range.total,
  }
}

export function countPage(run: Run, sent: number): void {
  const labels = { connection: run.connection.id, stream: run.entity }
  run.metrics.pages.inc({ ...labels, mode: run.activity })
  if (sent > 0) run.metrics.recordsSent.inc(labels, sent)
}
