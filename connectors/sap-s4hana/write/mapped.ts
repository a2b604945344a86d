import type { Json, WriteField, WriteOperationName } from '../../../core/index.ts'
import type { Row } from '../values.ts'
import { dateValue, instantValue } from './native-values.ts'
import type { Sent } from './sent.ts'

/** A unified field that is one native property. */
export interface Mapped {
  readonly field: string
  readonly native: string
  /** `not-flag`: true in one is false in the other. */
  readonly kind: 'text' | 'date' | 'instant' | 'flag' | 'not-flag' | 'decimal'
  readonly on: readonly WriteOperationName[]
  readonly maxLength?: number
  readonly scale?: number
  readonly required?: boolean
  readonly default?: string
}

/** Values of those that were sent: set, or emptied. */
export function valuesOf(table: readonly Mapped[], sent: Sent): Row {
  const values: { [native: string]: Json } = {}
  for (const { field, native, kind } of table) {
    const value = valueOf(sent, field, kind)
    if (value !== null) values[native] = value
    else if (sent.cleared(field)) values[native] = EMPTY[kind]
  }
  return values
}

const EMPTY = { text: '', date: null, instant: null, flag: false, 'not-flag': false, decimal: '0' } as const

function valueOf(sent: Sent, field: string, kind: Mapped['kind']): Json {
  switch (kind) {
    case 'date': {
      const date = sent.text(field)
      return date === null ? null : dateValue(date)
    }
    case 'instant': {
      const at = sent.instant(field)
      return at === null ? null : instantValue(at)
    }
    case 'flag':
      return sent.flag(field)
    case 'not-flag': {
      const flag = sent.flag(field)
      return flag === null ? null : !flag
    }
    default:
      return sent.text(field)
  }
}

/** @param set what the metadata calls it, e.g. `API_PRODUCT_SRV A_Product` */
export const rulesOf = (table: readonly Mapped[], set: string, prefix = ''): readonly WriteField[] =>
  table.map(({ field, native, on, maxLength, scale, required, default: key }) => ({
    path: `${prefix}${field}`,
    on,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(scale === undefined ? {} : { scale }),
    ...(required === undefined ? {} : { required }),
    ...(key === undefined ? {} : { default: key }),
    source: `$metadata ${set}.${native}`,
  }))
