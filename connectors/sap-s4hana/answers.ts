import { AuthError, type HttpResponse, type Json, RetryableError } from '../../core/index.ts'
import { isLoginPage, UnreadableAnswer } from './failures.ts'
import { isRow, type Row } from './values.ts'

export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  /** What the answer holds under `d`; null = it has no body. */
  readonly body: Json
  /** The entity's ETag, where the service gives one. */
  readonly etag: string | null
  /** Warnings that came with a success. */
  readonly warnings: readonly string[]
}

export interface RowPage {
  readonly rows: readonly Row[]
  /** Address of the rest as SAP gave it; null = SAP says that this was all. */
  readonly next: string | null
  /** With `$inlinecount=allpages`: rows that the filter finds. */
  readonly count: number | null
}

/** A success as OData V2 JSON. @throws UnreadableAnswer, RetryableError, AuthError (a login page) */
export function answerOf(response: HttpResponse, doing: string): Answer {
  const { status, headers } = response
  const body = status === 204 || response.body.length === 0 ? null : contentOf(response, doing)
  const meta = isRow(body) && isRow(body['__metadata']) ? body['__metadata'] : {}
  const etag = meta['etag'] ?? headers['etag']
  return {
    status,
    headers,
    body,
    etag: typeof etag === 'string' && etag !== '' ? etag : null,
    warnings: warningsOf(headers['sap-message']),
  }
}

function contentOf(response: HttpResponse, doing: string): Json {
  const { status, requestId } = response
  const details = { status, requestId }
  const text = response.text()
  if (/^\s*</.test(text)) {
    refuseLoginPage(response, doing)
    throw new RetryableError(
      `${doing}: SAP answered ${/^\s*(<!doctype html|<html)/i.test(text) ? 'an HTML page' : 'XML'} where JSON was asked for`,
      details,
    )
  }
  let parsed: Json
  try {
    parsed = JSON.parse(text) as Json
  } catch {
    // the parser's own message quotes the body
    throw new UnreadableAnswer(`${doing}: the answer is cut short or no JSON (${response.body.length} bytes)`, details)
  }
  if (!isRow(parsed) || parsed['d'] === undefined)
    throw new UnreadableAnswer(`${doing}: the answer is JSON but not of OData's form`, details)
  return parsed['d']
}

/** @throws AuthError */
export function refuseLoginPage(response: HttpResponse, doing: string): void {
  if (!isLoginPage(response.text())) return
  throw new AuthError(
    `${doing}: SAP answers with a login page (HTTP ${response.status}): this address does not take logins of machines; use the address for machines (in the cloud: my…-api.…) and a user with password login`,
    { status: response.status, requestId: response.requestId },
  )
}

/** `d` of a list. */
export function pageOf({ body, status }: Answer, doing: string): RowPage {
  const rows = Array.isArray(body) ? body : isRow(body) ? body['results'] : undefined
  if (!Array.isArray(rows) || !rows.every(isRow))
    throw new UnreadableAnswer(`${doing}: the answer is not a list of rows`, { status })
  const next = isRow(body) ? body['__next'] : undefined
  const count = isRow(body) ? Number(body['__count'] ?? Number.NaN) : Number.NaN
  return {
    rows: rows as readonly Row[],
    next: typeof next === 'string' && next !== '' ? next : null,
    count: Number.isSafeInteger(count) ? count : null,
  }
}

/** `{"code","message","severity","details":[…]}`; successes say "info" and "success" as well. */
function warningsOf(header: string | undefined): string[] {
  if (header === undefined) return []
  try {
    const message = JSON.parse(header) as Json
    if (!isRow(message)) return []
    const all = [message, ...(Array.isArray(message['details']) ? (message['details'] as Json[]).filter(isRow) : [])]
    return all.flatMap(({ severity, message: text, code }) =>
      severity !== 'warning' && severity !== 'error' ? [] : [`${String(text)} (${String(code)})`],
    )
  } catch {
    return [header]
  }
}
