import { changesTopic, type Page, type ReadRange, type SyncState, sourceKeyOf } from '../../core/index.ts'
import type { Origin } from './changes.ts'
import { type Claim, claimIn } from './claim.ts'
import { createLoopGuard } from './loop-guard.ts'
import { type Delivered, preparePage, rememberAll } from './pages.ts'
import { createProgress } from './progress.ts'
import { historyOf, type Run } from './run.ts'
import { advance, countPage } from './snapshot.ts'
import type { StreamWatch } from './webhooks/health.ts'

/** A quiet stream's watermark follows the system's clock at this many overlaps: late commits are awaited that long. */
const QUIET_OVERLAPS = 5
/** Newest records kept in the state, so that a restart does not publish an overlap again. */
const REMEMBERED = 200
/** Pages that hold nothing new are not committed one by one; their cursor is, this often. */
const SKIP_AT_MOST_MS = 10_000

type Range = NonNullable<SyncState['incremental']>

/**
 * Reads what changed since the watermark, with an overlap, into `changes.<entity>`; for full-scan streams everything.
 * What was delivered before is dropped, so a poll that finds nothing costs one request and no transaction.
 */
export async function runIncremental(run: Run): Promise<void> {
  const dueAtStart = run.state().due.incremental
  run.watch?.began()
  let range: Range = run.state().incremental ?? (await begin(run))
  const from: Origin = {
    connectionId: run.connection.id,
    system: run.connection.system,
    entity: run.entity,
    runId: range.runId,
    origin: 'INCREMENTAL',
    topic: changesTopic(run.entity),
  }
  const progress = createProgress(run, range)
  const guard = createLoopGuard(range.cursor)
  let committedAt = run.clock.now()
  let commits = 0
  const publish = async (page: Page, askedAt: number, claim: Claim): Promise<void> => {
    const ready = await preparePage(run, from, page, askedAt, claim)
    range = { ...advance(range, page, ready.sent), newest: later(range.newest, ready.newest) }
    if (ready.records.length === 0 && run.clock.now() - committedAt < SKIP_AT_MOST_MS) return
    const history = progress.afterPage(ready.sent, page.total ?? null)
    const reached = range
    await run.commit(history === null ? ready.records : [...ready.records, history], (state) => ({
      ...state,
      records: state.records + ready.sent,
      incremental: reached,
      recent: remembered(state.recent, ready.delivered),
    }))
    // not those of which a delivery has published a later state meanwhile
    const still = ready.delivered.filter(({ key, fingerprint }) => run.recent.isKnown(key, fingerprint))
    rememberAll(run.recent, still, reached.until)
    if (run.watch !== null) report(run.watch, page, ready.delivered)
    committedAt = run.clock.now()
    commits++
    countPage(run, ready.sent)
  }
  await run.pump(
    run.stream.read(run.session.value, readRangeOf(run, range), run.signal),
    'live',
    async (page: Page, askedAt) => {
      guard(page.cursor, page.records.length)
      const claim = claimIn(run.recent, range.until)
      try {
        await publish(page, askedAt, claim)
      } catch (error) {
        claim.release()
        throw error
      }
    },
  )
  await finish(run, range, commits, dueAtStart)
  run.watch?.ended()
}

/** What no delivery had made known before this page. */
function report(watch: StreamWatch, page: Page, delivered: readonly Delivered[]): void {
  const news = new Set(delivered.map(({ key }) => key))
  for (const { key, version } of page.records) {
    const name = sourceKeyOf(key)
    if (news.has(name)) watch.found(name, version)
  }
}

async function begin(run: Run): Promise<Range> {
  const until = await run.session.estimateTime(run.signal)
  const { watermark } = run.state()
  const since = run.stream.changes === 'incremental' ? (watermark ?? until) - run.tuning.overlapMs : null
  return {
    runId: run.newRunId(),
    startedAt: run.clock.now(),
    since,
    until,
    cursor: null,
    records: 0,
    pages: 0,
    total: null,
    newest: null,
  }
}

function readRangeOf(run: Run, range: Range): ReadRange {
  const mode = run.stream.changes === 'incremental' ? 'incremental' : 'snapshot'
  return { mode, since: range.since, until: range.until, cursor: range.cursor, pageSize: run.tuning.pageSize }
}

/** A range that delivered nothing leaves no transaction: what it learned may be learned again after a restart. */
async function finish(run: Run, range: Range, commits: number, dueAtStart: number | undefined): Promise<void> {
  const { runId, startedAt, records, until } = range
  const { overlapMs } = run.tuning
  const finishedAt = run.clock.now()
  const pollEveryMs = run.pollEveryMs()
  const floor = until - QUIET_OVERLAPS * overlapMs
  const newest = Math.min(range.newest ?? floor, until)
  const due = Math.max(startedAt + pollEveryMs, finishedAt + pollEveryMs / 4)
  const update = (state: SyncState): SyncState => ({
    ...state,
    incremental: null,
    incrementalDone: { runId, startedAt, finishedAt, records },
    watermark: Math.max(state.watermark ?? floor, newest, floor),
    // a request that came in between asks for one more read
    due: state.due.incremental === dueAtStart ? { ...state.due, incremental: due } : state.due,
  })
  const state = run.state()
  const mustBeWritten = commits > 0 || state.incremental !== null || state.failures.incremental !== undefined
  if (mustBeWritten) {
    const history = records > 0 ? [historyOf(run, 'finished', { runId, startedAt, records, total: null }).record] : []
    await run.commit(history, update)
  } else {
    run.amend(update)
  }
  if (run.stream.changes === 'incremental') run.recent.forgetBefore((run.state().watermark ?? 0) - overlapMs)
  run.metrics.streamLag.set({ connection: run.connection.id, stream: run.entity }, (finishedAt - startedAt) / 1000)
}

const later = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b))

export function remembered(
  before: SyncState['recent'],
  delivered: readonly Pick<Delivered, 'key' | 'fingerprint'>[],
): SyncState['recent'] {
  const newest = delivered.slice(-REMEMBERED).map(({ key, fingerprint }) => [key, fingerprint] as const)
  return [...before.slice(Math.max(0, before.length + newest.length - REMEMBERED)), ...newest]
}
