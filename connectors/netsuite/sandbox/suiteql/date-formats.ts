/** Oracle's format models for dates. Times are "walls": what a clock shows, as epoch ms read as if it were UTC. */
import { unsupported } from './errors.ts'

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const DAY_MS = 86_400_000

export type Part =
  /** `compact` (after FM): no blanks, no leading zeros. */
  | { readonly kind: 'element'; readonly name: string; readonly shown: string; readonly compact: boolean }
  | { readonly kind: 'text'; readonly text: string }

const ELEMENT =
  /(FM)|(YYYY|RRRR|YYY|YY|RR|MONTH|MON|MM|DDD|DD|DAY|DY|D|HH24|HH12|HH|MI|SSSSS|SS|FF[1-9]?|A\.?M\.?|P\.?M\.?|WW|IW|Q)|"([^"]*)"|([-/,.;: ]+)/iy

const formats = new Map<string, readonly Part[]>()

/** The elements of a format. @throws SuiteQlError when it is none */
export function partsOf(text: string): readonly Part[] {
  const known = formats.get(text)
  if (known !== undefined) return known
  const parts: Part[] = []
  let compact = false
  ELEMENT.lastIndex = 0
  while (ELEMENT.lastIndex < text.length) {
    const [, fm, element, quoted, between] = ELEMENT.exec(text) ?? []
    if (fm !== undefined) compact = !compact
    else if (element !== undefined) {
      parts.push({ kind: 'element', name: element.toUpperCase().replaceAll('.', ''), shown: element, compact })
    } else if (quoted !== undefined || between !== undefined)
      parts.push({ kind: 'text', text: quoted ?? between ?? '' })
    else throw unsupported()
  }
  if (formats.size > 200) formats.clear()
  formats.set(text, parts)
  return parts
}

/** TO_CHAR of a date. @throws SuiteQlError when the format is none */
export function showDate(wall: number, text: string): string {
  const date = new Date(wall)
  if (Number.isNaN(date.getTime())) throw unsupported()
  return partsOf(text)
    .map((part) => (part.kind === 'text' ? part.text : element(date, part)))
    .join('')
}

function element(date: Date, part: Part & { kind: 'element' }): string {
  const { compact } = part
  const number = (value: number, width: number) => (compact ? String(value) : String(value).padStart(width, '0'))
  const year = date.getUTCFullYear()
  const dayOfYear = Math.floor((Date.UTC(year, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(year, 0, 1)) / DAY_MS)
  switch (part.name) {
    case 'YYYY':
    case 'RRRR':
      return number(year, 4)
    case 'YYY':
      return number(year % 1000, 3)
    case 'YY':
    case 'RR':
      return number(year % 100, 2)
    case 'Q':
      return String(Math.floor(date.getUTCMonth() / 3) + 1)
    case 'MM':
      return number(date.getUTCMonth() + 1, 2)
    case 'MONTH':
      return cased((MONTHS[date.getUTCMonth()] ?? '').padEnd(compact ? 0 : 9), part.shown)
    case 'MON':
      return cased((MONTHS[date.getUTCMonth()] ?? '').slice(0, 3), part.shown)
    case 'WW':
      return number(Math.floor(dayOfYear / 7) + 1, 2)
    case 'IW':
      return number(isoWeek(date), 2)
    case 'DDD':
      return number(dayOfYear + 1, 3)
    case 'DD':
      return number(date.getUTCDate(), 2)
    case 'DAY':
      return cased((DAYS[date.getUTCDay()] ?? '').padEnd(compact ? 0 : 9), part.shown)
    case 'DY':
      return cased((DAYS[date.getUTCDay()] ?? '').slice(0, 3), part.shown)
    case 'D':
      return String(date.getUTCDay() + 1)
    case 'HH24':
      return number(date.getUTCHours(), 2)
    case 'HH':
    case 'HH12':
      return number(date.getUTCHours() % 12 || 12, 2)
    case 'MI':
      return number(date.getUTCMinutes(), 2)
    case 'SS':
      return number(date.getUTCSeconds(), 2)
    case 'SSSSS':
      return number(Math.floor((((date.getTime() % DAY_MS) + DAY_MS) % DAY_MS) / 1000), 5)
    case 'AM':
    case 'PM': {
      const half = date.getUTCHours() < 12 ? 'AM' : 'PM'
      return cased(part.shown.includes('.') ? `${half[0]}.M.` : half, part.shown)
    }
    default:
      // FF: the database keeps whole seconds
      return '0'.repeat(Number(part.name.slice(2)) || 6)
  }
}

function isoWeek(date: Date): number {
  const day = (date.getUTCDay() + 6) % 7
  const thursday = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - day + 3)
  return Math.floor((thursday - Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1)) / DAY_MS / 7) + 1
}

/** `MON` → JAN, `Mon` → Jan, `mon` → jan. */
function cased(text: string, shown: string): string {
  if (shown === shown.toUpperCase()) return text.toUpperCase()
  return shown.charAt(0) === shown.charAt(0).toUpperCase() ? text : text.toLowerCase()
}

const STRFTIME: { readonly [name: string]: string } = {
  YYYY: '%Y',
  MM: '%m',
  DD: '%d',
  HH24: '%H',
  MI: '%M',
  SS: '%S',
}

/** The format as SQLite's strftime has it, which is faster; null when it has none. */
export function strftimeOf(text: string): string | null {
  let found = ''
  for (const part of partsOf(text)) {
    if (part.kind === 'text') found += part.text.replaceAll('%', '%%')
    else if (part.compact || STRFTIME[part.name] === undefined) return null
    else found += STRFTIME[part.name]
  }
  return found.includes("'") ? null : found
}
