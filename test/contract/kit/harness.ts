import type {
  AnyConnector,
  EntityName,
  JsonObject,
  MappingSettings,
  RawRecord,
  ReadRange,
  ReadStream,
} from '../../../core/index.ts'
import type { PushSide } from './pushing.ts'
import { createWire, type Wire } from './wire.ts'
import type { WriteSide } from './writing.ts'

/** What the kit must know of a system to try its connector on it: how to play its users and administrators. */
export interface Harness {
  readonly connector: AnyConnector
  /** Settings that work. */
  readonly config: { readonly [field: string]: unknown }
  readonly mapping: MappingSettings
  /** Settings that do not, and what the error must name. */
  readonly wrongConfigs: readonly {
    readonly title: string
    readonly config: { readonly [field: string]: unknown }
    readonly names: RegExp
  }[]
  readonly readme: string
  /** Ends every session at the system, as its time-out does. */
  expireSessions(): Promise<void>
  /** Gives the user another password; returns the settings with it. */
  rotateSecret(): Promise<{ readonly [field: string]: unknown }>
  /** How a login looks on the wire. */
  isLogin(request: { readonly body: string }): boolean
  /** The system's time, asked without the connector, epoch ms. */
  readonly systemTime: () => Promise<number>
  /** Settings of an account that holds nothing. */
  readonly empty: { readonly [field: string]: unknown }
  readonly worlds: { readonly [E in EntityName]?: World }
  /** Native fields whose values are words of a vocabulary. Default: Tryton's. */
  readonly vocabularies?: RegExp
  /** How to play with what the connector writes; absent = it writes nothing. */
  readonly writes?: WriteSide
  /** How to play with what the system pushes; absent = it pushes nothing. */
  readonly pushes?: PushSide
}

/** How to play with one stream's records. */
export interface World {
  /** Creates `count` records at once (with one timestamp, where the system can); their native keys. */
  add(count: number): Promise<string[]>
  /** Makes a change to the record that shows in the unified record; returns the text that must show there. */
  change(key: string): Promise<string>
  remove?(key: string): Promise<void>
  /** Creates a record with amounts that floats cannot hold or add; the texts that must show in the unified record. */
  exact?(): Promise<{ readonly key: string; readonly shows: readonly string[] }>
  /** Makes the record unreadable for the system itself; returns how to repair it. */
  spoil?(key: string): Promise<() => Promise<void>>
  /**
   * Brings the number of records to more than this, by whatever is fast. Returns the settings of the account that holds
   * them, when it is another one (where many records would slow down the other rules).
   */
  fill?(count: number): Promise<{ readonly [field: string]: unknown } | void>
}

export interface Opened {
  readonly session: unknown
  readonly wire: Wire
}

/** Connects with these settings (default: the good ones) over a wire of its own. */
export async function open(
  harness: Harness,
  config: { readonly [field: string]: unknown } = harness.config,
  signal: AbortSignal = never(),
): Promise<Opened> {
  const parsed = harness.connector.config.parse(config)
  if (!parsed.ok) throw new Error(`the harness's settings are refused: ${JSON.stringify(parsed.problems)}`)
  const wire = createWire()
  return { session: await harness.connector.connect(parsed.value, wire, signal), wire }
}

export const never = (): AbortSignal => new AbortController().signal

export function streamOf(harness: Harness, entity: EntityName): ReadStream<unknown> {
  const stream = harness.connector.streams[entity]
  if (stream === undefined) throw new Error(`${harness.connector.id} has no stream ${entity}`)
  return stream as ReadStream<unknown>
}

export const keyText = ({ key }: Pick<RawRecord, 'key'>): string => (typeof key === 'string' ? key : key.join('|'))

/** Everything from the start, in pages of `pageSize`. */
export const snapshotRange = (until: number, pageSize: number, cursor: ReadRange['cursor'] = null): ReadRange => ({
  mode: 'snapshot',
  since: null,
  until,
  cursor,
  pageSize,
})

export const incrementRange = (since: number, until: number, pageSize: number): ReadRange => ({
  mode: 'incremental',
  since,
  until,
  cursor: null,
  pageSize,
})

/** All records of a range, oldest first; a key may come more than once. */
export async function readAll(stream: ReadStream<unknown>, session: unknown, range: ReadRange): Promise<RawRecord[]> {
  const records: RawRecord[] = []
  for await (const page of stream.read(session, range, never())) records.push(...page.records)
  return records
}

export async function allKeys(stream: ReadStream<unknown>, session: unknown): Promise<Set<string>> {
  if (stream.listKeys === undefined) throw new Error('a stream that says by-absence lists its keys')
  const keys = new Set<string>()
  for await (const page of stream.listKeys(session, never())) for (const key of page) keys.add(keyText({ key }))
  return keys
}

/** A copy that throws when a mapping writes to it. */
export function frozen(payload: JsonObject): JsonObject {
  const copy = structuredClone(payload)
  const freeze = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    Object.values(value).forEach(freeze)
    Object.freeze(value)
  }
  freeze(copy)
  return copy
}
