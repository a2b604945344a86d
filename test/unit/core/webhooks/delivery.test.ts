import { expect, test } from 'vitest'
import { bodyId, keptHeaders, receiptId, sendersId } from '../../../../core/webhooks/delivery.ts'
import { BUILT_IN_SCHEMES, DEFAULT_SCHEME, provesBody, schemeOf } from '../../../../core/webhooks/schemes.ts'
import { WEBHOOK_DEFAULTS } from '../../../../core/connections.ts'

test('headers that say what a delivery is about are kept; signatures, credentials and the way it came are not', () => {
  const rawHeaders = [
    ['Host', 'hooks.plant.example'],
    ['Content-Type', 'application/json'],
    ['X-GitHub-Event', 'push'],
    ['X-Hub-Signature-256', 'sha256=aa'],
    ['Authorization', 'Bearer x'],
    ['Cookie', 'a=b'],
    ['X-Api-Key', 'x'],
    ['X-Forwarded-For', '1.2.3.4'],
    ['CE-Subject', '42'],
    ['X-Long', 'x'.repeat(2000)],
    ['User-Agent', 'curl'],
  ].flat()
  expect(keptHeaders(rawHeaders, BUILT_IN_SCHEMES.github.scheme)).toEqual({
    'content-type': 'application/json',
    'x-github-event': 'push',
    'ce-subject': '42',
  })
})

test('headers by which a scheme signs are left out, whatever they are called', () => {
  const scheme = { ...BUILT_IN_SCHEMES.github.scheme, headers: ['x-plain'], token: { header: 'x-also' } }
  expect(keptHeaders(['X-Plain', 'a', 'X-Also', 'b', 'X-Other', 'c'], scheme)).toEqual({ 'x-other': 'c' })
})

test('ids are kept as sent where they can stand in a key', () => {
  expect(sendersId('msg_1', [])).toBe('msg_1')
  expect(sendersId('a b', [])).toMatch(/^id-sha256:[0-9a-f]{64}$/)
  expect(sendersId('x'.repeat(129), [])).toMatch(/^id-sha256:/)
  expect(sendersId(null, [])).toBeNull()
})

test('CloudEvents are told by source and id together', () => {
  const id = (source: string, event: string) => sendersId(null, ['ce-source', source, 'ce-id', event])
  expect(id('/a', '1')).toMatch(/^ce-sha256:/)
  expect(new Set([id('/a', '1'), id('/a', '2'), id('/b', '1'), id('/a', '1')]).size).toBe(3)
  expect(sendersId(null, ['ce-id', '1'])).toBeNull()
})

test('the same bytes have the same id', () => {
  expect(bodyId(Buffer.from('x'))).toBe(bodyId(Buffer.from('x')))
  expect(bodyId(Buffer.from('x'))).toBe('sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881')
})

test('receipts are UUIDs of version 7: unique, and in the order of their times', () => {
  const ids = Array.from({ length: 2_000 }, (_, i) => receiptId(1_768_471_200_000 + i))
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect([...ids].sort()).toEqual(ids)
  expect(Number.parseInt((ids[0] as string).replace('-', '').slice(0, 12), 16)).toBe(1_768_471_200_000)
  const sameTime = Array.from({ length: 2_000 }, () => receiptId(1_768_471_200_000))
  expect(new Set(sameTime).size).toBe(2_000)
})

const wants = (scheme: string | null) => ({ webhook: { ...WEBHOOK_DEFAULTS, scheme } })
const pushing = {
  webhook: {
    schemes: { first: BUILT_IN_SCHEMES.frappe.scheme, github: BUILT_IN_SCHEMES.atlas.scheme },
    handshake: 'challenge' as const,
    hints: () => [],
  },
}

test("the scheme is the one named, else the connector's first, else Standard Webhooks", () => {
  expect(schemeOf(wants(null), pushing)).toEqual({
    name: 'first',
    isOwn: false,
    scheme: BUILT_IN_SCHEMES.frappe.scheme,
    handshake: 'challenge',
  })
  expect(schemeOf(wants('github'), pushing)).toMatchObject({ isOwn: false, scheme: BUILT_IN_SCHEMES.atlas.scheme })
  expect(schemeOf(wants('slack-v0'), pushing)).toMatchObject({ isOwn: true, name: 'slack-v0' })
  expect(schemeOf(wants(null), {})).toMatchObject({ isOwn: true, name: DEFAULT_SCHEME })
  expect(schemeOf(wants(null), undefined)).toMatchObject({ isOwn: true, name: DEFAULT_SCHEME })
  for (const name of ['none', 'toString', '__proto__']) expect(schemeOf(wants(name), pushing)).toBeNull()
})

test('only signatures over the body prove it', () => {
  const unproven = Object.entries(BUILT_IN_SCHEMES).flatMap(([name, { scheme }]) => (provesBody(scheme) ? [] : [name]))
  expect(unproven).toEqual(['limble', 'business-central', 'bearer-token', 'token-in-header', 'token-in-query'])
})
