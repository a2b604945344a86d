import type { EntityName, Findings, Json, WriteField, WriteOperationName } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { numberIn } from './native-values.ts'
import { entryIn, idIn, type ListName } from './references.ts'
import type { Sent } from './sent.ts'

/** A unified field that is one property of a record, or of a line. */
export interface Mapped {
  readonly field: string
  readonly native: string
  /** `not-flag`: true in one is false in the other. `list`: an entry that people name. */
  readonly kind:
    | 'text'
    | 'flag'
    | 'not-flag'
    | 'number'
    | 'id'
    | { readonly record: EntityName }
    | { readonly list: ListName }
  readonly on: readonly WriteOperationName[]
  readonly required?: boolean
  readonly maxLength?: number
  readonly scale?: number
  readonly default?: string
}

/** Properties of a body. */
export type Values = { [native: string]: Json }

/** Values of the fields that were sent: set, or emptied. */
export async function valuesOf(
  session: NetSuiteSession,
  table: readonly Mapped[],
  sent: Sent,
  findings: Findings,
  signal: AbortSignal,
): Promise<Values> {
  const values: Values = {}
  for (const mapped of table) {
    const value = await valueOf(session, mapped, sent, findings, signal)
    if (value !== null) values[mapped.native] = value
    else if (sent.cleared(mapped.field)) values[mapped.native] = null
  }
  return values
}

async function valueOf(
  session: NetSuiteSession,
  { field, kind }: Mapped,
  sent: Sent,
  findings: Findings,
  signal: AbortSignal,
): Promise<Json> {
  if (typeof kind === 'object') {
    const id =
      'record' in kind
        ? idIn(sent, field, kind.record, findings)
        : await entryIn(session, sent, field, kind.list, findings, signal)
    return id === null ? null : { id }
  }
  switch (kind) {
    case 'flag':
      return sent.flag(field)
    case 'not-flag': {
      const flag = sent.flag(field)
      return flag === null ? null : !flag
    }
    case 'number':
      return numberIn(sent, field, findings)
    case 'id': {
      const id = sent.text(field)
      return id === null ? null : { id }
    }
    default:
      return sent.text(field)
  }
}

/** Native property → field. */
export const namesOf = (table: readonly Mapped[]): { readonly [native: string]: string } =>
  Object.fromEntries(table.map(({ field, native }) => [native, field]))

/** @param type record type of the REST API Browser: `purchaseOrder` */
export const rulesOf = (table: readonly Mapped[], type: string, prefix = ''): readonly WriteField[] =>
  table.map(({ field, native, kind, on, required, maxLength, scale, default: setting }) => ({
    path: `${prefix}${field}`,
    on,
    ...(required === undefined ? {} : { required }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(scale === undefined ? {} : { scale }),
    ...(setting === undefined ? {} : { default: setting }),
    ...(typeof kind === 'object' && 'record' in kind ? { reference: kind.record } : {}),
    source: `REST API Browser ${type}.${native}`,
  }))
