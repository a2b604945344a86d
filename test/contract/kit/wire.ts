import { type HttpClient, RateLimitedError, RetryableError } from '../../../core/index.ts'

type HttpRequest = Parameters<HttpClient['request']>[0]
type HttpResponse = Awaited<ReturnType<HttpClient['request']>>

/** An outbound client that counts what goes over the wire and can be told to break it. */
export interface Wire extends HttpClient {
  /** Every request so far, oldest first; bodies as text. */
  readonly requests: { readonly method: string; readonly url: string; readonly body: string }[]
  /** Sees each request before it is sent; a response is answered instead of the system's. */
  before: ((request: HttpRequest, n: number) => Partial<Answer> | null | Promise<Partial<Answer> | null>) | null
  /** Sees each answer of the system; what it returns is handed on instead. */
  after: ((answer: Answer, request: HttpRequest, n: number) => Partial<Answer> | null) | null
  /** Requests that are under way now. */
  open(): number
}

export interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export function createWire(): Wire {
  let open = 0
  const wire: Wire = {
    requests: [],
    before: null,
    after: null,
    open: () => open,
    async request(request) {
      const n = wire.requests.push({ method: request.method, url: request.url, body: String(request.body ?? '') })
      open++
      try {
        const planted = await wire.before?.(request, n)
        const answer: Answer = { ...OK, ...(planted ?? (await send(request))) }
        const handed: Answer = { ...answer, ...wire.after?.(answer, request, n) }
        return responseOf(handed)
      } finally {
        open--
      }
    },
  }
  return wire
}

const OK: Answer = { status: 200, headers: {}, body: '' }

async function send(request: HttpRequest): Promise<Answer> {
  const { method, url, headers, body, signal } = request
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers: { ...headers },
      body: (body as string | undefined) ?? null,
      signal: signal ?? null,
    })
    const text = await response.text()
    // an object of headers keeps only the last of several cookies
    const cookies = response.headers.getSetCookie().join(', ')
    const kept = { ...Object.fromEntries(response.headers), ...(cookies === '' ? {} : { 'set-cookie': cookies }) }
    return { status: response.status, headers: kept, body: text }
  } catch (cause) {
    signal?.throwIfAborted()
    throw new RetryableError(`requesting ${url}`, { cause })
  }
}

function responseOf({ status, headers, body }: Answer): HttpResponse {
  if (status === 429) throw new RateLimitedError('too many requests', Number(headers['retry-after'] ?? 0) * 1000)
  if (status >= 500) throw new RetryableError(`HTTP ${status}`, { status })
  const bytes = Buffer.from(body)
  return {
    status,
    headers: { ...headers },
    body: bytes,
    text: () => body,
    json: () => JSON.parse(body),
    requestId: 'none',
  } as HttpResponse
}
