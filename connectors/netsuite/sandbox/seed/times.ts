export const SECOND = 1000
export const DAY = 86_400 * SECOND

export function wholeSecond(instant: number): number {
  return Math.floor(instant / SECOND) * SECOND
}

/** Date columns hold calendar days in the zone of the account; instants are UTC. */
export interface Calendar {
  /** `2026-01-15`: the day an instant falls on in the account's zone. */
  readonly day: (instant: number) => string
}

export function createCalendar(timeZone: string): Calendar {
  const offsetOf = timeZone === 'UTC' ? () => 0 : createOffsets(timeZone)
  const days = new Map<number, string>()
  return {
    day(instant) {
      const number = Math.floor((instant + offsetOf(instant)) / DAY)
      let text = days.get(number)
      if (text === undefined) {
        text = new Date(number * DAY).toISOString().slice(0, 10)
        days.set(number, text)
      }
      return text
    },
  }
}

// Asking Intl is slow, and no zone changes its offset within a quarter of an hour.
const STEP = 900 * SECOND

function createOffsets(timeZone: string): (instant: number) => number {
  const known = new Map<number, number>()
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const step = Math.floor(instant / STEP)
    const found = known.get(step)
    if (found !== undefined) return found
    const at = step * STEP
    const parts = new Map(format.formatToParts(at).map((part) => [part.type, Number(part.value)]))
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
    known.set(step, local - at)
    return local - at
  }
}
