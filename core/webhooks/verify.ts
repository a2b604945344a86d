import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import type { SignatureScheme } from '../webhook.ts'
import { type SignedContent, type SignedPart, signedContent } from './content.ts'
import { keyOf } from './keys.ts'
import { decisiveHeader, jsonBody, type WebhookRequest } from './request.ts'
import { signaturesIn } from './signatures.ts'
import { digestOf, tokenMatch } from './tokens.ts'

/** Outcome of a check. Which part of it failed is for counting, never for the sender. */
export type Verdict =
  | {
      readonly ok: true
      /** Index of the secret that matched. */
      readonly secret: number
      /** From the scheme's `idHeader`; null = the sender gave none. */
      readonly id: string | null
    }
  | { readonly ok: false; readonly reason: 'signature' | 'stale' }

export interface Verifier {
  /** Secrets that cannot be keys of this scheme, for people: by their place, never by their value. */
  readonly problems: readonly string[]
  /** Never throws. `now` in epoch ms. */
  verify(request: WebhookRequest, now: number): Verdict
}

/** What a delivery says besides its body. Null = it does not. */
type Said = { readonly [P in Exclude<SignedPart, 'body'>]: string | null }
interface Key {
  readonly index: number
  readonly key: KeyObject
}

const DEFAULT_TOLERANCE_SECONDS = 300
/** From here on the unit `auto` means milliseconds. */
const FIRST_MILLISECONDS = 1e11
const WRONG: Verdict = { ok: false, reason: 'signature' }
const STALE: Verdict = { ok: false, reason: 'stale' }

/**
 * Checks the deliveries of one connection: one piece of code for every scheme, over the raw bytes. Every secret is tried
 * against every signature listed; comparisons take the same time whatever they find.
 * @throws RangeError when the scheme itself makes no sense
 */
export function createVerifier(scheme: SignatureScheme, secrets: readonly string[]): Verifier {
  const content = signedContent(scheme.content)
  const digests = scheme.token === undefined ? [] : secrets.map(digestOf)
  const keys: Key[] = []
  const problems: string[] = []
  if (scheme.alg !== 'none')
    secrets.forEach((secret, index) => {
      const key = keyOf(scheme, secret)
      if (key === null) problems.push(`secret number ${index + 1} cannot be a key of this scheme (${scheme.key})`)
      else keys.push({ index, key })
    })

  const check = (request: WebhookRequest, now: number): Verdict => {
    const idGiven = scheme.idHeader === undefined ? undefined : decisiveHeader(request.rawHeaders, scheme.idHeader)
    if (idGiven === null) return WRONG
    const id = idGiven ?? null
    let secret = -1
    if (scheme.token !== undefined) {
      secret = tokenMatch(scheme, scheme.token, request, digests)
      if (secret < 0) return WRONG
    }
    if (scheme.alg === 'none') return secret < 0 ? WRONG : { ok: true, secret, id }

    const found = scheme.inBody === undefined ? inHeaders(scheme, request) : inBody(scheme, scheme.inBody, request)
    if (found === null || found.signatures.length === 0) return WRONG
    const said: Said = { ts: found.timestamp, token: found.token, id }
    for (const part of content.parts) if (part !== 'body' && said[part] === null) return WRONG
    secret = keyThatMatches(keys, scheme, content, said, request.body, found.signatures)
    if (secret < 0) return WRONG
    // A time that is not signed proves nothing, so nothing is made of it.
    if (content.parts.has('ts') && !isFresh(scheme, said.ts as string, now)) return STALE
    return { ok: true, secret, id }
  }

  return {
    problems,
    verify(request, now) {
      try {
        return check(request, now)
      } catch {
        return WRONG
      }
    },
  }
}

interface Found {
  readonly signatures: readonly Buffer[]
  readonly timestamp: string | null
  readonly token: string | null
}

function inHeaders(scheme: SignatureScheme, { rawHeaders }: WebhookRequest): Found | null {
  for (const name of scheme.headers) {
    const value = decisiveHeader(rawHeaders, name)
    if (value === undefined) continue
    if (value === null) return null
    const { signatures, timestamp: inKv } = signaturesIn(scheme, value)
    const { from, header } = scheme.timestamp ?? {}
    const timestamp = from === 'header' && header !== undefined ? (decisiveHeader(rawHeaders, header) ?? null) : inKv
    return { signatures, timestamp, token: null }
  }
  return null
}

function inBody(
  scheme: SignatureScheme,
  names: NonNullable<SignatureScheme['inBody']>,
  { body }: WebhookRequest,
): Found | null {
  const json = jsonBody(body)
  if (typeof json !== 'object' || json === null) return null
  const textOf = (name: string): string | null => {
    const value = (json as { readonly [field: string]: unknown })[name]
    return typeof value === 'string' || Number.isSafeInteger(value) ? String(value) : null
  }
  const signature = textOf(names.signature)
  if (signature === null) return null
  const { signatures } = signaturesIn(scheme, signature)
  return { signatures, timestamp: textOf(names.timestamp), token: textOf(names.token) }
}

function keyThatMatches(
  keys: readonly Key[],
  scheme: SignatureScheme,
  { pieces }: SignedContent,
  said: Said,
  body: Buffer,
  signatures: readonly Buffer[],
): number {
  // Text as it was sent: header values are latin1, what a JSON body says is not.
  const encoding = scheme.inBody === undefined ? 'latin1' : 'utf8'
  const textOf = (piece: Exclude<(typeof pieces)[number], { part: 'body' }>): string =>
    typeof piece === 'string' ? piece : (said[piece.part as keyof Said] as string)
  if (scheme.alg === 'ed25519') {
    const signed = Buffer.concat(pieces.map((piece) => (isBody(piece) ? body : Buffer.from(textOf(piece), encoding))))
    return keys.find(({ key }) => signatures.some((signature) => verify(null, signed, key, signature)))?.index ?? -1
  }
  for (const { index, key } of keys) {
    const hmac = createHmac('sha256', key)
    for (const piece of pieces) {
      if (isBody(piece)) hmac.update(body)
      else hmac.update(textOf(piece), encoding)
    }
    const digest = hmac.digest()
    for (const signature of signatures) if (timingSafeEqual(digest, signature)) return index
  }
  return -1
}

const isBody = (piece: SignedContent['pieces'][number]): piece is { readonly part: 'body' } =>
  typeof piece !== 'string' && piece.part === 'body'

function isFresh(scheme: SignatureScheme, text: string, now: number): boolean {
  if (!/^\d{1,16}$/.test(text)) return false
  const value = Number(text)
  const unit = scheme.timestamp?.unit ?? 'auto'
  const at = unit === 'ms' || (unit === 'auto' && value >= FIRST_MILLISECONDS) ? value : value * 1000
  return Math.abs(now - at) <= (scheme.timestamp?.toleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS) * 1000
}
