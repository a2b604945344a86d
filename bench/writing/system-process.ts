import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface SystemSpec {
  /** Of every call. */
  readonly latencyMs: number
  /** One connection that is answered this slowly. */
  readonly slow?: { readonly connection: string; readonly ms: number }
}

/** Command, its first call's arrival, its last call's answer (epoch ms), time spent in the system (ms). */
export type Call = readonly [command: string, first: number, last: number, busyMs: number]

export interface SystemReport {
  /** Since the last report. */
  readonly calls: readonly Call[]
  readonly mostAtOnce: number
}

export interface SystemProcess {
  readonly url: string
  /** What happened since the last report. */
  report(): Promise<SystemReport>
  stop(): void
}

export async function startSystem(spec: SystemSpec): Promise<SystemProcess> {
  const child = fork(fileURLToPath(new URL('system.ts', import.meta.url)), [JSON.stringify(spec)])
  const [url] = (await once(child, 'message')) as [string]
  return {
    url,
    async report() {
      child.send('report')
      const [report] = (await once(child, 'message')) as [SystemReport]
      return report
    },
    stop: () => child.disconnect(),
  }
}
