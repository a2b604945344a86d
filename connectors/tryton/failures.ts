import { AuthError, type Failure, type Json, RejectedError, RetryableError } from '../../core/index.ts'

/**
 * What trytond says when something is wrong (trytond 6.0, protocols/jsonrpc.py):
 * HTTP 200 with `error: [type, args]` for its own exceptions, `error: [text, traceback]` for any other; HTTP 401 with
 * an empty body for a dead session, 403 with an HTML page for a method that is not open to RPC, 404 for a database
 * that does not exist, 429 for too many failed logins.
 */

/** An exception inside the server. Perhaps one record causes it: the reader then looks for that record (read/rows.ts). */
export class ServerFault extends RetryableError {}

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
      return new RetryableError(`${doing}: ${shorten(sentence(detail))}`, { vendorCode: code })
    case 'LoginException':
      return new AuthError(
        `${doing}: the login asks for ${shorten(sentence(detail))}; use a user with password login only`,
        { vendorCode: code },
      )
    default:
      return new ServerFault(`${doing}: the server reports ${shorten(code)}`, { vendorCode: shorten(code) })
  }
}
