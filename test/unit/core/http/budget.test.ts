import { expect, test } from 'vitest'
import { createManualClock } from '../../../../core/clock.ts'
import { createBudget, type Lane } from '../../../../core/http/budget.ts'

function watched(limits: { concurrency: number; requestsPerSecond: number | null }) {
  const clock = createManualClock()
  const limitsSeen: number[] = []
  const budget = createBudget(limits, clock, (limit) => limitsSeen.push(limit))
  const started: { lane: Lane; at: number; release: () => void }[] = []
  const ask = (lane: Lane = 'live', signal?: AbortSignal) =>
    budget.acquire(lane, signal).then((release) => void started.push({ lane, at: clock.now(), release }))
  return { clock, budget, started, ask, limitsSeen }
}

test('no more calls run at once than the cap', async () => {
  const { clock, started, ask } = watched({ concurrency: 3, requestsPerSecond: null })
  for (let i = 0; i < 50; i++) void ask()
  await clock.advance(0)
  let ended = 0
  while (ended < 50) {
    expect(started.length - ended).toBe(Math.min(3, 50 - ended))
    started[ended++]!.release()
    await clock.advance(0)
  }
  expect(clock.pending()).toBe(0)
})

test('releasing twice frees one place', async () => {
  const { clock, started, ask } = watched({ concurrency: 1, requestsPerSecond: null })
  for (let i = 0; i < 3; i++) void ask()
  await clock.advance(0)
  started[0]!.release()
  started[0]!.release()
  await clock.advance(0)
  expect(started).toHaveLength(2)
})

test('the token bucket starts full and then gives its rate', async () => {
  const { clock, started, ask } = watched({ concurrency: 100, requestsPerSecond: 5 })
  const began = clock.now()
  for (let i = 0; i < 15; i++) void ask()
  await clock.advance(0)
  expect(started).toHaveLength(5)
  await clock.advance(1000)
  expect(started).toHaveLength(10)
  await clock.advance(1000)
  expect(started.map(({ at }) => at - began)).toEqual([
    0, 0, 0, 0, 0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000,
  ])
  expect(clock.pending()).toBe(0)
})

test('a rate below one a second lets the first call through at once', async () => {
  const { clock, started, ask } = watched({ concurrency: 2, requestsPerSecond: 0.5 })
  void ask()
  void ask()
  await clock.advance(1999)
  expect(started).toHaveLength(1)
  await clock.advance(1)
  expect(started).toHaveLength(2)
})

test('live calls go first, and backfill still gets a turn', async () => {
  const { clock, started, ask } = watched({ concurrency: 1, requestsPerSecond: null })
  for (let i = 0; i < 4; i++) void ask('backfill')
  for (let i = 0; i < 40; i++) void ask('live')
  for (let i = 0; i < 44; i++) {
    await clock.advance(0)
    started[i]!.release()
  }
  const lanes = started.map(({ lane }) => lane)
  // The first one found the line empty.
  expect(lanes.slice(1, 4)).toEqual(['live', 'live', 'live'])
  const turns = lanes.flatMap((lane, at) => (lane === 'backfill' ? [at] : []))
  expect(turns).toHaveLength(4)
  expect(Math.max(...turns.slice(1).map((at, i) => at - turns[i]!))).toBeLessThanOrEqual(9)
})

test('after a wish to slow down nothing starts before its time, and fewer run at once', async () => {
  const { clock, budget, started, ask, limitsSeen } = watched({ concurrency: 8, requestsPerSecond: null })
  budget.slowDown(3000)
  expect(budget.heldMs()).toBe(3000)
  for (let i = 0; i < 8; i++) void ask()
  await clock.advance(2999)
  expect(started).toHaveLength(0)
  await clock.advance(1)
  expect(started).toHaveLength(4)
  expect(limitsSeen).toEqual([4])
})

test('calls that are refused together lower the limit once', async () => {
  const { clock, budget } = watched({ concurrency: 8, requestsPerSecond: null })
  for (let i = 0; i < 8; i++) budget.slowDown(0)
  expect(budget.limit()).toBe(4)
  await clock.advance(1000)
  budget.slowDown(0)
  expect(budget.limit()).toBe(2)
})

test('the limit never falls below one, and rises again to the cap but not beyond', async () => {
  const { clock, budget, started, ask } = watched({ concurrency: 3, requestsPerSecond: null })
  for (let i = 0; i < 5; i++) {
    budget.slowDown(0)
    await clock.advance(1000)
  }
  expect(budget.limit()).toBe(1)
  let served = 0
  const serve = async (calls: number): Promise<void> => {
    for (let i = 0; i < calls; i++) {
      void ask()
      await clock.advance(0)
      started[served++]!.release()
    }
  }
  await serve(19)
  expect(budget.limit()).toBe(1)
  await serve(1)
  expect(budget.limit()).toBe(2)
  await serve(80)
  expect(budget.limit()).toBe(3)
})

test('who stops waiting leaves the queue, and the last one takes the timer along', async () => {
  const { clock, budget, started, ask } = watched({ concurrency: 4, requestsPerSecond: null })
  void ask()
  await clock.advance(0)
  budget.slowDown(60_000)
  const stop = new AbortController()
  const gone = ask('live', stop.signal).catch((error: unknown) => error)
  expect(clock.pending()).toBe(1)
  stop.abort(new Error('stopping'))
  expect(await gone).toMatchObject({ message: 'stopping' })
  expect(clock.pending()).toBe(0)
  // A call that ends later must not set a timer for those who left.
  started[0]!.release()
  expect(clock.pending()).toBe(0)
  await expect(budget.acquire('live', stop.signal)).rejects.toThrow('stopping')
})

test('aborting after the start changes nothing: the place is freed by its release alone', async () => {
  const { clock, started, ask } = watched({ concurrency: 1, requestsPerSecond: null })
  const stop = new AbortController()
  void ask('live', stop.signal)
  void ask()
  await clock.advance(0)
  stop.abort()
  await clock.advance(0)
  expect(started).toHaveLength(1)
  started[0]!.release()
  await clock.advance(0)
  expect(started).toHaveLength(2)
})

test('where fewer are allowed than the cap, at least 90 % of what is allowed is used, whoever waits', async () => {
  const { clock, budget } = watched({ concurrency: 5, requestsPerSecond: null })
  const ALLOWED = 2
  const CALL_MS = 100
  let running = 0
  let refused = 0
  let served = 0
  const call = async (): Promise<void> => {
    const release = await budget.acquire('live')
    if (running >= ALLOWED) {
      refused++
      release()
      budget.slowDown(1000)
      return call()
    }
    running++
    await clock.sleep(CALL_MS)
    running--
    served++
    release()
    return call()
  }
  for (let n = 0; n < 20; n++) void call()
  const WHILE_MS = 10 * 60_000
  await clock.advance(WHILE_MS)
  expect(served / ((ALLOWED * WHILE_MS) / CALL_MS)).toBeGreaterThan(0.9)
  expect(refused).toBeLessThan(60)
})
