/**
 * Does the memory of sync grow with the size of a snapshot?
 * A snapshot of 200,000 records of 1.2 kB, by a process that has made one of 50,000 before (code is compiled, pools are
 * filled, and V8 has collected buffers outside of its heap at least once, which it does every 64 MB): highest resident and heap size while its first 10,000 records are read, and over the whole.
 * ratio = the second / the first; flat = within 50 MB.
 *
 *   npm run bench sync-memory
 */
import { keepHeapSmall } from '../services/sync/heap.ts'
import { openPageStage } from './source/stage.ts'

const WARM_UP = 50_000
const SMALL = 10_000
const LARGE = 200_000
const FLAT_WITHIN_MB = 50

interface Peak {
  readonly rssMb: number
  /** Heap in use and buffers outside of it. */
  readonly usedMb: number
}

const mb = (bytes: number) => Math.round(bytes / 1024 / 1024)

function peakOf(a: Peak): Peak {
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rssMb: Math.max(a.rssMb, mb(rss)), usedMb: Math.max(a.usedMb, mb(heapUsed + external)) }
}

/** Heap in use and buffers after a collection, MB. */
function collected(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return mb(heapUsed + external)
}

keepHeapSmall()
const stage = await openPageStage({ records: LARGE, latencyMs: 20 })
await stage.snapshot('warm-up', WARM_UP)
const before = collected()
let atSmall: Peak | null = null
let peak: Peak = { rssMb: 0, usedMb: 0 }
const timer = setInterval(async () => {
  peak = peakOf(peak)
  if (atSmall === null && (await stage.sent('large')) >= SMALL) atSmall = peak
}, 20)
await stage.snapshot('large', LARGE)
clearInterval(timer)
const after = collected()
await stage.close()

const first = atSmall ?? peak
const grewMb = peak.rssMb - first.rssMb
console.log(
  JSON.stringify({
    name: 'sync-memory',
    ratio: Number((peak.rssMb / first.rssMb).toFixed(3)),
    flat: grewMb <= FLAT_WITHIN_MB,
    grewMb,
    goalMb: FLAT_WITHIN_MB,
    at: { [SMALL]: first, [LARGE]: peak },
    collectedMb: { before, after },
  }),
)
process.exit(0)
