import { createHash, timingSafeEqual } from 'node:crypto'
import type { SignatureScheme } from '../webhook.ts'
import { decisiveHeader, jsonBody, queryParameter, type WebhookRequest } from './request.ts'

/** Tokens are compared by their hashes: those have one length. */
export const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Tokens of one delivery are at most so many: a notification lists so many changes. */
const MOST_TOKENS = 1_000

/** Index of the secret that the delivery's shared secret equals, wherever the scheme has it; −1 = none, or it is missing. */
export function tokenMatch(
  scheme: SignatureScheme,
  token: NonNullable<SignatureScheme['token']>,
  request: WebhookRequest,
  digests: readonly Buffer[],
): number {
  const given: (string | null)[] = []
  if (token.header !== undefined) given.push(headerToken(scheme, token.header, request))
  if (token.query !== undefined) given.push(queryParameter(request.query, token.query))
  if (token.bodyField !== undefined) given.push(...bodyTokens(request.body, token.bodyField))
  if (given.length === 0 || given.length > MOST_TOKENS) return -1
  let all: number | null = null
  for (const each of given) {
    if (each === null) return -1
    const secret = equalTo(digestOf(each), digests)
    if (secret < 0 || (all !== null && all !== secret)) return -1
    all = secret
  }
  return all ?? -1
}

function equalTo(digest: Buffer, digests: readonly Buffer[]): number {
  let found = -1
  // All are compared, so that the time does not tell which one was equal.
  digests.forEach((each, index) => {
    if (timingSafeEqual(each, digest) && found < 0) found = index
  })
  return found
}

function headerToken(scheme: SignatureScheme, header: string, request: WebhookRequest): string | null {
  const value = decisiveHeader(request.rawHeaders, header) ?? null
  const prefix = scheme.alg === 'none' ? (scheme.prefix ?? '') : ''
  if (value === null || value.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase()) return null
  // Header values arrive as latin1, secrets are UTF-8.
  return Buffer.from(value.slice(prefix.length), 'latin1').toString('utf8')
}

function bodyTokens(body: Buffer, path: string): (string | null)[] {
  let values: unknown[] = [jsonBody(body)]
  for (const field of path.split('.')) {
    const next = values.map((value) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, field)
        ? (value as { readonly [field: string]: unknown })[field]
        : undefined,
    )
    values = next.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
  }
  return values.map((value) => (typeof value === 'string' && value !== '' ? value : null))
}
