/**
 * A stand-in for MaintainX: the API of the vendor's description, its webhooks and its bad days, over data of its own.
 * See README.md.
 */
import { type Access, type ApiKey, createAccess } from './access.ts'
import { type Activity, createActivity } from './activity.ts'
import type { JsonObject } from './description/index.ts'
import { createSwitches, type Switches } from './faults.ts'
import { createInterference } from './interference.ts'
import type { Plant } from './plant.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import { createRouter } from './router.ts'
import { seed } from './seed/index.ts'
import { type Size, sizeOf } from './seed/size.ts'
import { ROOT, startServer } from './server.ts'
import { createStore, type Doc, type Resource, type Store } from './store.ts'
import { createDispatcher, type Deliveries } from './webhooks/dispatcher.ts'
import { tellOverdue } from './writes/work-orders.ts'

export interface SandboxOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 1. The same seed, size and now make the same data. */
  readonly seed?: number
  /** Number of work orders, with the rest in proportion; 0 = people and lists alone. Default 500. */
  readonly size?: Partial<Size> | number
  /** Plants; default 1. With several, the key needs `x-organization-id`. */
  readonly organizations?: number
  /** File that keeps the data; filled only when it is empty. Default: in memory. */
  readonly database?: string
  /** Epoch ms. */
  readonly now?: () => number
  /** Of the API. Default: `mx-sandbox-key`. */
  readonly token?: string
  /** People at work: something changes this often, ms. Default: only what a caller of `activity` does. */
  readonly activityEveryMs?: number
  readonly switches?: Partial<Switches>
}

export interface Answered {
  readonly status: number
  /** Parsed; null = there is none. */
  readonly body: unknown
}

export interface Sandbox {
  readonly origin: string
  /** `http://127.0.0.1:8493/v1`: what a connection has as its address. */
  readonly url: string
  readonly token: string
  readonly organizationIds: readonly number[]
  /** Live: changing them changes the system. */
  readonly switches: Switches
  readonly store: Store
  /** What people in the plant do, for tests to do it. */
  readonly activity: Activity
  readonly requests: RequestLog
  readonly rateLimit: Omit<RateLimit, 'take'>
  readonly access: Pick<Access, 'add' | 'revoke'>
  /** What was sent to subscribers. */
  readonly webhooks: Deliveries
  /** The API from within, as a colleague uses it: no key, no limits, no faults; subscribers are told. */
  ask(method: string, path: string, body?: JsonObject): Answered
  /** All live records as the system has them. */
  truth(resource: Resource): Doc[]
  /** Tells subscribers of work orders whose due date has passed. @returns how many */
  tellOverdue(): number
  close(): Promise<void>
}

export type { Counters, Deliveries } from './webhooks/dispatcher.ts'
export type { Activity, ActionName } from './activity.ts'
export type { Switches } from './faults.ts'
export type { Doc, Resource } from './store.ts'

const FIRST_ORGANIZATION = 301
const PLANTS = ['Plant Lyon', 'Plant Graz', 'Plant Malmö', 'Plant Porto']

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now
  const seedNumber = options.seed ?? 1
  const switches = createSwitches(options.switches)
  const store = createStore({ file: options.database, now })
  const webhooks = createDispatcher({ store, switches, seed: seedNumber, now })
  const plant: Plant = { store, switches, emit: (event) => webhooks.emit(event) }
  if (store.count('organizations') === 0) {
    for (let n = 0; n < (options.organizations ?? 1); n++) {
      const organizationName = PLANTS[n] ?? `Plant ${n + 1}`
      seed(plant, {
        seed: seedNumber,
        size: sizeOf(options.size),
        now: now(),
        organizationId: FIRST_ORGANIZATION + n,
        organizationName,
      })
    }
  }
  const organizationIds = store.all('organizations').map(({ id }) => id)
  const userId = store.where('users', { role: 'ADMIN' })[0]?.id ?? 0
  const key: ApiKey = { token: options.token ?? 'mx-sandbox-key', userId, organizationIds }
  const access = createAccess([key])
  const router = createRouter(plant)
  const rateLimit = createRateLimit(switches, now)
  const requests = createRequestLog()
  const [organizationId = 0] = organizationIds

  function ask(method: string, path: string, body?: JsonObject): Answered {
    const [name = '', query = ''] = path.split('?')
    const visitor = { userId, organizationId, organizationIds: [organizationId] }
    const answer = router({ method, path: name, query: new URLSearchParams(query), body: body ?? null, visitor })
    return { status: answer.status, body: answer.body === '' ? null : JSON.parse(answer.body) }
  }

  const activity = createActivity(
    store,
    (method, path, body) => {
      const { status, body: answer } = ask(method, path, body)
      if (status >= 400) throw new Error(`${method} ${path} was refused with ${status}: ${JSON.stringify(answer)}`)
      return answer
    },
    seedNumber,
  )
  const server = await startServer({
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    access,
    rateLimit,
    router,
    interference: createInterference(switches),
    now,
    onAnswer: (method, path, status) => requests.add(method, path, status),
  })
  const every = options.activityEveryMs ?? 0
  const step = (): void => {
    activity.step(1)
    tellOverdue(plant)
  }
  const work = every > 0 ? setInterval(step, every) : null
  return {
    origin: server.origin,
    url: `${server.origin}${ROOT}`,
    token: key.token,
    organizationIds,
    switches,
    store,
    activity,
    requests,
    rateLimit,
    access,
    webhooks,
    ask,
    truth: (resource) => store.all(resource),
    tellOverdue: () => tellOverdue(plant),
    async close() {
      if (work !== null) clearInterval(work)
      webhooks.close()
      await server.close()
      store.close()
    },
  }
}
