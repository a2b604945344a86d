/**
 * `$batch`: a multipart body of single GETs and of changesets, each of which is applied whole or not at all. Parts are
 * told apart by boundaries alone; their Content-Length is not trusted.
 */
import { randomUUID } from 'node:crypto'
import { SapError } from './errors.ts'
import type { Store } from './store.ts'

/** One request of a batch. */
export interface BatchRequest {
  readonly method: string
  /** As written: relative to the service root, or a path, or absolute. */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface BatchResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface BatchContext {
  readonly store: Store
  /** Of the outer request, with its boundary. */
  readonly contentType: string
  readonly body: string
  /** Answers a request as if it had come alone; refusals are answers too. */
  readonly dispatch: (request: BatchRequest) => BatchResponse
}

const MOST_IN_CHANGESET = 100

/** @throws SapError 400 when the body is no batch */
export function handleBatch(context: BatchContext): BatchResponse {
  const boundary = boundaryOf(context.contentType)
  if (boundary === null) throw malformed('the Content-Type of a batch is multipart/mixed with a boundary')
  const answers = partsOf(context.body, boundary).map((part) => {
    const inner = boundaryOf(part.headers['content-type'] ?? '')
    return inner === null ? single(context, part) : changeset(context, partsOf(part.body, inner))
  })
  const own = `R${randomUUID().replaceAll('-', '').toUpperCase()}`
  return {
    status: 202,
    headers: { 'content-type': `multipart/mixed; boundary=${own}`, dataserviceversion: '2.0' },
    body: multipart(own, answers),
  }
}

interface Part {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

function single(context: BatchContext, part: Part): string {
  const request = requestOf(part)
  if (request.method !== 'GET') throw malformed(`${request.method} is not allowed outside of a changeset`)
  return httpPart(context.dispatch(request), part.headers['content-id'])
}

/** Rolls back the whole changeset. */
class ChangesetFailed extends Error {
  readonly response: BatchResponse
  constructor(response: BatchResponse) {
    super('a request of the changeset was refused')
    this.response = response
  }
}

function changeset(context: BatchContext, parts: readonly Part[]): string {
  if (parts.length > MOST_IN_CHANGESET)
    throw malformed(`a changeset holds ${MOST_IN_CHANGESET} requests at most, not ${parts.length}`)
  try {
    const answers = context.store.transaction(() => applyAll(context, parts))
    const own = `RC${randomUUID().replaceAll('-', '').toUpperCase()}`
    return `Content-Type: multipart/mixed; boundary=${own}\r\n\r\n${multipart(own, answers)}`
  } catch (error) {
    // One part answers for all of them, and it is no multipart.
    if (error instanceof ChangesetFailed) return httpPart(error.response, undefined)
    throw error
  }
}

function applyAll(context: BatchContext, parts: readonly Part[]): string[] {
  const created = new Map<string, string>()
  return parts.map((part) => {
    const request = requestOf(part)
    if (request.method === 'GET') throw malformed('GET is not allowed inside of a changeset')
    const id = part.headers['content-id'] ?? request.headers['content-id']
    const response = context.dispatch({ ...request, url: resolved(request.url, created) })
    if (response.status >= 400) throw new ChangesetFailed(response)
    const location = response.headers['location']
    if (id !== undefined && location !== undefined) created.set(id, location)
    return httpPart(response, id)
  })
}

/** `$1/to_Item` is below what the request with Content-ID 1 created. */
function resolved(url: string, created: ReadonlyMap<string, string>): string {
  const match = /^\/?\$([^/?]+)(.*)$/s.exec(url)
  const location = match === null ? undefined : created.get(match[1] ?? '')
  return location === undefined ? url : `${location}${match?.[2] ?? ''}`
}

export function boundaryOf(contentType: string): string | null {
  if (!/^\s*multipart\/mixed\b/i.test(contentType)) return null
  const match = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType)
  return match?.[1] ?? match?.[2] ?? null
}

/** The parts between `--boundary` lines; what stands before the first and after the last is no part. */
export function partsOf(body: string, boundary: string): Part[] {
  const parts: Part[] = []
  let lines: string[] | null = null
  for (const line of body.split('\n')) {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line
    const trimmed = bare.trimEnd()
    if (trimmed !== `--${boundary}` && trimmed !== `--${boundary}--`) {
      lines?.push(bare)
      continue
    }
    if (lines !== null) parts.push(partOf(lines))
    lines = trimmed === `--${boundary}` ? [] : null
    if (lines === null) return parts
  }
  throw malformed(`the batch ends without --${boundary}--`)
}

function partOf(lines: readonly string[]): Part {
  const { headers, next } = headersOf(lines, 0)
  return { headers, body: lines.slice(next).join('\r\n') }
}

function headersOf(lines: readonly string[], from: number): { headers: Record<string, string>; next: number } {
  const headers: Record<string, string> = {}
  let at = from
  for (; at < lines.length && lines[at] !== ''; at++) {
    const line = lines[at] ?? ''
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { headers, next: at + 1 }
}

function requestOf(part: Part): BatchRequest {
  const lines = part.body.split('\r\n')
  const start = lines.findIndex((line) => line.trim() !== '')
  const match = /^([A-Z]+)\s+(.+?)(?:\s+HTTP\/\d\.\d)?\s*$/.exec(lines[start] ?? '')
  if (match === null) throw malformed('a part of the batch holds no request')
  const { headers, next } = headersOf(lines, start + 1)
  return { method: match[1] ?? '', url: match[2] ?? '', headers, body: lines.slice(next).join('\r\n').trim() }
}

function httpPart(response: BatchResponse, contentId: string | undefined): string {
  const headers = { ...response.headers }
  if (response.body !== '') headers['content-length'] = String(Buffer.byteLength(response.body))
  const head = [
    `HTTP/1.1 ${response.status} ${REASONS[response.status] ?? 'Unknown'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n')
  const http = `${head}\r\n\r\n${response.body}`
  return [
    'Content-Type: application/http',
    `Content-Length: ${Buffer.byteLength(http)}`,
    'content-transfer-encoding: binary',
    ...(contentId === undefined ? [] : [`content-id: ${contentId}`]),
    '',
    http,
  ].join('\r\n')
}

function multipart(boundary: string, parts: readonly string[]): string {
  return `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`
}

function malformed(reason: string): SapError {
  return new SapError({ status: 400, code: '/IWFND/CM_MGW/055', message: `Malformed batch request: ${reason}` })
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  412: 'Precondition Failed',
  415: 'Unsupported Media Type',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
}
