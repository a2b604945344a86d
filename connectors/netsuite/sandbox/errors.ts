import { type Answer, ERROR_TYPE } from './http.ts'

/** One entry of `o:errorDetails`. */
export interface ErrorDetail {
  readonly detail: string
  readonly 'o:errorCode': string
  /** Where in the body: `item.items[0].item`. */
  readonly 'o:errorPath'?: string
  readonly 'o:errorQueryParam'?: string
  readonly 'o:errorHeader'?: string
  readonly 'o:errorUrl'?: string
}

/** A refusal of the record, query and async services. */
export class RestError extends Error {
  override name = 'RestError'
  readonly status: number
  readonly details: readonly ErrorDetail[]
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, details: readonly ErrorDetail[], headers: Readonly<Record<string, string>> = {}) {
    super(details[0]?.detail ?? `status ${status}`)
    this.status = status
    this.details = details
    this.headers = headers
  }
}

type Where = Omit<ErrorDetail, 'detail' | 'o:errorCode'>

export function refusal(status: number, code: string, detail: string, where: Where = {}): RestError {
  return new RestError(status, [{ detail, ...where, 'o:errorCode': code }])
}

export const invalidContent = (detail: string, path?: string): RestError =>
  refusal(400, 'INVALID_CONTENT', `Error while accessing resource: ${detail}`, path === undefined ? {} : at(path))

export const userError = (detail: string): RestError =>
  refusal(400, 'USER_ERROR', `Error while accessing resource: ${detail}`)

/** A value of the wrong kind, or a reference that cannot be read. */
export const invalidValue = (field: string, path: string): RestError =>
  refusal(
    400,
    'INVALID_VALUE',
    `Invalid value for the resource or sub-resource field '${field}'. Provide a valid value.`,
    at(path),
  )

export const invalidParameter = (name: string, detail: string): RestError =>
  refusal(400, 'INVALID_PARAMETER', detail, { 'o:errorQueryParam': name })

export const invalidHeader = (name: string, detail: string): RestError =>
  refusal(400, 'INVALID_HEADER', detail, { 'o:errorHeader': name })

export const invalidRequest = (detail: string): RestError => refusal(400, 'INVALID_REQUEST', detail)

export const noSuchRecord = (): RestError => refusal(404, 'NONEXISTENT_ID', 'Record does not exist.')

function at(path: string): Where {
  return { 'o:errorPath': path }
}

/** What the sections of both standards are called in `type`. */
const PAGES: { readonly [status: number]: readonly [title: string, newer: string, older: string] } = {
  400: ['Bad Request', 'rfc9110.html#section-15.5.1', '#sec10.4.1'],
  401: ['Unauthorized', 'rfc9110.html#section-15.5.2', '#sec10.4.2'],
  403: ['Forbidden', 'rfc9110.html#section-15.5.4', '#sec10.4.4'],
  404: ['Not Found', 'rfc9110.html#section-15.5.5', '#sec10.4.5'],
  405: ['Method Not Allowed', 'rfc9110.html#section-15.5.6', '#sec10.4.6'],
  409: ['Conflict', 'rfc9110.html#section-15.5.10', '#sec10.4.10'],
  415: ['Unsupported Media Type', 'rfc9110.html#section-15.5.16', '#sec10.4.16'],
  429: ['Too Many Requests', 'rfc6585.html#section-4', '#sec10.4'],
  500: ['Internal Server Error', 'rfc9110.html#section-15.6.1', '#sec10.5.1'],
  503: ['Service Unavailable', 'rfc9110.html#section-15.6.4', '#sec10.5.4'],
  504: ['Gateway Timeout', 'rfc9110.html#section-15.6.5', '#sec10.5.5'],
}

/** `links`: pages of RFC 9110, or of RFC 2616 as in older answers. */
export type ErrorLinks = 'rfc9110' | 'rfc2616'

export function errorAnswer(error: RestError, links: ErrorLinks): Answer {
  const [title, newer, older] = PAGES[error.status] ?? ['Bad Request', 'rfc9110.html#section-15.5.1', '#sec10.4.1']
  const body = { type: typeOf(links, newer, older), title, status: error.status, 'o:errorDetails': error.details }
  return { status: error.status, headers: { 'content-type': ERROR_TYPE, ...error.headers }, body: JSON.stringify(body) }
}

/** The answer to a repeated idempotency key has a body of its own, whose title belies the status. */
export function idempotencyAnswer(jobPath: string): Answer {
  const body = {
    type: 'https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.10',
    title: 'Conflict',
    status: 400,
    'o:errorDetails': [
      {
        detail:
          'A request with the same idempotency key is already submitted. ' +
          'To resend the request, provide a different idempotency key.',
        'o:errorCode': 'IDEMPOTENCY_ERROR',
      },
    ],
  }
  return { status: 400, headers: { 'content-type': ERROR_TYPE, location: jobPath }, body: JSON.stringify(body) }
}

/** `top-level`: an older body with the code beside the title, and a title that is not that of 429. */
export function tooManyRequests(form: 'details' | 'top-level', links: ErrorLinks): Answer {
  const detail = 'Concurrent request limit exceeded. Request blocked.'
  if (form === 'details') return errorAnswer(refusal(429, 'CONCURRENCY_LIMIT_EXCEEDED', detail), links)
  const body = {
    type: 'https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.1',
    title: 'Bad Request',
    status: 429,
    detail,
    'o:errorCode': 'USER_ERROR',
  }
  return { status: 429, headers: { 'content-type': ERROR_TYPE }, body: JSON.stringify(body) }
}

/** `seed` makes the error id. */
export function unexpectedError(seed: number, links: ErrorLinks): Answer {
  const id = `kq${(seed * 2_654_435_761).toString(36)}`
  const detail = `An unexpected error occurred. Error ID: ${id}`
  return errorAnswer(refusal(500, 'UNEXPECTED_ERROR', detail), links)
}

function typeOf(links: ErrorLinks, newer: string, older: string): string {
  if (links === 'rfc2616') return `https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html${older}`
  return `https://www.rfc-editor.org/rfc/${newer}`
}
