import { constants, createPrivateKey, sign } from 'node:crypto'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../../connectors/netsuite/sandbox/index.ts'
import type { Row } from '../../../../../connectors/netsuite/sandbox/store.ts'

export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; null when it is none. */
  readonly body: any
  /** First entry of `o:errorDetails`. */
  readonly error: any
}

export interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly raw?: string
}

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
export const START = Date.UTC(2026, 0, 15, 10)

const ALGORITHMS: Record<string, [hash: string, kind: 'ec' | 'pss' | 'rsa']> = {
  ES256: ['sha256', 'ec'],
  ES384: ['sha384', 'ec'],
  ES512: ['sha512', 'ec'],
  PS256: ['sha256', 'pss'],
  PS384: ['sha384', 'pss'],
  PS512: ['sha512', 'pss'],
  RS256: ['sha256', 'rsa'],
}

/** A compact JWT. */
export function jwt(header: Record<string, unknown>, claims: Record<string, unknown>, pem: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(header)}.${part(claims)}`
  const [hash, kind] = ALGORITHMS[String(header['alg'])] ?? ['sha256', 'ec']
  const key = createPrivateKey(pem)
  const data = Buffer.from(text)
  const signature =
    kind === 'ec'
      ? sign(hash, data, { key, dsaEncoding: 'ieee-p1363' })
      : kind === 'pss'
        ? sign(hash, data, {
            key,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
          })
        : sign(hash, data, key)
  return `${text}.${signature.toString('base64url')}`
}

/** An account with the lists alone, a clock that stands still until it is moved, and plain HTTP. */
export async function emptyAccount(options: SandboxOptions = {}) {
  let time = START
  const sandbox: Sandbox = await startSandbox({ size: 0, now: () => time, ...options })
  const { origin, store, credentials } = sandbox
  let bearer: string | null = null

  function ensure(table: string, row: Row): void {
    const id = Number(row['id'] ?? row['internalid'])
    if (store.get(table, id) === null) store.insert(table, row)
  }

  async function token(assertion = ownAssertion(), form: Record<string, string> = {}): Promise<WireAnswer> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
      ...form,
    })
    return answerOf(await fetch(`${origin}/services/rest/auth/oauth2/v1/token`, { method: 'POST', body }))
  }

  function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
    const seconds = Math.floor(time / 1000)
    return {
      iss: credentials.clientId,
      scope: ['rest_webservices'],
      aud: `${origin}/services/rest/auth/oauth2/v1/token`,
      iat: seconds - 10,
      exp: seconds + 600,
      ...changes,
    }
  }

  function ownAssertion(changes: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
    const head = { typ: 'JWT', alg: 'ES256', kid: credentials.certificateId, ...header }
    const key = String(head.alg).startsWith('ES') ? credentials.privateKey : credentials.rsaPrivateKey
    return jwt(head, claims(changes), key)
  }

  /** `path`: below `/services/rest`, or an absolute address. */
  async function ask(path: string, { method, headers = {}, body, raw }: Asked = {}): Promise<WireAnswer> {
    if (bearer === null && headers['authorization'] === undefined) bearer = (await token()).body.access_token
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(path.startsWith('http') ? path : `${origin}/services/rest${path}`, {
      method: method ?? 'GET',
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
    })
    return answerOf(response)
  }

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', body, headers })
  const patch = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, { method: 'PATCH', body, headers })
  const put = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, { method: 'PUT', body, headers })

  /** Creates a record and gives its id. */
  async function create(type: string, body: unknown): Promise<number> {
    const answer = await post(`/record/v1/${type}`, body)
    if (answer.status !== 204) throw new Error(`creating a ${type} answered ${answer.status}: ${answer.text}`)
    return idIn(answer)
  }

  async function query(q: string, params?: string[], search = ''): Promise<WireAnswer> {
    const body = params === undefined ? { q } : { q, params }
    return post(`/query/v1/suiteql${search}`, body, { prefer: 'transient' })
  }

  return {
    sandbox,
    store,
    ensure,
    token,
    claims,
    assertion: ownAssertion,
    ask,
    post,
    patch,
    put,
    create,
    query,
    now: () => time,
    pass: (ms: number) => {
      time += ms
    },
    /** The next request fetches a token. */
    forgetToken: () => {
      bearer = null
    },
    close: () => sandbox.close(),
  }
}

export type TestAccount = Awaited<ReturnType<typeof emptyAccount>>

/** Something to buy, somebody to buy it from, somewhere to put it. Created through the record services. */
export async function withPlant(account: TestAccount) {
  const { ensure, create } = account
  ensure('subsidiary', { id: 1, name: 'Parent', isinactive: 'F', currency: 1 })
  ensure('currency', { id: 1, name: 'Euro', symbol: 'EUR', isbasecurrency: 'T', exchangerate: '1' })
  ensure('currency', { id: 2, name: 'US Dollar', symbol: 'USD', isbasecurrency: 'F', exchangerate: '0.92' })
  ensure('term', { id: 1, name: 'Net 30', daysuntilnetdue: 30 })
  ensure('account', { id: 3, acctnumber: '5010', accountsearchdisplayname: '5010 Inventory Adjustment' })
  ensure('unitstype', { id: 1, name: 'Each' })
  ensure('unitstypeuom', { internalid: 1, unitstype: 1, unitname: 'Each', conversionrate: '1', baseunit: 'T' })
  const subsidiary = { id: '1' }
  const store = await create('location', { name: 'Main store', subsidiary: { items: [subsidiary] } })
  const depot = await create('location', { name: 'Depot', subsidiary: { items: [subsidiary] } })
  const vendor = await create('vendor', { companyName: 'Nordhafen', subsidiary, externalId: 'V-1' })
  const seal = await create('inventoryItem', {
    itemId: 'SEAL-40',
    displayName: 'Seal 40 mm',
    cost: 9.5,
    unitsType: { id: '1' },
    stockUnit: { id: '1' },
    purchaseUnit: { id: '1' },
  })
  const pump = await create('inventoryItem', { itemId: 'PUMP-3', cost: 340.25 })
  return { store, depot, vendor, seal, pump, subsidiary }
}

export type Plant = Awaited<ReturnType<typeof withPlant>>

export function idIn(answer: WireAnswer): number {
  const location = answer.headers.get('location') ?? ''
  return Number(location.slice(location.lastIndexOf('/') + 1))
}

async function answerOf(response: Response): Promise<WireAnswer> {
  const text = await response.text()
  const body = parsed(text)
  return { status: response.status, headers: response.headers, text, body, error: body?.['o:errorDetails']?.[0] }
}

function parsed(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
