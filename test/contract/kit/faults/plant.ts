import {
  type AnyConnector,
  AuthError,
  type EntityName,
  type HttpClient,
  type JsonObject,
  type Page,
  type ReadRange,
  type ReadStream,
} from '../../../../core/index.ts'
import type { Harness } from '../harness.ts'

/** A mistake that authors make, planted in a sound connector. */
export interface Fault {
  /** A connector that … */
  readonly title: string
  /** The rules that find it; the first is the one that is there for it. */
  readonly finds: readonly [string, ...string[]]
  readonly complaint: RegExp
  readonly plant: (harness: Harness) => Harness
}

type Stream = ReadStream<unknown>
type Read = Stream['read']

export const withConnector = (harness: Harness, changes: Partial<AnyConnector>): Harness => ({
  ...harness,
  connector: { ...harness.connector, ...changes },
})

export function withStreams(harness: Harness, change: (stream: Stream) => Partial<Stream>): Harness {
  const streams = Object.entries(harness.connector.streams) as [EntityName, Stream][]
  return withConnector(harness, {
    streams: Object.fromEntries(streams.map(([entity, stream]) => [entity, { ...stream, ...change(stream) }])),
  })
}

export const withRead = (harness: Harness, change: (read: Read) => Read): Harness =>
  withStreams(harness, (stream) => ({ read: change((...asked) => stream.read(...asked)) }))

/** Changes each page that comes. */
export const withPages = (harness: Harness, change: (page: Page, range: ReadRange) => Page): Harness =>
  withRead(
    harness,
    (read) =>
      async function* (session, range, signal) {
        for await (const page of read(session, range, signal)) yield change(page, range)
      },
  )

export const withMapping = (
  harness: Harness,
  change: (unified: JsonObject, payload: JsonObject) => JsonObject,
): Harness =>
  withStreams(harness, (stream) => ({
    toUnified: (payload, settings, key) =>
      change(stream.toUnified(payload, settings, key) as unknown as JsonObject, payload) as never,
  }))

export function withHttp(harness: Harness, change: (http: HttpClient) => HttpClient['request']): Harness {
  return withConnector(harness, {
    connect: (config, http, signal) => harness.connector.connect(config, { request: change(http) }, signal),
  })
}

/** A refusal of one stream. */
export const isRefused = (error: unknown): boolean => error instanceof AuthError && error.streamOnly
