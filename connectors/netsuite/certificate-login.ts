import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { AuthError, type HttpClient, type HttpResponse, type Json, RetryableError, retry } from '../../core/index.ts'
import { tokenAddress } from './addresses.ts'
import type { Login, Pass } from './auth.ts'
import { type NetSuiteConfig, requireSettings } from './config.ts'
import { problemOf, wordsOf } from './problems.ts'
import type { SignatureClock } from './server-clock.ts'
import { isRow } from './values.ts'

const WHERE = 'Setup > Integration > OAuth 2.0 Client Credentials (M2M) Setup'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The assertion begins this long ago: clocks differ. */
const BACKDATED_S = 10
const ASSERTION_S = 1800
/** A clock further off than this is taken for the reason of a refusal. */
const TOLERANCE_MS = 5000
/** Share of its life after which a token is asked for anew. */
const RENEWED_AFTER = 0.8
const ATTEMPTS = 4

interface Token extends Pass {
  /** By our monotonic clock. */
  readonly renewAt: number
}

/** OAuth 2.0 client credentials with a certificate: a signed assertion for an access token of an hour. */
export function certificateLogin(config: NetSuiteConfig, http: HttpClient, clock: SignatureClock): Login {
  const [clientId, certificateId, pem] = requireSettings(config, ['client_id', 'certificate_id', 'private_key'])
  const key = keyOf(pem)
  const algorithm = algorithmOf(config.algorithm, key)
  const who = `client ${clientId.slice(0, 8)}… with certificate ${certificateId} of account ${config.account_id}`
  let current: Token | null = null
  let asking: Promise<Token> | null = null

  function assertion(): Promise<string> {
    const issuedAt = Math.floor(clock.now() / 1000) - BACKDATED_S
    return new SignJWT({ scope: ['rest_webservices'] })
      .setProtectedHeader({ typ: 'JWT', alg: algorithm, kid: certificateId })
      .setIssuer(clientId)
      .setAudience(tokenAddress(config))
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ASSERTION_S)
      .setJti(randomUUID())
      .sign(key)
  }

  /** Signed once more by NetSuite's clock where it was ours that was refused. */
  async function ask(isCorrected = false): Promise<Token> {
    const began = performance.now()
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION,
      client_assertion: await assertion(),
    })
    // no caller's signal: others may be waiting for the same token; no repeats: an assertion may count once
    const response = await http.request({
      method: 'POST',
      url: tokenAddress(config),
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
      retry: false,
      timeoutMs: 30_000,
    })
    return (
      tokenOf(response, began) ??
      (!isCorrected && clock.correct(response.headers['date'], TOLERANCE_MS) ? ask(true) : refuse(response, who))
    )
  }

  function fresh(): Promise<Token> {
    asking ??= retry(() => ask(), { attempts: ATTEMPTS })
      .then((token) => (current = token))
      .finally(() => {
        asking = null
      })
    return asking
  }

  return {
    who,
    advice: `the certificate may be expired or revoked, or its user or role inactive (${WHERE}); the integration must be enabled (Setup > Integration > Manage Integrations)`,
    pass: (_method, _url, signal) =>
      current !== null && performance.now() < current.renewAt ? Promise.resolve(current) : orAborted(fresh(), signal),
    renewed: (refused, _date, _method, _url, signal) =>
      current !== null && current !== refused ? Promise.resolve(current) : orAborted(fresh(), signal),
  }
}

/** null = refused. @throws RetryableError for an answer that says yes and holds none */
function tokenOf(response: HttpResponse, began: number): Token | null {
  if (response.status !== 200) return null
  const { access_token, expires_in } = fieldsOf(response.text())
  if (typeof access_token !== 'string' || access_token === '')
    throw new RetryableError('asking NetSuite for a token: the answer holds none; if that lasts, check base_url', {
      status: 200,
      requestId: response.requestId,
    })
  // some accounts send the number as text
  const seconds = Number(expires_in)
  const lifeMs = (Number.isFinite(seconds) && seconds > 0 ? seconds : 3600) * 1000
  return { authorization: `Bearer ${access_token}`, renewAt: began + lifeMs * RENEWED_AFTER }
}

function fieldsOf(body: string): { readonly [name: string]: unknown } {
  try {
    const parsed = JSON.parse(body) as Json
    return isRow(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

/** What to do about each answer of the token endpoint. */
const ADVICE: { readonly [error: string]: string } = {
  invalid_client: 'check client_id, and that the integration is enabled (Setup > Integration > Manage Integrations)',
  invalid_grant: `check certificate_id and private_key: the certificate may be expired (two years at most), revoked or of another account, or its user or role inactive (${WHERE})`,
  unauthorized_client: `the integration must have the "Client Credentials (Machine to Machine) Grant" (Setup > Integration > Manage Integrations), and client_id a certificate (${WHERE})`,
  invalid_scope: 'the integration needs the scope REST Web Services (Setup > Integration > Manage Integrations)',
  unsupported_grant_type: 'the feature OAuth 2.0 is off (Setup > Company > Enable Features > SuiteCloud)',
  invalid_request: `check client_id, certificate_id, private_key and algorithm (${WHERE})`,
}

function refuse(response: HttpResponse, who: string): never {
  const { status, requestId } = response
  const problem = problemOf(response.text())
  const words = wordsOf(problem)
  const advice =
    problem.form === 'oauth'
      ? (ADVICE[problem.code ?? ''] ?? `check client_id, certificate_id and private_key (${WHERE})`)
      : 'check account_id and base_url: this is not how NetSuite answers'
  throw new AuthError(
    `asking NetSuite for a token as ${who}: ${problem.code ?? `HTTP ${status}`}${words === '' ? '' : ` (${words})`}; ${advice}`,
    { status, requestId, vendorCode: problem.code ?? undefined },
  )
}

function keyOf(pem: string): KeyObject {
  try {
    // environment files carry line ends as two characters
    return createPrivateKey(pem.replaceAll('\\n', '\n').trim())
  } catch {
    throw new AuthError(
      'private_key: not a private key that can be read; give the PEM text from BEGIN to END PRIVATE KEY, without password',
    )
  }
}

const CURVES: { readonly [curve: string]: string } = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

function algorithmOf(wanted: NetSuiteConfig['algorithm'], key: KeyObject): string {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const ofCurve = CURVES[details?.namedCurve ?? '']
  if (type === 'ec' && ofCurve !== undefined) {
    if (wanted === 'auto' || wanted === ofCurve) return ofCurve
    throw new AuthError(`algorithm: ${wanted} does not fit the private_key, which is for ${ofCurve}; set auto`)
  }
  if ((type === 'rsa' || type === 'rsa-pss') && (wanted === 'auto' || wanted.startsWith('PS'))) {
    if ((details?.modulusLength ?? 0) < 3072)
      throw new AuthError(`private_key: RSA of ${details?.modulusLength} bits; NetSuite takes 3072 or 4096`)
    return wanted === 'auto' ? 'PS256' : wanted
  }
  throw new AuthError(
    `private_key: a key of type ${details?.namedCurve ?? type} does not fit algorithm ${wanted}; NetSuite takes EC 256, 384, 521 and RSA 3072, 4096`,
  )
}

/** The result, unless the caller gives up first; the work goes on for the others. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
