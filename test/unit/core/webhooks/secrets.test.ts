import { expect, test } from 'vitest'
import { WEBHOOK_DEFAULTS } from '../../../../core/connections.ts'
import type { WebhookState } from '../../../../core/control.ts'
import { scrub } from '../../../../core/redact.ts'
import { createSecretBox, newSecretKey } from '../../../../core/secrets.ts'
import { openWebhookSecrets, sealOwnWebhookSecret, sealWebhookSecret } from '../../../../core/webhooks/secrets.ts'

const box = createSecretBox(newSecretKey('k1'))
const subscription = { id: '1', event: 'NEW_PART', status: 'active', detail: null, expiresAt: null } as const
const connection = (...plain: string[]) => ({
  id: 'plant',
  webhook: { ...WEBHOOK_DEFAULTS, secrets: plain.map((each) => sealOwnWebhookSecret('plant', each, box)) },
})
const state = (secrets: readonly string[], retired: readonly (readonly [string, number])[] = []) =>
  ({
    subscriptions: [
      { ...subscription, secret: null },
      ...secrets.map((each) => ({ ...subscription, secret: sealWebhookSecret('plant', each, box) })),
    ],
    retired: retired.map(([each, until]) => ({ secret: sealWebhookSecret('plant', each, box), until })),
  }) satisfies Pick<WebhookState, 'subscriptions' | 'retired'>

test('all secrets that count now are opened: of people, of subscriptions, and replaced ones until their time', () => {
  const known = state(
    ['sub-one', 'sub-two'],
    [
      ['old-but-good', 1_001],
      ['gone', 1_000],
    ],
  )
  expect(openWebhookSecrets(connection('current', 'before'), known, () => box, 1_000)).toEqual([
    'current',
    'before',
    'sub-one',
    'sub-two',
    'old-but-good',
  ])
})

test('a secret that many subscriptions share is given once, and is hidden in logs from then on', () => {
  expect(openWebhookSecrets(connection(), state(['shared-by-all', 'shared-by-all']), () => box, 0)).toEqual([
    'shared-by-all',
  ])
  expect(scrub('signed with shared-by-all')).toBe('signed with [hidden]')
})

test('without secrets no keys are needed', () => {
  const noBox = (): never => {
    throw new Error('no keys')
  }
  expect(openWebhookSecrets(connection(), null, noBox, 0)).toEqual([])
  expect(openWebhookSecrets({ id: 'plant', webhook: null }, state([]), noBox, 0)).toEqual([])
})

test('a secret of another connection, or of the other kind, does not open', () => {
  const other = { ...connection('mine'), id: 'other' }
  expect(() => openWebhookSecrets(other, null, () => box, 0)).toThrow(/secret webhook of connection other/)
  const moved = { ...connection(), webhook: { ...WEBHOOK_DEFAULTS, secrets: [sealWebhookSecret('plant', 'x', box)] } }
  expect(() => openWebhookSecrets(moved, null, () => box, 0)).toThrow(/cannot be opened/)
})
