import { setTimeout as sleep } from 'node:timers/promises'
import {
  type HttpClient,
  type HttpResponse,
  type Json,
  type JsonObject,
  RateLimitedError,
  RejectedError,
  RetryableError,
  retry,
} from '../../core/index.ts'
import { restAddress } from './addresses.ts'
import { type Change, type Changed, createChanges } from './changes.ts'
import type { NetSuiteConfig } from './config.ts'
import { createExchange, type Outgoing } from './exchange.ts'
import { type Doing, failureOf, isSlow, TooMuch } from './failures.ts'
import { problemOf } from './problems.ts'
import { isRow, type Row } from './values.ts'

/** A SuiteQL statement. */
export interface Statement extends Doing {
  readonly q: string
  /** For the `?` in it, in order. */
  readonly params: readonly string[]
  /** Rows of the answer, 1 … 1000. */
  readonly limit: number
}

export interface RowPage {
  /** As they came. */
  readonly items: readonly Row[]
  readonly hasMore: boolean
  /** Rows that the statement would give in all. */
  readonly total: number | null
}

/** SuiteQL and Record REST, logged in; never more requests at once than the account grants. */
export interface NetSuiteClient {
  /** @throws AuthError, RejectedError, UnknownColumn, TooMuch (ask for less), RetryableError, RateLimitedError */
  suiteql(statement: Statement, signal: AbortSignal): Promise<RowPage>
  /** One record with its sublists (`purchaseOrder`, `647`); null = there is none. */
  record(type: string, id: string, signal: AbortSignal): Promise<JsonObject | null>
  /** One record by the external id that its creation gave it; null = there is none. */
  recordByExternalId(type: string, externalId: string, signal: AbortSignal): Promise<JsonObject | null>
  /** One change of a record, sent once. @throws as `createChanges` says */
  change(change: Change, signal: AbortSignal): Promise<Changed>
  /** NetSuite's time as it says it now, epoch ms. */
  serverTime(signal: AbortSignal): Promise<number>
  /** Asks how many requests may be under way at once and keeps to it; most roles may not ask. */
  learnConcurrency(signal: AbortSignal): Promise<void>
  /** Requests that may be under way at once. */
  concurrency(): number
}

const ATTEMPTS = 4
/** Pauses after refusals for too many requests at once, ms; NetSuite does not say how long. The last one repeats. */
const PAUSES_MS = [1000, 2000, 4000, 8000]
const LONGEST_WAIT_MS = 5 * 60_000

/** @throws AuthError when the settings lack credentials */
export function createClient(config: NetSuiteConfig, http: HttpClient): NetSuiteClient {
  const { send, gate } = createExchange(config, http)

  /** Until `made` can make something of an answer. A statement that is too slow is not repeated: smaller ones may be. */
  async function ask<T>(request: Outgoing, what: Doing, made: (answer: Json, response: HttpResponse) => T): Promise<T> {
    let paused = 0
    for (let refusals = 0; ; refusals++) {
      try {
        const outcome = await retry(() => once(request, what, made), {
          attempts: ATTEMPTS,
          signal: request.signal,
          maxRateLimitWaitMs: 0,
        })
        if (outcome instanceof TooMuch) throw outcome
        return outcome
      } catch (error) {
        if (!(error instanceof RateLimitedError)) throw error
        gate.refused()
        const pause = PAUSES_MS[Math.min(refusals, PAUSES_MS.length - 1)] as number
        const waitMs = Math.max(error.retryAfterMs, pause) + Math.random() * 500
        paused += waitMs
        if (paused > LONGEST_WAIT_MS) throw error
        await sleep(waitMs, undefined, { signal: request.signal }).catch(() => request.signal.throwIfAborted())
      }
    }
  }

  async function once<T>(request: Outgoing, what: Doing, made: (answer: Json, response: HttpResponse) => T) {
    try {
      const response = await send(request)
      if (response.status >= 300) throw failureOf(response, what)
      return made(parsed(response, what.doing), response)
    } catch (error) {
      if (error instanceof TooMuch) return error
      if (!(error instanceof RetryableError)) throw error
      const message = error.message.startsWith(what.doing) ? error.message : `${what.doing}: ${error.message}`
      const details = { status: error.status, requestId: error.requestId, cause: error }
      if (isSlow(error)) return new TooMuch(message, details)
      throw new RetryableError(message, details)
    }
  }

  const get = <T>(path: string, what: Doing, signal: AbortSignal, made: (answer: Json) => T) =>
    ask({ method: 'GET', url: restAddress(config, path), signal }, what, made)

  /** @param address internal id, or `eid:` and the external one */
  async function recordAt(type: string, address: string, signal: AbortSignal): Promise<JsonObject | null> {
    const path = `/record/v1/${encodeURIComponent(type)}/${address}?expandSubResources=true`
    const what = { doing: `reading ${type} ${address}`, table: type }
    try {
      return await get(path, what, signal, (answer) => {
        if (isRow(answer)) return answer
        throw new RetryableError(`${what.doing}: an answer that is no record`)
      })
    } catch (error) {
      const isAbsent = error instanceof RejectedError && (error.status === 404 || error.vendorCode === 'NONEXISTENT_ID')
      if (isAbsent) return null
      throw error
    }
  }

  return {
    concurrency: () => gate.limit(),
    suiteql: ({ q, params, limit, ...what }, signal) =>
      ask(
        {
          method: 'POST',
          url: restAddress(config, `/query/v1/suiteql?limit=${limit}&offset=0`),
          headers: { prefer: 'transient', 'content-type': 'application/json' },
          body: JSON.stringify(params.length === 0 ? { q } : { q, params }),
          signal,
        },
        what,
        (answer) => pageOf(answer, what.doing),
      ),
    record: (type, id, signal) => recordAt(type, encodeURIComponent(id), signal),
    recordByExternalId: (type, externalId, signal) => recordAt(type, `eid:${encodeURIComponent(externalId)}`, signal),
    change: createChanges(config, { send, gate }),
    serverTime: (signal) =>
      get('/system/v1/serverTime', { doing: 'asking NetSuite for its time', table: null }, signal, (answer) => {
        const at = isRow(answer) && typeof answer['serverTime'] === 'string' ? Date.parse(answer['serverTime']) : NaN
        if (Number.isNaN(at)) throw new RetryableError('asking NetSuite for its time: the answer holds none')
        return at
      }),
    async learnConcurrency(signal) {
      const url = restAddress(config, '/system/v1/governanceLimits')
      const response = await send({ method: 'GET', url, signal }).catch((error: unknown) => {
        if (error instanceof RetryableError || error instanceof RateLimitedError) return null
        throw error
      })
      if (response?.status !== 200) return
      const granted = grantedBy(response.text())
      if (granted !== null) gate.allow(Math.min(granted, config.concurrency ?? granted))
    },
  }
}

/** An answer cut short, or not JSON, is asked for again. */
function parsed(response: HttpResponse, doing: string): Json {
  const body = response.text()
  try {
    return JSON.parse(body) as Json
  } catch {
    const what = /^\s*</.test(body) ? 'an HTML page' : 'truncated or no JSON'
    throw new RetryableError(`${doing}: expected JSON, got ${what} (HTTP ${response.status})`, {
      status: response.status,
      requestId: response.requestId,
    })
  }
}

function pageOf(answer: Json, doing: string): RowPage {
  const items = isRow(answer) ? answer['items'] : undefined
  if (!isRow(answer) || !Array.isArray(items) || !(items as readonly Json[]).every(isRow))
    throw new RetryableError(
      `${doing}: an answer without rows (${problemOf(JSON.stringify(answer)).code ?? 'no items'})`,
    )
  const { totalResults } = answer
  return {
    items: items as readonly Row[],
    hasMore: answer['hasMore'] === true,
    total: typeof totalResults === 'number' ? totalResults : null,
  }
}

/** What `governanceLimits` leaves to us; null = it does not say. */
function grantedBy(body: string): number | null {
  let answer: Json
  try {
    answer = JSON.parse(body) as Json
  } catch {
    return null
  }
  if (!isRow(answer)) return null
  const number = (name: string) => (typeof answer[name] === 'number' && answer[name] >= 1 ? answer[name] : null)
  const own = number('integrationConcurrencyLimit')
  if (answer['integrationLimitType'] !== 'accountLimit' && own !== null) return own
  return number('accountUnallocatedConcurrencyLimit') ?? number('accountConcurrencyLimit')
}
