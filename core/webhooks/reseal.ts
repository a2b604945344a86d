import type { Json } from '../connector.ts'
import type { Connection, ConnectionWebhook, WebhookState } from '../control.ts'
import type { SecretBox } from '../secrets.ts'
import { openWebhookSecrets, sealOwnWebhookSecret, sealWebhookSecret } from './secrets.ts'

/** Rotation of the keys that seal secrets of webhooks. */

const isOld = (secret: Json, box: SecretBox): boolean =>
  secret !== null && typeof secret === 'object' && '$secret' in secret && box.isOld(String(secret['$secret']))

/**
 * Seals what people set anew, with the current key, where an older key sealed it; null = nothing to do.
 * @throws SecretError
 */
export function resealWebhook({ id, webhook }: Connection, box: SecretBox): ConnectionWebhook | null {
  if (webhook === null || !webhook.secrets.some((secret) => isOld(secret, box))) return null
  const secrets = webhook.secrets.map((secret) => {
    if (!isOld(secret, box)) return secret
    const [plain = ''] = openWebhookSecrets({ id, webhook: { ...webhook, secrets: [secret] } }, null, () => box, 0)
    return sealOwnWebhookSecret(id, plain, box)
  })
  return { ...webhook, secrets }
}

/** Whether secrets of subscriptions are sealed with an older key. */
export const isWebhookStateOld = ({ subscriptions, retired }: WebhookState, box: SecretBox): boolean =>
  [...subscriptions, ...retired].some(({ secret }) => isOld(secret, box))

/**
 * The same for subscriptions, for sync, which owns them; null = nothing to do. What was replaced and is no longer good
 * is left out.
 * @throws SecretError
 */
export function resealWebhookState(state: WebhookState, box: SecretBox, now: number): WebhookState | null {
  if (!isWebhookStateOld(state, box)) return null
  const anew = (secret: Json): Json => {
    if (!isOld(secret, box)) return secret
    const one = { secret, until: Number.POSITIVE_INFINITY }
    const opened = openWebhookSecrets(
      { id: state.connectionId, webhook: null },
      { subscriptions: [], retired: [one] },
      () => box,
      now,
    )
    return sealWebhookSecret(state.connectionId, opened[0] ?? '', box)
  }
  return {
    ...state,
    subscriptions: state.subscriptions.map((each) => ({ ...each, secret: anew(each.secret) })),
    retired: state.retired.filter(({ until }) => until > now).map((each) => ({ ...each, secret: anew(each.secret) })),
  }
}
