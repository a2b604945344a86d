import type { Feed } from './feed.ts'
import type { Slot } from './slot.ts'

/** Up to here a batch is taken as live traffic: it starts at once. */
const SMALL_BYTES = 64 * 1024

/** Decides which partition works on which feed next. */
export interface Scheduler {
  /** Something changed: start what may start. */
  poke(): void
}

/**
 * Small batches start as soon as their partition is free. Of the large ones (backfills), only a few are in work at a
 * time: they share one thread, and a live record should not wait behind a dozen of them.
 */
export function createScheduler(options: {
  readonly slots: () => Iterable<Slot>
  readonly concurrency: number
  /** A batch was processed: there is room to fetch more. */
  readonly onServed: () => void
}): Scheduler {
  let large = 0
  let clock = 0
  const lastTurn = new Map<number, number>()

  const serve = (slot: Slot, feed: Feed, isLarge: boolean): void => {
    if (isLarge) large++
    lastTurn.set(slot.index, ++clock)
    void slot.serve(feed).then(() => {
      if (isLarge) large--
      options.onServed()
      poke()
    })
  }

  const poke = (): void => {
    const candidates: { slot: Slot; feed: Feed }[] = []
    for (const slot of options.slots()) {
      if (!slot.idle()) continue
      const feed = slot.choose()
      if (feed === undefined) continue
      if (feed.buffered() <= SMALL_BYTES) serve(slot, feed, false)
      else candidates.push({ slot, feed })
    }
    if (candidates.length === 0 || large >= options.concurrency) return
    const waited = (slot: Slot): number => lastTurn.get(slot.index) ?? 0
    candidates.sort((a, b) => a.feed.rank - b.feed.rank || waited(a.slot) - waited(b.slot))
    for (const { slot, feed } of candidates.slice(0, options.concurrency - large)) serve(slot, feed, true)
  }

  return { poke }
}
