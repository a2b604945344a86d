import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Socket } from 'node:net'
import { StackError } from './errors.ts'

const LEASH = join(import.meta.dirname, 'leash.sh')

export interface Launch {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Output is appended here. */
  readonly logFile: string
  /** How this server is asked to end. Default SIGTERM. */
  readonly stopSignal?: 'TERM' | 'INT' | 'QUIT'
  /** Time to end by itself before SIGKILL, s. Default 15. */
  readonly graceSeconds?: number
  /** Run as this user (only root can). */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
}

/** A server process of ours. It ends when this process ends, however that happens. */
export interface RunningProcess {
  readonly name: string
  readonly pid: number
  readonly logFile: string
  /** Size of the log when the process was started, bytes. */
  readonly logStart: number
  isRunning(): boolean
  /** Resolves with a description once it has ended. */
  readonly exited: Promise<string>
  /** Asks it to end, waits, kills it after the grace. */
  stop(): Promise<void>
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
  /** Any other signal (SIGSTOP, SIGCONT, …). */
  signal(signal: NodeJS.Signals): void
}

/** Starts a server on a leash (`leash.sh`); its own process group keeps a Ctrl-C of the terminal away from it. */
export function launch(what: Launch): RunningProcess {
  const signal = what.stopSignal ?? 'TERM'
  const grace = what.graceSeconds ?? 15
  mkdirSync(dirname(what.logFile), { recursive: true })
  const log = openSync(what.logFile, 'a')
  const logStart = statSync(what.logFile).size
  const child = spawn('/bin/sh', [LEASH, signal, String(grace), what.command, ...what.args], {
    stdio: ['ignore', log, log, 'pipe'],
    detached: true,
    ...(what.cwd === undefined ? {} : { cwd: what.cwd }),
    env: what.env ?? process.env,
    ...what.user,
  })
  closeSync(log)
  const exited = watch(child)
  let running = true
  void exited.then(() => {
    running = false
  })
  const { pid } = child
  if (pid === undefined) throw new StackError(`starting ${what.name}: ${what.command} could not be run`)
  const end = async (first: NodeJS.Signals): Promise<void> => {
    if (!running) return
    child.kill(first)
    const timer = setTimeout(() => child.kill('SIGKILL'), grace * 1000)
    await exited
    clearTimeout(timer)
  }
  return {
    name: what.name,
    pid,
    logFile: what.logFile,
    logStart,
    isRunning: () => running,
    exited,
    stop: () => end(`SIG${signal}`),
    kill: () => end('SIGKILL'),
    signal: (other) => void child.kill(other),
  }
}

function watch(child: ChildProcess): Promise<string> {
  const leash = child.stdio[3] as Socket
  leash.on('error', () => {})
  // A test that forgets to stop its server must still be able to end; the leash then ends the server.
  leash.unref()
  child.unref()
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      leash.end('ended\n')
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`)
    })
  })
}

/** The last lines of a log written since the process started, for error messages. */
export function logTail(process: Pick<RunningProcess, 'logFile' | 'logStart'>, lines = 12): string {
  try {
    const written = readFileSync(process.logFile).subarray(process.logStart).toString('utf8')
    return written.trimEnd().split('\n').slice(-lines).join('\n')
  } catch {
    return ''
  }
}

/**
 * Waits until `isReady` answers true.
 * @throws StackError when the process ends first or the time is over; with the end of its log
 */
export async function untilReady(
  process: RunningProcess,
  isReady: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  const end: { how?: string } = {}
  void process.exited.then((how) => {
    end.how = how
  })
  while (true) {
    if (await isReady()) return
    if (end.how !== undefined) throw new StackError(`${process.name} ended while starting (${end.how})`, logOf(process))
    if (Date.now() > deadline) {
      await process.kill()
      throw new StackError(`${process.name} was not ready after ${timeoutMs / 1000} s`, logOf(process))
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const logOf = (process: RunningProcess): string => `${process.logFile} ends with:\n${logTail(process)}`

/** True once the text appears in what the process has logged since it started. */
export function logged(process: RunningProcess, text: string): () => boolean {
  return () => {
    try {
      return readFileSync(process.logFile).subarray(process.logStart).includes(text)
    } catch {
      return false
    }
  }
}
