import { decimals, type Json } from '../../../core/index.ts'
import { isRow, type Row } from '../values.ts'

/** Values as MaintainX's JSON holds them, and whether one that was read back is the same. */
/** Properties of a body. */
export type Values = { [native: string]: Json }

export const rowsIn = (record: Row | null | undefined, property: string): readonly Row[] => {
  const shown = record?.[property]
  return Array.isArray(shown) ? (shown as readonly Json[]).filter(isRow) : []
}

/** Ids are whole numbers; they are compared as text. */
export function idText(value: Json | undefined): string | null {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : null
}

const isEmpty = (value: Json | undefined): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

const INSTANT = /^\d{4}-\d{2}-\d{2}T/

/** The number that a decimal text prints as; null = a number would lose digits. */
export function exactNumber(text: string): number | null {
  const number = Number(text)
  return Number.isFinite(number) &&
    /^-?\d+(\.\d+)?$/.test(String(number)) &&
    decimals.compare(String(number), text) === 0
    ? number
    : null
}

/** Numbers by value, instants by moment, text without blanks around it. Of objects, what was wanted is looked at. */
export function isSame(wanted: Json, found: Json | undefined): boolean {
  if (isEmpty(wanted)) return isEmpty(found)
  if (Array.isArray(wanted))
    return Array.isArray(found) && wanted.length === found.length && wanted.every((each, at) => isSame(each, found[at]))
  if (isRow(wanted)) return isRow(found) && Object.entries(wanted).every(([name, value]) => isSame(value, found[name]))
  if (isEmpty(found) || typeof found === 'object') return false
  if (typeof wanted === 'number') return Number(found) === wanted
  const [ours, theirs] = [String(wanted).trim(), String(found).trim()]
  return ours === theirs || (INSTANT.test(ours) && INSTANT.test(theirs) && Date.parse(ours) === Date.parse(theirs))
}
