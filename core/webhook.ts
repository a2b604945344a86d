import type { EntityName } from '../schemas/generated/entities.ts'
import type { RawRecord } from './connector.ts'

/**
 * HOW A SYSTEM PUSHES. A connector declares it; the receiver (`services/webhook`) checks and stores deliveries, sync
 * turns them into re-reads. A delivery is a hint: it says what changed, the record is read again through the API.
 *
 *  1. sync asks `subscriptions.ensure` for what is wanted, keeps ids and (sealed) secrets in `webhook-state`.
 *  2. The receiver verifies the raw bytes with every active secret, appends them to `webhooks.inbound`, answers 200.
 *  3. sync drops what it has seen (`deliveryId`, else the hash of the body), asks `hints`, and re-reads each record once
 *     however many hints name it; hints that carry the whole record are published as they are.
 *  4. Polling goes on at a longer interval; a poll that finds what no delivery told marks the connection as silent.
 */
export interface Webhook<Session = unknown> {
  /** How deliveries are signed, by name; the first is the default, a connection may name another. */
  readonly schemes: { readonly [name: string]: SignatureScheme }
  /** What the sender asks before it sends anything. Answered only while a subscription is expected. */
  readonly handshake?: 'validation-token' | 'challenge' | 'cloudevents'
  /** What a verified delivery says. Pure. Throwing sends the delivery to dead-letters. Unknown events: none. */
  hints(delivery: WebhookDelivery): readonly WebhookHint[]
  /**
   * Streams of which every change is told: they are polled more rarely, and what a poll finds was missed. Absent: every
   * stream that deliveries have named. Leave out those of which only some events are sent.
   */
  readonly covers?: readonly EntityName[]
  /** Absent: people set the webhook up in the system by hand. */
  readonly subscriptions?: WebhookSubscriptions<Session>
}

/** A system that lets us set up its webhooks through the API. */
export interface WebhookSubscriptions<Session> {
  /** Time between two comparisons of wanted and actual, ms; shorter than the life of a subscription. */
  readonly auditEveryMs: number
  /**
   * Creates what is missing, renews what expires, leaves the rest; asked again after `auditEveryMs` and after a restart,
   * so it must be idempotent. `known` is what it returned last time. Returns all that stand now, with their secrets.
   */
  ensure(
    session: Session,
    wanted: { readonly url: string; readonly entities: readonly EntityName[] },
    known: readonly WebhookSubscription[],
    signal: AbortSignal,
  ): Promise<readonly WebhookSubscription[]>
  /** When the connection is removed or its webhook switched off. What is gone already is no error. */
  remove(session: Session, known: readonly WebhookSubscription[], signal: AbortSignal): Promise<void>
}

/** One subscription in the system. */
export interface WebhookSubscription {
  /** The system's id. */
  readonly id: string
  /** The system's name of the event. */
  readonly event: string
  /** `pending`: the system wants somebody's approval and sends nothing yet. */
  readonly status: 'active' | 'pending' | 'failed'
  /** For people: why it is not active. */
  readonly detail: string | null
  /** Signs its deliveries; null = unsigned, or signed with the connection's own secret. Sealed by the runtime. */
  readonly secret: string | null
  /** Epoch ms; null = never. */
  readonly expiresAt: number | null
}

/** What a delivery says has changed. */
export interface WebhookHint {
  readonly entity: EntityName
  /** Native key, parts joined by "|"; null = something of this stream: its increment is read at once. */
  readonly key: string | null
  /** The whole record, where payloads are complete and signed: published without a re-read. */
  readonly record?: RawRecord
}

/** One delivery as received: value of `webhooks.inbound`. */
export interface WebhookDelivery {
  readonly connectionId: string
  /** Ours, unique: UUID v7. */
  readonly receiptId: string
  /** The sender's id, the same when it sends again; else `sha256:<hex>` of the body. */
  readonly deliveryId: string
  /** Epoch ms. */
  readonly receivedAt: number
  /** Names in lower case; those that may matter to `hints`, without signatures and credentials. */
  readonly headers: { readonly [name: string]: string }
  /** Raw bytes, as signed. */
  readonly body: Buffer
}

/** How a delivery is signed: data, not code. One verifier serves all (reference: Standard Webhooks 1.0.0 and vendors' pages). */
export interface SignatureScheme {
  readonly alg: 'hmac-sha256' | 'ed25519' | 'none'
  /** How the stored secret becomes the bytes of the key. */
  readonly key: 'utf8' | 'base64' | 'base64-after-prefix' | 'sha256hex-of-secret'
  /** The bytes signed: {body} {ts} {id} {token}, e.g. '{id}.{ts}.{body}'. */
  readonly content: string
  /** Lower case; tried in order. */
  readonly headers: readonly string[]
  readonly encoding: 'hex' | 'base64'
  /** The value alone | behind `prefix` | `t=…,v1=…` | a list of `v1,<signature>` divided by blanks. */
  readonly format: 'bare' | 'prefix' | 'kv' | 'list'
  readonly prefix?: string
  readonly timestamp?: {
    readonly from: 'header' | 'kv'
    readonly header?: string
    /** `auto`: 10^11 and more are milliseconds. */
    readonly unit: 's' | 'ms' | 'auto'
    /** Both directions; default 300. */
    readonly toleranceSeconds?: number
  }
  /** Fields of the JSON body that hold signature, `{ts}` and `{token}`, where the body itself is not signed: fetch only. */
  readonly inBody?: { readonly signature: string; readonly timestamp: string; readonly token: string }
  /** Header with the sender's delivery id. */
  readonly idHeader?: string
  /** A shared secret beside or instead of a signature, compared in constant time. */
  readonly token?: {
    /** Behind `prefix` where the scheme has no signature: `Bearer `. */
    readonly header?: string
    readonly query?: string
    /** Path in the JSON body, parts joined by "."; of an array, every element must hold it. */
    readonly bodyField?: string
  }
}
