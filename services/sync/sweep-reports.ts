import type { SweepReport } from '../../core/index.ts'

/** Collects the normalizer's answers to the sweeps that are waiting for them. */
export interface SweepReports {
  take(report: SweepReport): void
  /**
   * Resolves with one report of every partition. Ask before the sweep's end is sent.
   * `missing()` names the partitions that have not answered.
   */
  expect(
    runId: string,
    partitions: number,
  ): { readonly all: Promise<readonly SweepReport[]>; missing(): number[]; end(): void }
}

export function createSweepReports(): SweepReports {
  const waiting = new Map<string, (report: SweepReport) => void>()
  return {
    // answers to sweeps that were given up meet nobody
    take: (report) => waiting.get(report.runId)?.(report),
    expect(runId, partitions) {
      const reports = new Map<number, SweepReport>()
      const { promise: all, resolve } = Promise.withResolvers<readonly SweepReport[]>()
      waiting.set(runId, (report) => {
        reports.set(report.partition, report)
        if (reports.size === partitions) resolve([...reports.values()])
      })
      return {
        all,
        missing: () => Array.from({ length: partitions }, (_, p) => p).filter((p) => !reports.has(p)),
        end: () => void waiting.delete(runId),
      }
    },
  }
}
