import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { asAdmin, createDatabase, dropDatabase, withDatabase } from './postgres.ts'
import { run } from './run.ts'

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

/**
 * Makes the template when it is not there (20–40 s). It gets its name only when it is whole; what an interrupted
 * preparation left is thrown away by the next.
 */
export async function prepareTemplate(options: {
  readonly version: string
  /** `trytond.conf`. */
  readonly config: string
  readonly dir: string
  readonly postgresUrl: string
}): Promise<void> {
  const { postgresUrl } = options
  const name = templateName(options.version)
  const exists = await asAdmin(postgresUrl, (client) =>
    client.query('select 1 from pg_database where datname = $1', [name]),
  )
  if (exists.rowCount !== 0) return
  const unfinished = `${name}_unfinished`
  await dropDatabase(postgresUrl, unfinished)
  await createDatabase(postgresUrl, unfinished)
  const passwordFile = join(options.dir, 'admin-password')
  writeFileSync(passwordFile, `${TRYTON_PASSWORD}\n`)
  const env = { ...process.env, TRYTONPASSFILE: passwordFile }
  const admin = (...args: string[]): Promise<string> =>
    run('trytond-admin', ['-c', options.config, '-d', unfinished, ...args], { env, timeoutMs: 600_000 })
  const planner = await helpPlanner(postgresUrl, unfinished)
  try {
    await admin('--all', '--email', 'admin@example.com', '-l', 'en')
    await admin('-u', ...TRYTON_MODULES, '--activate-dependencies')
  } finally {
    await planner.stop()
  }
  await asAdmin(postgresUrl, async (client) => {
    await client.query(`alter database ${unfinished} reset all`)
    await client.query(`alter database ${unfinished} rename to ${name}`)
  })
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
