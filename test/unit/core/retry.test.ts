import { expect, test } from 'vitest'
import { createManualClock } from '../../../core/clock.ts'
import { RateLimitedError, RejectedError, RetryableError } from '../../../core/errors.ts'
import { backoffMs, retry } from '../../../core/retry.ts'

const random = () => 0.5

test('the wait is jittered below a ceiling that doubles up to the cap', () => {
  const waits = [0, 1, 2, 3, 60].map((attempt) => backoffMs(attempt, { baseMs: 100, capMs: 600, random: () => 1 }))
  expect(waits).toEqual([100, 200, 400, 600, 600])
  expect(backoffMs(3, { random: () => 0 })).toBe(0)
})

test('a retryable failure is tried again, up to the number of attempts', async () => {
  const clock = createManualClock()
  let tries = 0
  const outcome = retry(
    () => {
      tries++
      return Promise.reject(new RetryableError('down'))
    },
    { attempts: 3, baseMs: 100, random, clock },
  ).catch((error: unknown) => error)
  await clock.advance(49)
  expect(tries).toBe(1)
  await clock.advance(1)
  expect(tries).toBe(2)
  await clock.advance(100)
  expect(tries).toBe(3)
  expect(await outcome).toMatchObject({ kind: 'retryable', message: 'down' })
  expect(clock.pending()).toBe(0)
})

test('a rate limit waits as long as asked and uses no attempt', async () => {
  const clock = createManualClock()
  const answers = [new RateLimitedError('slow', 5000), new RateLimitedError('slow', 5000), null]
  let tries = 0
  const outcome = retry(
    () => {
      const error = answers[tries++]
      return error ? Promise.reject(error) : Promise.resolve('done')
    },
    { attempts: 1, random: () => 0, clock },
  )
  await clock.advance(4999)
  expect(tries).toBe(1)
  await clock.advance(5001)
  expect(tries).toBe(3)
  expect(await outcome).toBe('done')
})

test('a wish to wait longer than allowed ends at once', async () => {
  const clock = createManualClock()
  const run = () => Promise.reject(new RateLimitedError('slow', 86_400_000))
  await expect(retry(run, { clock })).rejects.toMatchObject({ retryAfterMs: 86_400_000 })
  expect(clock.pending()).toBe(0)
})

test('other failures and bugs are thrown at once', async () => {
  for (const error of [new RejectedError('no'), new TypeError('bug')]) {
    let tries = 0
    const run = () => {
      tries++
      return Promise.reject(error)
    }
    await expect(retry(run)).rejects.toBe(error)
    expect(tries).toBe(1)
  }
})

test('aborting ends the wait and leaves no timer', async () => {
  const clock = createManualClock()
  const stop = new AbortController()
  const outcome = retry(() => Promise.reject(new RetryableError('down')), { clock, signal: stop.signal }).catch(
    (error: unknown) => error,
  )
  await clock.advance(0)
  expect(clock.pending()).toBe(1)
  stop.abort(new Error('stopping'))
  expect(await outcome).toMatchObject({ message: 'stopping' })
  expect(clock.pending()).toBe(0)
})
