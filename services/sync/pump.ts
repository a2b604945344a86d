import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../core/index.ts'

/**
 * THE PAGE PUMP: moves pages from a source to Kafka, one transaction a page, in order.
 *
 *  1. wait for a turn (fairness between connections), note the time, ask the source for the next page;
 *  2. commit the page: its records and its cursor become visible together, or not at all;
 *  3. again, until the source has no more.
 *
 * While a page is being committed the next one may already be asked for (never more than one, and it is committed only
 * after the one before it): a first sync then runs at the speed of the source. It is done only where waiting for the
 * commit would cost more than a tenth of the time, so that with a slow source, where pages are dear, a crash never
 * makes us ask for more than one page again.
 */
export interface PumpOptions<Page> {
  /** The connector's iterator; it is ended when the pump ends, however that happens. */
  readonly pages: AsyncIterator<Page>
  /** Resolves when this pump may ask for a page; what it returns is called once the page is there. */
  readonly turn: () => Promise<() => void>
  /** @param askedAt when the page was asked for, our clock, epoch ms: the page is at least that fresh */
  readonly commit: (page: Page, askedAt: number) => Promise<void>
  readonly signal: AbortSignal
  readonly clock: Clock
}

const WORTH_READING_AHEAD = 0.1

/** Resolves when the source has no more pages; rejects with what the source, the commit or the signal threw. */
export async function pump<Page>({ pages, turn, commit, signal, clock }: PumpOptions<Page>): Promise<void> {
  const time = { page: 0, commit: 0 }

  async function fetch() {
    const release = await turn()
    try {
      const askedAt = clock.now()
      const result = await orAborted(pages.next(), signal)
      time.page = smooth(time.page, clock.now() - askedAt)
      return { result, askedAt }
    } finally {
      release()
    }
  }

  try {
    let next = fetch()
    for (;;) {
      const { result, askedAt } = await next
      if (result.done) return
      const ahead = time.commit > WORTH_READING_AHEAD * time.page
      if (ahead) {
        next = fetch()
        // if the commit throws first, nobody is left to await this one
        next.catch(() => {})
        // the request goes out before this page is encoded
        await setImmediate()
      }
      const before = clock.now()
      await commit(result.value, askedAt)
      time.commit = smooth(time.commit, clock.now() - before)
      if (!ahead) next = fetch()
    }
  } finally {
    // not awaited: a generator that ignores its signal must not hold the pump
    pages.return?.()?.catch(() => {})
  }
}

const smooth = (old: number, now: number) => (old === 0 ? now : old * 0.7 + now * 0.3)

/** Rejects as soon as the signal aborts, also when the connector does not heed it. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
