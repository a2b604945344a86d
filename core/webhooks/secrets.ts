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

/** A secret that deliveries may be signed with now, in plain text. */
export interface WebhookSecret {
  readonly secret: string
  /** False: the one before, good until everybody has changed. */
  readonly current: boolean
}

/**
 * Every secret that a delivery may be signed with now, in plain text and from now on hidden in logs: those of people
 * first, in their order, then the subscriptions', then those replaced but still good. Each once.
 * @throws SecretError naming what to fix
 */
export function webhookSecrets(
  connection: Pick<Connection, 'id' | 'webhook'>,
  state: Pick<WebhookState, 'subscriptions' | 'retired'> | null,
  box: () => SecretBox,
  now: number,
): WebhookSecret[] {
  const found = new Map<string, boolean>()
  const open = (secret: Json, context: string, current: boolean): void => {
    if (!isSealed(secret)) return
    const plain = box().open(secret.$secret, context)
    hideSecret(plain)
    if (!found.has(plain)) found.set(plain, current)
  }
  const own = connection.webhook?.secrets ?? []
  for (const [at, secret] of own.entries()) open(secret, ownContext(connection.id), at === 0)
  for (const { secret } of state?.subscriptions ?? []) open(secret, subscriptionContext(connection.id), true)
  for (const { secret, until } of state?.retired ?? [])
    if (until > now) open(secret, subscriptionContext(connection.id), false)
  return [...found].map(([secret, current]) => ({ secret, current }))
}

/** The same, as the bare secrets. */
export const openWebhookSecrets = (...of: Parameters<typeof webhookSecrets>): string[] =>
  webhookSecrets(...of).map(({ secret }) => secret)

const isSealed = (value: Json): value is { readonly $secret: string } =>
  value !== null && typeof value === 'object' && typeof (value as { $secret?: unknown }).$secret === 'string'
