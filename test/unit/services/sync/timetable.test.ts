import { expect, test } from 'vitest'
import { createManualClock } from '../../../../core/clock.ts'
import { createTimetable } from '../../../../services/sync/timetable.ts'

function plan() {
  const clock = createManualClock(0)
  const due: string[] = []
  const timetable = createTimetable({ clock, onDue: (key) => due.push(`${key}@${clock.now()}`) })
  return { clock, due, timetable }
}

test('keys fall due in the order of their times, each once', async () => {
  const { clock, due, timetable } = plan()
  timetable.set('late', 300)
  timetable.set('soon', 100)
  timetable.set('later', 500)
  await clock.advance(400)
  expect(due).toEqual(['soon@100', 'late@300'])
  await clock.advance(1000)
  expect(due).toEqual(['soon@100', 'late@300', 'later@500'])
  expect(timetable.size).toBe(0)
  expect(clock.pending()).toBe(0)
})

test('planning a key again replaces its time, in both directions', async () => {
  const { clock, due, timetable } = plan()
  timetable.set('a', 100)
  timetable.set('b', 200)
  timetable.set('a', 300)
  timetable.set('b', 50)
  await clock.advance(1000)
  expect(due).toEqual(['b@50', 'a@300'])
})

test('a deleted key does not fall due, and its timer is gone', async () => {
  const { clock, due, timetable } = plan()
  timetable.set('a', 100)
  timetable.delete('a')
  expect(clock.pending()).toBe(0)
  await clock.advance(1000)
  expect(due).toEqual([])
})

test('random plans come out as a sorted list would give them', async () => {
  const { clock, timetable, due } = plan()
  const expected = new Map<string, number>()
  let seed = 7
  const random = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return seed / 2 ** 32
  }
  for (let i = 0; i < 5000; i++) {
    const key = `k${Math.floor(random() * 700)}`
    if (random() < 0.25) {
      timetable.delete(key)
      expected.delete(key)
    } else {
      const at = 1 + Math.floor(random() * 1_000_000)
      timetable.set(key, at)
      expected.set(key, at)
    }
  }
  expect(timetable.size).toBe(expected.size)
  await clock.advance(2_000_000)
  const times = due.map((entry) => Number(entry.split('@')[1]))
  expect(times).toEqual([...expected.values()].sort((a, b) => a - b))
})

test('a hundred thousand streams that are not due have one timer, however often they are planned anew', () => {
  const { clock, timetable } = plan()
  for (let i = 0; i < 100_000; i++) timetable.set(`connection-${i}/vendor`, 1_000_000 + ((i * 7919) % 100_000))
  expect(clock.pending()).toBe(1)
  for (let i = 0; i < 100_000; i++) timetable.set(`connection-${(i * 31) % 100_000}/vendor`, 2_000_000 + i)
  expect(clock.pending()).toBe(1)
  expect(timetable.size).toBe(100_000)
})
