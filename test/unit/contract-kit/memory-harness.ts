import {
  AuthError,
  CorruptCursorError,
  type Cursor,
  defineConfig,
  defineConnector,
  type HttpClient,
  type JsonObject,
  type Page,
  type RawRecord,
  type ReadRange,
} from '../../../core/index.ts'
import type { Harness } from '../../contract/kit/harness.ts'

/** A connector that keeps every rule, on a system in memory; each fault breaks one rule as a careless author would. */
export type Fault =
  | 'skips a record at each page end'
  | 'starts over when resumed'
  | 'pages by timestamp alone'
  | 'reads a copy made at the start'
  | 'ignores a corrupt cursor'
  | 'takes a failed list for complete'
  | 'lists what was deleted'
  | 'gives up at an unreadable record'
  | 'drops an unreadable record silently'
  | 'reads ahead'
  | 'asks for the time while mapping'
  | 'computes money in floats'
  | 'adds the mode to the payload'
  | 'throws at an unknown state'
  | 'gives a number for a text'
  | 'accepts any password'
  | 'ignores an abort'
  | 'names the password in its errors'

interface Stored {
  id: number
  name: string
  at: number
  spoiled: boolean
}

export function memoryHarness(fault: Fault | null = null): Harness {
  const table = new Map<number, Stored>()
  let clock = 1_000_000
  let nextId = 1
  let password = 'first'
  const has = (which: Fault) => fault === which

  const recordOf = (stored: Stored, mode: string): RawRecord => ({
    key: String(stored.id),
    version: stored.at,
    modifiedAt: stored.at,
    payload: {
      id: stored.id,
      name: stored.name,
      state: 'open',
      cost: '0.1',
      ...(has('adds the mode to the payload') ? { mode } : {}),
    },
  })

  interface Session {
    readonly http: HttpClient
  }
  const touch = async ({ http }: Session, signal: AbortSignal) => {
    const request = {
      method: 'GET',
      url: 'data:,ok',
      signal: has('ignores an abort') ? new AbortController().signal : signal,
    }
    return (await http.request(request)).text()
  }

  async function readAhead(session: Session, signal: AbortSignal) {
    for (let n = 0; n < 5; n++) await touch(session, signal)
  }

  async function* read(session: Session, range: ReadRange, signal: AbortSignal): AsyncGenerator<Page> {
    const { cursor } = range
    const [after, stamp] = [cursor?.['after'] ?? 0, cursor?.['at'] ?? 0]
    const isOurs =
      cursor === null || (Object.keys(cursor).length === 2 && Number(after) >= 0 && typeof after === 'number')
    if (!isOurs && !has('ignores a corrupt cursor')) throw new CorruptCursorError(JSON.stringify(cursor))
    let position = has('starts over when resumed') || typeof after !== 'number' ? 0 : after
    let lastStamp = typeof stamp === 'number' ? stamp : 0
    const frozen = has('reads a copy made at the start') ? [...table.values()].map((each) => ({ ...each })) : null
    for (;;) {
      if (!has('ignores an abort')) signal.throwIfAborted()
      await touch(session, signal)
      if (has('reads ahead')) void readAhead(session, signal)
      const all = [...(frozen ?? table.values())].filter(({ at }) => range.since === null || at >= range.since)
      const rest = has('pages by timestamp alone')
        ? all.filter(({ at }) => at > lastStamp).sort((a, b) => a.at - b.at)
        : all.filter(({ id }) => id > position).sort((a, b) => a.id - b.id)
      const rows = rest.slice(0, range.pageSize)
      const last = rows.at(-1)
      if (last === undefined) return
      position = last.id + (has('skips a record at each page end') ? 1 : 0)
      lastStamp = last.at
      const bad = rows.filter(({ spoiled }) => spoiled)
      if (bad.length > 0 && has('gives up at an unreadable record')) throw new Error('cannot be read')
      const undecodable = bad.map(({ id, name }) => ({ key: String(id), raw: name, reason: 'spoiled' }))
      yield {
        records: rows.filter(({ spoiled }) => !spoiled).map((each) => recordOf(each, range.mode)),
        cursor: { after: position, at: lastStamp } satisfies Cursor,
        ...(undecodable.length === 0 || has('drops an unreadable record silently') ? {} : { undecodable }),
      }
    }
  }

  const connector = defineConnector<{ readonly password: string }, Session>({
    id: 'tryton',
    title: 'Memory',
    config: defineConfig({
      fields: { password: { kind: 'text', title: 'Password', help: 'Any.', required: true, secret: true } },
    }) as never,
    async connect(config, http) {
      if (config.password !== password && !has('accepts any password'))
        throw new AuthError(
          `wrong user or password${has('names the password in its errors') ? `: ${config.password}` : ''}`,
        )
      return { http }
    },
    clock: async () => clock,
    streams: {
      vendor: {
        entity: 'vendor',
        changes: 'incremental',
        deletes: 'by-absence',
        mappingVersion: 1,
        read,
        async *listKeys(session, signal) {
          if (has('lists what was deleted')) yield Array.from({ length: nextId }, (_, id) => String(id))
          try {
            if ((await touch(session, signal)) !== 'ok') throw new Error('not what was asked for')
          } catch (error) {
            if (!has('takes a failed list for complete')) throw error
            return
          }
          yield [...table.keys()].map(String)
        },
        async readOne(_, key) {
          const stored = table.get(Number(key))
          return stored === undefined ? null : recordOf(stored, 'single')
        },
        toUnified: (payload) => vendorOf(payload, has),
      },
    },
  })

  return {
    connector,
    config: { password },
    mapping: {
      connectionId: 'memory',
      system: 'memory',
      timeZone: 'UTC',
      currency: null,
      language: 'en',
      units: {},
      remaps: {},
      customFields: [],
      settings: {},
    },
    wrongConfigs: [{ title: 'wrong password', config: { password: 'no-such-secret' }, names: /password/ }],
    readme: '`password` `vendor`',
    expireSessions: async () => {},
    async rotateSecret() {
      password = password === 'first' ? 'second' : 'first'
      return { password }
    },
    isLogin: () => false,
    systemTime: async () => ++clock,
    empty: { password },
    worlds: {
      vendor: {
        async add(count) {
          clock++
          return Array.from({ length: count }, () => {
            const id = nextId++
            table.set(id, { id, name: `Vendor ${id}`, at: clock, spoiled: false })
            return String(id)
          })
        },
        async change(key) {
          const stored = table.get(Number(key))
          const name = `Changed ${++clock}`
          if (stored !== undefined) table.set(stored.id, { ...stored, name, at: clock })
          return name
        },
        async remove(key) {
          table.delete(Number(key))
        },
        async spoil(key) {
          const stored = table.get(Number(key))
          if (stored !== undefined) stored.spoiled = true
          return async () => {
            if (stored !== undefined) stored.spoiled = false
          }
        },
      },
    },
  }
}

function vendorOf(payload: JsonObject, has: (which: Fault) => boolean) {
  if (has('asks for the time while mapping')) Date.now()
  if (has('throws at an unknown state') && payload['state'] !== 'open') throw new Error('unknown state')
  const amount = has('computes money in floats') ? { cost_amount: Number(payload['cost']) * 3 } : {}
  return {
    display_name: String(payload['name']),
    source_url: null,
    organization: null,
    created_at: null,
    updated_at: null,
    version: null,
    custom_fields: null,
    vendor_number: null,
    name: has('gives a number for a text') ? (17 as never) : String(payload['name']),
    email: null,
    phone: null,
    tax_id: null,
    address_line1: null,
    address_line2: null,
    city: null,
    postal_code: null,
    region: null,
    country: null,
    currency: null,
    payment_terms: null,
    is_active: true,
    is_blocked: null,
    notes: null,
    ...amount,
  }
}
