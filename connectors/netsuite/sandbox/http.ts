/** A request as the router sees it, whatever brought it: a socket or an asynchronous job. */
export interface Request {
  readonly method: string
  /** `http://127.0.0.1:8490`: as the caller wrote it (Host header). */
  readonly origin: string
  /** Undecoded, with the leading slash, without the query. */
  readonly path: string
  /** Undecoded, without `?`. */
  readonly query: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export const RECORD_TYPE = 'application/vnd.oracle.resource+json; type=singular; charset=UTF-8'
export const LIST_TYPE = 'application/vnd.oracle.resource+json; type=collection; charset=UTF-8'
export const ERROR_TYPE = 'application/vnd.oracle.resource+json; type=error; charset=UTF-8'

export function json(status: number, body: unknown, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'content-type': LIST_TYPE, ...headers }, body: JSON.stringify(body) }
}

export function noContent(headers: Answer['headers'] = {}): Answer {
  return { status: 204, headers, body: '' }
}

export function htmlPage(status: number, title: string, text: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`,
  }
}

export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** The query's parameters; of a repeated one the first. */
export function parametersOf(query: string): URLSearchParams {
  return new URLSearchParams(query)
}

/** Values of a Prefer header, lower case: `respond-async`, `batch-processing=parallel`. */
export function preferences(request: Request): ReadonlySet<string> {
  const parts = (request.headers['prefer'] ?? '').split(',')
  return new Set(parts.map((part) => part.trim().replaceAll('"', '').toLowerCase()).filter((part) => part !== ''))
}
