/** Offsets change on quarters of an hour only. */
const STEP = 900_000
const DAY = 86_400_000
const KEPT = 200_000

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, number>>()

/** Milliseconds the zone's clocks are ahead of UTC at an instant. */
export function offsetAt(zone: string, instant: number): number {
  let known = offsets.get(zone)
  if (known === undefined) {
    known = new Map()
    offsets.set(zone, known)
  }
  const step = Math.floor(instant / STEP)
  let offset = known.get(step)
  if (offset === undefined) {
    if (known.size >= KEPT) known.clear()
    offset = lookUp(zone, step * STEP)
    known.set(step, offset)
  }
  return offset
}

function lookUp(zone: string, instant: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  const part: { [type: string]: number } = {}
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant
}

/** What clocks of the zone show, as epoch ms read as if it were UTC. */
export function wallOf(zone: string, instant: number): number {
  return instant + offsetAt(zone, instant)
}

/**
 * The instant at which the zone's clocks show `wall`. Of two (clocks set back) the later one, as Oracle takes standard
 * time; of none (clocks set forward) the one an unchanged clock would show.
 */
export function instantOf(zone: string, wall: number): number {
  const before = offsetAt(zone, wall - DAY)
  const after = offsetAt(zone, wall + DAY)
  const possible = [wall - after, wall - before].filter((instant) => wallOf(zone, instant) === wall)
  return possible.length === 0 ? wall - before : Math.max(...possible)
}
