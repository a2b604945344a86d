import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Addresses } from './addresses.ts'

/** What `.tributary/stack.json` holds: the addresses at its top, so that scripts can read them with one jq. */
export interface StackFile extends Addresses {
  /** Process that owns the servers; they end with it. */
  readonly owner: ProcessId
  readonly servers: { readonly [name: string]: ProcessId }
  readonly logs: { readonly [name: string]: string }
}

/** A process id alone may be somebody else's by now: the start time tells. */
export interface ProcessId {
  readonly pid: number
  readonly started: string
}

export const stackFile = (stateDir: string): string => join(stateDir, 'stack.json')
const PLAIN = { LC_ALL: 'C', PATH: process.env['PATH'] ?? '/usr/bin:/bin' }
const lockFile = (stateDir: string): string => join(stateDir, 'stack.lock')

/** @returns when that process was started, as text; null when there is none, or only its exit status is left */
export function startTime(pid: number): string | null {
  try {
    const args = ['-o', 'stat=,lstart=', '-p', String(pid)]
    const [, state, started] =
      /^(\S+)\s+(.+)$/.exec(execFileSync('ps', args, { encoding: 'utf8', env: PLAIN }).trim()) ?? []
    return started === undefined || state?.startsWith('Z') === true ? null : started
  } catch {
    return null
  }
}

export const identify = (pid: number): ProcessId => ({ pid, started: startTime(pid) ?? '' })
export const isAlive = (id: ProcessId): boolean => startTime(id.pid) === id.started

/** The stack of this project when its owner is alive, else null. */
export function runningStack(stateDir: string): StackFile | null {
  const file = readJson<StackFile>(stackFile(stateDir))
  return file !== null && isAlive(file.owner) ? file : null
}

/** Who holds the lock and lives: a stack that is running or about to be. */
export function lockHolder(stateDir: string): ProcessId | null {
  const holder = readJson<ProcessId>(lockFile(stateDir))
  return holder !== null && isAlive(holder) ? holder : null
}

/** Takes the right to own this project's stack; false when another living process has it. */
export function takeLock(stateDir: string): boolean {
  mkdirSync(stateDir, { recursive: true })
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(lockFile(stateDir), JSON.stringify(identify(process.pid)), { flag: 'wx' })
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (lockHolder(stateDir) !== null) return false
      rmSync(lockFile(stateDir), { force: true })
    }
  }
  return false
}

/** Appears whole, by a rename. */
export function writeStackFile(stateDir: string, content: StackFile): void {
  const file = stackFile(stateDir)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

export function forgetStack(stateDir: string): void {
  rmSync(stackFile(stateDir), { force: true })
  rmSync(lockFile(stateDir), { force: true })
}

/** Servers of an owner that was killed end by their leash within seconds; a new start must not meet them. */
export async function untilLeftoversEnd(stateDir: string, timeoutMs = 40_000): Promise<void> {
  const file = readJson<StackFile>(stackFile(stateDir))
  if (file === null || isAlive(file.owner)) return
  const deadline = Date.now() + timeoutMs
  for (const id of Object.values(file.servers)) {
    while (isAlive(id) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 200))
  }
  rmSync(stackFile(stateDir), { force: true })
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return null
  }
}
