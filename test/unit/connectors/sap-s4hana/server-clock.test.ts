import { expect, test } from 'vitest'
import { createServerClock } from '../../../../connectors/sap-s4hana/server-clock.ts'

const T0 = Date.parse('2026-01-15T10:00:00Z')
const header = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toUTCString()

function playing() {
  let monotonic = 5000
  const clock = createServerClock(() => monotonic)
  return { clock, pass: (ms: number) => (monotonic += ms) }
}

test('nothing was answered yet: the time is not known', () => {
  const { clock } = playing()
  expect(clock.now()).toBeNull()
  clock.observe(undefined)
  clock.observe('nonsense')
  expect(clock.now()).toBeNull()
})

test('time goes on between answers, for ten minutes', () => {
  const { clock, pass } = playing()
  clock.observe(header(T0))
  pass(90_500)
  expect(clock.now()).toBe(T0 + 90_500)
  pass(600_000)
  expect(clock.now()).toBeNull()
})

test('of several answers the one that came quickest counts, and the estimate is never ahead', () => {
  const { clock, pass } = playing()
  let now = T0 + 700
  // each answer is under way for 300 ms
  for (let n = 0; n < 20; n++) {
    clock.observe(header(now - 300))
    const estimate = clock.now() ?? 0
    expect(estimate).toBeLessThanOrEqual(now)
    pass(930)
    now += 930
  }
  expect(clock.now()).toBeGreaterThan(now - 400)
})

test('a clock that was set back is followed', () => {
  const { clock, pass } = playing()
  clock.observe(header(T0))
  pass(1000)
  clock.observe(header(T0 - 60_000))
  expect(clock.now()).toBe(T0 - 60_000)
})

test('after a long silence the last answer alone counts', () => {
  const { clock, pass } = playing()
  clock.observe(header(T0))
  pass(3_600_000)
  // our own clock ran fast by two seconds in that hour
  clock.observe(header(T0 + 3_598_000))
  expect(clock.now()).toBe(T0 + 3_598_000)
})
