import { setTimeout as delay } from 'node:timers/promises'
import { describeError } from '../errors.ts'
import { asFatal, isConnectionError, isHopeless, isRetriable, isStaleMetadata } from './errors.ts'
import type { Link } from './link.ts'

/** Waits, or returns early when the signal aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
}

/** 20 ms doubling to a second, with jitter. */
export const backoffMs = (attempt: number): number =>
  Math.min(1_000, 20 * 2 ** Math.min(attempt, 8)) * (0.75 + Math.random() / 2)

/**
 * Repeats `attempt` on fresh connections and metadata while its failure is one that waiting mends.
 * @throws FatalKafkaError for failures that it does not (credentials, rights, settings)
 * @throws Error with what was being done in front, when `forMs` is over or the failure is of another kind
 */
export async function persist<T>(
  link: Link,
  doing: string,
  attempt: () => Promise<T>,
  options: { readonly forMs: number; readonly signal?: AbortSignal },
): Promise<T> {
  const deadline = Date.now() + options.forMs
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (isHopeless(error)) throw asFatal(doing, error)
      if (!isRetriable(error) || Date.now() >= deadline || options.signal?.aborted)
        throw new Error(`${doing}: ${describeError(error)}`, { cause: error })
      if (isConnectionError(error)) link.drop()
      else if (isStaleMetadata(error)) link.forgetLeaders()
      await pause(backoffMs(tries), options.signal)
    }
  }
}
