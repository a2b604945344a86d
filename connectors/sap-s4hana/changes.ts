import { AuthError, type HttpResponse, type Json, OutcomeUnknownError, RetryableError } from '../../core/index.ts'
import { addressOf, type Query } from './addresses.ts'
import { type Answer, answerOf } from './answers.ts'
import { type BatchAnswer, type BatchPart, buildBatch, hasChanges, parseBatch } from './batch.ts'
import type { SapConfig } from './config.ts'
import { asksForToken, createCsrfToken } from './csrf.ts'
import { type Exchange, wasNotTaken } from './exchange.ts'
import { failureOf, UnreadableAnswer } from './failures.ts'

export type WriteMethod = 'POST' | 'PUT' | 'PATCH' | 'MERGE' | 'DELETE'

export interface WriteOptions {
  readonly query?: Query
  /** ETag of what the change is based on; absent: none is sent until SAP asks for one. */
  readonly ifMatch?: string
  /** A lost answer is an OutcomeUnknownError even where doing it twice were no harm. */
  readonly once?: boolean
  readonly signal: AbortSignal
}

export interface Changes {
  send(service: string, method: WriteMethod, path: string, body: Json, options: WriteOptions): Promise<Answer>
  batch(service: string, parts: readonly BatchPart[], signal: AbortSignal): Promise<readonly BatchAnswer[]>
}

interface Change {
  readonly service: string
  readonly doing: string
  readonly method: string
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string | Buffer | null
  /** Doing it twice is no harm. */
  readonly repeatable: boolean
  readonly signal: AbortSignal
}

/** @param read an entity, for its ETag */
export function createChanges(
  config: SapConfig,
  exchange: Exchange,
  read: (service: string, path: string, signal: AbortSignal) => Promise<Answer>,
): Changes {
  const csrf = createCsrfToken(async (service) => {
    const response = await exchange.send({
      method: 'GET',
      url: addressOf(config, service, ''),
      headers: { 'x-csrf-token': 'Fetch' },
      retry: true,
      // not a writer's signal: others wait for the same token
      signal: AbortSignal.timeout(60_000),
    })
    // an answer that refuses the page may still bring the token
    const token = response.headers['x-csrf-token']
    if (token !== undefined && !/^(required|fetch)$/i.test(token)) return token
    if (response.status < 300) return null
    throw failureOf(response, { doing: `fetching a CSRF token of ${service}`, service, isList: true })
  })

  /** Sends it; once more with a new token when SAP says that it did nothing for want of one. */
  async function change(wanted: Change): Promise<HttpResponse> {
    const { service, doing, signal } = wanted
    const token = await csrf.get(service, signal)
    const response = await transmit(wanted, token)
    if (!asksForToken(response.status, response.headers)) return response
    const again = await transmit(wanted, await csrf.renewed(token, service, signal))
    if (!asksForToken(again.status, again.headers)) return again
    throw new AuthError(
      `${doing}: SAP refuses the CSRF token that it gave a moment ago; something on the way drops its cookies`,
      { status: again.status, requestId: again.requestId },
    )
  }

  async function transmit(wanted: Change, token: string | null): Promise<HttpResponse> {
    const { method, url, body, signal, repeatable, doing } = wanted
    try {
      return await exchange.send({
        method,
        url,
        headers: { ...wanted.headers, ...(token === null ? {} : { 'x-csrf-token': token }) },
        ...(body === null ? {} : { body }),
        retry: false,
        signal,
      })
    } catch (error) {
      if (!(error instanceof RetryableError) || repeatable || wasNotTaken(error)) throw error
      throw new OutcomeUnknownError(`${doing}: the answer was lost, SAP may have done it: ${error.message}`, {
        cause: error,
        status: error.status,
        requestId: error.requestId,
      })
    }
  }

  return {
    async send(service, method, path, body, { query = {}, ifMatch, once = false, signal }) {
      const doing = `${method} ${path} of ${service}`
      const wanted = (etag: string | undefined): Change => ({
        service,
        doing,
        method,
        url: addressOf(config, service, path, query),
        headers: {
          ...(body === null ? {} : { 'content-type': 'application/json' }),
          ...(etag === undefined ? {} : { 'if-match': etag }),
        },
        body: body === null ? null : JSON.stringify(body),
        // a repeated change on an ETag of before would look like somebody else's
        repeatable: !once && method !== 'POST' && (etag === undefined || etag === '*'),
        signal,
      })
      let response = await change(wanted(ifMatch))
      if (response.status === 428 && ifMatch === undefined)
        response = await change(wanted(await etagOf(service, path, signal)))
      if (response.status >= 300) throw failureOf(response, { doing, service, isList: false })
      try {
        return answerOf(response, doing)
      } catch (error) {
        if (!(error instanceof UnreadableAnswer)) throw error
        throw new OutcomeUnknownError(`${doing}: done (HTTP ${response.status}), but ${error.message}`, {
          cause: error,
        })
      }
    },
    async batch(service, parts, signal) {
      const doing = `$batch of ${service}`
      const { contentType, body } = buildBatch(parts)
      const response = await change({
        service,
        doing,
        method: 'POST',
        url: addressOf(config, service, '$batch'),
        headers: { 'content-type': contentType, accept: 'multipart/mixed' },
        body,
        repeatable: !hasChanges(parts),
        signal,
      })
      if (response.status >= 300) throw failureOf(response, { doing, service, isList: false })
      try {
        return parseBatch(response.headers['content-type'] ?? '', response.body, parts, doing)
      } catch (error) {
        if (!(error instanceof RetryableError) || !hasChanges(parts)) throw error
        throw new OutcomeUnknownError(`${error.message}; SAP may have done it`, { cause: error })
      }
    },
  }

  /** Of an entity; what is no entity (functions, relations) is changed whatever its state. */
  async function etagOf(service: string, path: string, signal: AbortSignal): Promise<string> {
    if (!path.endsWith(')')) return '*'
    return (await read(service, path, signal)).etag ?? '*'
  }
}
