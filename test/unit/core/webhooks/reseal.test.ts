import { expect, test } from 'vitest'
import {
  CONNECTION_DEFAULTS,
  createSecretBox,
  isWebhookStateOld,
  newSecretKey,
  openWebhookSecrets,
  resealWebhook,
  resealWebhookState,
  sealOwnWebhookSecret,
  sealWebhookSecret,
  SecretError,
  WEBHOOK_DEFAULTS,
  type WebhookState,
} from '../../../../core/index.ts'

const [oldKey, newKey] = [newSecretKey('old'), newSecretKey('new')]
const before = createSecretBox(oldKey)
const during = createSecretBox(`${newKey},${oldKey}`)
const after = createSecretBox(newKey)

const connection = {
  ...CONNECTION_DEFAULTS,
  id: 'a',
  system: 'mill',
  settings: {},
  updatedAt: 0,
  webhook: {
    ...WEBHOOK_DEFAULTS,
    secrets: ['one', 'two'].map((plain) => sealOwnWebhookSecret('a', `secret ${plain}`, before)),
  },
}
const state: WebhookState = {
  connectionId: 'a',
  subscriptions: [
    {
      id: '1',
      event: 'e',
      status: 'active',
      detail: null,
      expiresAt: null,
      secret: sealWebhookSecret('a', 'theirs', before),
    },
    { id: '2', event: 'e', status: 'active', detail: null, expiresAt: null, secret: null },
  ],
  retired: [
    { secret: sealWebhookSecret('a', 'replaced', before), until: 2000 },
    { secret: sealWebhookSecret('a', 'long gone', before), until: 500 },
  ],
  health: 'healthy',
  healthReason: null,
  lastDeliveryAt: null,
  updatedAt: 0,
}

test('after resealing, every secret that is still good opens with the new key alone, in its order', () => {
  const webhook = resealWebhook(connection, during)
  const resealed = resealWebhookState(state, during, 1000)
  expect(openWebhookSecrets({ id: 'a', webhook }, resealed, () => after, 1000)).toEqual([
    'secret one',
    'secret two',
    'theirs',
    'replaced',
  ])
  expect(resealed?.retired).toHaveLength(1)
  expect(isWebhookStateOld(resealed as WebhookState, during)).toBe(false)
})

test('nothing is done for what is sealed with the current key, or not at all', () => {
  expect(resealWebhook(connection, before)).toBeNull()
  expect(resealWebhook({ ...connection, webhook: null }, during)).toBeNull()
  expect(resealWebhookState(state, before, 1000)).toBeNull()
  expect(resealWebhookState({ ...state, subscriptions: [], retired: [] }, during, 1000)).toBeNull()
})

test('a secret whose key is not configured is an error that names it', () => {
  expect(() => resealWebhook(connection, after)).toThrow(SecretError)
  expect(() => resealWebhookState(state, after, 1000)).toThrow('"old"')
})
