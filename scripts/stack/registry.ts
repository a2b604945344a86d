import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { StackError } from './errors.ts'
import { answers } from './http-probe.ts'
import { launch, untilReady } from './processes.ts'
import { createServer, type Server } from './server.ts'
import { VERSIONS } from './versions.ts'

export interface RegistryOptions {
  readonly java: string
  /** Folder of the unpacked registry (`fetchArtifact(REGISTRY)`). */
  readonly app: string
  /** Schemas and log; kept between starts. */
  readonly dir: string
  readonly port: number
}

/** Root of the Confluent-compatible API, from the root of the server. */
export const CONFLUENT_API = '/apis/ccompat/v7'

/** Root of the server, as Apicurio's own converter wants it, from the address of the Confluent-compatible API. */
export const registryRoot = (registryUrl: string): string => registryUrl.replace(/\/apis\/ccompat\/v\d+\/?$/, '')

/**
 * Starts the schema registry. Its `url` is that of the Confluent-compatible API.
 * Incompatible schemas are refused by default (the server's own default is to take anything).
 */
export async function startRegistry(options: RegistryOptions): Promise<Server> {
  mkdirSync(options.dir, { recursive: true })
  const url = `http://127.0.0.1:${options.port}${CONFLUENT_API}`
  return createServer('schema registry', url, async () => {
    const registry = launch({
      name: 'schema registry',
      command: options.java,
      args: [
        '-Xmx256m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-Dquarkus.http.host=127.0.0.1',
        `-Dquarkus.http.port=${options.port}`,
        // Without WRITE_DELAY=0 a crash forgets registrations that were acknowledged: old bytes then decode wrongly.
        `-Dquarkus.datasource.jdbc.url=jdbc:h2:file:${join(options.dir, 'schemas')};WRITE_DELAY=0`,
        '-jar',
        join(options.app, `apicurio-registry-app-${VERSIONS.apicurio}-runner.jar`),
      ],
      cwd: options.dir,
      logFile: join(options.dir, 'registry.log'),
    })
    await untilReady(registry, () => answers(`${url}/subjects`), 90_000)
    await requireCompatibility(url)
    return registry
  })
}

/** Refuses incompatible schemas by default; the server's own default is to take anything. */
export async function requireCompatibility(url: string): Promise<void> {
  const response = await fetch(`${url}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ compatibility: 'BACKWARD' }),
  })
  if (!response.ok) throw new StackError(`schema registry: setting compatibility: HTTP ${response.status}`)
}
