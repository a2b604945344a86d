import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { WriterOrder } from './writer-child.ts'

/** Writers that die one after the other; the next one stands by, so that a death costs no start of a process. */
export interface Writers {
  /** The one standing by goes to work. Resolves when it has joined; without waiting for its partitions. */
  next(): Promise<void>
  /** kill -9, wherever it stands. */
  kill(): Promise<void>
  close(): void
}

export function createWriters(order: Omit<WriterOrder, 'group'>): Writers {
  let made = 0
  let working: ChildProcess | null = null
  let standby = make()

  function make() {
    const argument = JSON.stringify({ ...order, group: `writer-${++made}` })
    const child = fork(join(import.meta.dirname, 'writer-child.ts'), [argument])
    const ready = once(child, 'message')
    // whoever waits for it is told
    ready.catch(() => {})
    return { child, ready }
  }

  return {
    async next() {
      const { child, ready } = standby
      await ready
      const started = once(child, 'message')
      child.send('go')
      working = child
      standby = make()
      await started
    },
    async kill() {
      if (working === null) return
      const gone = once(working, 'exit')
      working.kill('SIGKILL')
      await gone
      working = null
    },
    close() {
      working?.kill('SIGKILL')
      standby.child.kill('SIGKILL')
    },
  }
}
