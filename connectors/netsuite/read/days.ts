import { zones } from '../../../core/index.ts'

const at = (day: string | null, time: string, zone: string): number | null =>
  day === null ? null : zones.instantsOf(Date.parse(`${day}T${time}Z`), zone)[0]

/** A calendar date (`YYYY-MM-DD`) where an instant is wanted: a start is the day's first second in the zone, … */
export const startOfDay = (day: string | null, zone: string): number | null => at(day, '00:00:00', zone)

/** … an end or due time its last. */
export const endOfDay = (day: string | null, zone: string): number | null => at(day, '23:59:59', zone)
