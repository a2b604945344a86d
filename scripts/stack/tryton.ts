import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Addresses, TrytonAccess } from './addresses.ts'
import { StackError } from './errors.ts'
import { createDatabase, dropDatabase } from './postgres.ts'
import { launch, untilReady } from './processes.ts'
import { tryRun } from './run.ts'
import { createServer, type Server } from './server.ts'
import { findTemplate, prepareTemplate, TRYTON_PASSWORD, TRYTON_USER } from './tryton-template.ts'
import { folderFor, unprivilegedUser } from './unprivileged.ts'

export interface TrytonOptions {
  readonly dir: string
  readonly port: number
  /** Connection string of the PostgreSQL server; its login may create databases. */
  readonly postgresUrl: string
}

export const TRYTON_MISSING =
  'Tryton 6.0 is needed for `npm start -- --erp tryton` and for tests; on Debian 12: bash scripts/system-packages.sh'

/** @returns null when Tryton is not installed (it is needed only when it is asked for) */
export async function findTryton(): Promise<string | null> {
  return (await tryRun('trytond', ['--version'], { timeoutMs: 30_000 }))?.trim() ?? null
}

/** Starts Tryton's server on databases of that PostgreSQL, after preparing the template (once). */
export async function startTryton(options: TrytonOptions): Promise<Server> {
  const version = await findTryton()
  if (version === null) throw new StackError(TRYTON_MISSING)
  const user = await unprivilegedUser()
  const dir = await folderFor(user, options.dir)
  const config = join(dir, 'trytond.conf')
  writeFileSync(config, configuration(options, dir))
  chmodSync(config, 0o644)
  await prepareTemplate({ version, config, dir, postgresUrl: options.postgresUrl })
  const url = `http://127.0.0.1:${options.port}`
  return createServer('Tryton', url, async () => {
    const tryton = launch({
      name: 'Tryton',
      command: 'trytond',
      args: ['-c', config],
      cwd: dir,
      logFile: join(options.dir, 'tryton.log'),
      user,
    })
    await untilReady(tryton, () => serves(url), 60_000)
    return tryton
  })
}

function configuration(options: TrytonOptions, dir: string): string {
  const server = new URL(options.postgresUrl)
  server.pathname = '/'
  return [
    '[database]',
    `uri = ${server.href}`,
    `path = ${dir}`,
    '[web]',
    `listen = 127.0.0.1:${options.port}`,
    '[session]',
    // Tests log in with wrong passwords on purpose; by default a login is refused for minutes after five of them.
    'max_attempt = 1000',
    '',
  ].join('\n')
}

const serves = async (url: string): Promise<boolean> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 1, method: 'common.server.version', params: [] }),
    signal: AbortSignal.timeout(2000),
  }).catch(() => null)
  return response?.ok ?? false
}

/**
 * A fresh Tryton database (modules active, no companies, no records) under that name, copied from the template in
 * about a second; kept when it is there already.
 */
export async function createTrytonDatabase(
  addresses: Pick<Addresses, 'postgres' | 'tryton'>,
  name: string,
): Promise<TrytonAccess> {
  const server = addresses.tryton
  if (server === undefined) throw new StackError(TRYTON_MISSING)
  const template = await findTemplate(addresses.postgres)
  if (template === null) {
    throw new StackError('the PostgreSQL of this stack holds no Tryton template: let the stack start Tryton itself')
  }
  await createDatabase(addresses.postgres, name, template)
  return { url: server.url, database: name, user: TRYTON_USER, password: TRYTON_PASSWORD }
}

/** Drops a database made by `createTrytonDatabase`, whoever is connected. */
export async function dropTrytonDatabase(addresses: Pick<Addresses, 'postgres'>, name: string): Promise<void> {
  await dropDatabase(addresses.postgres, name)
}
