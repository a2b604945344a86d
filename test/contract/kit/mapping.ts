import { type EntityName, createLocalCodec, type JsonObject, unifiedId } from '../../../core/index.ts'
import {
  frozen,
  type Harness,
  incrementRange,
  keyText,
  never,
  open,
  readAll,
  snapshotRange,
  streamOf,
} from './harness.ts'
import { must, type StreamRule, worldOf } from './rules.ts'

async function someRecords(harness: Harness, entity: EntityName) {
  await worldOf(harness, entity).add(3)
  const { session } = await open(harness)
  const stream = streamOf(harness, entity)
  return { stream, session, records: await readAll(stream, session, snapshotRange(await harness.systemTime(), 500)) }
}

/** Runs with the network, the clock and chance out of reach. */
function poisoned<T>(work: () => T): T {
  const refuse = (what: string) => () => {
    throw new Error(`a mapping asked for ${what}`)
  }
  const real = { fetch: globalThis.fetch, now: Date.now, random: Math.random }
  globalThis.fetch = refuse('the network') as never
  Date.now = refuse('the time')
  Math.random = refuse('chance')
  try {
    return work()
  } finally {
    globalThis.fetch = real.fetch
    Date.now = real.now
    Math.random = real.random
  }
}

export const MAPPING_RULES: readonly StreamRule[] = [
  {
    id: 'M1',
    statement: 'the mapping is deterministic, does no I/O and leaves its input alone',
    async check(harness, entity) {
      const { stream, records } = await someRecords(harness, entity)
      for (const record of records) {
        const map = () => JSON.stringify(stream.toUnified(frozen(record.payload), harness.mapping, keyText(record)))
        must(poisoned(map) === poisoned(map), `${keyText(record)}: two results for one record`)
      }
    },
  },
  {
    id: 'M2',
    statement: 'what the mapping gives is valid for the Avro schema',
    async check(harness, entity) {
      const { stream, records } = await someRecords(harness, entity)
      const codec = createLocalCodec()
      const { connectionId, system } = harness.mapping
      for (const record of records) {
        const key = keyText(record)
        const unified = {
          ...stream.toUnified(record.payload, harness.mapping, key),
          id: unifiedId(connectionId, entity, record.key),
          connection_id: connectionId,
          system,
          source_id: key,
          deleted_at: null,
          raw: null,
          mapping_version: `${system}/${entity}@${stream.mappingVersion}`,
          source_version: record.version,
          origin: 'SNAPSHOT',
          synced_at: 0,
        }
        const { value } = codec.unified(entity).encode({ ...unified, version: unified.version ?? '' } as never)
        const decoded = codec.unified(entity).decode(value) as unknown as { [field: string]: unknown }
        // digits beyond the schema's are kept beside it
        const { _exact = {}, ...custom } = JSON.parse(String(decoded['custom_fields'] ?? '{}')) as { _exact?: object }
        const restored: { [field: string]: unknown } = { ...decoded, ..._exact }
        if (Object.keys(_exact).length > 0)
          restored['custom_fields'] = Object.keys(custom).length === 0 ? null : JSON.stringify(custom)
        for (const [field, wanted] of Object.entries(unified))
          if (field !== 'version')
            must(JSON.stringify(restored[field]) === JSON.stringify(wanted), `${key}.${field} came back different`)
      }
    },
  },
  {
    id: 'M3',
    statement: 'money and quantities are exact texts, never floats',
    async check(harness, entity) {
      const { stream, session, records } = await someRecords(harness, entity)
      const numeric = /(_amount|_price|_cost|^quantity|_quantity)/
      const look = (value: unknown, path: string): void => {
        if (Array.isArray(value)) return value.forEach((each, at) => look(each, `${path}[${at}]`))
        if (typeof value === 'object' && value !== null)
          for (const [field, each] of Object.entries(value)) {
            if (numeric.test(field) && each !== null)
              must(
                typeof each === 'string' && /^-?\d+(\.\d+)?$/.test(each),
                `${path}.${field} is ${JSON.stringify(each)}`,
              )
            look(each, `${path}.${field}`)
          }
      }
      for (const record of records)
        look(stream.toUnified(record.payload, harness.mapping, keyText(record)), keyText(record))
      const exact = await worldOf(harness, entity).exact?.()
      if (exact === undefined) return
      const record = await stream.readOne(session, exact.key, never())
      const text = JSON.stringify(stream.toUnified(record?.payload ?? {}, harness.mapping, exact.key))
      for (const shown of exact.shows) must(text.includes(shown), `${exact.key}: ${shown} is not in ${text}`)
    },
  },
  {
    id: 'M4',
    statement: 'snapshot, increment and single read of one record are the same bytes',
    async check(harness, entity) {
      const stream = streamOf(harness, entity)
      const { session } = await open(harness)
      const since = await harness.systemTime()
      const keys = await worldOf(harness, entity).add(3)
      const until = await harness.systemTime()
      const find = (records: readonly { key: string | readonly string[] }[], key: string) =>
        JSON.stringify(records.find((record) => keyText(record) === key))
      const whole = await readAll(stream, session, snapshotRange(until, 500))
      const increment = await readAll(stream, session, incrementRange(since, until, 500))
      for (const key of keys) {
        const one = JSON.stringify(await stream.readOne(session, key, never()))
        must(find(whole, key) === one, `${key}: the snapshot differs from the single read`)
        must(find(increment, key) === one, `${key}: the increment differs from the single read`)
      }
    },
  },
  {
    id: 'M5',
    statement: 'values and fields nobody knew do not break the mapping',
    async check(harness, entity) {
      const { stream, records } = await someRecords(harness, entity)
      for (const record of records.slice(0, 20)) {
        const strange = strangeCopy(record.payload, harness.vocabularies ?? VOCABULARIES) as JsonObject
        const unified = stream.toUnified(strange, harness.mapping, keyText(record))
        must(typeof unified.display_name === 'string', 'no display name')
      }
    },
  },
]

const VOCABULARIES = /^(type|state|.*_state|kind|status)$/

/** Every vocabulary value replaced by one that nobody knows, and fields added everywhere. */
function strangeCopy(value: unknown, vocabularies: RegExp): unknown {
  if (Array.isArray(value)) return value.map((each) => strangeCopy(each, vocabularies))
  if (typeof value !== 'object' || value === null) return value
  return {
    ...Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name,
        vocabularies.test(name) && typeof each === 'string' && name !== '__class__'
          ? 'never_seen'
          : strangeCopy(each, vocabularies),
      ]),
    ),
    brand_new_field: { deep: [1, 2, 3] },
  }
}
