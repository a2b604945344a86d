import { connectorOf } from '../../connectors/index.ts'
import {
  createKafka,
  createSecretBox,
  ensureTopics,
  openCodec,
  requireRegistry,
  runService,
  type SecretBox,
  TOPICS,
} from '../../core/index.ts'
import { startReceiver } from './service.ts'

await runService({
  name: 'webhook',
  async start({ env, log, metrics, ...service }) {
    const { partitions, replicationFactor } = env
    const registryUrl = requireRegistry(env)
    // only connections with secrets need keys
    let opened: SecretBox | null = null
    const box = () => (opened ??= createSecretBox(env.secretKeys))
    if (env.secretKeys !== null) box()
    const kafka = createKafka({ ...env.kafka, clientId: `webhook-${process.pid}` }, log)
    await ensureTopics(kafka, TOPICS, { partitions, replicationFactor })
    const receiver = await startReceiver({
      kafka,
      log,
      metrics,
      codec: await openCodec({ registryUrl, prefix: env.kafka.prefix, register: true }),
      connectorOf,
      box,
      ...env.webhook,
      onFailure: (error) => service.fail(error),
    })
    return {
      ready: () => receiver.ready(),
      detail: () => ({ port: receiver.port, waiting: receiver.waiting() }),
      async stop() {
        await receiver.stop()
        await kafka.close()
      },
    }
  },
})
