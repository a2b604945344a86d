import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Counters, Doc, Switches } from '../../connectors/maintainx/sandbox/index.ts'
import type { Ask } from './maintainx-child.ts'
import { type Docs, TRUTH_RESOURCES } from './maintainx-truth.ts'

export interface Figures extends Counters {
  readonly pending: number
  readonly subscriptions: number
  /** That the connector made. */
  readonly requests: number
  readonly changes: number
}

/** A MaintainX sandbox in another process (`maintainx-child.ts`). */
export interface MaintainXProcess {
  readonly url: string
  readonly token: string
  work(options: Omit<Extract<Ask, { ask: 'work' }>, 'ask'>): Promise<void>
  figures(): Promise<Figures>
  idle(): Promise<void>
  docs(): Promise<Docs>
  close(): Promise<void>
}

const MAIN = fileURLToPath(new URL('maintainx-child.ts', import.meta.url))

export async function startMaintainX(options: {
  readonly size: Record<string, number>
  readonly switches: Partial<Switches>
}): Promise<MaintainXProcess> {
  const child = fork(MAIN, [JSON.stringify(options)])
  const waiting = new Map<number, (answer: unknown) => void>()
  child.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
    waiting.get(id)?.(answer)
    waiting.delete(id)
  })
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the sandbox ended with ${code}`)))
  ended.catch(() => undefined)
  let last = 0
  const ask = async (message: Ask): Promise<unknown> => {
    const id = ++last
    const answer = new Promise<unknown>((resolve) => waiting.set(id, resolve))
    child.send({ ...message, id })
    return Promise.race([answer, ended])
  }
  const { url, token } = (await ask({ ask: 'address' })) as { url: string; token: string }
  return {
    url,
    token,
    async work(options) {
      await ask({ ask: 'work', ...options })
    },
    figures: async () => (await ask({ ask: 'counters' })) as Figures,
    async idle() {
      await ask({ ask: 'idle' })
    },
    async docs() {
      const pairs = TRUTH_RESOURCES.map(async (resource) => [resource, await ask({ ask: 'truth', resource })] as const)
      return Object.fromEntries(await Promise.all(pairs)) as { [R in keyof Docs]: Doc[] }
    },
    async close() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}
