import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  bodyId,
  type Clock,
  type Codec,
  challengeIn,
  cloudEventsConsent,
  expectsHandshake,
  type Handshake,
  keptHeaders,
  type Metrics,
  receiptId,
  sendersId,
  validationToken,
} from '../../core/index.ts'
import { type Reading, readBody } from './body.ts'
import type { Directory, Target } from './directory.ts'
import type { Figures } from './figures.ts'
import type { Queue, Stored } from './queue.ts'
import type { Reason } from './refusals.ts'

export interface ReceiverParts {
  readonly directory: Pick<Directory, 'find'>
  readonly queue: Pick<Queue, 'append'>
  readonly encode: Codec['inboundWebhook']['encode']
  readonly refused: (reason: Reason, connectionId: string | null) => void
  readonly metrics: Pick<Metrics, 'webhookReceived' | 'webhookOldSecret'>
  readonly clock: Clock
  readonly figures: Figures
  /** True: what arrives now is sent elsewhere. */
  readonly draining: () => boolean
}

/** Answers one request for a connection; resolves when it has been answered. */
export type Receive = (connectionId: string, request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Unread rest of a body that is still read away, so that the sender sees the answer instead of a broken connection. */
const MOST_DISCARDED = 4_000_000
const STORED_PROBLEMS: { readonly [how in Exclude<Stored, 'stored'>]: { reason: Reason; retryAfter: number } } = {
  full: { reason: 'overload', retryAfter: 2 },
  late: { reason: 'not-durable', retryAfter: 5 },
  failed: { reason: 'not-durable', retryAfter: 5 },
}

/** POST and OPTIONS of `/webhooks/<connection id>`: checks, stores, answers. 200 = it is in Kafka, on all replicas. */
export function createReceive(parts: ReceiverParts): Receive {
  const { directory, queue, clock, figures, metrics } = parts
  const reading: Reading = { bytes: 0 }

  function answer(response: ServerResponse, status: number, headers: { [name: string]: string } = {}, text = ''): void {
    if (parts.draining()) headers['Connection'] = 'close'
    headers['Content-Length'] = String(Buffer.byteLength(text))
    response.writeHead(status, headers).end(text)
  }

  const echo = (response: ServerResponse, text: string): void =>
    answer(response, 200, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }, text)

  const refuse = (
    response: ServerResponse,
    target: Target | null,
    reason: Reason,
    status: number,
    headers: { [name: string]: string } = {},
  ): void => {
    parts.refused(reason, target?.connection.id ?? null)
    answer(response, status, headers)
  }
  const later = (seconds: number): { [name: string]: string } => ({
    'Retry-After': String(Math.max(1, Math.ceil(seconds))),
  })

  /** Nothing of the body has been looked at yet. True = answered. */
  const refuseByHead = (request: IncomingMessage, response: ServerResponse, target: Target): boolean => {
    const encoding = request.headers['content-encoding']
    if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
      // A signature is over the bytes sent: nothing is unpacked before it is checked, and little is to be gained after.
      refuse(response, target, 'encoding', 415)
      discard(request)
      return true
    }
    if (Number(request.headers['content-length'] ?? 0) > figures.bodyBytes) {
      tooLarge(request, response, target)
      return true
    }
    const wait = target.budget.wait(clock.now())
    if (wait > 0) {
      refuse(response, target, 'rate', 429, later(wait / 1000))
      discard(request)
      return true
    }
    return false
  }

  const tooLarge = (request: IncomingMessage, response: ServerResponse, target: Target): void => {
    refuse(response, target, 'too-large', 413)
    discard(request)
  }

  const store = async (
    request: IncomingMessage,
    response: ServerResponse,
    target: Target,
    body: Buffer,
    query: string,
  ): Promise<void> => {
    const { scheme, verifier } = target
    if (scheme === null || verifier === null) return refuse(response, target, 'unverifiable', 503, later(5))
    const connectionId = target.connection.id
    const now = clock.now()
    const { rawHeaders } = request
    const verdict = verifier.verify({ rawHeaders, query, body }, now)
    if (!verdict.ok) return refuse(response, target, verdict.reason, scheme.refusal ?? 401)
    // Only what was really sent by the system counts: others cannot use up its budget.
    const wait = target.budget.take(body.length, now)
    if (wait > 0) return refuse(response, target, 'rate', 429, later(wait / 1000))
    const receipt = receiptId(now)
    const value = parts.encode({
      connectionId,
      receiptId: receipt,
      // Two hints in our own form may well say the same twice: without an id each counts.
      deliveryId: sendersId(verdict.id, rawHeaders) ?? (scheme.isOwn ? receipt : bodyId(body)),
      receivedAt: now,
      headers: keptHeaders(rawHeaders, scheme.scheme),
      body,
    })
    const how = await queue.append(connectionId, value, now)
    if (how !== 'stored') {
      const { reason, retryAfter } = STORED_PROBLEMS[how]
      return refuse(response, target, reason, 503, later(retryAfter))
    }
    metrics.webhookReceived.inc({ connection: connectionId })
    if (target.current[verdict.secret] === false) metrics.webhookOldSecret.inc({ connection: connectionId })
    answer(response, 200)
  }

  const post = async (
    target: Target,
    request: IncomingMessage,
    response: ServerResponse,
    query: string,
  ): Promise<void> => {
    if (refuseByHead(request, response, target)) return
    const body = await readBody(request, figures.bodyBytes, reading, figures.readingBytes)
    if (body === 'too-large') return tooLarge(request, response, target)
    if (body === 'aborted') return parts.refused('aborted', target.connection.id)
    if (body === 'overload') {
      refuse(response, target, 'overload', 503, later(2))
      return discard(request)
    }
    const expected = expectedHandshake(target)
    const token = expected === 'validation-token' ? validationToken(query) : null
    const text = token ?? (expected === 'challenge' ? challengeIn(body) : null)
    if (text !== null) return echo(response, text)
    return store(request, response, target, body, query)
  }

  return async (connectionId, request, response) => {
    if (parts.draining()) {
      refuse(response, null, 'draining', 503, later(1))
      return discard(request)
    }
    const target = directory.find(connectionId)
    if (target === null) {
      refuse(response, null, 'unknown-connection', 404)
      return discard(request)
    }
    if (request.method === 'POST') {
      const url = request.url as string
      const mark = url.indexOf('?')
      return post(target, request, response, mark < 0 ? '' : url.slice(mark + 1))
    }
    const consent =
      request.method === 'OPTIONS' && expectedHandshake(target) === 'cloudevents'
        ? cloudEventsConsent(
            textOf(request.headers['webhook-request-origin']),
            textOf(request.headers['webhook-request-rate']),
            target.connection.webhook?.deliveriesPerSecond ?? 1,
          )
        : null
    if (consent !== null) return answer(response, 200, consent)
    refuse(response, target, 'method', 405, { Allow: 'POST' })
    discard(request)
  }
}

const textOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? undefined : value)

function expectedHandshake({ scheme, state }: Target): Handshake | null {
  const handshake = scheme?.handshake
  return handshake !== undefined && expectsHandshake(handshake, state) ? handshake : null
}

/** Reads the rest of a body away; beyond a size it cuts the connection. */
function discard(request: IncomingMessage): void {
  if (request.complete) return
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > MOST_DISCARDED) request.destroy()
  })
}
