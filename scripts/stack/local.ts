import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Addresses } from './addresses.ts'
import { CONNECT_PLUGINS, fetchArtifact, KAFKA, REGISTRY } from './artifacts.ts'
import { startConnect } from './connect.ts'
import type { Given } from './environment.ts'
import { requireJava } from './java.ts'
import { startKafka } from './kafka.ts'
import { choosePorts } from './ports.ts'
import { asAdmin, createDatabase, dropDatabase, requirePostgresPrograms, startPostgres } from './postgres.ts'
import { startRegistry } from './registry.ts'
import type { Server } from './server.ts'
import { createTrytonDatabase, findTryton, startTryton, TRYTON_PASSWORD, TRYTON_USER } from './tryton.ts'

export interface LocalOptions {
  /** Data, logs and remembered ports of this stack. */
  readonly dir: string
  /** false = PostgreSQL without fsync (tests). */
  readonly durable: boolean
  /** true = forget what earlier runs left in Kafka, registry and PostgreSQL (but keep what is slow to make). */
  readonly fresh?: boolean
  /** Parts that exist already; they are used, not started. */
  readonly given: Given
  /** One line of progress. */
  readonly say: (line: string) => void
}

export interface LocalStack {
  readonly addresses: Addresses
  readonly servers: readonly Server[]
  /** Connect first, PostgreSQL last. */
  stop(): Promise<void>
}

const TRYTON_DATABASE = 'tryton'

/** Starts what is not given, as processes of this machine that end with this process. */
export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  const { given, say, dir } = options
  const started = new Map<string, Server>()
  const stop = async (): Promise<void> => {
    for (const group of [['connect', 'tryton'], ['registry'], ['kafka'], ['postgres']]) {
      await Promise.all(group.map((name) => started.get(name)?.stop()))
    }
  }
  const start = async (name: string, server: Promise<Server>): Promise<string> => {
    const began = Date.now()
    const running = await server
    started.set(name, running)
    say(`${running.name} ready at ${withoutPassword(running.url)} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
    return running.url
  }
  try {
    if (given.postgres === undefined) await requirePostgresPrograms()
    const needsJava = given.kafka === undefined || given.registry === undefined || given.connect === undefined
    const java = needsJava ? await requireJava() : 'java'
    if (options.fresh === true) {
      for (const part of ['kafka', 'registry', 'connect']) rmSync(join(dir, part), { recursive: true, force: true })
    }
    const port = await choosePorts(join(dir, 'ports.json'), PORT_NAMES)

    // Downloads one after another (they share Maven's repository), each server as soon as its own is there.
    const jars = needsJava ? fetchArtifact(KAFKA, undefined, say) : Promise.resolve('')
    const registryApp = jars.then(() => (given.registry === undefined ? fetchArtifact(REGISTRY, undefined, say) : ''))
    const plugins = registryApp.then(() =>
      given.connect === undefined ? fetchArtifact(CONNECT_PLUGINS, undefined, say) : '',
    )

    const kafka = async (): Promise<string> => {
      const broker = { java, jars: await jars, dir: join(dir, 'kafka'), port: port.kafka }
      return start('kafka', startKafka({ ...broker, controllerPort: port.controller }))
    }
    const registry = async (): Promise<string> => {
      const app = await registryApp
      return start('registry', startRegistry({ java, app, dir: join(dir, 'registry'), port: port.registry }))
    }
    const postgres = async (): Promise<string> => {
      const url = await start(
        'postgres',
        startPostgres({ dir: join(dir, 'postgres'), port: port.postgres, durable: options.durable }),
      )
      if (options.fresh === true) await dropLeftovers(url)
      return url
    }
    const kafkaUrl = given.kafka ?? kafka()
    const registryUrl = given.registry ?? registry()
    const postgresUrl = given.postgres ?? postgres()
    const connect = async (): Promise<string> => {
      const [brokers, registry_] = await Promise.all([kafkaUrl, registryUrl])
      const worker = { java, jars: await jars, plugins: await plugins, dir: join(dir, 'connect'), port: port.connect }
      return start('connect', startConnect({ ...worker, brokers, registryUrl: registry_ }))
    }
    const tryton = async (): Promise<Addresses['tryton'] | null> => {
      const database = await postgresUrl
      if ((await findTryton()) === null) {
        say('Tryton is not installed: the demo and the tests that need it will say so')
        return null
      }
      const server = { dir: join(dir, 'tryton'), port: port.tryton, postgresUrl: database }
      const url = await start('tryton', startTryton(server))
      return { url, database: TRYTON_DATABASE, user: TRYTON_USER, password: TRYTON_PASSWORD }
    }
    const [kafkaAt, registryAt, postgresAt, connectAt, trytonAt] = await allOrFirstError([
      kafkaUrl,
      registryUrl,
      postgresUrl,
      given.connect ?? connect(),
      given.tryton ?? tryton(),
    ] as const)
    const required = { kafka: kafkaAt, registry: registryAt, connect: connectAt, postgres: postgresAt }
    const addresses: Addresses = trytonAt === null ? required : { ...required, tryton: trytonAt as never }
    if (addresses.tryton !== undefined && given.tryton === undefined) {
      await createTrytonDatabase(addresses, TRYTON_DATABASE)
    }
    return { addresses, servers: [...started.values()], stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const PORT_NAMES = ['kafka', 'controller', 'registry', 'connect', 'postgres', 'tryton'] as const

/** Like Promise.all, but the others have settled too when it throws, so that nothing is started after a failure. */
async function allOrFirstError<T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const results = await Promise.allSettled(promises)
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as never
}

/** Databases that tests of an earlier run left behind; templates stay, they take 20 s to make. */
async function dropLeftovers(url: string): Promise<void> {
  const own = new URL(url).pathname.slice(1)
  const found = await asAdmin(url, (client) =>
    client.query<{ datname: string }>(
      "select datname from pg_database where not datistemplate and datname <> 'postgres' and datname !~ '^tryton_template_[0-9a-f]{8}$'",
    ),
  )
  const maintenance = new URL(url)
  maintenance.pathname = '/postgres'
  for (const { datname } of found.rows) await dropDatabase(maintenance.href, datname)
  await createDatabase(maintenance.href, own)
}

const withoutPassword = (url: string): string => url.replace(/\/\/([^:/@]+):[^@]*@/, '//$1@')
