import { expect, test } from 'vitest'
import { createManualClock, type ManualClock } from '../../../../core/index.ts'
import { pump } from '../../../../services/sync/pump.ts'

interface Times {
  readonly page: number
  readonly commit: number
}

/** Pumps `pages` pages, each taking the given times on a clock that stands still, and notes what happens when. */
function setUp(clock: ManualClock, pages: number, { page, commit }: Times, signal = new AbortController().signal) {
  const events: string[] = []
  const open = { pages: 0, most: 0 }
  async function* source() {
    for (let n = 1; n <= pages; n++) {
      events.push(`ask ${n}`)
      await clock.sleep(page)
      open.most = Math.max(open.most, ++open.pages)
      yield n
    }
  }
  const done = pump({
    pages: source()[Symbol.asyncIterator](),
    turn: async () => () => {},
    async commit(n) {
      await clock.sleep(commit)
      open.pages--
      events.push(`commit ${n}`)
    },
    signal,
    clock,
  })
  return { events, open, done }
}

async function runToEnd(clock: ManualClock, done: Promise<void>): Promise<number> {
  let over = false
  const began = clock.now()
  void done.finally(() => {
    over = true
  })
  while (!over) await clock.advance(1)
  return clock.now() - began
}

test('a source whose pages cost about as much as a commit is read ahead by one page, in order', async () => {
  const clock = createManualClock(0)
  const { events, open, done } = setUp(clock, 20, { page: 20, commit: 20 })
  const took = await runToEnd(clock, done)
  // without reading ahead it would be 20 × 40
  expect(took).toBeLessThan(20 * 20 + 80)
  expect(open.most).toBeLessThanOrEqual(2)
  expect(events.filter((event) => event.startsWith('commit'))).toEqual(
    Array.from({ length: 20 }, (_, i) => `commit ${i + 1}`),
  )
})

test('a slow source is never asked for a page before the one before it is committed', async () => {
  const clock = createManualClock(0)
  const { events, done } = setUp(clock, 10, { page: 500, commit: 20 })
  await runToEnd(clock, done)
  for (let n = 2; n <= 10; n++) expect(events.indexOf(`ask ${n}`)).toBeGreaterThan(events.indexOf(`commit ${n - 1}`))
})

test('a commit that fails ends the pump, and the source is closed', async () => {
  let closed = false
  async function* source() {
    try {
      for (let n = 0; ; n++) yield n
    } finally {
      closed = true
    }
  }
  const clock = createManualClock(0)
  const work = pump({
    pages: source(),
    turn: async () => () => {},
    commit: async (n) => {
      if (n === 3) throw new Error('fenced')
    },
    signal: new AbortController().signal,
    clock,
  })
  await expect(work).rejects.toThrow('fenced')
  expect(closed).toBe(true)
})

test('abort ends the pump at once though the connector does not heed it, and leaves no timer', async () => {
  const clock = createManualClock(0)
  const abort = new AbortController()
  let released = 0
  const pages = { next: () => new Promise<IteratorResult<number>>(() => {}) }
  const done = pump({
    pages,
    turn: async () => () => void released++,
    commit: async () => {},
    signal: abort.signal,
    clock,
  })
  await clock.advance(10)
  abort.abort(new Error('sync is stopping'))
  await expect(done).rejects.toThrow('sync is stopping')
  expect(released).toBe(1)
  expect(clock.pending()).toBe(0)
})
