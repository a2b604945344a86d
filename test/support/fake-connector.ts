import {
  type AnyConnector,
  AuthError,
  type Cursor,
  CorruptCursorError,
  defineConnector,
  type EntityName,
  type JsonObject,
  type Page,
  type RawRecord,
  type ReadRange,
  RateLimitedError,
  RetryableError,
  type Webhook,
} from '../../core/index.ts'

/**
 * A system in memory, and a connector for it: records that change, ties, deletions, and every fault a real one has.
 * Its time moves with `now` (by default the test's clock); versions are modification times.
 */
export interface FakeSystem {
  readonly connector: AnyConnector
  /** Creates or changes a record, stamped now (or `at`). */
  put(entity: EntityName, key: string, payload: JsonObject, at?: number): void
  /** `count` records `<prefix><n>`, stamped `at`. */
  seed(entity: EntityName, count: number, at: number, prefix?: string): void
  /** Removes it; `reported` streams deliver the deletion, the others forget it. */
  remove(entity: EntityName, key: string): void
  records(entity: EntityName): ReadonlyMap<string, FakeRecord>
  /** Every page that was asked for, in order. */
  readonly requests: FakeRequest[]
  readonly faults: FakeFaults
}

export interface FakeRecord {
  readonly key: string
  readonly modifiedAt: number
  readonly deleted: boolean
  readonly payload: JsonObject
}

export interface FakeRequest {
  readonly entity: EntityName
  readonly what: 'snapshot' | 'incremental' | 'keys' | 'one'
  /** Cursor asked with, as JSON; '' for keys; the key for one record. */
  readonly cursor: string
}

/** Set these to make the system misbehave; each is called for each page (keys: page number) and may throw or wait. */
export interface FakeFaults {
  /** Called at `connect`. */
  connect: ((config: unknown) => void | Promise<void>) | null
  /** Called before one record, by its key, is answered. */
  one: ((key: string, signal: AbortSignal) => void | Promise<void>) | null
  /** Called before a page is answered. */
  page: ((request: FakeRequest, signal: AbortSignal) => void | Promise<void>) | null
  /** Called with each finished page; what it returns is answered instead. */
  answer: ((request: FakeRequest, page: Page) => Page) | null
  /** Answered by listKeys instead of the real list. */
  keys: readonly string[] | null
}

export interface FakeOptions {
  readonly now: () => number
  readonly id?: string
  readonly streams?: {
    readonly [E in EntityName]?: {
      readonly changes?: 'incremental' | 'full-scan'
      readonly deletes?: 'reported' | 'by-absence' | 'invisible'
    }
  }
  /** The system's clock is ahead of ours by this, ms. */
  readonly skewMs?: number
  readonly webhook?: Webhook<object>
}

interface FakeCursor {
  readonly at: number
  readonly key: string
}

export function createFakeSystem(options: FakeOptions): FakeSystem {
  const { now, id = 'fake', streams = { vendor: {} }, skewMs = 0 } = options
  const systemNow = () => now() + skewMs
  const tables = new Map<EntityName, Map<string, FakeRecord>>()
  const requests: FakeRequest[] = []
  const faults: FakeFaults = { connect: null, one: null, page: null, answer: null, keys: null }
  const table = (entity: EntityName) => {
    let found = tables.get(entity)
    if (found === undefined) tables.set(entity, (found = new Map()))
    return found
  }

  async function* read(entity: EntityName, range: ReadRange, signal: AbortSignal, reported: boolean) {
    let cursor = checkCursor(range.cursor)
    for (;;) {
      const request: FakeRequest = { entity, what: range.mode, cursor: JSON.stringify(cursor) }
      requests.push(request)
      signal.throwIfAborted()
      await faults.page?.(request, signal)
      const from = cursor
      const wanted = [...table(entity).values()]
        .filter((record) => reported || !record.deleted)
        .filter((record) => range.since === null || record.modifiedAt >= range.since)
        .filter((record) => record.modifiedAt < range.until || range.mode === 'snapshot')
        .sort((a, b) => a.modifiedAt - b.modifiedAt || (a.key < b.key ? -1 : 1))
      const rest = wanted.filter(
        (record) =>
          from === null || record.modifiedAt > from.at || (record.modifiedAt === from.at && record.key > from.key),
      )
      const records = rest.slice(0, range.pageSize)
      const last = records.at(-1)
      if (last !== undefined) cursor = { at: last.modifiedAt, key: last.key }
      const page: Page = {
        records: records.map(rawOf),
        cursor: (cursor ?? { at: -1, key: '' }) as unknown as Cursor,
        total: wanted.length,
      }
      const answer = faults.answer?.(request, page) ?? page
      if (answer.records.length > 0 || answer !== page || (answer.undecodable?.length ?? 0) > 0) yield answer
      if (answer === page && rest.length <= range.pageSize) return
    }
  }

  async function* listKeys(entity: EntityName, signal: AbortSignal) {
    const keys = faults.keys ?? [...table(entity).values()].filter(({ deleted }) => !deleted).map(({ key }) => key)
    for (let at = 0; at < Math.max(1, keys.length); at += 100) {
      const request: FakeRequest = { entity, what: 'keys', cursor: String(at / 100) }
      requests.push(request)
      signal.throwIfAborted()
      await faults.page?.(request, signal)
      yield keys.slice(at, at + 100)
    }
  }

  const connector = defineConnector<unknown, object>({
    id,
    title: 'A system in memory',
    config: undefined as never,
    async connect(config) {
      await faults.connect?.(config)
      return {}
    },
    clock: async () => systemNow(),
    ...(options.webhook === undefined ? {} : { webhook: options.webhook }),
    streams: Object.fromEntries(
      Object.entries(streams).map(([name, traits]) => {
        const entity = name as EntityName
        const deletes = traits.deletes ?? 'reported'
        return [
          entity,
          {
            entity,
            changes: traits.changes ?? 'incremental',
            deletes,
            mappingVersion: 1,
            read: (_session: object, range: ReadRange, signal: AbortSignal) =>
              read(entity, range, signal, deletes === 'reported'),
            ...(deletes === 'by-absence'
              ? { listKeys: (_session: object, signal: AbortSignal) => listKeys(entity, signal) }
              : {}),
            async readOne(_session: object, key: string, signal: AbortSignal): Promise<RawRecord | null> {
              requests.push({ entity, what: 'one', cursor: key })
              await faults.one?.(key, signal)
              const record = table(entity).get(key)
              return record === undefined || record.deleted ? null : rawOf(record)
            },
            toUnified: () => {
              throw new Error('the fake has no mapping')
            },
          },
        ]
      }),
    ),
  })

  return {
    connector,
    requests,
    faults,
    put: (entity, key, payload, at = systemNow()) =>
      void table(entity).set(key, { key, payload, modifiedAt: at, deleted: false }),
    seed(entity, count, at, prefix = '') {
      for (let i = 0; i < count; i++) {
        const key = `${prefix}${String(i).padStart(6, '0')}`
        table(entity).set(key, { key, payload: { name: `record ${key}` }, modifiedAt: at, deleted: false })
      }
    },
    remove(entity, key) {
      const record = table(entity).get(key)
      if (record !== undefined) table(entity).set(key, { ...record, deleted: true, modifiedAt: systemNow() })
    },
    records: (entity) => table(entity),
  }
}

const rawOf = (record: FakeRecord): RawRecord => ({
  key: record.key,
  version: record.modifiedAt,
  modifiedAt: record.modifiedAt,
  payload: record.deleted ? {} : record.payload,
  ...(record.deleted ? { deleted: true } : {}),
})

function checkCursor(cursor: Cursor | null): FakeCursor | null {
  if (cursor === null) return null
  if (typeof cursor.at !== 'number' || typeof cursor.key !== 'string')
    throw new CorruptCursorError(`not a cursor of this system: ${JSON.stringify(cursor)}`)
  return { at: cursor.at, key: cursor.key }
}

/** Ready faults: `faults.page = failing('http 500', 3)` fails three times, then works. */
export function failing(
  kind: 'retryable' | 'rate-limited' | 'auth' | 'stream-auth' | 'bug',
  times = Number.POSITIVE_INFINITY,
) {
  let left = times
  return () => {
    if (left-- <= 0) return
    switch (kind) {
      case 'retryable':
        throw new RetryableError('reading vendors: HTTP 500', { status: 500, requestId: 'req-500' })
      case 'rate-limited':
        throw new RateLimitedError('reading vendors: HTTP 429', 60_000, { status: 429 })
      case 'auth':
        throw new AuthError('the password is not accepted: set a new one')
      case 'stream-auth':
        throw new AuthError('the role lacks read access to vendors', { streamOnly: true })
      default:
        throw new TypeError('undefined is not a function')
    }
  }
}
