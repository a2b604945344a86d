/** Client assertions: signature and claims, checked as the token endpoint checks them. */
import { constants, type KeyObject, verify } from 'node:crypto'

/** An error of the token endpoint, by its OAuth name. */
export class TokenError extends Error {
  override name = 'TokenError'
  readonly error: TokenErrorName

  constructor(error: TokenErrorName, why: string) {
    super(why)
    this.error = error
  }
}

export type TokenErrorName =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'

export interface AssertionRules {
  readonly clientId: string
  /** The key of a certificate id; null = unknown or revoked. */
  readonly keyOf: (certificateId: string) => KeyObject | null
  /** The token endpoint's address. */
  readonly audiences: readonly string[]
  /** Epoch ms. */
  readonly now: number
  readonly skewMs: number
}

/** RS256 and its sisters are not among them. */
const ALGORITHMS: { readonly [name: string]: { hash: string; curve: string | null } } = {
  PS256: { hash: 'sha256', curve: null },
  PS384: { hash: 'sha384', curve: null },
  PS512: { hash: 'sha512', curve: null },
  ES256: { hash: 'sha256', curve: 'prime256v1' },
  ES384: { hash: 'sha384', curve: 'secp384r1' },
  ES512: { hash: 'sha512', curve: 'secp521r1' },
}

const SCOPES = ['rest_webservices', 'restlets', 'suite_analytics']
const LONGEST_LIFE_S = 3600
const SMALLEST_RSA_KEY = 3072

/** The scopes that were asked for. @throws TokenError */
export function verifyAssertion(assertion: string, rules: AssertionRules): readonly string[] {
  const parts = assertion.split('.')
  const [head, body, signature] = parts
  if (parts.length !== 3 || head === undefined || body === undefined || signature === undefined) {
    throw new TokenError('invalid_request', 'an assertion has three parts')
  }
  const header = objectIn(head)
  const claims = objectIn(body)
  if (claims['iss'] !== rules.clientId) throw new TokenError('invalid_client', 'iss is not the client id')
  const key = typeof header['kid'] === 'string' ? rules.keyOf(header['kid']) : null
  if (key === null) throw new TokenError('invalid_grant', 'kid is no certificate of this integration')
  if (!isSigned(String(header['alg']), key, `${head}.${body}`, Buffer.from(signature, 'base64url'))) {
    throw new TokenError('invalid_grant', 'the signature is not good')
  }
  checkTimes(claims, rules)
  if (!rules.audiences.includes(String(claims['aud']))) {
    throw new TokenError('invalid_grant', 'aud is not the token address')
  }
  return scopesOf(claims['scope'])
}

function checkTimes(claims: Readonly<Record<string, unknown>>, { now, skewMs }: AssertionRules): void {
  const { iat, exp } = claims
  if (typeof iat !== 'number' || typeof exp !== 'number') {
    throw new TokenError('invalid_request', 'iat and exp are seconds')
  }
  if (exp - iat > LONGEST_LIFE_S) throw new TokenError('invalid_grant', 'it is good for more than an hour')
  if (exp * 1000 <= now - skewMs) throw new TokenError('invalid_grant', 'it has expired')
  // Seconds are all that iat has.
  if (iat * 1000 > now + skewMs) throw new TokenError('invalid_grant', 'it was issued in the future')
}

function isSigned(name: string, key: KeyObject, text: string, signature: Buffer): boolean {
  const algorithm = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined
  if (algorithm === undefined) return false
  const details = key.asymmetricKeyDetails
  const data = Buffer.from(text, 'ascii')
  if (algorithm.curve !== null) {
    if (key.asymmetricKeyType !== 'ec' || details?.namedCurve !== algorithm.curve) return false
    return verify(algorithm.hash, data, { key, dsaEncoding: 'ieee-p1363' }, signature)
  }
  if (key.asymmetricKeyType !== 'rsa' || (details?.modulusLength ?? 0) < SMALLEST_RSA_KEY) return false
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return verify(algorithm.hash, data, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature)
}

/** An array, or one text with blanks or commas. */
function scopesOf(claim: unknown): readonly string[] {
  const scopes = typeof claim === 'string' ? claim.split(/[\s,]+/).filter((it) => it !== '') : claim
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every((it) => SCOPES.includes(it))) {
    throw new TokenError('invalid_scope', `scopes are ${SCOPES.join(', ')}`)
  }
  return scopes
}

function objectIn(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {}
  throw new TokenError('invalid_request', 'a part of the assertion is no JSON object')
}
