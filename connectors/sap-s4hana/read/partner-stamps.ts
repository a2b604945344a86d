import { zones } from '../../../core/index.ts'
import { localInstant, type Row, sapInstant, sapTime } from '../values.ts'

const DAY_MS = 86_400_000

/** Change stamp of a business partner, date and time in the system's zone; empty until the first change: the creation. */
export function stampsOf(partner: Row, timeZone: string): { version: number; modifiedAt: number | null } {
  const changed = partner['LastChangeDate'] == null ? 'Creation' : 'LastChange'
  const [date, time] = [partner[`${changed}Date`], partner[`${changed}Time`]]
  const day = sapInstant(date)
  const local = day === null ? null : Math.floor(day / DAY_MS) * DAY_MS + (sapTime(time) ?? 0) * 1000
  return {
    // rises with the local time, whatever the clock does in autumn
    version: local === null ? 0 : zones.orderOf(local, timeZone),
    modifiedAt: localInstant(date, time, timeZone),
  }
}
