import { decimals, type Json } from '../../../core/index.ts'
import { sapInstant, stripZeros } from '../values.ts'

/** Values as request bodies hold them, and whether one that was read back is the same. */

/** `YYYY-MM-DD` → Edm.DateTime. */
export const dateValue = (date: string): string => `${date}T00:00:00`

/** Epoch ms → Edm.DateTimeOffset, whole seconds. */
export const instantValue = (ms: number): string =>
  `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`

const DECIMAL = /^-?\d+(\.\d+)?$/

/** Digits after the point that count. */
export function fractionDigits(decimal: string): number {
  const fraction = decimal.split('.')[1] ?? ''
  return fraction.replace(/0+$/, '').length
}

export const isDecimal = (text: string): boolean => DECIMAL.test(text)

/** Digits before the point, without leading zeros. */
export const wholeDigits = (decimal: string): number =>
  (decimal.replace(/^-/, '').split('.')[0] ?? '').replace(/^0+/, '').length

/** Text is compared without padding: leading zeros of numbers, blanks behind; decimals by value, dates by instant. */
export function isSame(wanted: Json, found: Json | undefined): boolean {
  if (isEmpty(wanted)) return isEmpty(found)
  if (typeof wanted === 'boolean') return (found ?? false) === wanted
  if (found === null || found === undefined || typeof found === 'object' || typeof wanted === 'object') return false
  const [a, b] = [String(wanted).trim(), String(found).trim()]
  if (stripZeros(a) === stripZeros(b)) return true
  if (isDecimal(a) && isDecimal(b)) return decimals.compare(a, b) === 0
  return isTime(a) && isTime(b) && sapInstant(a) === sapInstant(b)
}

const isEmpty = (value: Json | undefined): boolean => value === null || value === undefined || value === ''

const isTime = (text: string): boolean => /^\/Date\(|^\d{4}-\d{2}-\d{2}T/.test(text)
