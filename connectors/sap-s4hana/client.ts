import { AuthError, type HttpClient, RetryableError } from '../../core/index.ts'
import { addressOf, type Query, rebased } from './addresses.ts'
import { type Answer, answerOf, pageOf, type RowPage, refuseLoginPage } from './answers.ts'
import { type Changes, createChanges } from './changes.ts'
import type { SapConfig } from './config.ts'
import { codesOf, createExchange } from './exchange.ts'
import { brokenAs, failureOf, UnreadableAnswer } from './failures.ts'
import { problemOf, wordsOf } from './problems.ts'

export type { Query } from './addresses.ts'
export type { Answer, RowPage } from './answers.ts'

/**
 * OData V2 as JSON, logged in. `service` is the name with its version (`API_MAINTENANCEORDER;v=0002`), `path` is
 * relative to it and percent-encoded (`entityPath`), query values are not encoded yet.
 */
export interface SapClient extends Changes {
  /** One request that needs a login and nothing else. @throws AuthError naming what to fix */
  ping(signal: AbortSignal): Promise<void>
  /** @throws AuthError, RejectedError (status 404: no such entity), RetryableError, RateLimitedError */
  get(service: string, path: string, query: Query, signal: AbortSignal): Promise<Answer>
  page(service: string, set: string, query: Query, signal: AbortSignal): Promise<RowPage>
  /** The rest of a list, by the `next` of its page: asked of the configured origin, path and query verbatim. */
  follow(service: string, next: string, signal: AbortSignal): Promise<RowPage>
  /**
   * A change; never sent twice unless SAP proved that it did nothing (stale CSRF token, missing ETag).
   * @throws RejectedError (status 412: changed by somebody else), RetryableError (locked), OutcomeUnknownError
   */
  send: Changes['send']
  /** Answers in the order of the parts. @throws OutcomeUnknownError when they are lost and there are changes */
  batch: Changes['batch']
  /** SAP's time now, epoch ms, never ahead of it: extrapolated from the last answers; null = none in 10 minutes. */
  serverDate(): number | null
}

/** Answers cut short are asked for again, so many times in all. */
const READS = 3

/** @throws AuthError when the settings lack credentials */
export function createClient(config: SapConfig, http: HttpClient): SapClient {
  const exchange = createExchange(config, http)

  interface Reading {
    readonly service: string
    readonly url: string
    readonly doing: string
    readonly isList: boolean
    readonly signal: AbortSignal
  }

  async function read<T>({ url, signal, ...what }: Reading, made: (answer: Answer) => T): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const response = await exchange.send({ method: 'GET', url, retry: true, signal }).catch((error: unknown) => {
        throw brokenAs(error, what.doing)
      })
      if (response.status >= 300) throw failureOf(response, what)
      try {
        return made(answerOf(response, what.doing))
      } catch (error) {
        if (!(error instanceof UnreadableAnswer) || attempt >= READS) throw error
      }
    }
  }

  const get: SapClient['get'] = (service, path, query, signal) => {
    const url = addressOf(config, service, path, query)
    return read({ service, url, doing: `reading ${path} of ${service}`, isList: false, signal }, (answer) => answer)
  }

  return {
    ...createChanges(config, exchange, (service, path, signal) => get(service, path, {}, signal)),
    get,
    page(service, set, query, signal) {
      const doing = `reading ${set} of ${service}`
      const url = addressOf(config, service, set, query)
      return read({ service, url, doing, isList: true, signal }, (answer) => pageOf(answer, doing))
    },
    follow(service, next, signal) {
      const doing = `reading on in ${service}`
      const url = rebased(config, service, next)
      // a token that has expired may be answered by 404: the list itself is there
      return read({ service, url, doing, isList: false, signal }, (answer) => pageOf(answer, doing))
    },
    async ping(signal) {
      const unreachable: string[] = []
      for (const service of PROBES) {
        const words = await probe(service, signal)
        if (words === null) return
        unreachable.push(words)
      }
      throw new AuthError(
        `connecting to ${config.base_url}: no OData service there (${unreachable[0]}); check the address, and that the node /sap/opu/odata is active (transaction SICF)`,
      )
    },
    serverDate: () => exchange.clock.now(),
  }

  /** null = the login was accepted; otherwise what came instead of SAP's own words. */
  async function probe(service: string, signal: AbortSignal): Promise<string | null> {
    const doing = `connecting to ${config.base_url}`
    const response = await exchange
      .send({ method: 'GET', url: addressOf(config, service, ''), retry: true, signal })
      .catch((error: unknown) => {
        if (error instanceof RetryableError && codesOf(error).includes('ENOTFOUND'))
          throw new AuthError(`${doing}: unknown host; check the address`, { cause: error })
        throw error
      })
    const { status } = response
    refuseLoginPage(response, doing)
    const problem = problemOf(response.text())
    const ofSap = problem.form === 'json' || problem.form === 'xml'
    // which services are open is each stream's business: SAP checks the login first
    if ((status === 403 || status === 404) && ofSap) return null
    if (status === 403 || status === 404) return `HTTP ${status}: ${wordsOf(problem).slice(0, 100) || 'empty answer'}`
    if (status >= 300) throw failureOf(response, { doing, service: null, isList: false })
    if (/^\s*(\{|<\?xml|<app:service|<service)/.test(response.text())) return null
    return `HTTP ${status}: ${wordsOf(problem).slice(0, 100) || 'empty answer'}`
  }
}

/** Asked for to prove the login; the second only when the first is not there at all. */
const PROBES = ['API_BUSINESS_PARTNER', 'API_PURCHASEORDER_PROCESS_SRV']
