import {
  decimals,
  type EntityName,
  type Findings,
  type Json,
  parseUnifiedId,
  type WriteField,
  type WriteOperationName,
} from '../../../core/index.ts'
import { exactNumber, type Values } from './native-values.ts'
import type { Sent } from './sent.ts'

/** A unified field that is one property of a record, or of an item of it. */
export interface Mapped {
  readonly field: string
  readonly native: string
  readonly kind: Kind
  readonly on: readonly WriteOperationName[]
  readonly required?: boolean
}

/**
 * `list`: the one entry of a list. `cents`: an amount in whole cents. `seconds`: hours. `whole`: a quantity that is
 * counted. `day`: its midnight. `number`: any quantity that a JSON number holds. `words`: unified symbol → MaintainX's.
 */
export type Kind =
  | 'text'
  | 'list'
  | 'cents'
  | 'seconds'
  | 'whole'
  | 'number'
  | 'instant'
  | 'day'
  | { readonly record: EntityName }
  | { readonly words: { readonly [symbol: string]: string } }

/** Values of the fields that were sent: set, or emptied. */
export function valuesOf(table: readonly Mapped[], sent: Sent, findings: Findings): Values {
  const values: Values = {}
  for (const mapped of table) {
    const value = valueOf(mapped, sent, findings)
    if (value !== null) values[mapped.native] = value
    else if (sent.cleared(mapped.field)) values[mapped.native] = mapped.kind === 'list' ? [] : null
  }
  return values
}

function valueOf({ field, kind }: Mapped, sent: Sent, findings: Findings): Json {
  const text = sent.text(field)
  if (text === null) return null
  const lost = (why: string) => {
    findings.add(`${sent.at}${field}`, 'PRECISION_LOSS', why)
    return null
  }
  if (typeof kind === 'object')
    return 'record' in kind ? idIn(sent, field, kind.record, findings) : (kind.words[text] ?? null)
  switch (kind) {
    case 'list':
      return [text]
    case 'cents':
      return wholeOf(decimals.ratio([text, '100'], []), () => lost(`${text} is not a whole number of cents`))
    case 'seconds':
      return wholeOf(decimals.ratio([text, '3600'], []), () => lost(`${text} h is not a whole number of seconds`))
    case 'whole':
      return wholeOf(text, () => lost(`MaintainX counts whole pieces, and ${text} is none`))
    case 'number':
      return exactNumber(text) ?? lost(`${text} has more digits than MaintainX's numbers take`)
    case 'instant':
      return new Date(Number(text)).toISOString()
    case 'day':
      return `${text}T00:00:00.000Z`
    default:
      return text
  }
}

function wholeOf(text: string | null, otherwise: () => null): number | null {
  const number = text === null ? null : exactNumber(text)
  return number !== null && Number.isSafeInteger(number) ? number : otherwise()
}

/** Key parts of the record that a field names; null = not given, or no such thing (told in the findings). */
export function partsIn(
  sent: Sent,
  field: string,
  entity: string,
  findings: Findings,
): readonly [string, ...string[]] | null {
  const id = sent.text(field)
  if (id === null) return null
  try {
    const { entity: found, parts } = parseUnifiedId(id)
    const [first, ...rest] = parts ?? []
    if (found === entity && first !== undefined && /^\d{1,15}$/.test(first)) return [first, ...rest]
    findings.add(`${sent.at}${field}`, 'INVALID_REFERENCE', `"${id}" is no ${entity} of MaintainX`)
  } catch {
    findings.add(`${sent.at}${field}`, 'INVALID_REFERENCE', `"${id}" is not a unified id`)
  }
  return null
}

/** Id of the record that a field names. */
export function idIn(sent: Sent, field: string, entity: string, findings: Findings): number | null {
  const parts = partsIn(sent, field, entity, findings)
  return parts === null ? null : Number(parts[0])
}

/** Native property → field. */
export const namesOf = (table: readonly Mapped[]): { readonly [native: string]: string } =>
  Object.fromEntries(table.map(({ field, native }) => [native, field]))

const SCALES: { readonly [kind: string]: number } = { cents: 2, whole: 0 }

/** @param path of the vendor's API description: `/vendors` */
export const rulesOf = (table: readonly Mapped[], path: string, prefix = ''): readonly WriteField[] =>
  table.map(({ field, native, kind, on, required }) => ({
    path: `${prefix}${field}`,
    on,
    ...(required === undefined ? {} : { required }),
    ...(typeof kind === 'object'
      ? 'record' in kind
        ? { reference: kind.record }
        : { values: Object.keys(kind.words) }
      : SCALES[kind] === undefined
        ? {}
        : { scale: SCALES[kind] }),
    source: `openapi ${path} ${native}`,
  }))

export const BOTH = ['CREATE', 'UPDATE'] as const
