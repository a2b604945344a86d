import { expect, test } from 'vitest'
import {
  createSecretBox,
  isWebhookStateOld,
  newSecretKey,
  type OutRecord,
  openWebhookSecrets,
  type SecretBox,
  SecretError,
  sealWebhookSecret,
  silentLogger,
  WEBHOOK_STATE,
  type WebhookState,
} from '../../../../../core/index.ts'
import { createWebhookStates, newWebhookState } from '../../../../../services/sync/webhooks/states.ts'

const [oldKey, newKey] = [newSecretKey('old'), newSecretKey('new')]
const before = createSecretBox(oldKey)
const during = createSecretBox(`${newKey},${oldKey}`)

const stateOf = (connectionId: string, secret: ReturnType<typeof sealWebhookSecret> | null): WebhookState => ({
  ...newWebhookState(connectionId),
  subscriptions: [{ id: '1', event: 'e', status: 'active', detail: null, expiresAt: null, secret }],
})

function restored(...all: WebhookState[]) {
  const written: OutRecord[] = []
  const committer = {
    async submit({ records }: { readonly records: readonly OutRecord[] }) {
      written.push(...records)
    },
  } as never
  const states = createWebhookStates({ partition: 2, committer, now: () => 1000 })
  for (const [offset, state] of all.entries())
    states.load({
      topic: WEBHOOK_STATE,
      partition: 2,
      offset,
      timestamp: 0,
      key: Buffer.from(state.connectionId),
      value: Buffer.from(JSON.stringify(state)),
    })
  return { states, written }
}

test('after a start with a new key in front, secrets of subscriptions no longer need the old one', () => {
  const { states, written } = restored(
    stateOf('a', sealWebhookSecret('a', 'theirs', before)),
    stateOf('b', sealWebhookSecret('b', 'fresh', during)),
  )
  states.reseal(() => during, silentLogger)
  expect(written.map(({ key, partition }) => [key, partition])).toEqual([['a', 2]])
  const stored = JSON.parse(String(written[0]?.value)) as WebhookState
  expect(isWebhookStateOld(stored, during)).toBe(false)
  const alone = createSecretBox(newKey)
  expect(openWebhookSecrets({ id: 'a', webhook: null }, states.get('a') ?? null, () => alone, 1000)).toEqual(['theirs'])
})

test('without secrets no key is needed; what does not open is left as it is', () => {
  const none = (): SecretBox => {
    throw new SecretError('no secret key is configured')
  }
  const plain = restored(stateOf('a', null), newWebhookState('b'))
  plain.states.reseal(none, silentLogger)
  expect(plain.written).toEqual([])
  const lost = stateOf('a', sealWebhookSecret('a', 'theirs', before))
  const { states, written } = restored(lost)
  states.reseal(() => createSecretBox(newKey), silentLogger)
  expect(written).toEqual([])
  expect(states.get('a')).toEqual(lost)
})
