import { connectorOf } from '../../connectors/index.ts'
import {
  createKafka,
  decodeConnection,
  ensureTopics,
  mappingSettings,
  openCodec,
  requireRegistry,
  runService,
  systemClock,
  TOPICS,
} from '../../core/index.ts'
import { followConnections } from './connections.ts'
import { createNormalizer, NORMALIZER } from './normalizer.ts'

await runService({
  name: NORMALIZER,
  async start({ env, log, metrics, fail }) {
    const { partitions, replicationFactor } = env
    const registryUrl = requireRegistry(env)
    const kafka = createKafka({ ...env.kafka, clientId: `${NORMALIZER}-${process.pid}` }, log)
    await ensureTopics(kafka, TOPICS, { partitions, replicationFactor })
    const codec = await openCodec({ registryUrl, prefix: env.kafka.prefix, register: true })
    const directory = await followConnections(kafka, decodeConnection, log, fail)
    const normalizer = createNormalizer(
      kafka,
      { codec, directory, connectorOf, mappingSettings, clock: systemClock, log, metrics },
      { onFailure: fail },
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
