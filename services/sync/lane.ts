import { AsyncLocalStorage } from 'node:async_hooks'
import type { HttpClient } from '../../core/index.ts'
import type { Lane } from './turns.ts'

/**
 * Which lane the running page belongs to. A session and its HTTP client are shared by all streams of a connection, and
 * connectors know nothing of lanes; so the lane travels with the asynchronous call, not with the client.
 */
const current = new AsyncLocalStorage<Lane>()

export const inLane = <T>(lane: Lane, work: () => T): T => current.run(lane, work)

/** The same client, with each request in the lane of the page that makes it. */
export function withLanes(http: HttpClient): HttpClient {
  return { ...http, request: (request) => http.request({ lane: current.getStore() ?? 'live', ...request }) }
}
