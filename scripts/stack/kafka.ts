import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { javaArgs } from './java.ts'
import { launch, logged, untilReady } from './processes.ts'
import { run } from './run.ts'
import { createServer, type Server } from './server.ts'

export interface KafkaOptions {
  readonly java: string
  /** Folder of the Kafka jars (`fetchArtifact(KAFKA)`). */
  readonly jars: string
  /** Data, configuration and log of this broker; kept between starts. */
  readonly dir: string
  readonly port: number
  readonly controllerPort: number
  /** MB. Default 1024. */
  readonly heapMb?: number
  /** Broker settings beyond, or instead of, the ones below. */
  readonly settings?: Readonly<Record<string, string>>
}

/** One node is broker and controller; everything on 127.0.0.1. */
export function brokerSettings(options: KafkaOptions): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${options.controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${options.port},CONTROLLER://127.0.0.1:${options.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${options.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(options.dir, 'data'),
    'auto.create.topics.enable': 'false',
    'message.max.bytes': String(4 * 1024 * 1024),
    'replica.fetch.max.bytes': String(4 * 1024 * 1024),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '8',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '8',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'log.retention.hours': '168',
    'log.segment.bytes': String(128 * 1024 * 1024),
    // Enough for a segment of 128 MB; the default maps 10 MB twice for every partition.
    'log.index.size.max.bytes': String(2 * 1024 * 1024),
    'log.cleaner.dedupe.buffer.size': String(32 * 1024 * 1024),
    // A broker that was killed may register again only when its old session is over.
    'broker.session.timeout.ms': '6000',
    'broker.heartbeat.interval.ms': '1000',
    'num.network.threads': '2',
    'num.io.threads': '4',
    ...options.settings,
  }
}

/** Java properties, one a line. */
export const properties = (settings: Readonly<Record<string, string>>): string =>
  `${Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`

/** Any fixed id will do: a broker of ours never meets another cluster. */
const CLUSTER_ID = 'dHJpYnV0YXJ5LWxvY2FsMQ'

/**
 * Starts a broker (formats its folder the first time). Readiness is its own log line: the port opens earlier.
 * @throws StackError with the end of its log
 */
export async function startKafka(options: KafkaOptions): Promise<Server> {
  mkdirSync(options.dir, { recursive: true })
  const config = join(options.dir, 'server.properties')
  writeFileSync(config, properties(brokerSettings(options)))
  const java = (main: string, args: readonly string[], heapMb: number, flags: readonly string[] = []): string[] =>
    javaArgs({ heapMb, classpath: options.jars, main, args, flags })
  if (!existsSync(join(options.dir, 'data', 'meta.properties'))) {
    const format = ['format', '-t', CLUSTER_ID, '-c', config]
    await run(
      options.java,
      java('kafka.tools.StorageTool', format, 128, ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']),
    )
  }
  return createServer('Kafka', `127.0.0.1:${options.port}`, async () => {
    const broker = launch({
      name: 'Kafka',
      command: options.java,
      args: java('kafka.Kafka', [config], options.heapMb ?? 1024, [
        '-Xms128m',
        '-XX:+UseG1GC',
        '-XX:MaxGCPauseMillis=20',
        '-Dorg.slf4j.simpleLogger.showDateTime=true',
        '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
      ]),
      cwd: options.dir,
      logFile: join(options.dir, 'kafka.log'),
      graceSeconds: 30,
    })
    await untilReady(broker, logged(broker, 'Kafka Server started'), 90_000)
    return broker
  })
}
