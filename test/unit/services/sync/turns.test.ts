import { expect, test } from 'vitest'
import { createManualClock } from '../../../../core/clock.ts'
import { createTurns, type Lane } from '../../../../services/sync/turns.ts'

const never = new AbortController().signal

function setUp(total: number, slowAfterMs = 2000) {
  const clock = createManualClock(0)
  const turns = createTurns({ clock, total, slowAfterMs })
  const granted: string[] = []
  const releases: (() => void)[] = []
  const ask = (name: string, concurrency = 8, lane: Lane = 'live', signal = never) =>
    turns.take(name, concurrency, lane, signal).then((release) => {
      granted.push(name)
      releases.push(release)
      return release
    })
  const settle = () => clock.advance(0)
  return { clock, turns, granted, releases, ask, settle }
}

test('turns go round among connections, however many pages one of them asks for', async () => {
  const { ask, granted, releases, settle } = setUp(1)
  const asks = ['a', 'a', 'a', 'a', 'b', 'c'].map((name) => ask(name))
  for (let i = 0; i < asks.length; i++) {
    await settle()
    releases[i]?.()
  }
  await Promise.all(asks)
  expect(granted).toEqual(['a', 'a', 'b', 'c', 'a', 'a'])
})

test('a connection never has more pages in flight than its own concurrency', async () => {
  const { ask, granted, releases, settle } = setUp(10)
  for (let i = 0; i < 5; i++) void ask('a', 2)
  void ask('b', 2)
  await settle()
  expect(granted).toEqual(['a', 'a', 'b'])
  releases[0]?.()
  await settle()
  expect(granted).toEqual(['a', 'a', 'b', 'a'])
})

test('live pages go before backfill pages, but backfill gets every fourth turn', async () => {
  const { ask, releases, settle, granted } = setUp(1)
  const asks = [...[1, 2].map((n) => ask(`back${n}`, 8, 'backfill')), ...[1, 2, 3, 4, 5, 6].map((n) => ask(`live${n}`))]
  for (let i = 0; i < asks.length; i++) {
    await settle()
    releases[i]?.()
  }
  await Promise.all(asks)
  // the first was granted before anybody else had asked
  expect(granted).toEqual(['back1', 'live1', 'live2', 'back2', 'live3', 'live4', 'live5', 'live6'])
})

test('backfill leaves one place of its connection free for live pages', async () => {
  const { ask, granted, settle } = setUp(10)
  for (let i = 0; i < 3; i++) void ask('a', 3, 'backfill')
  await settle()
  expect(granted).toHaveLength(2)
  void ask('a', 3, 'live')
  await settle()
  expect(granted).toHaveLength(3)
})

test('slow pages stop counting, so that slow connections never use up the places of the others', async () => {
  const { ask, turns, clock, granted, settle, releases } = setUp(2, 2000)
  void ask('slow1')
  void ask('slow2')
  void ask('quick')
  await settle()
  expect(granted).toEqual(['slow1', 'slow2'])
  await clock.advance(2000)
  expect(granted).toEqual(['slow1', 'slow2', 'quick'])
  expect(turns.inFlight()).toEqual({ counted: 2, slow: 1 })
  for (const release of releases) release()
  expect(turns.inFlight()).toEqual({ counted: 0, slow: 0 })
})

test('who gives up waiting gets no turn and leaves nothing behind', async () => {
  const { ask, granted, releases, settle, turns } = setUp(1)
  const giveUp = new AbortController()
  void ask('a')
  const waiting = ask('b', 8, 'live', giveUp.signal)
  void ask('c')
  await settle()
  giveUp.abort(new Error('no longer needed'))
  await expect(waiting).rejects.toThrow('no longer needed')
  releases[0]?.()
  await settle()
  expect(granted).toEqual(['a', 'c'])
  releases[1]?.()
  expect(turns.inFlight()).toEqual({ counted: 0, slow: 0 })
})
