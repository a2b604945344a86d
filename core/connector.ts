import type { Entities, EntityName } from '../schemas/generated/entities.ts'
import type { ConfigSpec } from './config.ts'
import type { HttpClient } from './http/client.ts'
import type { Webhook } from './webhook.ts'
import type { UnsupportedOperation, WriteOperation } from './write.ts'

/**
 * THE CONTRACT. A connector is a plain value that knows one system and nothing about Kafka.
 *
 * The life of a stream, told by the runtime (`services/sync`):
 *  1. `connect` opens a session and proves the credentials. One session a connection; the runtime keeps it.
 *  2. `clock` is asked: the system's own time T0. All ranges are in the system's time, so clock skew loses nothing.
 *  3. Snapshot: `read({ mode: 'snapshot', since: window start or null, until: T0, cursor: null })` until it ends.
 *     Each page is committed together with its cursor in one Kafka transaction before the next page is asked for.
 *     After a crash the same range is resumed with the last committed cursor.
 *  4. Incrementals: `read({ mode: 'incremental', since: watermark − overlap, until: now })`, for ever; the first
 *     watermark is T0, later ones are the newest `modifiedAt` delivered. Overlap re-reads are dropped by (key, version).
 *  5. Sweeps, for `deletes: 'by-absence'`: `listKeys` to its normal end proves that the list is complete.
 *  6. `toUnified` runs elsewhere, in the normalizer, without credentials.
 *
 * Failures: throw one of the five classes of `errors.ts`. Anything else is reported as a bug.
 *
 * Words: system · connection · stream · entity · change record · cursor · snapshot · increment · sweep (docs/architecture.md).
 */

/** JSON as the system sent it, after `JSON.parse`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** Position inside one range. Opaque to the runtime; survives a JSON round trip. */
export type Cursor = JsonObject

/** What part of a stream to read. Times are epoch milliseconds in the system's clock. */
export interface ReadRange {
  readonly mode: 'snapshot' | 'incremental'
  /** Deliver records modified at or after this instant; null = everything. */
  readonly since: number | null
  /** Records modified at or after this instant need not be delivered (they come with the next range). */
  readonly until: number
  /** Last committed cursor of this same range; null = from its start. A foreign one: throw CorruptCursorError. */
  readonly cursor: Cursor | null
  /** Wished page size in records; the connector may cap it. */
  readonly pageSize: number
}

/** One record as the system sent it. */
export interface RawRecord {
  /** Native key as in the unified id (before percent-encoding): one `keyOf` per stream gives it. Composite: parts. */
  readonly key: string | readonly string[]
  /**
   * Orders the states of one record: modification time in ms, or a native counter. Never decreases for one record: so
   * it comes from the record itself, not from rows read with it (the newest of their stamps goes when its row goes).
   * Equal versions are ordered by read time. Streams without a change field use 0.
   */
  readonly version: number
  /** When the system says it, or a row read with it, was modified, epoch ms; drives the watermark. null = not told. */
  readonly modifiedAt: number | null
  /** True = the system reported the deletion of this key (`deletes: 'reported'`); payload may then be `{}`. */
  readonly deleted?: boolean
  readonly payload: JsonObject
}

/** A record that could not be read; it goes to dead-letters and the stream goes on (rule R9). */
export interface UndecodableRecord {
  /** Native key, where it could be told. */
  readonly key: string | null
  /** What came, as text. */
  readonly raw: string
  readonly reason: string
}

/** What is committed at once. An empty page is allowed (it commits a cursor). */
export interface Page {
  readonly records: readonly RawRecord[]
  /** Resuming from here continues after this page (rule R1). */
  readonly cursor: Cursor
  readonly undecodable?: readonly UndecodableRecord[]
  /** Records in the whole range, where the system tells it cheaply (for progress). */
  readonly total?: number
  /**
   * A connector that reads ahead: so long before the runtime asked for this page its oldest part was asked for at the
   * system, ms. The state is no fresher than that.
   */
  readonly aheadMs?: number
}

/** Per-connection facts that mappings may use; no secrets. */
export interface MappingSettings {
  readonly connectionId: string
  readonly system: string
  /** IANA zone in which naive local times of the system are read. */
  readonly timeZone: string
  /** Default currency (ISO 4217) for systems that do not say; null = unknown. */
  readonly currency: string | null
  /** BCP 47. */
  readonly language: string
  /** Native unit → UN/ECE Rec 20 code, in addition to the built-in map. */
  readonly units: { readonly [native: string]: string }
  /** Overrides of vocabularies: entity.field → native value → unified symbol. */
  readonly remaps: { readonly [field: string]: { readonly [native: string]: string } }
  /** Native fields copied into `custom_fields`. */
  readonly customFields: readonly string[]
  /** The connector's own (non-secret) settings, for mappings that need one (a base URL for links). */
  readonly settings: { readonly [field: string]: Json }
}

/** Envelope fields that only the runtime fills (unified-model.md 1.4); a mapping gives all the others. */
export type RuntimeField =
  | 'id'
  | 'connection_id'
  | 'system'
  | 'source_id'
  | 'deleted_at'
  | 'raw'
  | 'mapping_version'
  | 'source_version'
  | 'origin'
  | 'synced_at'

/**
 * What a mapping returns: every field of the entity but the runtime's. `version` is the native token
 * (`ts:…`, `etag:…`) or null: the normalizer then uses a content hash.
 */
export type Unified<Entity extends EntityName> = Omit<Entities[Entity], RuntimeField | 'version'> & {
  version: string | null
}

/** How a stream notices change, and how deletions appear. The contract kit tests what is claimed here. */
export interface ReadStream<Session, Entity extends EntityName = EntityName> {
  readonly entity: Entity
  /** `incremental`: `read` understands `since`. `full-scan`: no change field; every run delivers everything. */
  readonly changes: 'incremental' | 'full-scan'
  /** `reported`: a feed or flag. `by-absence`: `listKeys` sweeps. `invisible`: the system never tells. */
  readonly deletes: 'reported' | 'by-absence' | 'invisible'
  /** Raise by one whenever the output of `toUnified` can change; becomes `<system>/<entity>@<n>`. */
  readonly mappingVersion: number
  /** True = `since`/window does not bound the snapshot (master data is always read whole). */
  readonly ignoresWindow?: boolean
  /** Yields pages; the runtime commits each page with its cursor in one Kafka transaction before asking for the next. */
  read(session: Session, range: ReadRange, signal: AbortSignal): AsyncIterable<Page>
  /** All keys, cheaply; only for `by-absence`. Finishing normally is the proof that the sweep is complete. */
  listKeys?(session: Session, signal: AbortSignal): AsyncIterable<readonly (string | readonly string[])[]>
  /** One record as it is now, for webhook hints and after writes. `null` = it is gone. */
  readOne(session: Session, key: string, signal: AbortSignal): Promise<RawRecord | null>
  /**
   * Pure: no clock, no network, no session. Runs in the normalizer, which holds no credentials.
   * `key` is the native key (parts joined by "|"). Throwing sends the record to dead-letters.
   */
  toUnified(payload: JsonObject, settings: MappingSettings, key: string): Unified<Entity>
  /**
   * Of `stock_level` only: native key (parts joined by "|") of the level of an item at a location, both given by the
   * parts of their own keys; null = there is none. By it the levels that a movement changed are read at once.
   */
  readonly levelKey?: (item: readonly string[], location: readonly string[]) => string | null
}

/** Everything Tributary knows about one system. */
export interface Connector<Config = unknown, Session = unknown> {
  /** Valid folder name, topic segment and config key; equals its folder. */
  readonly id: string
  readonly title: string
  readonly config: ConfigSpec<Config>
  /** Opens a session and proves the credentials; throws AuthError naming what to fix. */
  connect(config: Config, http: HttpClient, signal: AbortSignal): Promise<Session>
  /** The system's own time, epoch ms (rule R6). One cheap request, or the `Date` header of the last answer. */
  clock(session: Session, signal: AbortSignal): Promise<number>
  /** Ends the session at the source where that is polite. Never throws. */
  disconnect?(session: Session): Promise<void>
  readonly streams: { readonly [Entity in EntityName]?: ReadStream<Session, Entity> }
  /** What can be written; one entry for each entity and operation. Anything else is refused as UNSUPPORTED. */
  readonly operations?: readonly WriteOperation<Session>[]
  /** Why something cannot be written, where there is more to say than "not supported". */
  readonly unsupported?: readonly UnsupportedOperation[]
  /** How the system pushes; absent = it does not by itself (any system may still be given hints, docs/webhooks.md). */
  readonly webhook?: Webhook<Session>
}

/** A connector whose config and session types are nobody else's business: what the registry holds. */
// biome-ignore lint/suspicious/noExplicitAny: existential type; each connector checks itself with defineConnector
export type AnyConnector = Connector<any, any>

/** Type inference for a connector's object literal; returns it as it is. */
export function defineConnector<Config, Session>(connector: Connector<Config, Session>): Connector<Config, Session> {
  return connector
}

/** Type inference for a stream's object literal; returns it as it is. */
export function defineStream<Session, Entity extends EntityName>(
  stream: ReadStream<Session, Entity>,
): ReadStream<Session, Entity> {
  return stream
}
