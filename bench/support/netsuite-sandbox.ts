import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '../../core/index.ts'
import type { Size } from '../../connectors/netsuite/sandbox/seed/size.ts'

export interface SandboxSpec {
  readonly size: Partial<Size>
  /** Keeps the data for the next time; default: in memory. */
  readonly database?: string
  readonly concurrencyLimit: number
  readonly switches?: { readonly slowMs: number }
}

export interface InFlight {
  readonly average: number
  readonly max: number
  /** Requests above the limit. */
  readonly refused: number
}

export interface SandboxProcess {
  /** Of a connection: account, address, certificate. */
  readonly settings: JsonObject
  /** Requests in flight since the last `reset`. */
  inFlight(): Promise<InFlight>
  reset(): Promise<void>
  stop(): void
}

export async function startNetSuite(spec: SandboxSpec): Promise<SandboxProcess> {
  if (spec.database !== undefined) mkdirSync(dirname(spec.database), { recursive: true })
  const script = fileURLToPath(new URL('netsuite-sandbox-process.ts', import.meta.url))
  const child = fork(script, [JSON.stringify(spec)])
  const answer = async <T>(): Promise<T> => {
    const [message] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('the sandbox has ended'))),
    ])) as [T]
    return message
  }
  const ask = async (what: 'reset' | 'tell'): Promise<InFlight> => {
    child.send(what)
    return answer()
  }
  const { settings } = await answer<{ settings: JsonObject }>()
  return {
    settings,
    inFlight: () => ask('tell'),
    async reset() {
      await ask('reset')
    },
    stop: () => child.disconnect(),
  }
}
