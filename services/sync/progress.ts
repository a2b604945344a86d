import type { OutRecord, RunProgress } from '../../core/index.ts'
import { historyOf, type Run } from './run.ts'

/**
 * Tells how a long run gets on: every few seconds one line on the log and one record for the history, which goes with
 * the page's own transaction. Costs nothing between the lines; short runs say nothing.
 */
export function createProgress(
  run: Run,
  range: RunProgress,
): { afterPage(sent: number, total: number | null): OutRecord | null } {
  let { records, total } = range
  let last = { at: run.clock.now(), records }
  return {
    afterPage(sent, pageTotal) {
      records += sent
      total = pageTotal ?? total
      const now = run.clock.now()
      if (now - last.at < run.tuning.progressEveryMs) return null
      const { line, record } = historyOf(run, 'progress', {
        ...range,
        records,
        total,
        lately: { records: records - last.records, since: last.at },
      })
      last = { at: now, records }
      run.log.info(
        {
          connection: line.connectionId,
          stream: line.entity,
          records,
          ratePerSecond: line.ratePerSecond,
          ...(line.share === null ? {} : { total, percent: Math.floor(line.share * 100) }),
        },
        `${run.activity} progress`,
      )
      return record
    },
  }
}
