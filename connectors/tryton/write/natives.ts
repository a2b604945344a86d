import {
  decimals,
  type EntityName,
  type Findings,
  type Json,
  type JsonObject,
  parseUnifiedId,
} from '../../../core/index.ts'
import { isRow, type Row } from '../values.ts'

/** Values of a command as Tryton's RPC takes them; what cannot be one is told in the findings. */

export const toDecimal = (text: string): Row => ({ __class__: 'Decimal', decimal: decimals.plain(text) })

/** Whole days. */
export const toTimedelta = (days: number): Row => ({ __class__: 'timedelta', seconds: days * 86_400 })

/** Tryton's quantities are floats: only those that come out as they went in. */
export function toQuantity(text: string, field: string, findings: Findings): number {
  const value = Number(text)
  if (decimals.plain(String(value)) !== decimals.plain(text))
    findings.add(field, 'PRECISION_LOSS', `${text} has more digits than a quantity of Tryton's can hold`)
  return value
}

/** Id of the record that a reference names, e.g. 12 for `works:vendor:12`; null = told in the findings. */
export function idIn(unified: string, entity: EntityName, field: string, findings: Findings): number | null {
  const parts = partsIn(unified, entity)
  const id = parts?.length === 1 ? nativeId(parts[0] ?? '') : null
  if (id === null) findings.add(field, 'INVALID_REFERENCE', `"${unified}" is no ${entity} of Tryton's`)
  return id
}

export function partsIn(unified: string, entity: string): readonly string[] | null {
  try {
    const parsed = parseUnifiedId(unified)
    return parsed.entity === entity ? parsed.parts : null
  } catch {
    return null
  }
}

/** A record's id; null = no such id can be. */
export const nativeId = (text: string): number | null => (/^[1-9]\d{0,9}$/.test(text) ? Number(text) : null)

/** `custom_fields` of a record: native names and values, laid over the native record last. */
export function customOf(text: string | null, field: string, findings: Findings): JsonObject {
  if (text === null) return {}
  try {
    const parsed = JSON.parse(text) as Json
    if (isRow(parsed)) return parsed
  } catch {
    // told below
  }
  findings.add(field, 'INVALID_VALUE', 'must be a JSON object of native names and values')
  return {}
}

/** Drops what is not given; null stays: it clears. */
export const given = (values: { readonly [field: string]: Json | undefined }): Row =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined))

/** A field's native value: `make` of what is sent, null when cleared, undefined when left alone. */
export function native<Sent extends object, Key extends keyof Sent & string>(
  sent: Sent & { readonly clear_fields: readonly string[] },
  key: Key,
  make: (value: NonNullable<Sent[Key]>) => Json | undefined = (value) => value as Json,
): Json | undefined {
  const value = sent[key]
  if (value !== null && value !== undefined) return make(value)
  return sent.clear_fields.includes(key) ? null : undefined
}
