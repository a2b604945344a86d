import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Root of the project: where package.json is. */
export const PROJECT_DIR: string = resolve(import.meta.dirname, '..', '..')

/** Git-ignored: data, logs and the state of this project's stack. TRIBUTARY_STATE_DIR puts it elsewhere. */
export const STATE_DIR: string = resolve(process.env['TRIBUTARY_STATE_DIR'] || join(PROJECT_DIR, '.tributary'))

/** True when the folder exists, or can be made, and files can be written into it. */
export function isWritable(dir: string): boolean {
  try {
    mkdirSync(dir, { recursive: true })
    accessSync(dir, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Where unpacked downloads are kept: a cache of the user, so that a fresh clone downloads nothing again;
 * inside the project when there is no usable home.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env, fallback: string = STATE_DIR): string {
  const base = env['XDG_CACHE_HOME'] || (homedir() === '' ? '' : join(homedir(), '.cache'))
  const shared = join(base, 'tributary')
  if (base.startsWith('/') && isWritable(shared)) return shared
  return join(fallback, 'cache')
}
