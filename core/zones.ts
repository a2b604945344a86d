/** Local times of an IANA zone as instants. "Local ms" is what epoch ms would be were the zone UTC. */

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}

/** False = the runtime knows no such zone. */
export function isZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined
  } catch {
    return false
  }
}

/** What clocks in `zone` show at an instant, as local ms. @throws RangeError for an unknown zone */
export function localOf(instant: number, zone: string): number {
  if (zone === 'UTC') return instant
  const parts: { [type: string]: string } = {}
  for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = value
  const number = (type: string) => Number(parts[type])
  const year = parts['era'] === 'BC' ? 1 - number('year') : number('year')
  const whole = new Date(0)
  whole.setUTCFullYear(year, number('month') - 1, number('day'))
  whole.setUTCHours(number('hour'), number('minute'), number('second'), 0)
  return whole.getTime() + (((instant % 1000) + 1000) % 1000)
}

const DAY_MS = 86_400_000

/** Both instants at which clocks show `local`: the same one but in the hour that is struck twice. */
export function instantsOf(local: number, zone: string): readonly [first: number, last: number] {
  if (zone === 'UTC') return [local, local]
  const before = localOf(local - DAY_MS, zone) - (local - DAY_MS)
  const after = localOf(local + DAY_MS, zone) - (local + DAY_MS)
  const candidates = [local - before, local - after].filter((instant) => localOf(instant, zone) === local)
  // an hour that is skipped: as if the clock had not been put forward
  if (candidates.length === 0) return [local - before, local - before]
  return [Math.min(...candidates), Math.max(...candidates)]
}

/** The instant at which clocks in `zone` show `local`; the later one when they do twice. */
export const instantOf = (local: number, zone: string): number => instantsOf(local, zone)[1]

/**
 * A number that orders local times as they followed each other: within the hour that is struck twice nobody can tell,
 * so all of it has one number.
 */
export function orderOf(local: number, zone: string): number {
  const [first, last] = instantsOf(local, zone)
  if (first === last) return last
  let [before, after] = [first, last]
  const offset = (instant: number) => localOf(instant, zone) - instant
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offset(middle) === offset(first)) before = middle
    else after = middle
  }
  return after
}

const STEP_MS = 7 * DAY_MS

/** Is the clock set back anywhere in the range? */
export function isSetBack(since: number, until: number, zone: string): boolean {
  const offset = (instant: number) => localOf(instant, zone) - instant
  // seasons last longer than a step; a range of a year has one in it
  if (zone !== 'UTC' && until - since > 366 * DAY_MS) return true
  for (let at = since; at < until; at += STEP_MS) if (offset(Math.min(until, at + STEP_MS)) < offset(at)) return true
  return false
}
