import type { Json } from '../connector.ts'
import type { Connection, WebhookState } from '../control.ts'
import { hideSecret } from '../redact.ts'
import type { SecretBox } from '../secrets.ts'

/** What secrets of people and of subscriptions are bound to: they open nowhere else. */
const ownContext = (connectionId: string): string => `secret webhook of connection ${connectionId}`
const subscriptionContext = (connectionId: string): string => `webhook secret of connection ${connectionId}`

/** A secret of a subscription as `webhook-state` holds it. */
export const sealWebhookSecret = (
  connectionId: string,
  plain: string,
  box: SecretBox,
): { readonly $secret: string } => ({
  $secret: box.seal(plain, subscriptionContext(connectionId)),
})

/** A secret that people set, as `connections` holds it in `webhook.secrets`. */
export const sealOwnWebhookSecret = (
  connectionId: string,
  plain: string,
  box: SecretBox,
): { readonly $secret: string } => ({ $secret: box.seal(plain, ownContext(connectionId)) })

/**
 * Every secret that a delivery may be signed with now, in plain text and from now on hidden in logs: those of people
 * first, in their order, then the subscriptions', then those replaced but still good. Each once.
 * @throws SecretError naming what to fix
 */
export function openWebhookSecrets(
  connection: Pick<Connection, 'id' | 'webhook'>,
  state: Pick<WebhookState, 'subscriptions' | 'retired'> | null,
  box: () => SecretBox,
  now: number,
): string[] {
  const opened = (secret: Json, context: string): string[] => {
    if (!isSealed(secret)) return []
    const plain = box().open(secret.$secret, context)
    hideSecret(plain)
    return [plain]
  }
  const own = (connection.webhook?.secrets ?? []).flatMap((secret) => opened(secret, ownContext(connection.id)))
  const current = state?.subscriptions.map(({ secret }) => secret) ?? []
  const retired = state?.retired.filter(({ until }) => until > now).map(({ secret }) => secret) ?? []
  const theirs = [...current, ...retired].flatMap((secret) => opened(secret, subscriptionContext(connection.id)))
  return [...new Set([...own, ...theirs])]
}

const isSealed = (value: Json): value is { readonly $secret: string } =>
  value !== null && typeof value === 'object' && typeof (value as { $secret?: unknown }).$secret === 'string'
