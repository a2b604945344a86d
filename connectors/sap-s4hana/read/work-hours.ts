import { decimals } from '../../../core/index.ts'
import { decimal, type Row, text } from '../values.ts'

/** Hours in one unit of time: [numerator, denominator]. English and German short forms, ISO codes. */
const HOURS: { readonly [unit: string]: readonly [string, string] } = {
  H: ['1', '1'],
  HR: ['1', '1'],
  HUR: ['1', '1'],
  STD: ['1', '1'],
  MIN: ['1', '60'],
  S: ['1', '3600'],
  SEC: ['1', '3600'],
  // SAP converts time units by the clock: a day has 24 hours
  D: ['24', '1'],
  DAY: ['24', '1'],
  TAG: ['24', '1'],
}

/** Work of an operation in hours; null when none is told or its unit is none of time. */
export function hoursOf(operation: Row, field: string): string | null {
  const work = decimal(operation[field])
  if (work === null) return null
  if (decimals.isZero(work)) return '0'
  const factors = HOURS[text(operation['MaintOrdOpWorkDurationUnit'])?.toUpperCase() ?? '']
  return factors === undefined ? null : decimals.ratio([work, factors[0]], [factors[1]])
}

/** Null when no operation tells, or one has a unit that cannot be added up. */
export function totalHours(operations: readonly Row[], field: string): string | null {
  const told = operations.filter((operation) => decimal(operation[field]) !== null)
  const hours = told.flatMap((operation) => hoursOf(operation, field) ?? [])
  return told.length === 0 || hours.length < told.length ? null : decimals.sum(hours)
}
