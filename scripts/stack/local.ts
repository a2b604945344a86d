import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Addresses, OptionalPart, Part, TrytonAccess } from './addresses.ts'
import { CONNECT_PLUGINS, fetchArtifact, KAFKA, REGISTRY } from './artifacts.ts'
import { startConnect } from './connect.ts'
import type { Given } from './environment.ts'
import { startKafka } from './kafka.ts'
import { choosePorts } from './ports.ts'
import { createDatabase, dropDatabase, startPostgres, withDatabase } from './postgres.ts'
import { startRegistry } from './registry.ts'
import { requireOnMachine } from './requirements.ts'
import type { Server } from './server.ts'
import { createTrytonDatabase, findTryton, startTryton } from './tryton.ts'
import { otherDatabases, TRYTON_PASSWORD, TRYTON_USER } from './tryton-template.ts'

export interface LocalOptions {
  /** Data, logs and remembered ports of this stack. */
  readonly dir: string
  /** false = PostgreSQL without fsync (tests). */
  readonly durable: boolean
  /** true = forget what earlier runs left in Kafka, registry and PostgreSQL (but keep what is slow to make). */
  readonly fresh: boolean
  /** Parts that exist already; they are used, not started. */
  readonly given: Given
  /** Parts that are wanted beyond those that every stack has. */
  readonly with: readonly OptionalPart[]
  /** Group of the Connect worker on a broker that is not ours alone. Default `tributary-connect`. */
  readonly connectGroup?: string
  /** One line of progress. */
  readonly say: (line: string) => void
}

export interface LocalStack {
  readonly addresses: Addresses
  /** Those started here. */
  readonly servers: readonly Server[]
  /** Connect first, PostgreSQL last. */
  stop(): Promise<void>
}

const PORT_NAMES = ['kafka', 'controller', 'registry', 'connect', 'postgres', 'tryton'] as const
/** Connect lingers without its broker, Tryton without its database: those that need others end first. */
const STOP_ORDER: readonly (readonly Part[])[] = [['connect', 'tryton'], ['registry'], ['kafka'], ['postgres']]
const TRYTON_DATABASE = 'tryton'

/** Starts what is not given, as processes of this machine that end with this process. */
export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  const started = new Map<Part, Server>()
  const stop = async (): Promise<void> => {
    for (const group of STOP_ORDER) await Promise.all(group.map(async (part) => started.get(part)?.stop()))
  }
  try {
    const addresses = await startAll(options, started)
    return { addresses, servers: [...started.values()], stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startAll(options: LocalOptions, started: Map<Part, Server>): Promise<Addresses> {
  const { given, say, dir } = options
  const missing = (part: Part): boolean => given[part] === undefined
  const needsJava = missing('kafka') || missing('registry') || missing('connect')
  const java = await requireOnMachine({
    java: needsJava,
    postgres: missing('postgres'),
    artifacts: [
      ...(needsJava ? [KAFKA] : []),
      ...(missing('registry') ? [REGISTRY] : []),
      ...(missing('connect') ? [CONNECT_PLUGINS] : []),
    ],
  })
  if (options.fresh) {
    for (const part of ['kafka', 'registry', 'connect']) rmSync(join(dir, part), { recursive: true, force: true })
  }
  const port = await choosePorts(join(dir, 'ports.json'), PORT_NAMES)
  const start = async (part: Part, starting: Promise<Server>): Promise<string> => {
    const began = Date.now()
    const server = await starting
    started.set(part, server)
    say(`${server.name} ready at ${withoutPassword(server.url)} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
    return server.url
  }

  // Downloads one after another (they share Maven's repository), each server as soon as its own is there.
  const jars = needsJava ? fetchArtifact(KAFKA, undefined, say) : Promise.resolve('')
  const registryApp = jars.then(() => (missing('registry') ? fetchArtifact(REGISTRY, undefined, say) : ''))
  const plugins = registryApp.then(() => (missing('connect') ? fetchArtifact(CONNECT_PLUGINS, undefined, say) : ''))

  const startBroker = async (): Promise<string> => {
    const folders = { jars: await jars, dir: join(dir, 'kafka') }
    return start('kafka', startKafka({ java, ...folders, port: port.kafka, controllerPort: port.controller }))
  }
  const startSchemas = async (): Promise<string> => {
    const folders = { app: await registryApp, dir: join(dir, 'registry') }
    return start('registry', startRegistry({ java, ...folders, port: port.registry }))
  }
  const startDatabase = async (): Promise<string> => {
    const place = { dir: join(dir, 'postgres'), port: port.postgres }
    const url = await start('postgres', startPostgres({ ...place, durable: options.durable }))
    if (options.fresh) await dropLeftovers(url)
    return url
  }
  const kafka = given.kafka === undefined ? startBroker() : Promise.resolve(given.kafka)
  const registry = given.registry === undefined ? startSchemas() : Promise.resolve(given.registry)
  const postgres = given.postgres === undefined ? startDatabase() : Promise.resolve(given.postgres)
  const startWorker = async (): Promise<string> => {
    const [brokers, registryUrl] = await Promise.all([kafka, registry])
    const folders = { jars: await jars, plugins: await plugins, dir: join(dir, 'connect') }
    const group = options.connectGroup === undefined ? {} : { groupId: options.connectGroup }
    return start('connect', startConnect({ java, ...folders, ...group, port: port.connect, brokers, registryUrl }))
  }
  const startErp = async (): Promise<TrytonAccess | null> => {
    const postgresUrl = await postgres
    if (!options.with.includes('tryton')) return null
    if ((await findTryton()) === null) {
      say('Tryton is not installed; `npm start -- --erp tryton` and tests need it: bash scripts/system-packages.sh')
      return null
    }
    const url = await start('tryton', startTryton({ dir: join(dir, 'tryton'), port: port.tryton, postgresUrl }))
    const access = { url, database: TRYTON_DATABASE, user: TRYTON_USER, password: TRYTON_PASSWORD }
    return createTrytonDatabase({ postgres: postgresUrl, tryton: access }, TRYTON_DATABASE)
  }
  const connect = given.connect === undefined ? startWorker() : Promise.resolve(given.connect)
  const tryton = given.tryton === undefined ? startErp() : Promise.resolve(given.tryton)
  const all = [kafka, registry, postgres, connect, tryton] as const
  // After a failure nothing may still be starting: `stop` would miss it.
  await Promise.allSettled(all)
  const [kafkaAt, registryAt, postgresAt, connectAt, trytonAt] = await Promise.all(all)
  return {
    kafka: kafkaAt,
    registry: registryAt,
    connect: connectAt,
    postgres: postgresAt,
    ...(trytonAt === null ? {} : { tryton: trytonAt }),
    ...(given.fromConnect === undefined ? {} : { fromConnect: given.fromConnect }),
  }
}

/** Databases that tests of an earlier run left behind; templates stay, they are slow to make. */
async function dropLeftovers(url: string): Promise<void> {
  const maintenance = withDatabase(url, 'postgres')
  for (const name of await otherDatabases(maintenance)) await dropDatabase(maintenance, name)
  await createDatabase(maintenance, new URL(url).pathname.slice(1))
}

const withoutPassword = (url: string): string => url.replace(/\/\/([^:/@]+):[^@]*@/, '//$1@')
