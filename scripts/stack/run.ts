import { spawn } from 'node:child_process'
import { StackError } from './errors.ts'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly timeoutMs?: number
}

/**
 * Runs a command to its end.
 * @returns what it wrote to stdout
 * @throws StackError with the end of its output when it does not exit 0, or cannot be run
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' as const }),
      ...options.user,
    })
    let out = ''
    let all = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      all = (all + chunk.toString()).slice(-20_000)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      all = (all + chunk.toString()).slice(-20_000)
    })
    child.once('error', (error) => reject(new StackError(`running ${command}: ${error.message}`)))
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(out)
      const line = [command, ...args].join(' ').slice(0, 300)
      reject(new StackError(`\`${line}\` ended with ${signal ?? `exit code ${code}`}`, all.trimEnd().slice(-3000)))
    })
  })
}

/** Like `run`, but answers null instead of throwing: for probing what a machine has. */
export async function tryRun(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string | null> {
  try {
    return await run(command, args, options)
  } catch {
    return null
  }
}
