import { createHash } from 'node:crypto'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { cacheDir } from './paths.ts'
import { asAdmin, createDatabase, dropDatabase, findPostgresPrograms, withDatabase } from './postgres.ts'
import { run, tryRun } from './run.ts'

/** With what they depend on. */
export const TRYTON_MODULES = ['party', 'product', 'purchase', 'stock', 'company', 'account'] as const
/** Only on 127.0.0.1, only demo data. */
export const TRYTON_USER = 'admin'
export const TRYTON_PASSWORD = 'tributary'

const TEMPLATE = '^tryton_template_[0-9a-f]{8}$'

/** Name of the prepared database that others are copied from; another version or module list is another template. */
export const templateName = (version: string): string =>
  `tryton_template_${createHash('sha256')
    .update(`${version} ${TRYTON_MODULES.join(' ')}`)
    .digest('hex')
    .slice(0, 8)}`

/** The newest template of that PostgreSQL, or null. */
export async function findTemplate(postgresUrl: string): Promise<string | null> {
  const query = `select datname from pg_database where datname ~ '${TEMPLATE}' order by oid desc`
  const found = await asAdmin(postgresUrl, (client) => client.query<{ datname: string }>(query))
  return found.rows[0]?.datname ?? null
}

/** Databases of a server but its own and the templates. */
export async function otherDatabases(postgresUrl: string): Promise<string[]> {
  const query = `select datname from pg_database where not datistemplate and datname <> 'postgres' and datname !~ '${TEMPLATE}'`
  const found = await asAdmin(postgresUrl, (client) => client.query<{ datname: string }>(query))
  return found.rows.map((row) => row.datname)
}

export interface TemplateOptions {
  readonly version: string
  /** `trytond.conf`. */
  readonly config: string
  readonly dir: string
  readonly postgresUrl: string
}

/**
 * Makes the template when it is not there: from a dump in the user's cache (seconds), else by installing Tryton into it
 * (20–60 s) and dumping it there. It gets its name only when it is whole; what an interrupted preparation left is thrown
 * away by the next.
 */
export async function prepareTemplate(options: TemplateOptions): Promise<void> {
  const { postgresUrl } = options
  const name = templateName(options.version)
  const exists = await asAdmin(postgresUrl, (client) =>
    client.query('select 1 from pg_database where datname = $1', [name]),
  )
  if (exists.rowCount !== 0) return
  const unfinished = `${name}_unfinished`
  const emptyDatabase = async (): Promise<void> => {
    await dropDatabase(postgresUrl, unfinished)
    await createDatabase(postgresUrl, unfinished)
  }
  await emptyDatabase()
  const dump = await dumpFile(postgresUrl, name)
  if (dump === null || !(await restoreDump(dump, withDatabase(postgresUrl, unfinished)))) {
    await emptyDatabase()
    await installTryton(options, unfinished)
    if (dump !== null) await writeDump(dump, withDatabase(postgresUrl, unfinished))
  }
  await asAdmin(postgresUrl, async (client) => {
    await client.query(`alter database ${unfinished} reset all`)
    await client.query(`alter database ${unfinished} rename to ${name}`)
  })
}

async function installTryton(options: TemplateOptions, database: string): Promise<void> {
  const passwordFile = join(options.dir, 'admin-password')
  writeFileSync(passwordFile, `${TRYTON_PASSWORD}\n`)
  const env = { ...process.env, TRYTONPASSFILE: passwordFile }
  const admin = (...args: string[]): Promise<string> =>
    run('trytond-admin', ['-c', options.config, '-d', database, ...args], { env, timeoutMs: 600_000 })
  const planner = await helpPlanner(options.postgresUrl, database)
  try {
    await admin('--all', '--email', 'admin@example.com', '-l', 'en')
    await admin('-u', ...TRYTON_MODULES, '--activate-dependencies')
  } finally {
    await planner.stop()
    rmSync(passwordFile, { force: true })
  }
}

/** Where a template is kept for other folders of this user; null without the programs of this very server version. */
async function dumpFile(postgresUrl: string, name: string): Promise<Dump | null> {
  const programs = findPostgresPrograms()
  if (programs === null || !existsSync(join(programs, 'pg_dump'))) return null
  const text = await run(join(programs, 'pg_dump'), ['--version'])
  const major = /(\d+)(?:\.\d+)?/.exec(text)?.[1] ?? ''
  const server = await asAdmin(postgresUrl, (client) =>
    client.query<{ v: string }>("select current_setting('server_version_num') as v"),
  )
  if (Math.floor(Number(server.rows[0]?.v) / 10_000) !== Number(major)) return null
  return { programs, file: join(cacheDir(), `${name}-pg${major}.dump`) }
}

interface Dump {
  /** Folder of pg_dump and pg_restore. */
  readonly programs: string
  readonly file: string
}

/** False when there is no dump, or it cannot be used: then it is made anew. */
async function restoreDump(dump: Dump, url: string): Promise<boolean> {
  if (!existsSync(dump.file)) return false
  const args = ['--no-owner', '--exit-on-error', '-d', url, dump.file]
  return (await tryRun(join(dump.programs, 'pg_restore'), args, { timeoutMs: 120_000 })) !== null
}

async function writeDump(dump: Dump, url: string): Promise<void> {
  const unfinished = `${dump.file}.unfinished-${process.pid}`
  const args = ['--format=custom', '--compress=1', '--no-owner', '-f', unfinished, '-d', url]
  if ((await tryRun(join(dump.programs, 'pg_dump'), args, { timeoutMs: 120_000 })) === null)
    rmSync(unfinished, { force: true })
  else renameSync(unfinished, dump.file)
}

/**
 * Installing Tryton asks PostgreSQL's catalogue about every table while the catalogue grows: without fresh
 * statistics and with the default limits of the planner it takes more than twice as long.
 */
async function helpPlanner(postgresUrl: string, database: string): Promise<{ stop(): Promise<void> }> {
  await asAdmin(postgresUrl, async (client) => {
    for (const setting of ['jit = off', 'geqo = off', 'join_collapse_limit = 20', 'from_collapse_limit = 20']) {
      await client.query(`alter database ${database} set ${setting}`)
    }
  })
  const stopped = new AbortController()
  const analysing = asAdmin(withDatabase(postgresUrl, database), async (client) => {
    while (!stopped.signal.aborted) {
      await client.query('analyze pg_constraint, pg_class, pg_attribute, pg_depend, pg_namespace')
      await delay(1000, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }).catch(() => {})
  return {
    async stop() {
      stopped.abort()
      await analysing
    },
  }
}
