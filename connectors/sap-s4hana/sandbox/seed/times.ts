export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** SAP's "unlimited", 9999-12-31. */
export const UNLIMITED = 253402214400000

/** The local date (as UTC midnight) and time of day of an instant. */
export interface LocalMoment {
  date: number
  time: string
}

/** Date and time columns are in the time zone of the system; instants are UTC. */
export interface Calendar {
  timeZone: string
  local(instant: number): LocalMoment
}

export function createCalendar(timeZone: string): Calendar {
  const offsetOf = timeZone === 'UTC' ? () => 0 : createOffsets(timeZone)
  return {
    timeZone,
    local: (instant) => {
      const shifted = instant + offsetOf(instant)
      const date = dayOf(shifted)
      return { date, time: timeOfDay(shifted - date) }
    },
  }
}

/** UTC midnight of the day that holds the instant. */
export function dayOf(instant: number): number {
  return Math.floor(instant / DAY) * DAY
}

export function wholeSecond(instant: number): number {
  return Math.floor(instant / SECOND) * SECOND
}

/** `PT08H05M00S`: fixed width, so that texts sort as times do. */
export function timeOfDay(ms: number): string {
  const seconds = Math.floor(ms / SECOND)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `PT${two(Math.floor(seconds / 3600))}H${two(Math.floor(seconds / 60) % 60)}M${two(seconds % 60)}S`
}

// Asking Intl is slow, and no zone changes its offset within a quarter of an hour.
const STEP = 15 * MINUTE

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
