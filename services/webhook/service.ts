import {
  type AnyConnector,
  type Codec,
  describeError,
  type KafkaClient,
  type Logger,
  type Metrics,
  type SecretBox,
  systemClock,
} from '../../core/index.ts'
import { openDirectory } from './directory.ts'
import { DEFAULT_FIGURES, type Figures } from './figures.ts'
import { createQueue } from './queue.ts'
import { createReceive } from './receive.ts'
import { createRefusals } from './refusals.ts'
import { listen } from './server.ts'

export interface ReceiverOptions {
  readonly kafka: KafkaClient
  readonly codec: Codec
  readonly connectorOf: (system: string) => AnyConnector | undefined
  readonly box: () => SecretBox
  readonly log: Logger
  readonly metrics: Metrics
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  /** Called when it cannot go on; the process should exit. */
  readonly onFailure: (error: Error) => void
  /** Figures that differ from the defaults, for tests and benches. */
  readonly figures?: Partial<Figures>
}

export interface Receiver {
  readonly port: number
  ready(): boolean
  waiting(): { readonly records: number; readonly bytes: number }
  /** Answers what is in flight, stores what was taken, lets go. */
  stop(): Promise<void>
}

const SAY_AGAIN_AFTER_MS = 10_000
const LAST_WAIT_MS = 2_000

/** Takes deliveries as soon as it knows the connections. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { kafka, codec, log, metrics, onFailure } = options
  const clock = systemClock
  const figures: Figures = { ...DEFAULT_FIGURES, ...options.figures }
  const { connectorOf, box } = options
  const directory = openDirectory(kafka, { connectorOf, box, clock, log, figures, onFailure })
  const producer = kafka.producer()
  let saidAt = Number.NEGATIVE_INFINITY
  const onTrouble = (what: string): void => {
    if (clock.now() - saidAt < SAY_AGAIN_AFTER_MS) return
    saidAt = clock.now()
    log.error({ waiting: queue.waiting() }, `${what}: senders are told to come again`)
  }
  const queue = createQueue({ send: (records) => producer.send(records), clock, figures, onTrouble })
  let draining = false
  const receive = createReceive({
    directory,
    queue,
    encode: codec.inboundWebhook.encode,
    refused: createRefusals({ log, metrics, clock }),
    metrics,
    clock,
    figures,
    draining: () => draining,
  })
  await directory.ready
  const onError = (error: Error): void => log.error({ err: error }, `receiving: ${describeError(error)}`)
  const server = await listen(receive, { host: options.host, port: options.port, figures, onError })
  log.info({ port: server.port }, 'taking deliveries')
  return {
    port: server.port,
    ready: () => !draining,
    waiting: () => queue.waiting(),
    async stop() {
      draining = true
      await server.close()
      // Everybody has been answered; what Kafka does not take now was answered 503.
      const stored = await Promise.race([queue.drain().then(() => true), clock.sleep(LAST_WAIT_MS).then(() => false)])
      if (stored) await producer.close()
      await directory.close()
    },
  }
}
