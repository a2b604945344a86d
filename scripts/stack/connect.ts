import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answers } from './http-probe.ts'
import { javaArgs } from './java.ts'
import { properties } from './kafka.ts'
import { launch, untilReady } from './processes.ts'
import { registryRoot } from './registry.ts'
import { createServer, type Server } from './server.ts'

export interface ConnectOptions {
  readonly java: string
  /** Folder of the Kafka jars. */
  readonly jars: string
  /** `fetchArtifact(CONNECT_PLUGINS)`. */
  readonly plugins: string
  readonly dir: string
  readonly port: number
  readonly brokers: string
  /** Address of the Confluent-compatible API. */
  readonly registryUrl: string
  /** Tells workers of different stacks on one broker apart. Default `tributary-connect`. */
  readonly groupId?: string
}

/** `connect.properties` with its placeholders filled in. */
export function workerProperties(brokers: string, registryUrl: string, groupId: string): string {
  const values: Record<string, string> = { brokers, registry: registryRoot(registryUrl), group: groupId }
  return readFileSync(join(import.meta.dirname, 'connect.properties'), 'utf8').replace(
    /\$\{(\w+)\}/g,
    (placeholder, name: string) => values[name] ?? placeholder,
  )
}

/** Starts a Connect worker with the JDBC sink and the Avro converter. Stop it BEFORE its broker: it lingers otherwise. */
export async function startConnect(options: ConnectOptions): Promise<Server> {
  mkdirSync(options.dir, { recursive: true })
  const url = `http://127.0.0.1:${options.port}`
  const config = join(options.dir, 'connect.properties')
  const here = {
    listeners: `HTTP://127.0.0.1:${options.port}`,
    'rest.advertised.host.name': '127.0.0.1',
    'plugin.path': options.plugins,
  }
  const worker = workerProperties(options.brokers, options.registryUrl, options.groupId ?? 'tributary-connect')
  writeFileSync(config, worker + properties(here))
  return createServer('Kafka Connect', url, async () => {
    const process = launch({
      name: 'Kafka Connect',
      command: options.java,
      args: javaArgs({
        heapMb: 512,
        classpath: options.jars,
        flags: [
          '-XX:+UseSerialGC',
          '-Dorg.slf4j.simpleLogger.showDateTime=true',
          '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
          '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        ],
        main: 'org.apache.kafka.connect.cli.ConnectDistributed',
        args: [config],
      }),
      cwd: options.dir,
      logFile: join(options.dir, 'connect.log'),
    })
    await untilReady(process, () => answers(`${url}/connectors`), 120_000)
    return process
  })
}
