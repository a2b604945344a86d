/** Servers of one test alone, which it may kill, stop and bring back. They need Java on this machine, not the stack. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONNECT_PLUGINS, fetchArtifact, KAFKA, REGISTRY } from '../../scripts/stack/artifacts.ts'
import { startConnect } from '../../scripts/stack/connect.ts'
import { requireJava } from '../../scripts/stack/java.ts'
import { startKafka } from '../../scripts/stack/kafka.ts'
import { freePort } from '../../scripts/stack/ports.ts'
import { startPostgres } from '../../scripts/stack/postgres.ts'
import { startRegistry } from '../../scripts/stack/registry.ts'
import type { Server } from '../../scripts/stack/server.ts'

export interface OwnServer extends Server {
  /** Ends it and deletes its data. */
  remove(): Promise<void>
}

async function own(start: (dir: string) => Promise<Server>): Promise<OwnServer> {
  const dir = await mkdtemp(join(tmpdir(), 'tributary-own-'))
  // PostgreSQL runs as another user when we are root, and has to reach its folder.
  await chmod(dir, 0o755)
  const server = await start(dir)
  const remove = async (): Promise<void> => {
    await server.kill()
    await rm(dir, { recursive: true, force: true })
  }
  return { ...server, remove }
}

/** A broker; `url` is its address for clients. `settings` go into server.properties; `dir` for data on a special disk. */
export async function ownBroker(
  options: {
    readonly settings?: Readonly<Record<string, string>>
    readonly heapMb?: number
    readonly dir?: string
  } = {},
): Promise<OwnServer> {
  const java = await requireJava()
  const jars = await fetchArtifact(KAFKA)
  const ports = { port: await freePort(), controllerPort: await freePort() }
  const { heapMb = 384 } = options
  const settings = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500', ...options.settings }
  return own((dir) => startKafka({ java, jars, dir: options.dir ?? dir, ...ports, settings, heapMb }))
}

/** A schema registry; `url` is its Confluent-compatible API. */
export async function ownRegistry(): Promise<OwnServer> {
  const java = await requireJava()
  const app = await fetchArtifact(REGISTRY)
  const port = await freePort()
  return own((dir) => startRegistry({ java, app, dir, port }))
}

/** A Connect worker on the given broker and registry. Remove it before its broker. */
export async function ownConnect(on: { readonly brokers: string; readonly registryUrl: string }): Promise<OwnServer> {
  const java = await requireJava()
  const jars = await fetchArtifact(KAFKA)
  const plugins = await fetchArtifact(CONNECT_PLUGINS)
  const port = await freePort()
  return own((dir) => startConnect({ java, jars, plugins, dir, port, ...on, groupId: `tributary-connect-${port}` }))
}

/** A PostgreSQL server; `url` is a connection string. */
export async function ownPostgres(): Promise<OwnServer> {
  const port = await freePort()
  return own((dir) => startPostgres({ dir, port, durable: false }))
}
