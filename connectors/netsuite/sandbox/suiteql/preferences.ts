import { type Account, DATE_FORMATS } from '../account.ts'
import { MONTHS, showDate } from './date-formats.ts'
import { unreadableDate } from './errors.ts'
import { wall } from './read-dates.ts'

const ELEMENTS = /YYYY|MONTH|Mon|MM|M|DD|D/g

/** The user's date format as a format model of TO_CHAR. */
export function preferredFormat(account: Account): string {
  const models: { readonly [element: string]: string } = { D: 'FMDDFM', M: 'FMMMFM', MONTH: 'FMMonthFM' }
  return account.dateFormat.replace(ELEMENTS, (element) => models[element] ?? element)
}

/** A date as the user prefers it: what a bare date or time column shows. `at`: a wall (date-formats.ts). */
export function showByPreference(at: number, account: Account): string {
  return showDate(at, preferredFormat(account))
}

/**
 * A text where a date is needed. A time of day may follow: `1/15/2026 10:00 am`.
 * @returns a wall @throws SuiteQlError in the words of the system
 */
export function readByPreference(text: string, account: Account): number {
  const order: string[] = []
  const pattern = account.dateFormat.replace(/[.]/g, '\\.').replace(ELEMENTS, (element) => {
    order.push(element.charAt(0) === 'M' ? (element.length > 2 ? 'name' : 'M') : element.charAt(0))
    if (element === 'YYYY') return '(\\d{4}|\\d{2})'
    return element === 'MONTH' || element === 'Mon' ? '([A-Za-z]{3,9})' : '(\\d{1,2})'
  })
  const match = new RegExp(`^${pattern}(?:\\s+(\\d{1,2}):(\\d{2})(?::(\\d{2}))?(?:\\s*([ap])m)?)?$`, 'i').exec(
    text.trim(),
  )
  const at = match === null ? null : fieldsOf(match.slice(1), order)
  if (at === null) throw unreadableDate(text, DATE_FORMATS[account.dateFormat], account.timeZone)
  return at
}

function fieldsOf(groups: readonly (string | undefined)[], order: readonly string[]): number | null {
  const part = (name: string) => groups[order.indexOf(name)] ?? ''
  const [hour = '0', minute = '0', second = '0', half] = groups.slice(order.length)
  const name = part('name').toLowerCase()
  const month = order.includes('name')
    ? MONTHS.findIndex((it) => it.toLowerCase() === name || it.slice(0, 3).toLowerCase() === name) + 1
    : Number(part('M'))
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return null
  return wall({
    year: part('Y').length === 2 ? 2000 + Number(part('Y')) : Number(part('Y')),
    month,
    day: Number(part('D')),
    hour: half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0),
    minute: Number(minute),
    second: Number(second),
  })
}
