import { mkdirSync, writeFileSync } from 'node:fs'
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

/** What of the worker does not depend on where it runs; `docker-compose.yml` says the same (compared by a test). */
export function workerSettings(options: {
  readonly brokers: string
  readonly registryUrl: string
  readonly groupId: string
}): Record<string, string> {
  return {
    'bootstrap.servers': options.brokers,
    'group.id': options.groupId,
    'config.storage.topic': `_${options.groupId}-configs`,
    'offset.storage.topic': `_${options.groupId}-offsets`,
    'status.storage.topic': `_${options.groupId}-status`,
    'config.storage.replication.factor': '1',
    'offset.storage.replication.factor': '1',
    'status.storage.replication.factor': '1',
    'offset.storage.partitions': '1',
    'status.storage.partitions': '1',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'io.apicurio.registry.utils.converter.AvroConverter',
    'value.converter.apicurio.registry.url': `${registryRoot(options.registryUrl)}/apis/registry/v2`,
    'value.converter.apicurio.registry.as-confluent': 'true',
    'value.converter.apicurio.registry.use-id': 'contentId',
    'plugin.discovery': 'service_load',
    // Only committed records: an aborted transaction must not reach a table.
    'consumer.isolation.level': 'read_committed',
    // A worker that was killed is back in 13 s instead of more than 30.
    'scheduled.rebalance.max.delay.ms': '0',
    'session.timeout.ms': '6000',
    'heartbeat.interval.ms': '1500',
    'consumer.session.timeout.ms': '6000',
    'consumer.heartbeat.interval.ms': '1500',
    // New topics of `topics.regex` are seen within this time.
    'consumer.metadata.max.age.ms': '10000',
    'consumer.max.poll.records': '1000',
    'offset.flush.interval.ms': '5000',
  }
}

/** Starts a Connect worker with the JDBC sink and the Avro converter. Stop it BEFORE its broker: it lingers otherwise. */
export async function startConnect(options: ConnectOptions): Promise<Server> {
  mkdirSync(options.dir, { recursive: true })
  const url = `http://127.0.0.1:${options.port}`
  const config = join(options.dir, 'connect.properties')
  const settings = {
    ...workerSettings({ ...options, groupId: options.groupId ?? 'tributary-connect' }),
    listeners: `HTTP://127.0.0.1:${options.port}`,
    'rest.advertised.host.name': '127.0.0.1',
    'plugin.path': options.plugins,
  }
  writeFileSync(config, properties(settings))
  return createServer('Kafka Connect', url, async () => {
    const worker = launch({
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
    await untilReady(worker, () => answers(`${url}/connectors`), 120_000)
    return worker
  })
}
