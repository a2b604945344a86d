import { connectorOf } from '../../connectors/index.ts'
import {
  createKafka,
  ensureTopics,
  openCodec,
  requireRegistry,
  runService,
  systemClock,
  TOPICS,
} from '../../core/index.ts'
import { followConnections } from './connections.ts'
import { createNormalizer } from './normalizer.ts'

await runService({
  name: 'normalizer',
  async start({ env, log, metrics, ...context }) {
    const onFailure = (error: Error) => context.fail(error)
    const { partitions, replicationFactor } = env
    const registryUrl = requireRegistry(env)
    const kafka = createKafka({ ...env.kafka, clientId: `normalizer-${process.pid}` }, log)
    await ensureTopics(kafka, TOPICS, { partitions, replicationFactor })
    const codec = await openCodec({
      registryUrl,
      prefix: env.kafka.prefix,
      register: true,
      onWaiting: (error) => log.warn({ err: error }, 'waiting for the schema registry'),
    })
    const directory = await followConnections(kafka, log, onFailure)
    const normalizer = createNormalizer(
      kafka,
      { codec, directory, connectorOf, clock: systemClock, log, metrics },
      { onFailure, tuning: { sessionTimeoutMs: env.kafka.sessionTimeoutMs } },
    )
    await normalizer.start()
    return {
      ready: normalizer.ready,
      detail: () => ({ partitions: normalizer.group.partitions() }),
      async stop() {
        await normalizer.stop()
        await directory.close()
        await kafka.close()
      },
    }
  },
})
