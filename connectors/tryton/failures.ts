import {
  AuthError,
  type Failure,
  type Json,
  OutcomeUnknownError,
  RejectedError,
  RetryableError,
} from '../../core/index.ts'

/**
 * What trytond says when something is wrong (trytond 6.0, protocols/jsonrpc.py):
 * HTTP 200 with `error: [type, args]` for its own exceptions, `error: [text, traceback]` for any other; HTTP 401 with
 * an empty body for a dead session, 403 with an HTML page for a method that is not open to RPC, 404 for a database
 * that does not exist, 429 for too many failed logins.
 */

/** An exception inside the server. Perhaps one record causes it: the reader then looks for that record (read/rows.ts). */
export class ServerFault extends RetryableError {}

/** The record is not at the stamp that the call named in `_timestamp`; nothing was changed. */
export class StaleRecord extends RetryableError {}

const shorten = (text: string) => (text.length > 500 ? `${text.slice(0, 500)}…` : text)

const sentence = (value: Json | undefined): string =>
  Array.isArray(value)
    ? value.filter((each: Json): each is string => typeof each === 'string' && each !== '').join(' ')
    : typeof value === 'string'
      ? value
      : ''

/** The failure that a JSON-RPC error stands for, with the vendor's own words. */
export function failureOf(error: Json, doing: string): Failure {
  const [type, detail] = Array.isArray(error) ? (error as readonly Json[]) : [error, undefined]
  const code = typeof type === 'string' ? type : JSON.stringify(type)
  switch (code) {
    case 'UserError':
    case 'UserWarning': {
      const words = shorten(sentence(detail))
      return new RejectedError(`${doing}: ${words}`, [{ field: null, message: words }], { vendorCode: code })
    }
    case 'ConcurrencyException':
      return new StaleRecord(`${doing}: ${shorten(sentence(detail))}`, { vendorCode: code })
    case 'LoginException':
      return new AuthError(
        `${doing}: the login asks for ${shorten(sentence(detail))}; use a user with password login only`,
        { vendorCode: code },
      )
    default:
      return new ServerFault(`${doing}: the server reports ${shorten(code)}`, { vendorCode: shorten(code) })
  }
}

/** Trouble that passes: trytond repeats such a transaction five times by itself before it gives up. */
const PASSING = /lock|serializ|time-?out|timed out|connection|terminat|shutting down|starting up|too many|memory|disk/i
/** No byte of the request had left. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * A write's failure: an exception inside the server has rolled its transaction back, so nothing was applied; where no
 * answer of Tryton's came, nobody knows.
 */
export function failureOfWrite(error: unknown, doing: string): unknown {
  if (!(error instanceof RetryableError) || error instanceof StaleRecord) return error
  const { status, requestId, vendorCode } = error
  if (error instanceof ServerFault) {
    const words = vendorCode ?? ''
    if (words.trim() === '' || words === '""' || PASSING.test(words)) return error
    const problem = { field: null, code: 'SYSTEM_ERROR', message: words, vendorMessage: words } as const
    return new RejectedError(error.message, [problem], { vendorCode, cause: error })
  }
  if (neverSent(error)) return error
  return new OutcomeUnknownError(`${doing}: no answer came: ${error.message}`, { status, requestId, cause: error })
}

function neverSent(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++)
    if ('code' in at && typeof at.code === 'string' && NEVER_SENT.has(at.code)) return true
  return false
}
