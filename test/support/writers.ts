import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { WriterOrder } from './writer-child.ts'

/** Writers that die one after the other; the next one stands by, so that a death costs no start of a process. */
export interface Writers {
  /** The one standing by goes to work. Resolves when it has joined; without waiting for its partitions. */
  next(): Promise<void>
  /** kill -9, wherever it stands; with `after`, the next one has taken its place before. */
  kill(after?: { readonly takeOver: boolean }): Promise<void>
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

  async function next(): Promise<void> {
    const { child, ready } = standby
    working = child
    standby = make()
    await ready
    const started = once(child, 'message')
    child.send('go')
    await started
  }

  return {
    next,
    async kill({ takeOver } = { takeOver: false }) {
      const dying = working
      if (takeOver) await next()
      else working = null
      if (dying === null) return
      const gone = once(dying, 'exit')
      dying.kill('SIGKILL')
      await gone
    },
    close() {
      working?.kill('SIGKILL')
      standby.child.kill('SIGKILL')
    },
  }
}
