import { expect, test } from 'vitest'
import {
  challengeIn,
  cloudEventsConsent,
  expectsHandshake,
  validationToken,
} from '../../../../core/webhooks/handshake.ts'

const subscription = { id: '1', event: 'x', status: 'active', detail: null, secret: null } as const
const state = (health: 'off' | 'unproven' | 'healthy' | 'silent', expiresAt: number | null = null) => ({
  health,
  subscriptions: [{ ...subscription, expiresAt }],
})

test('a question is expected until deliveries have proved the address, and again when they stay away', () => {
  for (const kind of ['validation-token', 'challenge', 'cloudevents'] as const) {
    expect(expectsHandshake(kind, null)).toBe(true)
    expect(expectsHandshake(kind, state('unproven'))).toBe(true)
    expect(expectsHandshake(kind, state('silent'))).toBe(true)
    expect(expectsHandshake(kind, state('healthy'))).toBe(false)
  }
})

test('where subscriptions expire each renewal asks again', () => {
  expect(expectsHandshake('validation-token', state('healthy', 1))).toBe(true)
  expect(expectsHandshake('challenge', state('healthy', 1))).toBe(false)
})

test('tokens are echoed only when they are short and plain', () => {
  expect(validationToken('validationToken=a%20b%3C')).toBe('a b<')
  expect(validationToken(`validationToken=${'x'.repeat(512)}`)).toHaveLength(512)
  for (const query of [
    '',
    'validationToken=',
    `validationToken=${'x'.repeat(513)}`,
    'validationToken=a%0d%0ab',
    'other=1',
  ])
    expect(validationToken(query)).toBeNull()
})

test('challenges are echoed only from their own form', () => {
  const challenge = (body: unknown) => challengeIn(Buffer.from(JSON.stringify(body)))
  expect(challenge({ type: 'url_verification', challenge: 'c', token: 't' })).toBe('c')
  for (const body of [
    null,
    [],
    { challenge: 'c' },
    { type: 'event', challenge: 'c' },
    { type: 'url_verification', challenge: 7 },
  ])
    expect(challenge(body)).toBeNull()
  expect(challenge({ type: 'url_verification', challenge: 'x'.repeat(513) })).toBeNull()
  expect(challengeIn(Buffer.from('{'))).toBeNull()
})

test('a broker of CloudEvents gets consent for itself, at no higher rate than is taken', () => {
  expect(cloudEventsConsent('broker.example.com', '120', 200)).toMatchObject({
    'WebHook-Allowed-Origin': 'broker.example.com',
    'WebHook-Allowed-Rate': '120',
  })
  expect(cloudEventsConsent('broker.example.com', undefined, 2)?.['WebHook-Allowed-Rate']).toBe('120')
  expect(cloudEventsConsent('broker.example.com', '999999', 2)?.['WebHook-Allowed-Rate']).toBe('120')
  for (const origin of [undefined, '', 'a b', 'a\r\nx: y', 'x'.repeat(300), '<script>'])
    expect(cloudEventsConsent(origin, undefined, 2)).toBeNull()
})
