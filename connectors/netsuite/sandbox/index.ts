/**
 * A stand-in for a NetSuite account's REST services: the same addresses, answers, refusals and bad days, over data of
 * its own. See README.md.
 */
import { createPublicKey } from 'node:crypto'
import { type Account, createAccount } from './account.ts'
import { type Activity, createActivity } from './activity/index.ts'
import { type Credentials, createCredentials } from './auth/credentials.ts'
import { createAuth } from './auth/index.ts'
import { type Concurrency, createConcurrency } from './concurrency.ts'
import { createSwitches, type Switches } from './faults.ts'
import { createInterference } from './interference.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'
import { createRouter } from './router.ts'
import { seed } from './seed/index.ts'
import { type Size, sizeOf } from './seed/size.ts'
import { startServer } from './server.ts'
import { createStore, type Store } from './store.ts'

export interface SandboxOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 1. The same seed, size, account and now make the same data. */
  readonly seed?: number
  /** Number of purchase orders, with the rest in proportion; 0 = nothing but the lists. Default 2,000. */
  readonly size?: Partial<Size> | number
  /** File that keeps the data; filled only when it is empty. Default: in memory. */
  readonly database?: string
  /** Epoch ms. */
  readonly now?: () => number
  readonly account?: Partial<Account>
  /** Keys and ids that stay over restarts. Default: fixed ids, keys made for this process. */
  readonly credentials?: Partial<Credentials>
  /** People at work: something changes this often, ms. Default: only what a caller of `activity` does. */
  readonly activityEveryMs?: number
  readonly switches?: Partial<Switches>
}

export interface Sandbox {
  readonly origin: string
  readonly store: Store
  readonly account: Account
  /** Live: changing them changes the system. */
  readonly switches: Switches
  /** What the users of the account do, for tests to do it. */
  readonly activity: Activity
  readonly requests: RequestLog
  /** Requests in flight, against `account.concurrencyLimit`. */
  readonly concurrency: Omit<Concurrency, 'enter'>
  readonly credentials: Credentials
  /** Every access token is void from now on. */
  expireTokens(): void
  /** The certificate's assertions are refused from now on; default: both certificates. */
  revokeCertificate(id?: string): void
  /** A certificate of this key (PEM) is mapped to the user and role, under this id. */
  uploadCertificate(id: string, privateKey: string): void
  close(): Promise<void>
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now
  const account = createAccount(options.account)
  const switches = createSwitches(options.switches)
  const { credentials, certificates } = createCredentials(options.credentials)
  const store = createStore({ file: options.database, now, customFields: account.customFields })
  if (store.count('currency') === 0) {
    seed(store, { seed: options.seed ?? 1, size: sizeOf(options.size), now: now(), account })
  }
  const system = { store, account, switches, now }
  const auth = createAuth({ account, credentials, certificates, switches, now })
  const activity = createActivity(store, { seed: options.seed ?? 1, now, account, switches })
  const requests = createRequestLog()
  const concurrency = createConcurrency(account, switches)
  const router = createRouter(system, auth)
  const server = await startServer({
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    router,
    interference: createInterference(switches),
    concurrency,
    switches,
    now,
    onAnswer: (method, path, status) => requests.add(method, path, status),
  })
  const every = options.activityEveryMs ?? 0
  const work = every > 0 ? setInterval(() => activity.step(1), every) : null
  return {
    origin: server.origin,
    store,
    account,
    switches,
    activity,
    requests,
    concurrency,
    credentials,
    expireTokens: () => auth.expireTokens(),
    revokeCertificate(id) {
      if (id === undefined) certificates.clear()
      else certificates.delete(id)
    },
    uploadCertificate: (id, privateKey) => void certificates.set(id, () => createPublicKey(privateKey)),
    async close() {
      if (work !== null) clearInterval(work)
      router.close()
      await server.close()
      store.close()
    },
  }
}
