/**
 * A stand-in for SAP S/4HANA's OData V2 services: the same addresses, answers, refusals and bad days, over data of
 * its own. See README.md.
 */
import { type Activity, createActivity } from './activity/index.ts'
import { createAuth } from './auth.ts'
import { createCsrf } from './csrf.ts'
import { readModel } from './edmx.ts'
import { createSwitches, type Switches } from './faults.ts'
import { createGateway } from './gateway.ts'
import { createInterference } from './interference.ts'
import { SERVICES } from './model.ts'
import { seed } from './seed/index.ts'
import { type Size, sizeOf } from './seed/size.ts'
import { startServer } from './server.ts'
import { createStore, type Store } from './store.ts'
import { DEFAULT_CLIENT, DEFAULT_USER, type OAuthClient, type SandboxUser } from './users.ts'

export interface SandboxOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 1. The same seed, size and now make the same data. */
  readonly seed?: number
  /** Number of purchase orders, with the rest in proportion; 0 = no data at all. Default 2,000. */
  readonly size?: Partial<Size> | number
  /** File that keeps the data; filled only when it is empty. Default: in memory. */
  readonly database?: string
  /** Epoch ms. */
  readonly now?: () => number
  readonly users?: SandboxUser[]
  readonly oauthClients?: readonly OAuthClient[]
  /** The only client (tenant). Default 100. */
  readonly client?: string
  /** IANA zone of the system, for date and time columns. Default UTC. */
  readonly timeZone?: string
  /** People at work: something changes this often, ms. Default: only what a caller of `activity` does. */
  readonly activityEveryMs?: number
  readonly switches?: Partial<Switches>
}

export interface RequestLog {
  /** Requests since the start or the last `clear()`. */
  readonly count: number
  /** The last 10,000; status 0 = the connection was cut. */
  readonly list: readonly { readonly method: string; readonly path: string; readonly status: number }[]
  clear(): void
}

export interface Sandbox {
  readonly origin: string
  readonly store: Store
  /** Live: changing them changes the system. */
  readonly switches: Switches
  /** What the users of the system do, for tests to do it. */
  readonly activity: Activity
  /** Live as well. */
  readonly users: SandboxUser[]
  readonly requests: RequestLog
  /** All sessions, CSRF tokens and bearer tokens are void from now on. */
  expireSessions(): void
  close(): Promise<void>
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now
  const client = options.client ?? '100'
  const timeZone = options.timeZone ?? 'UTC'
  const switches = createSwitches(options.switches)
  const users = options.users ?? [{ ...DEFAULT_USER }]
  const models = SERVICES.map(readModel)
  const store = createStore({ file: options.database, models, now })
  if (store.count(store.set('API_PLANT_SRV', 'A_Plant')) === 0) {
    seed(store, { seed: options.seed ?? 1, size: sizeOf(options.size), now: now(), timeZone })
  }
  const auth = createAuth({ users, clients: options.oauthClients ?? [DEFAULT_CLIENT], switches, now, client })
  const csrf = createCsrf({ switches, now, client })
  const activity = createActivity(store, { seed: options.seed ?? 1, now, timeZone, switches })
  const requests = createRequestLog()
  const server = await startServer({
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    gateway: createGateway({ store, models, switches, auth, csrf, now, timeZone }),
    interference: createInterference(switches, now),
    switches,
    now,
    onAnswer: (method, path, status) => requests.add(method, path, status),
  })
  const every = options.activityEveryMs ?? 0
  const work = every > 0 ? setInterval(() => activity.step(1), every) : null
  return {
    origin: server.origin,
    store,
    switches,
    activity,
    users,
    requests,
    expireSessions() {
      auth.expireTokens()
      csrf.expire()
    },
    async close() {
      if (work !== null) clearInterval(work)
      await server.close()
      store.close()
    },
  }
}

const REQUESTS_KEPT = 10_000

function createRequestLog() {
  let count = 0
  let list: { method: string; path: string; status: number }[] = []
  return {
    get count() {
      return count
    },
    get list() {
      return list
    },
    clear() {
      count = 0
      list = []
    },
    add(method: string, path: string, status: number) {
      count++
      list.push({ method, path, status })
      if (list.length > REQUESTS_KEPT) list.shift()
    },
  }
}
