import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One line of progress of a child: what it has handled so far, and the CPU seconds it used (user + system). */
export interface Progress {
  readonly at: number
  readonly received: number
  readonly sent: number
  readonly cpu: number
  readonly rss?: number
  readonly arrayBuffers?: number
  readonly ready?: boolean
  readonly partitions?: number
  /** Transactions refused because another owner had taken over. */
  readonly fenced?: number
  readonly transactions?: { readonly count: number; readonly seconds: number }
}

export interface Worker {
  readonly kill: (signal: NodeJS.Signals) => void
  readonly exited: Promise<number | null>
  /** The newest progress, and the first in which anything was received. */
  readonly last: () => Progress | null
  readonly first: () => Progress | null
  /** The report in which the present count was first reached. */
  readonly reached: () => Progress | null
  /** Every report with something received so far, oldest first. */
  readonly history: readonly Progress[]
  readonly stop: () => Promise<void>
}

/** Starts `bench/support/<name>` with one JSON argument; its stderr is ours, its JSON lines are progress. */
export function startWorker(name: string, argument: object, nodeOptions: readonly string[] = []): Worker {
  const script = fileURLToPath(new URL(name, import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [...nodeOptions, script, JSON.stringify(argument)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  let last: Progress | null = null
  let before: Progress | null = null
  let first: Progress | null = null
  let reached: Progress | null = null
  let failure: string | null = null
  const history: Progress[] = []
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    if (!line.startsWith('{')) return
    const progress = JSON.parse(line) as Progress
    before = last
    last = progress
    if (progress.received !== reached?.received) reached = progress
    if (progress.received > 0) history.push(progress)
    // Work began between the last empty report and this one.
    if (first === null && progress.received > 0) first = before ?? progress
  })
  void exited.then((code) => {
    process.off('exit', killAtExit)
    if (code !== 0 && code !== null) failure = `${name} ended with code ${code}`
  })
  const killAtExit = (): void => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const checked = <T>(value: T): T => {
    if (failure !== null) throw new Error(failure)
    return value
  }
  return {
    kill: (signal) => void child.kill(signal),
    exited,
    history,
    last: () => checked(last),
    first: () => checked(first),
    reached: () => checked(reached),
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
      await exited
      clearTimeout(timer)
    },
  }
}

/** Waits until `done()` holds; throws after `timeoutMs` without progress of the workers. */
export async function until(done: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!done()) {
    if (Date.now() > deadline) throw new Error(`not done after ${timeoutMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
