import type { EntityName } from '../schemas/generated/entities.ts'
import type { Json } from './connector.ts'
import type { WebhookSubscription } from './webhook.ts'

/**
 * The small JSON records by which services and the command line talk through Kafka: connections, what operators ask
 * for, what sweeps found. Values are UTF-8 JSON; keys are in `topics.ts`.
 */

/** Settings of one stream of a connection; everything has a default (docs/operations.md). */
export interface StreamSettings {
  readonly enabled: boolean
  /** Time between incremental reads, ms. Default 15 s. */
  readonly pollEveryMs: number
  /** Time between sweeps for deletions, ms; null = never. Default 1 h. */
  readonly sweepEveryMs: number | null
  /** Time between the end of one whole read and the next, ms; null = only on `sync resync`. Default 7 days. */
  readonly refreshEveryMs: number | null
}

/** One customer's account in one system: value of the `connections` topic. */
export interface Connection {
  /** `[a-z0-9][a-z0-9-]{0,39}`, never reused. */
  readonly id: string
  readonly system: string
  /** The connector's settings as declared by its ConfigSpec; secret fields hold `{ "$secret": "<key id>:<base64>" }`. */
  readonly settings: { readonly [field: string]: Json }
  /** Overrides by entity; streams not named use the defaults. */
  readonly streams: { readonly [E in EntityName]?: Partial<StreamSettings> }
  /** How far back the first snapshot of transactional streams goes; null = everything. Default 90. */
  readonly windowDays: number | null
  readonly limits: { readonly concurrency: number; readonly requestsPerSecond: number | null }
  /** A sweep that would delete more than both is held until approved. Default 0.2 and 50. */
  readonly sweepGuard: { readonly share: number; readonly records: number }
  /** Days from `deleted_at` to the Kafka tombstone; null = never. Default 30. */
  readonly tombstoneAfterDays: number | null
  readonly includeRaw: boolean
  /** Deliveries that this connection takes; null = it is only polled. */
  readonly webhook: ConnectionWebhook | null
  readonly mapping: {
    readonly timeZone: string
    readonly currency: string | null
    readonly language: string
    readonly units: { readonly [native: string]: string }
    readonly remaps: { readonly [field: string]: { readonly [native: string]: string } }
    readonly customFields: readonly string[]
  }
  readonly status: 'active' | 'paused' | 'removed'
  /** Why it is paused: an operator's wish, or what to fix (written by sync on an auth failure). */
  readonly statusReason: string | null
  readonly updatedAt: number
}

/** What a connection says about the deliveries it takes. */
export interface ConnectionWebhook {
  /** One of the connector's `schemes`, or of the built-in ones for hints in Tributary's own form; null = the default. */
  readonly scheme: string | null
  /** Secrets set by people (current first, then the one before), each `{ "$secret": "<key id>:<base64>" }`. */
  readonly secrets: readonly Json[]
  /** Time between incremental reads while deliveries prove to be complete, ms. Default 5 min. */
  readonly pollEveryMs: number
  /** More deliveries than this are refused with 429. Default 200. */
  readonly deliveriesPerSecond: number
}

/** Value of `webhook-state`, keyed by connection id; written by sync, read by the receiver and the command line. */
export interface WebhookState {
  readonly connectionId: string
  /** What stands in the system; `secret` is sealed: `{ "$secret": … }` or null. */
  readonly subscriptions: readonly (Omit<WebhookSubscription, 'secret'> & { readonly secret: Json })[]
  /** Secrets of subscriptions that were replaced: still good until then, epoch ms. */
  readonly retired: readonly { readonly secret: Json; readonly until: number }[]
  /** `off`: none wanted. `unproven`: no delivery yet. `silent`: polls find what no delivery told. */
  readonly health: 'off' | 'unproven' | 'healthy' | 'silent'
  /** For people: since when and why; null = nothing to say. */
  readonly healthReason: string | null
  readonly lastDeliveryAt: number | null
  /** Streams that deliveries have named; these, and only these, are polled more rarely while `healthy`. */
  readonly told?: readonly EntityName[]
  readonly updatedAt: number
}

/**
 * Value of `webhook-deliveries`, keyed by `deliveryKey` in the partition of the connection id: what became of a delivery.
 * By it sync knows a delivery that comes again; one that `failed` is not known, so that it can be redriven.
 */
export interface WebhookDeliveryRecord {
  readonly connectionId: string
  readonly deliveryId: string
  readonly receiptId: string
  readonly receivedAt: number
  /** Where its bytes are in `webhooks.inbound`, in the partition of the connection id. */
  readonly offset: number
  /** `ignored`: it says nothing that this connection reads. `duplicate` has a key of its own (with the receipt id). */
  readonly outcome: 'processed' | 'duplicate' | 'ignored' | 'failed'
  readonly hints: readonly WebhookDeliveryHint[]
  /** Why it failed or was ignored, or how it was answered if not by reading its records again; null = nothing to say. */
  readonly error: string | null
  readonly processedAt: number
}

/** One record that a delivery named. */
export interface WebhookDeliveryHint {
  readonly entity: EntityName
  readonly key: string | null
  /** What sync published because of it, so that no poll publishes it again: its fingerprint, and until when (system's clock) it is of use. */
  readonly published?: { readonly fingerprint: number; readonly until: number | null }
}

/** Key of a delivery on `webhook-deliveries`. `receiptId`: of a duplicate. */
export const deliveryKey = (connectionId: string, deliveryId: string, receiptId?: string): string =>
  receiptId === undefined ? `${connectionId}/${deliveryId}` : `${connectionId}/${deliveryId}/${receiptId}`

/** Value of `sync-requests`, keyed by connection id. `entity` null = every stream of the connection. */
export interface SyncRequest {
  readonly id: string
  readonly kind: 'run' | 'resync' | 'approve-deletes' | 'redeliver'
  readonly connectionId: string
  readonly entity: EntityName | null
  readonly requestedAt: number
  /** `redeliver`: the delivery that is processed once more, although it is known. */
  readonly deliveryId?: string
}

/**
 * Value of `sweep-reports`, keyed by connection id: what one partition of the normalizer answers to SWEEP_END.
 * Sync adds the P reports up, compares with the guard, then sends SWEEP_APPLY (payload: the same run id) or holds.
 */
export interface SweepReport {
  readonly connectionId: string
  readonly entity: EntityName
  readonly runId: string
  readonly partition: number
  /** False: this partition did not see the whole sweep (it was restarted in between); the sweep must be run again. */
  readonly complete: boolean
  /** Live keys of this connection and entity in this partition. */
  readonly live: number
  /** Of these, how many the sweep did not see. */
  readonly missing: number
}

/** Value of `normalizer-requests`, one copy in every partition. `connectionId` null = every connection. */
export interface NormalizerRequest {
  readonly id: string
  readonly kind: 'replay'
  readonly entity: EntityName | null
  readonly connectionId: string | null
  readonly requestedAt: number
}

/** Value of `writer-requests`, keyed by connection id: what a person found out about a command that is in doubt. */
export interface WriterRequest {
  readonly id: string
  readonly kind: 'resolve'
  readonly connectionId: string
  readonly commandId: string
  readonly applied: boolean
  /** Unified id of the record that it wrote; null = not known, or the command names it. */
  readonly targetId: string | null
  readonly requestedAt: number
}

/** Payload (JSON) of a SEEN change record: native keys listed by a sweep, all of one partition. */
export interface SeenPayload {
  readonly keys: readonly string[]
}

/** Kafka keys of sweep records: bounded per stream, so that compaction keeps them few and never drops a payload. */
export const sweepKey = (connectionId: string, entity: string, part: 'begin' | 'end' | 'apply' | number): string =>
  `~sweep|${connectionId}|${entity}|${part}`
