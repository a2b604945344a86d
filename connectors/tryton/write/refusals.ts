import { AuthError, type IssueCode, type Json, RejectedError } from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { isRow, type Row, row, text, truth } from '../values.ts'

/** Native fields of one model that a write sends, and what the command calls them (`lines[].unit_price`). */
export interface ModelNames {
  readonly model: string
  readonly fields: { readonly [native: string]: string }
}

/** What a refusal is told in: models from the line's to the header's, and the values of the lines sent. */
export interface Names {
  readonly models: readonly ModelNames[]
  readonly lines?: readonly object[]
  /** Values that Tryton quotes without naming their field, by unified field. */
  readonly quoted?: { readonly [field: string]: string | null }
}

export interface Call {
  readonly model: string
  readonly method: string
  readonly params: readonly Json[]
  readonly context?: Row
}

/**
 * Writes. A refusal comes back in terms of the command, with Tryton's own words.
 * @throws RejectedError, StaleRecord, OutcomeUnknownError, AuthError, RetryableError
 */
export async function send(session: TrytonSession, call: Call, names: Names, signal: AbortSignal): Promise<Json> {
  try {
    return await session.write(call.model, call.method, call.params, signal, call.context)
  } catch (error) {
    throw await inUnifiedTerms(session, error, call, names, signal)
  }
}

async function inUnifiedTerms(session: TrytonSession, error: unknown, call: Call, names: Names, signal: AbortSignal) {
  if (error instanceof AuthError && error.streamOnly) return permission(error.message, error.message, error)
  if (!(error instanceof RejectedError)) return error
  const words = error.fields[0]?.message ?? error.message
  const code = error.fields[0]?.code
  if (code !== undefined) return error
  const forbidden = await forbiddenOf(session, call, names, signal).catch(() => null)
  if (forbidden !== null) {
    const message = `the Tryton user ${session.config.username} may not ${forbidden.right} ${forbidden.model}: give it a group with that right`
    return permission(message, words, error)
  }
  const named = await fieldIn(session, words, names, signal).catch(() => null)
  const problem = {
    field: named?.field ?? null,
    code: codeOf(words),
    message: words,
    vendorCode: error.vendorCode ?? null,
    vendorMessage: words,
    nativeField: named?.native ?? null,
  }
  return new RejectedError(error.message, [problem], { vendorCode: error.vendorCode, cause: error })
}

const permission = (message: string, words: string, cause: RejectedError | AuthError) =>
  new RejectedError(
    message,
    [{ field: null, code: 'PERMISSION', message, vendorCode: cause.vendorCode ?? null, vendorMessage: words }],
    { vendorCode: cause.vendorCode, status: cause.status, cause },
  )

/** Tryton words a refusal of access like any other, in the user's language: ask for the rights. */
async function forbiddenOf(session: TrytonSession, call: Call, names: Names, signal: AbortSignal) {
  const right = call.method === 'create' || call.method === 'delete' ? call.method : 'write'
  const models = [...new Set([call.model, ...names.models.map(({ model }) => model)])]
  const access = await session.call('ir.model.access', 'get_access', [models], signal)
  if (!isRow(access)) return null
  const model = models.find((each) => truth(row(access[each])?.[each === call.model ? right : 'write']) === false)
  return model === undefined ? null : { model, right: model === call.model ? right : 'write' }
}

/** Tryton names a field by its label in quotes: `The value for field "Quantity" in "Purchase Line" is required.` */
async function fieldIn(
  session: TrytonSession,
  words: string,
  { models, lines = [], quoted = {} }: Names,
  signal: AbortSignal,
) {
  for (const [field, value] of Object.entries(quoted))
    if (value !== null && words.includes(`"${value}"`)) return { native: 'code', field }
  for (const { model, fields } of models) {
    const definitions = await session.call(model, 'fields_get', [Object.keys(fields)], signal)
    if (!isRow(definitions)) continue
    for (const [native, unified] of Object.entries(fields)) {
      const label = text(row(definitions[native])?.['string'])
      if (label !== null && words.includes(`"${label}"`)) return { native, field: atLine(unified, words, lines) }
    }
  }
  return null
}

/** The line that is meant: the only one, or the only one whose value Tryton quotes. */
function atLine(field: string, words: string, lines: readonly object[]): string {
  const name = field.startsWith('lines[].') ? field.slice('lines[].'.length) : null
  if (name === null) return field
  const quoted = lines.flatMap((line, at) => {
    const value = (line as { readonly [field: string]: unknown })[name]
    return lines.length === 1 || (typeof value === 'string' && words.includes(`"${value}"`)) ? [at] : []
  })
  return quoted.length === 1 ? `lines[${quoted[0]}].${name}` : field
}

const WORDS: readonly (readonly [RegExp, IssueCode])[] = [
  [/period/i, 'PERIOD_CLOSED'],
  [/is required/i, 'REQUIRED'],
  [/number of digits/i, 'PRECISION_LOSS'],
  [/too long|maximum size|size of/i, 'TOO_LONG'],
  [/unique|already (exists|in use)/i, 'DUPLICATE'],
  [/not allowed|access/i, 'PERMISSION'],
  [/(does not|doesn't) exist|could not be found|not found/i, 'INVALID_REFERENCE'],
  [/not valid|invalid|domain|selection/i, 'INVALID_VALUE'],
  [/must cancel|in state|must be in draft/i, 'STATE_NOT_ALLOWED'],
]

const codeOf = (words: string): IssueCode => WORDS.find(([known]) => known.test(words))?.[1] ?? 'BUSINESS_RULE'
