import { RejectedError, RetryableError } from '../errors.ts'
import { scrub } from '../redact.ts'
import { PrivateAddressError } from './addresses.ts'

/** What to do about a request that got no answer, by the error code of Node, TLS or undici. */
const ADVICE: { readonly [code: string]: string } = {
  ENOTFOUND: 'unknown host; check the address',
  EAI_AGAIN: 'the name server does not answer; check the network or the address',
  ECONNREFUSED: 'nothing listens there; check the address and port, and whether the system is up',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  EHOSTUNREACH: 'no route to the host; check network and firewall',
  ENETUNREACH: 'no route to the host; check network and firewall',
  ETIMEDOUT: 'no connection in time; check network and firewall',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time; check network and firewall',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped coming',
  UND_ERR_SOCKET: 'the connection was broken off',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'the answer is larger than allowed; lower the page size',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate; give its authority with NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate of a private authority; give it with NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate of an unknown authority; give it with NODE_EXTRA_CA_CERTS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate of an unknown authority; give it with NODE_EXTRA_CA_CERTS',
  CERT_HAS_EXPIRED: 'the certificate has expired; the system’s administrator must renew it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name; check the address',
}

export interface Trouble {
  readonly error: RetryableError | RejectedError
  /** For counting. */
  readonly outcome: 'network' | 'timeout'
}

function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && at.code in ADVICE) return at.code
  }
  // A DOMException has a number for its code, which tells nobody anything.
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function privateIn(error: unknown): PrivateAddressError | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (at instanceof PrivateAddressError) return at
  return null
}

/** Turns what undici throws into a failure that says what to do. */
export function troubleOf(error: unknown, doing: string, requestId: string): Trouble {
  const refused = privateIn(error)
  if (refused !== null)
    return { error: new RejectedError(`${doing}: ${refused.message}`, [], { requestId }), outcome: 'network' }
  const code = codeOf(error)
  const timedOut = code.includes('TIMEOUT') || (error instanceof Error && error.name === 'TimeoutError')
  const advice =
    ADVICE[code] ?? (timedOut ? 'no answer in time' : error instanceof Error ? error.message : String(error))
  return {
    error: new RetryableError(`${doing}: ${scrub(advice)}${code === '' ? '' : ` (${code})`}`, {
      requestId,
      cause: error,
    }),
    outcome: timedOut ? 'timeout' : 'network',
  }
}
