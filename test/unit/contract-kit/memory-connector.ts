import {
  AuthError,
  BUILT_IN_SCHEMES,
  CorruptCursorError,
  defineConfig,
  defineConnector,
  type HttpClient,
  type JsonObject,
  type Page,
  type RawRecord,
  type ReadRange,
  RejectedError,
  RetryableError,
  type Unified,
} from '../../../core/index.ts'
import type { Stored, Vendor } from './memory-system.ts'
import { vendorOperations } from './memory-writes.ts'

export interface MemoryConfig {
  readonly base_url: string
  readonly book: string
  readonly password: string
}

export interface Session {
  /** An answer to a change or a question about vendors; it counts as lost when nobody can tell. */
  vendors(method: string, path: string, body: JsonObject | null, signal: AbortSignal): Promise<readonly Vendor[]>
  /** Rows of the book by id, asked for now; `query` = after, since, limit. */
  rows(signal: AbortSignal, query?: string): Promise<readonly Stored[]>
}

/** A connector that keeps every rule. */
export const memoryConnector = defineConnector<MemoryConfig, Session>({
  // a folder must have its name
  id: 'tryton',
  title: 'Memory',
  config: defineConfig({
    fields: {
      base_url: { kind: 'url', title: 'Address', help: 'Any.', required: true },
      book: { kind: 'text', title: 'Book', help: 'stock or empty.', required: true },
      password: { kind: 'text', title: 'Password', help: 'Any.', required: true, secret: true },
    },
  }) as never,
  async connect(config, http, signal) {
    const session = createSession(config, http)
    await session.rows(signal)
    return session
  },
  clock: async () => systemTime(),
  streams: {
    stock_level: {
      entity: 'stock_level',
      changes: 'incremental',
      deletes: 'by-absence',
      mappingVersion: 1,
      read,
      async *listKeys(session, signal) {
        yield (await session.rows(signal)).map(({ id }) => String(id))
      },
      async readOne(session, key, signal) {
        const [stored] = (await session.rows(signal, `after=${Number(key) - 1}&limit=1`)).filter(
          ({ id }) => String(id) === key,
        )
        return stored === undefined ? null : recordOf(stored)
      },
      toUnified: levelOf,
    },
  },
  operations: vendorOperations,
  webhook: {
    schemes: { 'standard-webhooks': BUILT_IN_SCHEMES['standard-webhooks'].scheme },
    hints({ body }) {
      const { level } = JSON.parse(body.toString('utf8')) as { level: string }
      return [{ entity: 'stock_level', key: level }]
    },
  },
})

/** Years behind ours, and in no step with it. */
export const systemTime = (): number => Math.floor(1_000_000_000_000 + performance.now())

function createSession({ base_url, book, password }: MemoryConfig, http: HttpClient): Session {
  let token: string | null = null
  let asking: Promise<string> | null = null

  async function login(): Promise<string> {
    const body = `password=${password}`
    const answer = await http.request({ method: 'POST', url: `${base_url}/login`, body })
    if (answer.status !== 200) throw new AuthError('wrong user or password')
    token = answer.text()
    return token
  }
  const renewed = () => {
    asking ??= login().finally(() => {
      asking = null
    })
    return asking
  }
  const ask = (pass: string, query: string, signal: AbortSignal) =>
    http.request({ method: 'GET', url: `${base_url}/${book}?${query}`, headers: { authorization: pass }, signal })

  return {
    async vendors(method, path, body, signal) {
      const url = `${base_url}/vendors${path}`
      const text = body === null ? {} : { body: JSON.stringify(body) }
      const send = (pass: string) => http.request({ method, url, headers: { authorization: pass }, signal, ...text })
      const pass = token ?? (await renewed())
      let answer = await send(pass)
      if (answer.status === 401) answer = await send(await renewed())
      const said = JSON.parse(answer.text()) as { rows: Vendor[]; field: string; words: string }
      if (answer.status === 200) return said.rows
      const told = { field: said.field, message: said.words, vendorMessage: said.words }
      throw new RejectedError(`writing a vendor: ${said.words}`, [told])
    },
    async rows(signal, query = '') {
      signal.throwIfAborted()
      const pass = token ?? (await renewed())
      let answer = await ask(pass, query, signal)
      if (answer.status === 401)
        answer = await ask(token !== pass && token !== null ? token : await renewed(), query, signal)
      if (answer.status === 401) throw new AuthError('wrong user or password')
      if (answer.status === 403) throw new AuthError('reading stock: not allowed', { streamOnly: true })
      try {
        return (JSON.parse(answer.text()) as { rows: readonly Stored[] }).rows
      } catch (cause) {
        throw new RetryableError('reading stock: no JSON', { cause })
      }
    },
  }
}

async function* read(session: Session, range: ReadRange, signal: AbortSignal): AsyncGenerator<Page> {
  let after = positionOf(range)
  for (;;) {
    const query = `after=${after}&since=${range.since ?? 0}&limit=${range.pageSize}`
    const rows = await session.rows(signal, query)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
    const undecodable = rows
      .filter(({ spoiled }) => spoiled)
      .map((row) => ({ key: String(row.id), raw: JSON.stringify(row), reason: 'spoiled' }))
    yield {
      records: rows.filter(({ spoiled }) => !spoiled).map(recordOf),
      cursor: { after },
      ...(undecodable.length === 0 ? {} : { undecodable }),
    }
  }
}

function positionOf({ cursor }: ReadRange): number {
  if (cursor === null) return 0
  const { after } = cursor
  if (Object.keys(cursor).length !== 1 || typeof after !== 'number' || after < 0)
    throw new CorruptCursorError(JSON.stringify(cursor))
  return after
}

const recordOf = ({ id, quantity, at }: Stored): RawRecord => ({
  key: String(id),
  version: at,
  modifiedAt: at,
  payload: { id, quantity, state: 'open' },
})

function levelOf(payload: JsonObject): Unified<'stock_level'> {
  const quantity = String(payload['quantity'])
  return {
    display_name: `Stock ${String(payload['id'])}`,
    source_url: null,
    organization: null,
    created_at: null,
    updated_at: null,
    version: null,
    custom_fields: null,
    item_id: `memory:item:${String(payload['id'])}`,
    location_id: 'memory:location:1',
    unit: null,
    source_unit: null,
    quantity_on_hand: quantity,
    quantity_unrestricted: null,
    quantity_inspection: null,
    quantity_blocked: null,
    quantity_reserved: null,
    quantity_available: null,
    quantity_on_order: null,
    quantity_in_transit: null,
    minimum_quantity: null,
    maximum_quantity: null,
  }
}
