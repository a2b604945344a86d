/**
 * Does the memory of sync grow with the size of a snapshot?
 * One snapshot of 10,000 records and one of 200,000, each by a fresh process; the highest heap and resident size are
 * compared. ratio = peak resident size of the large one / of the small one; flat = within 50 MB.
 *
 *   npm run bench sync-memory
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openStage } from './source/stage.ts'

const SIZES = [10_000, 200_000] as const
const FLAT_WITHIN_MB = 50

interface Peak {
  readonly records: number
  readonly rssMb: number
  readonly heapMb: number
  /** Heap that is still in use after a collection at the end. */
  readonly heapAfterMb: number
}

async function measure(records: number): Promise<Peak> {
  const stage = await openStage({ records, latencyMs: 5 })
  const mb = (bytes: number) => Math.round(bytes / 1024 / 1024)
  const peak = { rss: 0, heap: 0 }
  const timer = setInterval(() => {
    const { rss, heapUsed, external } = process.memoryUsage()
    peak.rss = Math.max(peak.rss, rss)
    peak.heap = Math.max(peak.heap, heapUsed + external)
  }, 20)
  await stage.snapshot('one', records)
  clearInterval(timer)
  globalThis.gc?.()
  const after = process.memoryUsage()
  await stage.close()
  return {
    records,
    rssMb: mb(peak.rss),
    heapMb: mb(peak.heap),
    heapAfterMb: mb(after.heapUsed + after.external),
  }
}

const inChild = (records: number) =>
  new Promise<Peak>((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [String(records)], { execArgv: ['--expose-gc'] })
    child.once('message', (peak) => resolve(peak as Peak))
    child.once('exit', (code) => reject(new Error(`the process for ${records} records ended with ${code}`)))
  })

const [only] = process.argv.slice(2).map(Number)
if (only !== undefined) {
  process.send?.(await measure(only))
  process.exit(0)
}
const peaks: Peak[] = []
for (const records of SIZES) {
  const peak = await inChild(records)
  console.log(JSON.stringify(peak))
  peaks.push(peak)
}
const [small, large] = peaks as [Peak, Peak]
const grewMb = large.rssMb - small.rssMb
console.log(
  JSON.stringify({
    name: 'sync-memory',
    ratio: Number((large.rssMb / small.rssMb).toFixed(3)),
    grewMb,
    goalMb: FLAT_WITHIN_MB,
    flat: grewMb <= FLAT_WITHIN_MB,
    peaks,
  }),
)
