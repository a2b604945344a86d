import type { RunningProcess } from './processes.ts'

/** One server that can be ended and brought back on the same data and address: what chaos tests do to it. */
export interface Server {
  readonly name: string
  /** Address for clients; the same after a restart. */
  readonly url: string
  readonly logFile: string
  pid(): number
  isRunning(): boolean
  /** Asks it to end; resolves when it has. */
  stop(): Promise<void>
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
  /** Any other signal, e.g. SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void
  /** Starts it anew (stops it first when it runs); resolves when it answers. */
  restart(): Promise<void>
}

/** @param start starts the process and resolves when it answers */
export async function createServer(name: string, url: string, start: () => Promise<RunningProcess>): Promise<Server> {
  let current = await start()
  return {
    name,
    url,
    logFile: current.logFile,
    pid: () => current.pid,
    isRunning: () => current.isRunning(),
    stop: () => current.stop(),
    kill: () => current.kill(),
    signal: (signal) => current.signal(signal),
    async restart() {
      await current.stop()
      current = await start()
    },
  }
}
