import { type Json, RetryableError } from '../../core/index.ts'

/** One request of a changeset; `path` relative to the service, percent-encoded. */
export interface BatchRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'MERGE' | 'DELETE'
  readonly path: string
  readonly body: Json
  readonly ifMatch?: string
}

/** A read, or changes that are made together or not at all. */
export type BatchPart =
  | { readonly get: string; readonly query?: { readonly [option: string]: string } }
  | { readonly changes: readonly BatchRequest[] }

export interface PartAnswer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** For a read its answer; for a changeset the answers in order, or the one that says why none was made. */
export type BatchAnswer =
  | { readonly kind: 'read'; readonly answer: PartAnswer }
  | { readonly kind: 'done'; readonly answers: readonly PartAnswer[] }
  | { readonly kind: 'refused'; readonly answer: PartAnswer }

/** SAP's bound for one changeset. */
export const LARGEST_CHANGESET = 100

const CRLF = '\r\n'

export const hasChanges = (parts: readonly BatchPart[]): boolean => parts.some((part) => 'changes' in part)

export function buildBatch(parts: readonly BatchPart[]): { readonly contentType: string; readonly body: Buffer } {
  const lines: string[] = []
  for (const [at, part] of parts.entries()) {
    lines.push('--tributary_batch')
    if ('changes' in part) lines.push(...changeset(part.changes, `tributary_changes_${at}`))
    else
      lines.push(
        ...PART_HEADERS,
        '',
        `GET ${part.get}${queryOf(part.query)} HTTP/1.1`,
        'Accept: application/json',
        '',
        '',
      )
  }
  lines.push('--tributary_batch--', '')
  return { contentType: 'multipart/mixed; boundary=tributary_batch', body: Buffer.from(lines.join(CRLF)) }
}

const PART_HEADERS = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary']

function changeset(requests: readonly BatchRequest[], boundary: string): string[] {
  if (requests.length === 0 || requests.length > LARGEST_CHANGESET)
    throw new RangeError(`${requests.length} requests in a changeset; 1 to ${LARGEST_CHANGESET} are possible`)
  const parts = requests.flatMap(({ method, path, body, ifMatch }, at) => {
    const content = body === null ? '' : JSON.stringify(body)
    return [
      `--${boundary}`,
      ...PART_HEADERS,
      `Content-ID: ${at + 1}`,
      '',
      `${method} ${path} HTTP/1.1`,
      ...(body === null ? [] : ['Content-Type: application/json']),
      'Accept: application/json',
      ...(ifMatch === undefined ? [] : [`If-Match: ${ifMatch}`]),
      `Content-Length: ${Buffer.byteLength(content)}`,
      '',
      content,
    ]
  })
  return [`Content-Type: multipart/mixed; boundary=${boundary}`, '', ...parts, `--${boundary}--`, '']
}

const queryOf = (query: { readonly [option: string]: string } = {}): string => {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return text.length === 0 ? '' : `?${text.join('&')}`
}

interface Part {
  readonly headers: { readonly [name: string]: string }
  /** Bytes as Latin-1 text. */
  readonly body: string
}

/** @throws RetryableError when the answer is not one to these parts */
export function parseBatch(
  contentType: string,
  body: Buffer,
  parts: readonly BatchPart[],
  doing: string,
): readonly BatchAnswer[] {
  const found = partsOf(contentType, body.toString('latin1'))
  if (found === null || found.length !== parts.length)
    throw new RetryableError(`${doing}: the answer has ${found?.length ?? 'no'} parts for ${parts.length} requests`)
  return found.map((part, at): BatchAnswer => {
    const isChange = 'changes' in (parts[at] as BatchPart)
    const inner = partsOf(part.headers['content-type'] ?? '', part.body)
    if (inner !== null) return { kind: 'done', answers: inner.map((each) => httpOf(each, doing)) }
    const answer = httpOf(part, doing)
    return isChange ? { kind: 'refused', answer } : { kind: 'read', answer }
  })
}

/** null = no multipart. Lengths that parts give of themselves are not relied on. */
function partsOf(contentType: string, body: string): Part[] | null {
  const boundary = /^\s*multipart\/mixed\b.*?;\s*boundary=("?)([^";\s]+)\1/i.exec(contentType)?.[2]
  if (boundary === undefined) return null
  const pieces = `\r\n${body}`.split(new RegExp(`\\r?\\n--${escaped(boundary)}(--)?[ \\t]*(?=\\r?\\n|$)`))
  // split keeps the captured "--" of the closing line between the pieces
  return pieces
    .filter((_, at) => at % 2 === 0)
    .slice(1)
    .filter((_, at) => pieces[at * 2 + 1] !== '--')
    .map((piece) => partOf(piece.replace(/^\r?\n/, '')))
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

function partOf(text: string): Part {
  const [head, body] = halves(text)
  const headers: { [name: string]: string } = {}
  for (const line of head.split(/\r?\n/)) {
    const at = line.indexOf(':')
    if (at > 0) headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim()
  }
  return { headers, body }
}

/** What stands before and behind the first empty line. */
function halves(text: string): readonly [string, string] {
  const gap = /(^|\r?\n)\r?\n/.exec(text)
  return gap === null ? [text, ''] : [text.slice(0, gap.index), text.slice(gap.index + gap[0].length)]
}

function httpOf({ body }: Part, doing: string): PartAnswer {
  const end = /\r?\n/.exec(body)
  const line = end === null ? body : body.slice(0, end.index)
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(line)?.[1]
  if (status === undefined) throw new RetryableError(`${doing}: a part of the answer is no HTTP answer`)
  const { headers, body: content } = partOf(end === null ? '' : body.slice(end.index + end[0].length))
  return { status: Number(status), headers, body: Buffer.from(content.trimEnd(), 'latin1').toString('utf8') }
}
