/** A request as the gateway sees it, whatever brought it: a socket or a part of a batch. */
export interface Request {
  readonly method: string
  /** Undecoded, with the leading slash, without the query. */
  readonly path: string
  /** Undecoded, without `?`. */
  readonly query: string
  /** Lower-case names; repeated headers joined. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  /** Lower-case names; lists for `set-cookie`. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
}

/** Methods that change nothing and need no token. */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

export function htmlPage(status: number, title: string, text: string, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
    body: `<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`,
  }
}

export const JSON_TYPE = 'application/json'

/**
 * JSON only when it was asked for, by `$format` or by `Accept`; everything else is Atom and XML.
 */
export function wantsJson(accept: string | undefined, format: string | undefined): boolean {
  if (format !== undefined) return format === 'json'
  return accept?.toLowerCase().includes('application/json') ?? false
}
