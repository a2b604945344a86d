import { existsSync, globSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { StackError } from './errors.ts'
import { launch, untilReady } from './processes.ts'
import { run, tryRun } from './run.ts'
import { createServer, type Server } from './server.ts'
import { folderFor, unprivilegedUser, type User } from './unprivileged.ts'

export interface PostgresOptions {
  /** Data and log; kept between starts. */
  readonly dir: string
  readonly port: number
  /** false = no fsync: faster; what was committed survives a crash of the server, not one of the machine (tests). */
  readonly durable: boolean
}

/** Only reachable from this machine. */
const LOGIN = 'tributary'
const DATABASE = 'tributary'

/** Debian keeps the server's programs off the PATH, by version: the newest from 13 on. */
export function findPostgresPrograms(
  candidates: readonly string[] = globSync('/usr/{lib/postgresql,pgsql-}*/{*/,}bin/initdb'),
): string | null {
  const version = (path: string): number => Number(/(\d+)(?:\.\d+)?\/bin\/initdb$/.exec(path)?.[1] ?? 0)
  const usable = candidates.filter((path) => version(path) >= 13).sort((a, b) => version(b) - version(a))
  return usable[0] === undefined ? null : dirname(usable[0])
}

/** @throws StackError saying what to install */
export async function requirePostgresPrograms(): Promise<string> {
  const found = findPostgresPrograms()
  if (found !== null) return found
  const onPath = await tryRun('/bin/sh', ['-c', 'command -v initdb'])
  if (onPath !== null) return dirname(onPath.trim())
  throw new StackError('PostgreSQL 13 or newer (server) is needed; on Debian or Ubuntu: apt-get install postgresql')
}

/** Creates the cluster in a temporary folder and renames it, so that an interrupted initdb is not taken for whole. */
async function initialise(programs: string, data: string, user: User | undefined): Promise<void> {
  const unfinished = `${data}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  const passwordFile = join(dirname(data), 'initial-password')
  writeFileSync(passwordFile, `${LOGIN}\n`, { mode: 0o644 })
  const options = [
    '-U',
    LOGIN,
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale',
    'C.UTF-8',
  ]
  await run(join(programs, 'initdb'), ['-D', unfinished, '--no-sync', ...options], { user, cwd: dirname(data) })
  rmSync(passwordFile)
  renameSync(unfinished, data)
}

/** Runs one statement on the server's maintenance database; for `create database` and friends. */
export async function asAdmin<Row>(url: string, work: (client: pg.Client) => Promise<Row>): Promise<Row> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The same server and login, another database. */
export function withDatabase(url: string, database: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${encodeURIComponent(database)}`
  return parsed.href
}

/** Starts PostgreSQL on 127.0.0.1 with database and login `tributary`. Its `url` is a connection string. */
export async function startPostgres(options: PostgresOptions): Promise<Server> {
  const programs = await requirePostgresPrograms()
  const user = await unprivilegedUser()
  const dir = await folderFor(user, options.dir)
  const data = join(dir, 'data')
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(programs, data, user)
  const maintenance = `postgresql://${LOGIN}:${LOGIN}@127.0.0.1:${options.port}/postgres`
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    max_connections: '200',
    // Compiling a plan takes longer than running the short statements of sinks and tests.
    jit: 'off',
    fsync: options.durable ? 'on' : 'off',
  }
  const server = await createServer('PostgreSQL', withDatabase(maintenance, DATABASE), async () => {
    const postgres = launch({
      name: 'PostgreSQL',
      command: join(programs, 'postgres'),
      args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      cwd: dir,
      logFile: join(options.dir, 'postgres.log'),
      // SIGTERM would wait for every client to leave; SIGINT ends them.
      stopSignal: 'INT',
      user,
    })
    await untilReady(postgres, () => accepts(maintenance), 60_000)
    return postgres
  })
  await createDatabase(maintenance, DATABASE)
  return server
}

async function accepts(url: string): Promise<boolean> {
  try {
    await asAdmin(url, (client) => client.query('select 1'))
    return true
  } catch {
    return false
  }
}

export async function existsDatabase(url: string, name: string): Promise<boolean> {
  const found = await asAdmin(url, (client) => client.query('select 1 from pg_database where datname = $1', [name]))
  return found.rowCount !== 0
}

/** Creates a database when it is not there. `template` is copied: nobody may be connected to it. */
export async function createDatabase(url: string, name: string, template?: string): Promise<void> {
  await asAdmin(url, async (client) => {
    const there = await client.query('select 1 from pg_database where datname = $1', [name])
    if (there.rowCount !== 0) return
    const from = template === undefined ? '' : ` template ${client.escapeIdentifier(template)}`
    await client.query(`create database ${client.escapeIdentifier(name)}${from}`)
  })
}

/** Drops a database, ending the sessions in it. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await asAdmin(url, (client) => client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`))
}
