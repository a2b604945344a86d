import {
  type AnyConnector,
  AuthError,
  ConflictError,
  type Issue,
  type JsonObject,
  type ManualClock,
  OutcomeUnknownError,
  RateLimitedError,
  RejectedError,
  RetryableError,
  type WriteOperation,
  type WriteOutcome,
  type WriteRequest,
} from '../../../../core/index.ts'

/** What happens to one call that writes. */
export type Fault =
  | 'ok'
  | 'slow'
  /** Applied, and the answer is lost. */
  | 'apply-then-cut'
  /** Lost on the way, and nobody knows. */
  | 'cut-before'
  /** Applied a minute after the connection was cut. */
  | 'cut-then-apply'
  | 'unreachable'
  | 'rate-limited'
  | 'refuse'
  | 'auth'
  | 'bug'

export interface Stored {
  readonly id: string
  readonly anchor: string
  version: number
  status: string
  notes: string | null
  vendor: string | null
  /** Commands that created it: more than one entry in `records` with the same anchor is a double write. */
}

export interface FakeSystem {
  readonly connector: AnyConnector
  readonly records: Map<string, Stored>
  /** Every call, in order: `create T…`, `find T…`. */
  readonly calls: string[]
  /** Faults of the next writing calls; afterwards `ok`. */
  readonly faults: Fault[]
  /** Every call that wrote, by anchor. */
  readonly applied: Map<string, number>
  /** Latency of a call, ms. */
  latencyMs: number
  /** Calls under way, and the most there ever were. */
  busy: number
  mostBusy: number
  up: boolean
  credentials: boolean
  /** What `find` answers where it cannot know. */
  blind: boolean
  readable: boolean
  /** What was written is not shown yet. */
  hidden: boolean
  unified: (payload: JsonObject) => object
  /** Changes what the connector says of a creation. */
  answer: (outcome: WriteOutcome) => WriteOutcome
  /** Characters added to what is read. */
  enlarge: number
}

const ANCHOR = 12
const FIELDS = {
  purchase_order: (path: string) => !/kind|quantity$|_location_id/.test(path),
  vendor: (path: string) => ['name', 'notes'].includes(path),
  inventory_movement: (path: string) => /^kind|item_id|quantity$|_location_id/.test(path),
}
export const RATE_LIMIT_MS = 7_000

export function createFakeSystem(clock: ManualClock): FakeSystem {
  let next = 4_500_000_000

  async function through<T>(write: () => T): Promise<T> {
    const fault = system.faults.shift() ?? 'ok'
    await clock.sleep(fault === 'slow' ? 20_000 : system.latencyMs)
    if (!system.up || fault === 'unreachable') throw new RetryableError('connection refused')
    if (!system.credentials || fault === 'auth') throw new AuthError('the password is wrong', { status: 401 })
    if (fault === 'rate-limited') throw new RateLimitedError('slow down', RATE_LIMIT_MS, { status: 429 })
    if (fault === 'bug') throw new TypeError('undefined is not a function')
    if (fault === 'refuse')
      throw new RejectedError('refused', [
        {
          field: 'lines[0].unit_price',
          code: 'INVALID_VALUE',
          message: 'price refused',
          vendorCode: 'ME/083',
          vendorMessage: 'Enter Net Price',
          nativeField: 'NetPriceAmount',
        },
      ])
    if (fault === 'cut-before') throw new OutcomeUnknownError('reset')
    if (fault === 'cut-then-apply') {
      clock.after(60_000, () => write())
      throw new OutcomeUnknownError('time-out')
    }
    const done = write()
    if (fault === 'apply-then-cut') throw new OutcomeUnknownError('reset')
    return done
  }

  async function call<T>(name: string, work: () => Promise<T>): Promise<T> {
    system.calls.push(name)
    system.busy++
    system.mostBusy = Math.max(system.mostBusy, system.busy)
    try {
      return await work()
    } finally {
      system.busy--
    }
  }

  const count = (anchor: string) => system.applied.set(anchor, (system.applied.get(anchor) ?? 0) + 1)
  const byAnchor = (anchor: string) => [...system.records.values()].find((record) => record.anchor === anchor)
  const of = (request: WriteRequest): Stored => {
    const record = system.records.get(request.target ?? '')
    if (record === undefined)
      throw new RejectedError('gone', [{ field: null, code: 'NOT_FOUND', message: 'no such order' }])
    return record
  }
  const check = (request: WriteRequest, record: Stored) => {
    const version = `ts:${record.version}`
    if (request.expectedVersion?.startsWith('ts:') === true && request.expectedVersion !== version)
      throw new ConflictError('changed meanwhile', version)
  }
  const payloadOf = (request: WriteRequest) => request.payload as unknown as { [field: string]: unknown }
  const outcome = (record: Stored, request: WriteRequest, replay = false): WriteOutcome =>
    system.answer({
      target: record.id,
      replay,
      lines: ((payloadOf(request)?.lines ?? []) as { line_ref: string | null }[]).map(({ line_ref }, at) => ({
        lineRef: line_ref,
        lineKey: `${record.id}|${10 * (at + 1)}`,
        lineNumber: String(10 * (at + 1)),
      })),
      warnings: [] as Issue[],
      httpStatus: 201,
    })

  type Op = WriteOperation<null>
  function creation(entity: 'purchase_order' | 'vendor' | 'inventory_movement', anchor: Op['anchor']): Op {
    return {
      entity,
      operation: 'CREATE',
      anchor,
      conflicts: 'none',
      atomic: true,
      fields: [
        { path: 'vendor_id', on: ['CREATE'], reference: 'vendor', required: true, source: 'test' },
        { path: 'currency', on: ['CREATE'], maxLength: 3, required: true, default: 'currency', source: 'test' },
        { path: 'name', on: ['CREATE'], maxLength: 10, source: 'test' },
        { path: 'notes', on: ['CREATE'], source: 'test' },
        { path: 'lines[].item_id', on: ['CREATE'], reference: 'item', source: 'test' },
        { path: 'lines[].description', on: ['CREATE'], source: 'test' },
        { path: 'lines[].quantity_ordered', on: ['CREATE'], scale: 3, source: 'test' },
        { path: 'lines[].unit_price', on: ['CREATE'], scale: 2, source: 'test' },
        { path: 'kind', on: ['CREATE'], source: 'test' },
        { path: 'lines[].quantity', on: ['CREATE'], source: 'test' },
        { path: 'lines[].from_location_id', on: ['CREATE'], reference: 'location', source: 'test' },
        { path: 'lines[].to_location_id', on: ['CREATE'], reference: 'location', source: 'test' },
      ].filter(({ path }) => FIELDS[entity](path)) as Op['fields'],
      execute: (_session, request) =>
        call(`create ${request.commandId}`, () =>
          through(() => {
            const token = request.token(ANCHOR)
            count(token)
            const payload = payloadOf(request)
            const record: Stored = {
              id: String(next++),
              anchor: token,
              version: 1,
              status: 'DRAFT',
              notes: (payload.notes as string | null) ?? null,
              vendor: (payload.vendor_id as string | null) ?? null,
            }
            system.records.set(record.id, record)
            return outcome(record, request)
          }),
        ),
      find: (_session, request) =>
        call(`find ${request.commandId}`, async () => {
          await clock.sleep(system.latencyMs)
          if (!system.up) throw new RetryableError('connection refused')
          if (system.blind || anchor === 'none') return 'unknown'
          const record = byAnchor(request.token(ANCHOR))
          return record === undefined ? 'not-applied' : outcome(record, request)
        }),
    }
  }

  function change(operation: 'UPDATE' | 'SET_STATUS', field: 'notes' | 'status'): Op {
    return {
      entity: 'purchase_order',
      operation,
      anchor: 'absolute',
      conflicts: 'compare',
      atomic: true,
      fields: [{ path: field, on: [operation], source: 'test' }],
      ...(operation === 'SET_STATUS'
        ? { transitions: [{ from: 'DRAFT', to: 'CANCELED', native: 'cancel' }] }
        : {
            plan: async (_session: null, request: WriteRequest): Promise<JsonObject> => {
              system.calls.push(`plan ${request.commandId}`)
              return { before: system.records.get(request.target ?? '')?.version ?? 0 }
            },
          }),
      execute: (_session, request) =>
        call(`${operation.toLowerCase()} ${request.commandId} ${JSON.stringify(request.plan)}`, () =>
          through(() => {
            const record = of(request)
            check(request, record)
            count(request.token(ANCHOR))
            record[field] = payloadOf(request)[field] as string
            record.version++
            return outcome(record, request)
          }),
        ),
      find: (_session, request) =>
        call(`find ${request.commandId}`, async () => {
          await clock.sleep(system.latencyMs)
          if (!system.up) throw new RetryableError('connection refused')
          const record = of(request)
          return record[field] === payloadOf(request)[field] ? outcome(record, request) : 'not-applied'
        }),
    }
  }

  /** Made, planned, released: one call each, and what an earlier attempt left is taken on. */
  const PATH = ['create', 'plan', 'release'] as const
  const steps = (names: readonly string[], sourceId: string) =>
    names.map((name) => ({ name, outcome: 'APPLIED' as const, sourceId }))
  const inSteps: Op = {
    entity: 'work_order',
    operation: 'CREATE',
    anchor: 'searchable',
    conflicts: 'none',
    atomic: false,
    fields: [{ path: 'title', on: ['CREATE'], source: 'test' }],
    async execute(_session, request) {
      const anchor = request.token(ANCHOR)
      let record = request.steps.length === 0 ? undefined : byAnchor(anchor)
      const names: string[] = []
      for (const name of PATH.filter((name) => !request.steps.some((step) => step.name === name))) {
        record = await call(`${name} ${request.commandId}`, () =>
          through(() => {
            count(anchor)
            const id = record?.id ?? String(next++)
            const { status = '' } = record ?? {}
            const made = { id, anchor, version: 1, notes: null, vendor: null, status: `${status}${name} ` }
            system.records.set(id, made)
            return made
          }),
        )
        names.push(name)
        await request.finished(name, record.id)
      }
      return { target: record?.id ?? '', replay: false, steps: steps(names, record?.id ?? '') }
    },
    find: (_session, request) =>
      call(`find ${request.commandId}`, async () => {
        const record = byAnchor(request.token(ANCHOR))
        if (record === undefined) return 'not-applied'
        const done = record.status.trim().split(' ')
        const outcome = { target: record.id, replay: true, steps: steps(done, record.id) }
        return done.length < PATH.length ? { ...outcome, unfinished: true as const } : outcome
      }),
  }

  const removal: Op = {
    entity: 'purchase_order',
    operation: 'DELETE',
    anchor: 'absolute',
    conflicts: 'none',
    atomic: true,
    fields: [],
    execute: (_session, request) =>
      call(`delete ${request.commandId}`, () =>
        through(() => {
          const record = of(request)
          system.records.delete(record.id)
          count(request.token(ANCHOR))
          return { target: record.id, replay: false }
        }),
      ),
    find: async (_session, request) =>
      system.records.has(request.target ?? '') ? 'not-applied' : { target: request.target ?? '', replay: true },
  }

  const stream = (entity: string) => ({
    entity,
    changes: 'incremental',
    deletes: 'reported',
    mappingVersion: 1,
    async readOne(_session: unknown, key: string) {
      if (!system.readable) throw new RetryableError('busy')
      const record = system.hidden ? undefined : system.records.get(key)
      return record === undefined
        ? null
        : {
            key,
            version: record.version,
            modifiedAt: null,
            payload: { ...record, more: 'x'.repeat(system.enlarge) } as unknown as JsonObject,
          }
    },
    toUnified: (payload: JsonObject) => system.unified(payload),
  })

  const system: FakeSystem = {
    records: new Map(),
    calls: [],
    faults: [],
    applied: new Map(),
    latencyMs: 50,
    busy: 0,
    mostBusy: 0,
    up: true,
    credentials: true,
    blind: false,
    readable: true,
    hidden: false,
    answer: (outcome) => outcome,
    enlarge: 0,
    unified: (payload) => ({ version: `ts:${String(payload.version)}` }),
    connector: {
      id: 'fake',
      title: 'Fake',
      connect: async () => {
        if (!system.up) throw new RetryableError('connection refused')
        if (!system.credentials) throw new AuthError('the password is wrong', { status: 401 })
        return null
      },
      clock: async () => clock.now(),
      streams: {
        purchase_order: stream('purchase_order'),
        vendor: stream('vendor'),
        work_order: stream('work_order'),
        inventory_movement: stream('inventory_movement'),
        stock_level: {
          ...stream('stock_level'),
          async readOne(_session: unknown, key: string) {
            system.calls.push(`level ${key}`)
            if (!system.readable) throw new RetryableError('busy')
            return key.endsWith('|nowhere') ? null : { key: key.split('|'), version: 0, modifiedAt: null, payload: {} }
          },
          levelKey: (item: readonly string[], location: readonly string[]) => [...item, ...location].join('|'),
        },
      },
      operations: [
        creation('purchase_order', 'searchable'),
        creation('vendor', 'none'),
        creation('inventory_movement', 'searchable'),
        inSteps,
        change('UPDATE', 'notes'),
        change('SET_STATUS', 'status'),
        removal,
      ],
      unsupported: [{ entity: 'asset', operation: 'CREATE', reason: 'the fake has no assets' }],
    } as unknown as AnyConnector,
  }
  return system
}
