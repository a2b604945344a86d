import { randomBytes, randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { SignatureScheme } from '../../../../core/webhook.ts'
import { BUILT_IN_SCHEMES } from '../../../../core/webhooks/schemes.ts'
import { createVerifier } from '../../../../core/webhooks/verify.ts'
import { type Message, newSecret, signedHeaders } from '../../../support/webhook-signer.ts'

const NOW = 1_768_471_200_000
const maintainx: SignatureScheme = {
  alg: 'hmac-sha256',
  key: 'utf8',
  content: '{ts}.{body}',
  headers: ['x-maintainx-webhook-body-signature'],
  encoding: 'hex',
  format: 'kv',
  timestamp: { from: 'kv', unit: 'auto' },
}
const schemes: readonly (readonly [string, SignatureScheme])[] = [
  ...Object.entries(BUILT_IN_SCHEMES).flatMap(([name, each]) => {
    const scheme: SignatureScheme = each.scheme
    return scheme.alg === 'none' || scheme.inBody !== undefined ? [] : [[name, scheme] as const]
  }),
  ['maintainx', maintainx],
]

const json = (): Buffer =>
  Buffer.from(JSON.stringify({ text: randomBytes(randomInt(40)).toString('latin1'), n: 1.5 }, null, 1))
const messageOf = (scheme: SignatureScheme): Message => ({
  body: randomInt(2) === 0 ? json() : randomBytes(randomInt(1, 300)),
  ...(scheme.timestamp === undefined ? {} : { ts: String(NOW / 1000 + randomInt(-300, 301)) }),
  ...(scheme.idHeader === undefined ? {} : { id: `msg_${randomBytes(9).toString('hex')}` }),
})

const flipped = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes)
  copy[randomInt(copy.length)]! ^= 1 << randomInt(8)
  return copy
}
/** One bit of one character; never a change of case, which hex and header names allow. */
function flippedText(text: string): string {
  const at = randomInt(text.length)
  const bits = /[A-Za-z]/.test(text[at] as string) ? [0, 1, 2, 3, 4, 6] : [0, 1, 2, 3, 4, 5, 6]
  const other = String.fromCharCode(text.charCodeAt(at) ^ (1 << (bits[randomInt(bits.length)] as number)))
  return text.slice(0, at) + other + text.slice(at + 1)
}
const replaced = (headers: readonly string[], name: string, value: (before: string) => string): string[] =>
  headers.map((each, i) => (i % 2 === 1 && headers[i - 1] === name ? value(each) : each))

describe.each(schemes)('%s', (_, scheme) => {
  const { sender, receiver } = newSecret(scheme)
  const other = newSecret(scheme)
  const verifier = createVerifier(scheme, [receiver])
  const verdict = (rawHeaders: readonly string[], body: Buffer, now = NOW) =>
    verifier.verify({ rawHeaders, query: '', body }, now)
  const signs = (part: string): boolean => scheme.content.includes(`{${part}}`)
  const signatureHeader = scheme.headers[0] as string
  const signedNames = [scheme.timestamp?.header, signs('id') ? scheme.idHeader : undefined].filter(
    (name) => name !== undefined,
  )

  test('what is signed is accepted; one flipped bit of anything signed, or of the signature, is not', () => {
    for (let i = 0; i < 200; i++) {
      const message = messageOf(scheme)
      const headers = signedHeaders(scheme, sender, message)
      expect(verdict(headers, message.body)).toMatchObject({ ok: true, secret: 0 })
      expect(verdict(headers, flipped(message.body)).ok).toBe(false)
      expect(verdict(replaced(headers, signatureHeader, flippedText), message.body).ok).toBe(false)
      for (const name of signedNames)
        expect([name, verdict(replaced(headers, name, flippedText), message.body).ok]).toEqual([name, false])
    }
  })

  test('another secret, a body written anew, an empty body: none is accepted', () => {
    for (let i = 0; i < 50; i++) {
      const message = { ...messageOf(scheme), body: json() }
      const headers = signedHeaders(scheme, sender, message)
      const again = Buffer.from(JSON.stringify(JSON.parse(message.body.toString())))
      expect(verdict(headers, again).ok).toBe(false)
      expect(verdict(headers, Buffer.alloc(0)).ok).toBe(false)
      expect(verdict(signedHeaders(scheme, other.sender, message), message.body).ok).toBe(false)
    }
  })

  test('while secrets change, either is accepted, and the one that matched is told', () => {
    const both = createVerifier(scheme, [other.receiver, receiver])
    const message = messageOf(scheme)
    const by = (secret: string) =>
      both.verify({ rawHeaders: signedHeaders(scheme, secret, message), query: '', body: message.body }, NOW)
    expect(by(other.sender)).toMatchObject({ ok: true, secret: 0 })
    expect(by(sender)).toMatchObject({ ok: true, secret: 1 })
  })

  test.runIf(signs('ts'))('what was sent more than five minutes ago, or will be, is stale', () => {
    const message = { ...messageOf(scheme), ts: String(NOW / 1000) }
    const headers = signedHeaders(scheme, sender, message)
    expect(verdict(headers, message.body, NOW + 300_000).ok).toBe(true)
    for (const away of [300_001, -300_001, 86_400_000])
      expect(verdict(headers, message.body, NOW + away)).toEqual({ ok: false, reason: 'stale' })
    for (const ts of ['', 'now', '1.7e9', '-1768471200', '99999999999999999999', '0x69'])
      expect(verdict(signedHeaders(scheme, sender, { ...message, ts }), message.body).ok).toBe(false)
  })
})

test('random requests never make a verifier throw, and never pass', () => {
  const verifiers = Object.values(BUILT_IN_SCHEMES).map(({ scheme }) => createVerifier(scheme, ['whsec_AAAA', 'x', '']))
  for (let i = 0; i < 300; i++) {
    const name = ['webhook-signature', 'x-hub-signature-256', 'authorization', 'x-slack-signature', 'webhook-id'][i % 5]
    const rawHeaders = [name as string, randomBytes(i).toString('latin1'), 'Webhook-Timestamp', String(NOW / 1000)]
    const request = { rawHeaders, query: randomBytes(i % 30).toString('latin1'), body: randomBytes(i) }
    for (const verifier of verifiers) expect(verifier.verify(request, NOW).ok).toBe(false)
  }
})

test('secrets that cannot be keys are told by their place, and never match', () => {
  const { scheme } = BUILT_IN_SCHEMES['standard-webhooks']
  const verifier = createVerifier(scheme, ['whsec_not base64', 'whsec_', 'whsec_MDEyMzQ1Njc4OWFiY2RlZg=='])
  expect(verifier.problems).toEqual([
    'secret number 1 cannot be a key of this scheme (base64-after-prefix)',
    'secret number 2 cannot be a key of this scheme (base64-after-prefix)',
  ])
})

test('a scheme whose template names something else is refused at once', () => {
  const scheme: SignatureScheme = { ...maintainx, content: '{time}.{body}' }
  expect(() => createVerifier(scheme, ['x'])).toThrow(/names a part that no delivery has: \{time\}/)
})
