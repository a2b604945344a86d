import { describe, expect, test } from 'vitest'
import type { SignatureScheme } from '../../../../core/webhook.ts'
import { BUILT_IN_SCHEMES } from '../../../../core/webhooks/schemes.ts'
import { createVerifier, type Verdict } from '../../../../core/webhooks/verify.ts'

/** Published and computed vectors; numbers as in the table they come from. */
const SECRET = 's3cr3t-for-tests'
const TS = '1768471200'
const NOW = 1_768_471_200_000
const ID = 'msg_2b7e151628aed2a6'
const BODY = '{"type":"work_order.updated","timestamp":"2026-01-15T10:00:00Z","data":{"id":"wo_1"}}'
const KEY_A = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='
const KEY_B = 'whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA='
const SIGNED_A = 'v1,+cPkWb9WvnIyIAGxUVur9hnEeT9Wt/RCW6nShFg36uw='
const SIGNED_B = 'v1,8kodEWJYtBrq5kStwWV7cyi0zeYeDpP2G7GACy9TRSA='
const SIGNED_BODY = 'c94eb50529c52f11744d7bc5bad0987b4b189019133b4749222b5af4552e53f3'
/** As the vendor's API description has it; the connector has its own. */
const MAINTAINX: SignatureScheme = {
  alg: 'hmac-sha256',
  key: 'utf8',
  content: '{ts}.{body}',
  headers: ['x-maintainx-webhook-body-signature'],
  encoding: 'hex',
  format: 'kv',
  timestamp: { from: 'kv', unit: 'auto' },
}

interface Given {
  readonly headers: Record<string, string>
  readonly secrets?: readonly string[]
  readonly body?: string
  readonly now?: number
}

function check(scheme: SignatureScheme, { headers, secrets = [SECRET], body = BODY, now = NOW }: Given): Verdict {
  const request = { rawHeaders: Object.entries(headers).flat(), query: '', body: Buffer.from(body) }
  return createVerifier(scheme, secrets).verify(request, now)
}
const ok = (secret = 0, id: string | null = null): Verdict => ({ ok: true, secret, id })
const WRONG: Verdict = { ok: false, reason: 'signature' }
const STALE: Verdict = { ok: false, reason: 'stale' }

describe('Standard Webhooks', () => {
  const { scheme } = BUILT_IN_SCHEMES['standard-webhooks']
  const headers = (signature: string, others: Record<string, string> = {}) => ({
    'Webhook-Id': ID,
    'Webhook-Timestamp': TS,
    'Webhook-Signature': signature,
    ...others,
  })
  const standard = (secrets: readonly string[], signature: string, rest: Partial<Given> = {}): Verdict =>
    check(scheme, { secrets, headers: headers(signature), ...rest })

  test('the common body has 85 bytes', () => expect(Buffer.byteLength(BODY)).toBe(85))
  test('1: key A', () => expect(standard([KEY_A], SIGNED_A)).toEqual(ok(0, ID)))
  test('2: key B', () => expect(standard([KEY_B], SIGNED_B)).toEqual(ok(0, ID)))
  test('3: two signatures, the receiver holds one key', () =>
    expect(standard([KEY_A], `${SIGNED_B} ${SIGNED_A}`)).toEqual(ok(0, ID)))
  test('4: two keys, one signature: the one that matched is told', () =>
    expect(standard([KEY_A, KEY_B], SIGNED_B)).toEqual(ok(1, ID)))
  test('5: an unknown version is skipped', () => expect(standard([KEY_A], `v1a,xxxx ${SIGNED_A}`)).toEqual(ok(0, ID)))
  test('6: 301 s are too old, 300 s are not, in both directions', () => {
    const at = (seconds: number): Verdict => standard([KEY_A], SIGNED_A, { now: NOW + seconds * 1000 })
    expect([at(301), at(300), at(-300), at(-301)]).toEqual([STALE, ok(0, ID), ok(0, ID), STALE])
  })
  test('7: another time than was signed', () =>
    expect(
      check(scheme, { secrets: [KEY_A], headers: headers(SIGNED_A, { 'Webhook-Timestamp': '1768471201' }) }),
    ).toEqual(WRONG))
  test('8: another id, or a body written anew', () => {
    expect(check(scheme, { secrets: [KEY_A], headers: headers(SIGNED_A, { 'Webhook-Id': `${ID}x` }) })).toEqual(WRONG)
    expect(standard([KEY_A], SIGNED_A, { body: BODY.replace(':', ': ') })).toEqual(WRONG)
    const again = JSON.stringify(JSON.parse(BODY), null, 1)
    expect(standard([KEY_A], SIGNED_A, { body: again })).toEqual(WRONG)
  })
  test('9: letters beyond ASCII', () => {
    const body = '{"type":"part.updated","data":{"name":"Dichtung Ø 40 mm"}}'
    expect(Buffer.byteLength(body)).toBe(59)
    expect(standard([KEY_A], 'v1,UmpYfd9DqP/lLR8M+/rOb/ACaEx21XDCG4HhKzJpBvo=', { body })).toEqual(ok(0, ID))
  })
  test('10: v1a, Ed25519', () => {
    const { scheme: v1a } = BUILT_IN_SCHEMES['standard-webhooks-v1a']
    const signature = 'v1a,ObT8srd32yIe/MUHvji3nMcYyEHWyPHWc1twTlh6dD9MW6ok7mNYS2wfQmVpewA1u94WhLWAJ3JaSappzpypAg=='
    const secrets = ['whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=']
    expect(check(v1a, { secrets, headers: headers(signature) })).toEqual(ok(0, ID))
    expect(check(v1a, { secrets, headers: headers(signature), body: `${BODY} ` })).toEqual(WRONG)
  })
})

test('11: GitHub, as published', () => {
  const headers = {
    'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    'X-GitHub-Delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  }
  const secrets = ["It's a Secret to Everybody"]
  expect(check(BUILT_IN_SCHEMES.github.scheme, { secrets, headers, body: 'Hello, World!' })).toEqual(
    ok(0, '72d3162e-cc78-11e3-81ab-4c9367dc0958'),
  )
})

test.each(['github', 'field-nation'] as const)('12: %s; hex of either case, never without its prefix', (name) => {
  const { scheme } = BUILT_IN_SCHEMES[name]
  const signed = (value: string): Verdict => check(scheme, { headers: { [scheme.headers[0]]: value } })
  expect(signed(`sha256=${SIGNED_BODY}`)).toEqual(ok())
  expect(signed(`sha256=${SIGNED_BODY.toUpperCase()}`)).toEqual(ok())
  expect(signed(SIGNED_BODY)).toEqual(WRONG)
})

test('13: Atlas, whatever its unsigned timestamp says', () => {
  const { scheme } = BUILT_IN_SCHEMES.atlas
  const signed = { 'X-Webhook-Signature': SIGNED_BODY }
  expect(check(scheme, { headers: signed })).toEqual(ok())
  expect(check(scheme, { headers: { ...signed, 'X-Webhook-Timestamp': '-1' } })).toEqual(ok())
})

describe('MaintainX', () => {
  const V1 = '378ab624003962c31d074080cba2f493899df7d0cc4b76c200c5f5d4971b597f'
  const signed = (value: string, now = NOW): Verdict =>
    check(MAINTAINX, { headers: { 'X-MaintainX-Webhook-Body-Signature': value }, now })

  test('14: seconds', () => expect(signed(`t=${TS},v1=${V1}`)).toEqual(ok()))
  test('15: milliseconds, told by their size', () => {
    const value = `t=${TS}000,v1=0e09e9a840e0f281fde65bae8745e0862b01ff86a80c3bb0f3273b06fc2e072c`
    expect([signed(value), signed(value, NOW + 300_001)]).toEqual([ok(), STALE])
  })
  test('16: without v1, or with another t', () => {
    expect([signed(`t=${TS}`), signed(V1), signed(`v1=${V1}`), signed(`t=1768471201,v1=${V1}`)]).toEqual([
      WRONG,
      WRONG,
      WRONG,
      WRONG,
    ])
    expect(signed(`t=${TS},t=${TS},v1=${V1}`)).toEqual(WRONG)
  })
})

test('17: Frappe', () => {
  const value = 'yU61BSnFLxF0TXvFutCYe0sYkBkTO0dJIita9FUuU/M='
  const signed = (each: string): Verdict =>
    check(BUILT_IN_SCHEMES.frappe.scheme, { headers: { 'X-Frappe-Webhook-Signature': each } })
  expect(signed(value)).toEqual(ok())
  // Strictly: no url-safe letters, no missing padding, no spare bits, no blanks.
  for (const each of [value.replace('/', '_'), value.slice(0, -1), value.replace('M=', 'N='), `${value} `])
    expect(signed(each)).toEqual(WRONG)
})

test('18: v0 style', () => {
  const headers = {
    'X-Slack-Request-Timestamp': TS,
    'X-Slack-Signature': 'v0=bd1b6cf3e9440349d0883fad8780ca8a962e1322906854a5d7f0a9d1bd76a725',
  }
  const { scheme } = BUILT_IN_SCHEMES['slack-v0']
  expect(check(scheme, { headers })).toEqual(ok())
  expect(check(scheme, { headers, now: NOW + 301_000 })).toEqual(STALE)
})

test('19: Limble signs time and token; the rest of the body may be changed, which is its known weakness', () => {
  const signed = {
    timestamp: TS,
    token: '6f1d2c3b',
    signature: '1e92185bed66ff8d2ea16e07ec92b4a96236507f31f911a502baabcb8d83a8d0',
  }
  const { scheme } = BUILT_IN_SCHEMES.limble
  const limble = (body: object): Verdict => check(scheme, { headers: {}, body: JSON.stringify(body) })
  expect(limble(signed)).toEqual(ok())
  expect(limble({ ...signed, timestamp: Number(TS), taskID: 7 })).toEqual(ok())
  expect(limble({ ...signed, token: '6f1d2c3c' })).toEqual(WRONG)
  expect(limble({ ...signed, token: undefined })).toEqual(WRONG)
  expect(check(scheme, { headers: {}, body: 'no JSON' })).toEqual(WRONG)
})

describe('20: under any scheme', () => {
  const named = Object.entries(BUILT_IN_SCHEMES).filter(([, { scheme }]) => scheme.headers.length > 0)
  const all: [string, SignatureScheme][] = [
    ...named.map(([name, each]) => [name, each.scheme] as [string, SignatureScheme]),
    ['maintainx', MAINTAINX],
  ]

  test.each(all)(
    '%s: a missing, empty, short, long, repeated or overlong header fails and throws nothing',
    (_, scheme) => {
      const name = scheme.headers[0] as string
      const rest = { 'webhook-id': ID, 'webhook-timestamp': TS, 'x-slack-request-timestamp': TS }
      const hundred = Array.from({ length: 100 }, () => SIGNED_A).join(scheme.format === 'kv' ? ',' : ' ')
      for (const secrets of [[SECRET], [KEY_A], []]) {
        expect(check(scheme, { secrets, headers: rest })).toEqual(WRONG)
        for (const value of [
          '',
          'v1,',
          'v1,AAAA',
          'sha256=',
          'sha256=abc',
          `t=${TS},v1=ab`,
          'v0=zz',
          hundred,
          'x'.repeat(5_000),
          '\u0000',
          '=',
          ',',
        ])
          expect(check(scheme, { secrets, headers: { ...rest, [name]: value } })).toEqual(WRONG)
      }
    },
  )

  test('a header that is given twice fails, also when both are right', () => {
    const { scheme } = BUILT_IN_SCHEMES.github
    const value = `sha256=${SIGNED_BODY}`
    const rawHeaders = ['X-Hub-Signature-256', value, 'x-hub-signature-256', value]
    expect(createVerifier(scheme, [SECRET]).verify({ rawHeaders, query: '', body: Buffer.from(BODY) }, NOW)).toEqual(
      WRONG,
    )
  })

  test('the twenty-first signature is one too many', () => {
    const { scheme } = BUILT_IN_SCHEMES['standard-webhooks']
    const listed = (count: number): Verdict =>
      check(scheme, {
        secrets: [KEY_A],
        headers: {
          'webhook-id': ID,
          'webhook-timestamp': TS,
          'webhook-signature': [...Array.from({ length: count - 1 }, () => SIGNED_B), SIGNED_A].join(' '),
        },
      })
    expect([listed(20), listed(21)]).toEqual([ok(0, ID), WRONG])
  })
})
