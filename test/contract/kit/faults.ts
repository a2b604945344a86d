import {
  type AnyConnector,
  AuthError,
  CorruptCursorError,
  type EntityName,
  Failure,
  type HttpClient,
  type Json,
  type JsonObject,
  type Page,
  type RawRecord,
  type ReadRange,
  type ReadStream,
  RetryableError,
} from '../../../core/index.ts'
import { type Harness, keyText, never } from './harness.ts'

/** A mistake that authors make, planted in a sound connector. */
export interface Fault {
  /** A connector that … */
  readonly title: string
  /** The rules that find it; the first is the one that is there for it. */
  readonly finds: readonly [string, ...string[]]
  readonly complaint: RegExp
  plant(harness: Harness): Harness
}

type Stream = ReadStream<unknown>
type Read = Stream['read']

const withConnector = (harness: Harness, changes: Partial<AnyConnector>): Harness => ({
  ...harness,
  connector: { ...harness.connector, ...changes },
})

export function withStreams(harness: Harness, change: (stream: Stream) => Partial<Stream>): Harness {
  const streams = Object.entries(harness.connector.streams) as [EntityName, Stream][]
  return withConnector(harness, {
    streams: Object.fromEntries(streams.map(([entity, stream]) => [entity, { ...stream, ...change(stream) }])),
  })
}

const withRead = (harness: Harness, change: (read: Read) => Read): Harness =>
  withStreams(harness, ({ read }) => ({ read: change(read) }))

/** Changes each page that comes. */
const withPages = (harness: Harness, change: (page: Page, range: ReadRange) => Page): Harness =>
  withRead(
    harness,
    (read) =>
      async function* (session, range, signal) {
        for await (const page of read(session, range, signal)) yield change(page, range)
      },
  )

const withMapping = (harness: Harness, change: (unified: JsonObject, payload: JsonObject) => JsonObject): Harness =>
  withStreams(harness, ({ toUnified }) => ({
    toUnified: (payload, settings, key) =>
      change(toUnified(payload, settings, key) as unknown as JsonObject, payload) as never,
  }))

export function withHttp(harness: Harness, change: (http: HttpClient) => HttpClient['request']): Harness {
  const { connect } = harness.connector
  return withConnector(harness, {
    connect: (config, http, signal) => connect(config, { request: change(http) }, signal),
  })
}

const isRefused = (error: unknown): boolean => error instanceof AuthError && error.streamOnly

export const FAULTS: readonly Fault[] = [
  {
    title: 'has an id that no folder has',
    finds: ['D1'],
    complaint: /is not a valid id/,
    plant: (harness) => withConnector(harness, { id: 'No_Folder' }),
  },
  {
    title: 'takes settings that it does not know',
    finds: ['D2'],
    complaint: /no word about no_such_setting/,
    plant(harness) {
      const { config } = harness.connector
      const parse: typeof config.parse = (input) => {
        const { no_such_setting: _ignored, ...known } = input as { no_such_setting?: unknown }
        return config.parse(known)
      }
      return withConnector(harness, { config: { ...config, parse } })
    },
  },
  {
    title: 'tells one problem at a time',
    finds: ['D2'],
    complaint: /no word about/,
    plant(harness) {
      const { config } = harness.connector
      const parse: typeof config.parse = (input) => {
        const parsed = config.parse(input)
        return parsed.ok ? parsed : { ...parsed, problems: parsed.problems.slice(0, 1) }
      }
      return withConnector(harness, { config: { ...config, parse } })
    },
  },
  {
    title: 'names the password in its errors',
    finds: ['D3'],
    complaint: /names a secret/,
    plant(harness) {
      const { connect, config: spec } = harness.connector
      return withConnector(harness, {
        connect: (config, http, signal) =>
          connect(config, http, signal).catch((error: Error) => {
            const secrets = spec.secretFields.map((field) => config[field])
            throw error instanceof AuthError ? new AuthError(`${error.message} (tried ${secrets})`) : error
          }),
      })
    },
  },
  {
    title: 'shows secrets among its settings',
    finds: ['D3'],
    complaint: /still hold a secret/,
    plant(harness) {
      const { config } = harness.connector
      return withConnector(harness, { config: { ...config, redact: (input) => input as never } })
    },
  },
  {
    title: 'does not document a stream',
    finds: ['D4'],
    complaint: /says nothing of/,
    plant(harness) {
      const [stream] = Object.keys(harness.connector.streams)
      return { ...harness, readme: harness.readme.replaceAll(`\`${stream}\``, 'this and that') }
    },
  },
  {
    title: 'takes a wrong password for a broken line',
    finds: ['C1'],
    complaint: /is no AuthError/,
    plant(harness) {
      const { connect } = harness.connector
      return withConnector(harness, {
        connect: (config, http, signal) =>
          connect(config, http, signal).catch((error: Error) => {
            throw error instanceof AuthError ? new RetryableError(error.message) : error
          }),
      })
    },
  },
  {
    title: 'logs in twice where once is enough',
    finds: ['C2'],
    complaint: /\d+ logins for one expired session/,
    plant: (harness) =>
      withHttp(harness, (http) => async (request) => {
        if (harness.isLogin({ body: String(request.body ?? '') })) await http.request(request)
        return http.request(request)
      }),
  },
  {
    title: 'never renews its session',
    finds: ['C2'],
    complaint: /./,
    plant: (harness) =>
      withHttp(harness, (http) => {
        let logins = 0
        return (request) => {
          if (harness.isLogin({ body: String(request.body ?? '') }) && ++logins > 1)
            throw new AuthError('the session has ended')
          return http.request(request)
        }
      }),
  },
  {
    title: 'takes refused credentials for an empty source',
    finds: ['C3'],
    complaint: /with the old password: null/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            try {
              yield* read(session, range, signal)
            } catch (error) {
              if (!(error instanceof AuthError) || error.streamOnly) throw error
            }
          },
      ),
  },
  {
    title: 'ignores an abort',
    finds: ['C4'],
    complaint: /timed out|more than a second|still open|complete/,
    plant: (harness) => withRead(harness, (read) => (session, range) => read(session, range, never())),
  },
  {
    title: 'starts over when resumed',
    finds: ['R1'],
    complaint: /other records than the first time/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            // a corrupt cursor is still refused
            if (range.cursor !== null) for await (const _ of read(session, range, signal)) break
            yield* read(session, { ...range, cursor: null }, signal)
          },
      ),
  },
  {
    title: 'skips a record where it goes on',
    finds: ['R1'],
    complaint: /other records than the first time/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            let first = range.cursor !== null
            for await (const page of read(session, range, signal)) {
              yield first ? { ...page, records: page.records.slice(1) } : page
              first = false
            }
          },
      ),
  },
  {
    title: 'takes a record with the timestamp of the last one for known',
    finds: ['R2'],
    complaint: /^Error: lost: /,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            let last = Number.NaN
            for await (const page of read(session, range, signal)) {
              const isTie = ({ version }: RawRecord) => range.mode === 'incremental' && version === last
              yield { ...page, records: page.records.filter((record) => !isTie(record)) }
              last = page.records.at(-1)?.version ?? last
            }
          },
      ),
  },
  {
    title: 'delivers records as it saw them first',
    finds: ['R3'],
    complaint: /is not in/,
    plant(harness) {
      const seen = new WeakMap<object, Map<string, JsonObject>>()
      return withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            const mine = seen.get(session as object) ?? new Map<string, JsonObject>()
            seen.set(session as object, mine)
            for await (const page of read(session, range, signal))
              yield {
                ...page,
                records: page.records.map((record) => {
                  const key = keyText(record)
                  const payload = mine.get(key) ?? record.payload
                  mine.set(key, payload)
                  return { ...record, payload }
                }),
              }
          },
      )
    },
  },
  {
    title: 'ignores a corrupt cursor',
    finds: ['R4'],
    complaint: /was taken/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            try {
              yield* read(session, range, signal)
            } catch (error) {
              if (!(error instanceof CorruptCursorError)) throw error
              yield* read(session, { ...range, cursor: null }, signal)
            }
          },
      ),
  },
  {
    title: 'takes a failed list for a complete one',
    finds: ['R5'],
    complaint: /the list ended normally/,
    plant: (harness) =>
      withStreams(harness, ({ listKeys }) =>
        listKeys === undefined
          ? {}
          : {
              async *listKeys(session, signal) {
                try {
                  yield* listKeys(session, signal)
                } catch {
                  // as far as it came
                }
              },
            },
      ),
  },
  {
    title: 'lists what was deleted',
    finds: ['R5'],
    complaint: /was deleted and is listed/,
    plant(harness) {
      const known = new WeakMap<object, Set<string | readonly string[]>>()
      return withStreams(harness, ({ listKeys }) =>
        listKeys === undefined
          ? {}
          : {
              async *listKeys(session, signal) {
                const mine = known.get(session as object) ?? new Set<string | readonly string[]>()
                known.set(session as object, mine)
                yield [...mine]
                for await (const keys of listKeys(session, signal)) {
                  for (const key of keys) mine.add(key)
                  yield keys
                }
              },
            },
      )
    },
  },
  {
    title: 'asks our own clock',
    finds: ['R6'],
    complaint: /is not the system's time/,
    plant: (harness) => withConnector(harness, { clock: async () => Date.now() }),
  },
  {
    title: 'reads ahead',
    finds: ['R7'],
    complaint: /nobody asked for|half of all has been read/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            const pages: Page[] = []
            for await (const page of read(session, range, signal)) pages.push(page)
            yield* pages
          },
      ),
  },
  {
    title: 'stops at 5,000 records',
    finds: ['R8'],
    complaint: /of more than 10,000/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            let count = 0
            for await (const page of read(session, range, signal)) {
              yield page
              count += page.records.length
              if (count >= 5000) return
            }
          },
      ),
  },
  {
    title: 'fails on an empty source',
    finds: ['R8'],
    complaint: /nothing there/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            let isEmpty = true
            for await (const page of read(session, range, signal)) {
              isEmpty = false
              yield page
            }
            if (isEmpty && range.mode === 'snapshot' && range.cursor === null) throw new RetryableError('nothing there')
          },
      ),
  },
  {
    title: 'gives up at an unreadable record',
    finds: ['R9'],
    complaint: /cannot be read/,
    plant: (harness) =>
      withPages(harness, (page) => {
        if (page.undecodable !== undefined) throw new RetryableError('a record cannot be read')
        return page
      }),
  },
  {
    title: 'drops an unreadable record silently',
    finds: ['R9'],
    complaint: /was not reported/,
    plant: (harness) => withPages(harness, ({ undecodable: _dropped, ...page }) => page),
  },
  {
    title: 'asks for the time while mapping',
    finds: ['M1'],
    complaint: /asked for the time/,
    plant: (harness) =>
      withMapping(harness, (unified) => {
        Date.now()
        return unified
      }),
  },
  {
    title: 'writes to the payload while mapping',
    finds: ['M1'],
    complaint: /./,
    plant: (harness) =>
      withMapping(harness, (unified, payload) => {
        delete (payload as { [name: string]: Json })['brand_new_field']
        ;(payload as { [name: string]: Json })['mapped'] = true
        return unified
      }),
  },
  {
    title: 'gives a number for a text',
    finds: ['M2'],
    complaint: /./,
    plant: (harness) => withMapping(harness, (unified) => ({ ...unified, organization: 17 })),
  },
  {
    title: 'computes amounts in floats',
    finds: ['M3'],
    complaint: /is not in/,
    plant: (harness) => withMapping(harness, (unified) => floated(unified) as JsonObject),
  },
  {
    title: 'adds the mode of reading to the payload',
    finds: ['M4'],
    complaint: /differs/,
    plant: (harness) =>
      withPages(harness, (page, { mode }) => ({
        ...page,
        records: page.records.map((record) => ({ ...record, payload: { ...record.payload, mode } })),
      })),
  },
  {
    title: 'throws at a value that it does not know',
    finds: ['M5'],
    complaint: /unknown value/,
    plant: (harness) =>
      withMapping(harness, (unified, payload) => {
        if (JSON.stringify(payload).includes('never_seen')) throw new TypeError('unknown value')
        return unified
      }),
  },
  {
    title: 'throws what is none of the five failures',
    finds: ['T1'],
    complaint: /told as a bug/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            try {
              yield* read(session, range, signal)
            } catch (error) {
              throw isRefused(error) ? new Error((error as Failure).message) : error
            }
          },
      ),
  },
  {
    title: 'takes a refusal for the end of the list',
    finds: ['T2', 'T1'],
    complaint: /waited in vain until a failure is logged/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            try {
              yield* read(session, range, signal)
            } catch (error) {
              if (!isRefused(error)) throw error
            }
          },
      ),
  },
]

const single = (amount: string): string => {
  const held = Math.fround(Number(amount))
  return held === Number(amount) ? amount : held.toFixed(9)
}

/** Amounts as a float holds them, printed again. */
function floated(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(floated)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      typeof each === 'string' && /_amount|_cost|quantity/.test(name) && /^\d+(\.\d+)?$/.test(each)
        ? single(each)
        : floated(each),
    ]),
  )
}
