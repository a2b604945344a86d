/** What a check may see of a request, as it came over the wire. */
export interface WebhookRequest {
  /** Names and values in turn, as received (`IncomingMessage.rawHeaders`; values in latin1). */
  readonly rawHeaders: readonly string[]
  /** Behind the question mark, undecoded; empty = none. */
  readonly query: string
  /** The bytes received: nothing decoded, nothing unpacked. */
  readonly body: Buffer
}

/** Longer values of headers that a check needs are refused. */
const LONGEST_HEADER = 4096

/** A header that decides: undefined = not there; null = there, but twice, empty or too long. */
export function decisiveHeader(rawHeaders: readonly string[], lowerName: string): string | null | undefined {
  let found: string | undefined
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (name.length !== lowerName.length || name.toLowerCase() !== lowerName) continue
    if (found !== undefined) return null
    found = rawHeaders[i + 1] as string
  }
  if (found === undefined) return undefined
  return found === '' || found.length > LONGEST_HEADER ? null : found
}

/** Value of a query parameter that is given once; null otherwise. */
export function queryParameter(query: string, name: string): string | null {
  if (query === '') return null
  const values = new URLSearchParams(query).getAll(name)
  return values.length === 1 && values[0] !== '' ? (values[0] as string) : null
}

/** The body as JSON; undefined when it is none. */
export function jsonBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
