/**
 * How much slower than its source is an initial sync?
 * 100,000 records of 1.2 kB from an HTTP source (a process of its own that takes `latency` ms for a page of 1,000, a
 * fast API) through sync into Kafka, beside a bare loop that reads the same pages one after the other and throws them
 * away. Both in this process, in turns; ratio = median speed of sync / median speed of the loop.
 *
 *   npm run bench initial-sync [-- <records> <latency ms> <rounds>]
 */
import { openPageStage } from './source/stage.ts'
import { median } from './support/processes.ts'

const [records = 100_000, latencyMs = 100, rounds = 3] = process.argv.slice(2).map(Number)
const PAGE = 1000

/** Reads every page, parses it, keeps nothing. */
async function bareLoop(url: string): Promise<number> {
  const began = performance.now()
  let after: number | null = 0
  let seen = 0
  while (after !== null) {
    const response = await fetch(`${url}/records?after=${after}&limit=${PAGE}&since=0`)
    const body = (await response.json()) as { records: unknown[]; next: number | null }
    seen += body.records.length
    after = body.next
  }
  if (seen !== records) throw new Error(`the loop saw ${seen} of ${records} records`)
  return performance.now() - began
}

const stage = await openPageStage({ records, latencyMs })
try {
  // the first pass fills the source's cache and warms both paths
  await bareLoop(stage.sourceUrl)
  await stage.snapshot('warm-up', records)
  const loop: number[] = []
  const sync: number[] = []
  const cpu: number[] = []
  for (let round = 1; round <= rounds; round++) {
    loop.push(await bareLoop(stage.sourceUrl))
    const before = process.cpuUsage()
    sync.push(await stage.snapshot(`round-${round}`, records))
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1e6)
    console.log(`round ${round}: loop ${(loop.at(-1) ?? 0).toFixed(0)} ms, sync ${(sync.at(-1) ?? 0).toFixed(0)} ms`)
  }
  const perSecond = (ms: number) => Math.round((records / ms) * 1000)
  console.log(
    JSON.stringify({
      name: 'initial-sync',
      ratio: Number((median(loop) / median(sync)).toFixed(3)),
      goal: 0.9,
      records,
      pageSize: PAGE,
      sourceLatencyMs: latencyMs,
      loopRecordsPerSecond: perSecond(median(loop)),
      syncRecordsPerSecond: perSecond(median(sync)),
      syncCpuSecondsPerMillion: Number(((median(cpu) / records) * 1e6).toFixed(1)),
      loopMs: loop.map(Math.round),
      syncMs: sync.map(Math.round),
    }),
  )
} finally {
  await stage.close()
}
process.exit(0)
