import { decimals, type Findings, type Json } from '../../../core/index.ts'
import { decimal, isRow } from '../values.ts'
import type { Sent } from './sent.ts'

/** Values as bodies of Record REST hold them, and whether one that was read back is the same. */

/** A decimal as JSON number; null = not given, or not without loss (told in the findings). */
export function numberIn(sent: Sent, field: string, findings: Findings): number | null {
  const text = sent.text(field)
  if (text === null) return null
  const number = exactNumber(text)
  if (number === null)
    findings.add(`${sent.at}${field}`, 'PRECISION_LOSS', `${text} has more digits than NetSuite's numbers take`)
  return number
}

/** The number that prints as this text; null = there is none. */
export function exactNumber(text: string): number | null {
  const number = Number(text)
  return Number.isFinite(number) && decimal(number) === decimal(text) ? number : null
}

const isEmpty = (value: Json | undefined): boolean => value === null || value === undefined || value === ''

/** References by id, numbers by value, text without blanks around it. Only what was wanted is looked at. */
export function isSame(wanted: Json, found: Json | undefined): boolean {
  if (isEmpty(wanted)) return isEmpty(found)
  if (typeof wanted === 'boolean') return (found ?? false) === wanted
  if (typeof wanted === 'number')
    return (
      (typeof found === 'number' || typeof found === 'string') &&
      decimals.compare(decimal(wanted) ?? '0', decimal(found) ?? '0') === 0
    )
  if (Array.isArray(wanted)) return Array.isArray(found) && wanted.every((each, at) => isSame(each, found[at]))
  if (isRow(wanted)) {
    if (!isRow(found)) return false
    return Object.entries(wanted).every(([name, value]) => name === 'externalId' || isSame(value, found[name]))
  }
  const shown = isRow(found) ? found['id'] : found
  return !isEmpty(shown) && String(wanted).trim() === String(shown).trim()
}
