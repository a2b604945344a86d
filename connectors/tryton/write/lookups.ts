import { type Findings, type IssueCode, type Json, type MappingSettings, RejectedError } from '../../../core/index.ts'
import { unitsOf } from '../read/units.ts'
import { nextRows } from '../read/rows.ts'
import type { TrytonSession } from '../session.ts'
import { type Row, text } from '../values.ts'
import { nativeId } from './natives.ts'

/** Records by the codes and names that commands use. */

const MANY = 1000

export async function searchRows(
  session: TrytonSession,
  model: string,
  domain: readonly Json[],
  fields: readonly string[],
  signal: AbortSignal,
): Promise<readonly Row[]> {
  return (await nextRows(session, { model, fields }, domain, MANY, signal)).rows
}

/** Id of the one record whose `by` is `value`; null = told in the findings. */
export async function lookUp(
  session: TrytonSession,
  asked: { readonly model: string; readonly by: string; readonly value: string; readonly field: string },
  findings: Findings,
  signal: AbortSignal,
  more: readonly Json[] = [],
): Promise<number | null> {
  const { model, by, value, field } = asked
  const found = await searchRows(session, model, [[by, '=', value], ...more], [by], signal)
  const [one] = found
  if (found.length === 1 && one !== undefined) return Number(one['id'])
  const message =
    found.length === 0 ? `Tryton has no ${model} "${value}"` : `Tryton has ${found.length} of ${model} "${value}"`
  findings.add(field, 'INVALID_REFERENCE', message)
  return null
}

export const currencyId = (session: TrytonSession, code: string, findings: Findings, signal: AbortSignal) =>
  lookUp(session, { model: 'currency.currency', by: 'code', value: code, field: 'currency' }, findings, signal)

export const paymentTermId = (session: TrytonSession, name: string, findings: Findings, signal: AbortSignal) =>
  lookUp(
    session,
    { model: 'account.invoice.payment_term', by: 'name', value: name, field: 'payment_terms' },
    findings,
    signal,
  )

interface UnitSent {
  readonly unit?: string | null
  readonly source_unit?: string | null
}

export interface Units {
  /** Id of the unit sent, `own` when none is or when it is that; null = told in the findings. */
  find(sent: UnitSent, own: number | null, at: string, findings: Findings): number | null
}

/** All units of the database: a few dozen. */
export async function unitsIn(session: TrytonSession, settings: MappingSettings, signal: AbortSignal): Promise<Units> {
  const rows = await searchRows(session, 'product.uom', [['active', '=', true]], ['symbol', 'name'], signal)
  const known = rows.map((row) => ({ id: Number(row['id']), name: text(row['name']), ...unitsOf(row, settings) }))
  return {
    find({ unit = null, source_unit: native = null }, own, at, findings) {
      if (unit === null && native === null) return own
      const field = native === null ? `${at}unit` : `${at}source_unit`
      const fits = known.filter((each) =>
        native === null ? each.unit === unit : each.source_unit === native || each.name === native,
      )
      const chosen = fits.find(({ id }) => id === own) ?? (fits.length === 1 ? fits[0] : undefined)
      if (chosen !== undefined) return chosen.id
      const names = fits.map((each) => each.source_unit).join(', ')
      const message =
        fits.length === 0
          ? `Tryton has no unit for ${native ?? unit}`
          : `${native ?? unit} may be ${names}: say which in source_unit`
      findings.add(field, 'UNIT_UNKNOWN', message)
      return null
    },
  }
}

/** Rows by id, in a map. @throws RejectedError naming the field whose record is not there */
export async function referenced(
  session: TrytonSession,
  model: string,
  ids: readonly { readonly id: number; readonly field: string }[],
  fields: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Row>> {
  if (ids.length === 0) return new Map()
  const found = await searchRows(session, model, [['id', 'in', [...new Set(ids.map(({ id }) => id))]]], fields, signal)
  const byId = new Map(found.map((row) => [Number(row['id']), row]))
  const missing = ids.filter(({ id }) => !byId.has(id))
  if (missing.length > 0) {
    const problems = missing.map(({ id, field }) => ({
      field,
      code: 'INVALID_REFERENCE' satisfies IssueCode as IssueCode,
      message: `Tryton has no ${model} ${id}`,
    }))
    throw new RejectedError(problems.map(({ field, message }) => `${field}: ${message}`).join('; '), problems)
  }
  return byId
}

/** The first id of what `create` answered. */
export function createdId(answer: Json): number {
  const [id] = Array.isArray(answer) ? (answer as readonly Json[]) : []
  const known = typeof id === 'number' ? nativeId(String(id)) : null
  if (known === null) throw new TypeError(`creating: Tryton answered ${JSON.stringify(answer)} instead of an id`)
  return known
}
