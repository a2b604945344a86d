import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Addresses, TrytonAccess } from './addresses.ts'
import { StackError } from './errors.ts'
import { asAdmin, createDatabase, dropDatabase, withDatabase } from './postgres.ts'
import { launch, untilReady } from './processes.ts'
import { run, tryRun } from './run.ts'
import { createServer, type Server } from './server.ts'
import { folderFor, unprivilegedUser } from './unprivileged.ts'

export interface TrytonOptions {
  readonly dir: string
  readonly port: number
  /** Connection string of the PostgreSQL server; its login may create databases. */
  readonly postgresUrl: string
}

/** With what they depend on. */
export const TRYTON_MODULES = ['party', 'product', 'purchase', 'stock', 'company', 'account'] as const
/** Only on 127.0.0.1, only demo data. */
export const TRYTON_USER = 'admin'
export const TRYTON_PASSWORD = 'tributary'

/** @returns null when Tryton is not installed (it is needed only for the demo and the tests) */
export async function findTryton(): Promise<string | null> {
  return (await tryRun('trytond', ['--version'], { timeoutMs: 30_000 }))?.trim() ?? null
}

/** Name of the prepared database that others are copied from; another version or module list is another template. */
export const templateName = (version: string): string =>
  `tryton_template_${createHash('sha256').update(`${version} ${TRYTON_MODULES.join(' ')}`).digest('hex').slice(0, 8)}`

/**
 * Starts Tryton's server on databases of that PostgreSQL, after preparing the template (once, about 20 s).
 * Databases are made by `createTrytonDatabase`.
 */
export async function startTryton(options: TrytonOptions): Promise<Server> {
  const version = await findTryton()
  if (version === null) throw new StackError(TRYTON_MISSING)
  const user = await unprivilegedUser()
  const dir = await folderFor(user, options.dir)
  const config = join(dir, 'trytond.conf')
  writeFileSync(
    config,
    [
      '[database]',
      `uri = ${new URL(options.postgresUrl).href.replace(/\/[^/]*$/, '/')}`,
      `path = ${dir}`,
      '[web]',
      `listen = 127.0.0.1:${options.port}`,
      '[cache]',
      'clean_timeout = 0',
      '',
    ].join('\n'),
  )
  chmodSync(config, 0o644)
  await prepareTemplate(config, dir, options.postgresUrl, templateName(version))
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

const TRYTON_MISSING =
  'Tryton 6.0 is needed for the demo and the integration tests; on Debian 12: bash scripts/system-packages.sh'

const serves = async (url: string): Promise<boolean> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 1, method: 'common.server.version', params: [] }),
    signal: AbortSignal.timeout(2000),
  }).catch(() => null)
  return response?.ok ?? false
}

/** The template gets its name only when it is whole; an interrupted preparation is thrown away by the next. */
async function prepareTemplate(config: string, dir: string, postgresUrl: string, name: string): Promise<void> {
  const exists = await asAdmin(postgresUrl, (client) =>
    client.query('select 1 from pg_database where datname = $1', [name]),
  )
  if (exists.rowCount !== 0) return
  const unfinished = `${name}_unfinished`
  await dropDatabase(postgresUrl, unfinished)
  await createDatabase(postgresUrl, unfinished)
  const passwordFile = join(dir, 'admin-password')
  mkdirSync(dir, { recursive: true })
  writeFileSync(passwordFile, `${TRYTON_PASSWORD}\n`)
  const env = { ...process.env, TRYTONPASSFILE: passwordFile }
  const admin = (...args: string[]): Promise<string> =>
    run('trytond-admin', ['-c', config, '-d', unfinished, ...args], { env, timeoutMs: 300_000 })
  await admin('--all', '--email', 'admin@example.com', '-l', 'en')
  await admin('-u', ...TRYTON_MODULES, '--activate-dependencies')
  rmSync(passwordFile)
  await asAdmin(postgresUrl, (client) => client.query(`alter database ${unfinished} rename to ${name}`))
}

/** A fresh Tryton database (no companies, no records) under that name; kept when it is there already. */
export async function createTrytonDatabase(addresses: Addresses, name: string): Promise<TrytonAccess> {
  const server = addresses.tryton
  if (server === undefined) throw new StackError(TRYTON_MISSING)
  const templates = await asAdmin(addresses.postgres, (client) =>
    client.query<{ datname: string }>(
      "select datname from pg_database where datname ~ '^tryton_template_[0-9a-f]{8}$' order by oid desc",
    ),
  )
  const template = templates.rows[0]?.datname
  if (template === undefined) {
    throw new StackError('the PostgreSQL of this stack holds no Tryton template: let the stack start Tryton itself')
  }
  await createDatabase(addresses.postgres, name, template)
  return { url: server.url, database: name, user: TRYTON_USER, password: TRYTON_PASSWORD }
}

/** Drops a database made by `createTrytonDatabase`, whoever is connected. */
export async function dropTrytonDatabase(addresses: Pick<Addresses, 'postgres'>, name: string): Promise<void> {
  await dropDatabase(addresses.postgres, name)
}

/** Connection string of a Tryton database, for looking underneath in tests. */
export const trytonDatabaseUrl = (addresses: Pick<Addresses, 'postgres'>, name: string): string =>
  withDatabase(addresses.postgres, name)
