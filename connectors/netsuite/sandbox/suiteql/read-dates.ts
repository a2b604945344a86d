import { MONTHS, partsOf } from './date-formats.ts'

/** A calendar date and a time of day, taken apart. */
interface Fields {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

/**
 * TO_DATE, TO_TIMESTAMP. What the text leaves out at its end is midnight, the first of the month, this month.
 * @returns a wall (see date-formats.ts), or null when text and format do not match
 * @throws SuiteQlError when the format is none
 */
export function readDate(text: string, format: string, today: number): number | null {
  const now = new Date(today)
  const fields: Fields = {
    year: now.getUTCFullYear(),
    month: now.getUTCMonth() + 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
  }
  let half: 'AM' | 'PM' | null = null
  let rest = text.trim()
  const take = (pattern: RegExp): string | null => {
    const found = pattern.exec(rest)
    if (found === null) return null
    rest = rest.slice(found[0].length)
    return found[0]
  }
  for (const part of partsOf(format)) {
    if (rest === '') break
    if (part.kind === 'text') {
      // any punctuation will do where punctuation stands
      if (rest.startsWith(part.text)) rest = rest.slice(part.text.length)
      else if (!/^[-/,.;: ]+$/.test(part.text) || take(/^[-/,.;: ]+/) === null) return null
      continue
    }
    switch (part.name) {
      case 'MONTH':
      case 'MON': {
        const name = take(/^[a-z]+/i)?.toLowerCase() ?? ''
        fields.month = MONTHS.findIndex((it) => name === it.toLowerCase() || name === it.slice(0, 3).toLowerCase()) + 1
        break
      }
      case 'AM':
      case 'PM': {
        const found = take(/^[ap]\.?m\.?/i)
        if (found === null) return null
        half = found[0]?.toUpperCase() === 'P' ? 'PM' : 'AM'
        break
      }
      case 'DAY':
      case 'DY':
        if (take(/^[a-z]+/i) === null) return null
        break
      default: {
        const digits = take(part.name === 'YYYY' || part.name === 'RRRR' ? /^\d{1,4}/ : widthOf(part.name))
        if (digits === null || !assign(fields, part.name, digits, now.getUTCFullYear())) return null
      }
    }
  }
  if (rest.trim() !== '') return null
  if (half !== null) {
    if (fields.hour < 1 || fields.hour > 12) return null
    fields.hour = (fields.hour % 12) + (half === 'PM' ? 12 : 0)
  }
  return wall(fields)
}

function widthOf(element: string): RegExp {
  return element.startsWith('FF') ? /^\d{1,9}/ : element === 'YYY' || element === 'DDD' ? /^\d{1,3}/ : /^\d{1,2}/
}

function assign(fields: Fields, element: string, digits: string, thisYear: number): boolean {
  const value = Number(digits)
  switch (element) {
    case 'YYYY':
      fields.year = value
      return true
    case 'RRRR':
      fields.year = digits.length > 2 ? value : value + (value < 50 ? 2000 : 1900)
      return true
    case 'RR':
      fields.year = value + (value < 50 ? 2000 : 1900)
      return true
    case 'YY':
      fields.year = Math.floor(thisYear / 100) * 100 + value
      return true
    case 'MM':
      fields.month = value
      return true
    case 'DD':
      fields.day = value
      return true
    case 'HH24':
    case 'HH':
    case 'HH12':
      fields.hour = value
      return true
    case 'MI':
      fields.minute = value
      return true
    case 'SS':
      fields.second = value
      return true
    default:
      // fractions are below what is kept; the rest is for showing only
      return element.startsWith('FF')
  }
}

/** @returns null for a 31st of April, a 25th hour, … */
export function wall({ year, month, day, hour, minute, second }: Fields): number | null {
  if (year < 1 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null
  const at = new Date(Date.UTC(2000, month - 1, day, hour, minute, second))
  at.setUTCFullYear(year, month - 1, day)
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? at.getTime() : null
}
