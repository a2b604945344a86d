import type { Connection, WebhookDelivery, WebhookDeliveryRecord, WebhookState } from '../../core/index.ts'
import { type Cell, count, instant, relative, shorten } from './output.ts'

type Outcome = WebhookDeliveryRecord['outcome']

/** How many deliveries of the last 7 days became what. */
export type Tally = { readonly [O in Outcome]: number }

/** What `webhooks list` says of one connection. Times in epoch ms. */
export interface WebhookStatus {
  readonly connection: string
  /** `not set up yet`: sync has not taken it up. */
  readonly health: WebhookState['health'] | 'not set up yet'
  /** Why. */
  readonly reason: string | null
  /** The system's event → status, of what was set up through its API. */
  readonly subscriptions: readonly Omit<WebhookState['subscriptions'][number], 'secret'>[]
  readonly lastDeliveryAt: number | null
  readonly deliveries: Tally
}

export const NOTHING: Tally = { processed: 0, duplicate: 0, ignored: 0, failed: 0 }

/** By connection id. */
export function tally(outcomes: Iterable<readonly [connectionId: string, outcome: Outcome]>): Map<string, Tally> {
  const tallies = new Map<string, Record<Outcome, number>>()
  for (const [id, outcome] of outcomes) {
    const own = tallies.get(id) ?? { ...NOTHING }
    own[outcome] += 1
    tallies.set(id, own)
  }
  return tallies
}

/** One for each connection that takes webhooks, or did and still has something standing in its system. Pure. */
export function webhookStatuses(
  connections: Iterable<Connection>,
  states: ReadonlyMap<string, WebhookState>,
  tallies: ReadonlyMap<string, Tally>,
): WebhookStatus[] {
  return [...connections]
    .filter(
      ({ id, status, webhook }) =>
        (status !== 'removed' && webhook !== null) || (states.get(id)?.subscriptions.length ?? 0) > 0,
    )
    .map(({ id }) => {
      const state = states.get(id)
      return {
        connection: id,
        health: state?.health ?? 'not set up yet',
        reason: state?.healthReason ?? null,
        subscriptions: (state?.subscriptions ?? []).map(({ secret: _secret, ...shown }) => shown),
        lastDeliveryAt: state?.lastDeliveryAt ?? null,
        deliveries: tallies.get(id) ?? NOTHING,
      }
    })
}

export const STATUS_HEADER = [
  'CONNECTION',
  'HEALTH',
  'SUBSCRIPTIONS',
  'LAST DELIVERY',
  'PROCESSED',
  'DUPLICATE',
  'IGNORED',
  'FAILED',
]

export const statusCells = (row: WebhookStatus, now: number): Cell[] => [
  row.connection,
  row.health,
  subscriptionsOf(row),
  row.lastDeliveryAt === null ? null : relative(row.lastDeliveryAt, now),
  row.deliveries.processed,
  row.deliveries.duplicate,
  row.deliveries.ignored,
  row.deliveries.failed,
]

/** `5 active, 1 pending`; null = none: people set the webhook up. */
function subscriptionsOf({ subscriptions }: WebhookStatus): string | null {
  const by = Map.groupBy(subscriptions, ({ status }) => status)
  const parts = (['active', 'pending', 'failed'] as const).flatMap((status) => {
    const number = by.get(status)?.length ?? 0
    return number === 0 ? [] : [`${number} ${status}`]
  })
  return parts.length === 0 ? null : parts.join(', ')
}

export const SUBSCRIPTION_HEADER = ['EVENT', 'STATUS', 'EXPIRES', 'ID', 'DETAIL']

export const subscriptionCells = (one: WebhookStatus['subscriptions'][number], now: number): Cell[] => [
  one.event,
  one.status,
  one.expiresAt === null ? null : relative(one.expiresAt, now),
  one.id,
  one.detail,
]

export const DELIVERY_HEADER = ['DELIVERY', 'RECEIVED', 'OUTCOME', 'TOLD', 'ERROR']

export const deliveryCells = (record: WebhookDeliveryRecord): Cell[] => [
  record.deliveryId,
  instant(record.receivedAt),
  record.outcome,
  told(record),
  record.error === null ? null : shorten(record.error, 100),
]

const MAX_TOLD = 3

/** `work_order 42, asset (all)`. */
function told({ hints }: WebhookDeliveryRecord): string | null {
  if (hints.length === 0) return null
  const shown = hints.slice(0, MAX_TOLD).map(({ entity, key }) => `${entity} ${key ?? '(all)'}`)
  return [...shown, ...(hints.length > MAX_TOLD ? [`… ${count(hints.length, 'record')}`] : [])].join(', ')
}

/** Bytes for people: JSON as JSON, other text as text, the rest as base64. */
export function shownBody(body: Buffer): unknown {
  const text = body.toString('utf8')
  if (!Buffer.from(text).equals(body)) return `base64:${body.toString('base64')}`
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** Everything about one delivery, as `webhooks show` prints it. */
export const shownDelivery = (
  record: WebhookDeliveryRecord | null,
  received: readonly WebhookDelivery[],
): Record<string, unknown> => {
  const first = received[0]
  return {
    delivery: record?.deliveryId ?? first?.deliveryId,
    outcome: record?.outcome ?? 'waiting',
    error: record?.error ?? null,
    hints: record?.hints.map(({ entity, key }) => ({ entity, key })) ?? [],
    processedAt: record === null ? null : instant(record.processedAt),
    received: received.map(({ receiptId, receivedAt }) => ({ receipt: receiptId, at: instant(receivedAt) })),
    headers: first?.headers ?? null,
    body: first === undefined ? null : shownBody(first.body),
  }
}
