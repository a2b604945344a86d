import { createRandom, type Random } from './random.ts'
import type { Size } from './size.ts'
import { type Calendar, createCalendar, DAY, wholeSecond } from './times.ts'

/** What the makers of all objects share. Everything in it follows from seed, size, now and time zone. */
export interface World {
  size: Size
  seed: number
  /** The moment of seeding; nothing is younger. */
  now: number
  calendar: Calendar
  random(kind: string, index: number): Random
  /** When the object came and when it last changed: spread over two years, in whole seconds. */
  stamps(kind: string, index: number, count: number): Stamps
}

export interface Stamps {
  created: number
  /** Never before `created`; equal to it when the object was not touched since. */
  changed: number
}

const SPAN = 730 * DAY
const RUN = 1500

export function createWorld(options: { seed: number; size: Size; now: number; timeZone: string }): World {
  const now = wholeSecond(options.now)
  const random = (kind: string, index: number): Random => createRandom(options.seed, kind, index)
  return {
    size: options.size,
    seed: options.seed,
    now,
    calendar: createCalendar(options.timeZone),
    random,
    stamps: (kind, index, count) => {
      const dice = random(`${kind} stamps`, index)
      const created = wholeSecond(now - SPAN + (SPAN * (index + dice.next())) / count)
      const run = importRun(count)
      if (index >= run.from && index < run.to) return { created, changed: now - SPAN + wholeSecond(SPAN * 0.8) }
      if (dice.chance(0.25)) return { created, changed: created }
      return { created, changed: wholeSecond(created + (now - created) * dice.next() ** 2) }
    },
  }
}

/** The objects that one mass change touched within one second: more than a page of them when there are enough. */
export function importRun(count: number): { from: number; to: number } {
  const from = Math.floor(count * 0.25)
  return { from, to: from + Math.min(RUN, Math.floor(count * 0.4)) }
}
