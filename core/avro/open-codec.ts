import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { ALL_SCHEMAS, type Codec, createCodec, type SchemaName } from './codec.ts'
import { RegistryUnavailableError } from './errors.ts'
import { createRegistration } from './registration.ts'
import { createRegistryHttp, type RegistryHttp } from './registry-http.ts'
import { type Subject, subjectsOf } from './subjects.ts'
import { createWriters, type Writers } from './writers.ts'

export interface CodecOptions {
  /** Confluent-compatible API, e.g. `http://registry:8081` or `https://user:password@host/apis/ccompat/v7`. */
  readonly registryUrl: string
  /** Prefix of the installation's topics. */
  readonly prefix: string
  /** True: register what is missing. False: every schema must be there already. */
  readonly register: boolean
  /** Told each time that `learn` found the registry down and will ask again. */
  readonly onWaiting?: (error: RegistryUnavailableError) => void
}

/** Requests to the registry at once. */
const LANES = 6
const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 10_000

/**
 * Registers or looks up every schema, reads the earlier versions of each, and proves the framing. Throws
 * SchemaRefusedError (an operator has to act) or RegistryUnavailableError.
 */
export async function openCodec(options: CodecOptions): Promise<Codec> {
  const http = createRegistryHttp(options.registryUrl)
  const registration = createRegistration(http)
  const subjects = subjectsOf(options.prefix)
  const ids = new Map<SchemaName, number>()
  await inLanes(subjects, async (subject) => {
    const schema = ALL_SCHEMAS[subject.schema]
    const id = await (options.register ? registration.register(subject, schema) : registration.lookUp(subject, schema))
    // The same text has the same id under every subject; should a registry see that otherwise, the first one is used.
    if (!ids.has(subject.schema)) ids.set(subject.schema, id)
  })

  const writers = createWriters()
  await inLanes(firstOfEach(subjects), (subject) => readVersions(http, writers, subject, ids.get(subject.schema)))
  const codec = createCodec((name) => ids.get(name) as number, writers, createLearner(http, writers, options.onWaiting))
  await proveFraming(codec, registration.decode, http.url)
  return codec
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (const item of rest) await work(item)
    }),
  )
}

function firstOfEach(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.toReversed().map((subject) => [subject.schema, subject])).values()]
}

/** Old records are decoded without asking again; our own id must be among those that the registry lists. */
async function readVersions(
  http: RegistryHttp,
  writers: Writers,
  subject: Subject,
  own: number | undefined,
): Promise<void> {
  const versions = await http.versionsOf(subject.name)
  for (const { id, schema } of versions) writers.add(id, JSON.parse(schema))
  if (own !== undefined && !writers.has(own)) {
    throw new RegistryUnavailableError(
      `the schema registry at ${http.url} gave the id ${own} to the schema of ${subject.name}, but lists ` +
        `${versions.map(({ id }) => id).join(', ')}: it must use one kind of id everywhere (Apicurio: content ids)`,
    )
  }
}

function createLearner(http: RegistryHttp, writers: Writers, onWaiting: CodecOptions['onWaiting']) {
  const underWay = new Map<number, Promise<void>>()

  async function fetchOnce(schemaId: number): Promise<void> {
    const text = await http.schemaOf(schemaId)
    try {
      writers.add(schemaId, text === null ? null : JSON.parse(text))
    } catch {
      // JSON Schema or Protobuf: a record of somebody else.
      writers.add(schemaId, null)
    }
  }

  function shared(schemaId: number): Promise<void> {
    let request = underWay.get(schemaId)
    if (request === undefined) {
      request = fetchOnce(schemaId).finally(() => underWay.delete(schemaId))
      underWay.set(schemaId, request)
    }
    return request
  }

  return async (schemaId: number, signal: AbortSignal | undefined): Promise<void> => {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      signal?.throwIfAborted()
      if (writers.has(schemaId)) return
      try {
        return await shared(schemaId)
      } catch (error) {
        if (signal === undefined || !(error instanceof RegistryUnavailableError)) throw error
        onWaiting?.(error)
      }
      await delay(wait, undefined, { signal })
    }
  }
}

/** One record through the standard client: magic byte, four bytes of id, our body. */
async function proveFraming(codec: Codec, decode: (value: Buffer) => Promise<unknown>, url: string): Promise<void> {
  const probe = { topic: 'self-test', partition: 0, offset: 1, error: '', kind: '', service: 'codec', at: 1 }
  const nothing = { key: null, value: null, connection_id: null, run_id: null, request_id: null }
  let read: unknown
  try {
    read = await decode(codec.deadLetter.encode({ ...probe, ...nothing }))
  } catch (cause) {
    throw new RegistryUnavailableError(`the schema registry at ${url} does not give back a schema by its id`, { cause })
  }
  if (!isDeepStrictEqual({ ...(read as object) }, { ...probe, ...nothing })) {
    throw new RegistryUnavailableError(`the schema registry at ${url} gives back another schema than was registered`)
  }
}
