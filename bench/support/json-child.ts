import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A child of ours that says what it has to say in JSON lines. */
export interface JsonChild {
  readonly process: ChildProcess
  /** What it says next. @throws when it ends without a word */
  next<T>(): Promise<T>
  /** SIGTERM; what it says to that. */
  end<T>(): Promise<T>
}

/** Starts `bench/support/<script>` with one JSON argument. */
export function jsonChild(script: string, argument: object): JsonChild {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [path, JSON.stringify(argument)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]()
  const next = async <T>(): Promise<T> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done === true) throw new Error(`${script} ended without a word`)
      const said = JSON.parse(value as string) as T & { readonly level?: string }
      if (said.level === undefined) return said
      // a line of its log
      console.error(value)
    }
  }
  return {
    process: child,
    next,
    async end<T>() {
      child.kill('SIGTERM')
      const said = await next<T>()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      return said
    },
  }
}
