import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { StackError } from './errors.ts'
import { tryRun } from './run.ts'

/** PostgreSQL refuses to run as root. */
export interface User {
  readonly uid: number
  readonly gid: number
}

/**
 * The user servers run as: ourselves (undefined), or, when we are root, `postgres`, else `nobody`.
 * @throws StackError when root finds neither
 */
export async function unprivilegedUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const uid = await tryRun('id', ['-u', name])
    const gid = await tryRun('id', ['-g', name])
    if (uid !== null && gid !== null) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new StackError('PostgreSQL does not run as root and there is no user postgres or nobody: run as a normal user')
}

/**
 * A folder that user owns and can reach. Root's own folders are often closed to others (mode 700 on /root);
 * then it is one under /var/tmp, named after the wanted place.
 */
export async function folderFor(user: User | undefined, wanted: string): Promise<string> {
  mkdirSync(wanted, { recursive: true })
  if (user === undefined) return wanted
  const own = (dir: string): string => {
    mkdirSync(dir, { recursive: true })
    chownSync(dir, user.uid, user.gid)
    chmodSync(dir, 0o700)
    return dir
  }
  own(wanted)
  if ((await tryRun('/bin/sh', ['-c', 'cd "$0"', wanted], { user })) !== null) return wanted
  return own(join('/var/tmp', `tributary-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`))
}
