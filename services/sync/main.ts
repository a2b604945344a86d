import { connectorOf } from '../../connectors/index.ts'
import {
  createHttpClient,
  createKafka,
  createSecretBox,
  decodeConnection,
  ensureTopics,
  openCodec,
  openSettings,
  requireRegistry,
  runService,
  type SecretBox,
  TOPICS,
} from '../../core/index.ts'
import { keepHeapSmall } from './heap.ts'
import { withLanes } from './lane.ts'
import { createSync } from './service.ts'

keepHeapSmall()

await runService({
  name: 'sync',
  async start({ env, log, metrics, ...service }) {
    const { partitions, replicationFactor, allowPrivateHosts } = env
    const registryUrl = requireRegistry(env)
    // only connections with secrets need keys
    let opened: SecretBox | null = null
    const box = () => (opened ??= createSecretBox(env.secretKeys))
    if (env.secretKeys !== null) box()
    const kafka = createKafka({ ...env.kafka, clientId: `sync-${process.pid}` }, log)
    await ensureTopics(kafka, TOPICS, { partitions, replicationFactor })
    const sync = createSync({
      kafka,
      partitions,
      log,
      metrics,
      codec: await openCodec({ registryUrl, prefix: env.kafka.prefix, register: true }),
      connectorOf,
      decodeConnection,
      webhookUrl: env.webhookUrl,
      box,
      settingsOf: (connection, connector) => openSettings(connection, connector.config, box),
      httpFor({ id: connectionId, system, limits }) {
        const client = createHttpClient({ connectionId, system, limits, log, metrics, allowPrivateHosts })
        return { http: withLanes(client), close: () => client.close() }
      },
      onFailure: (error) => service.fail(error),
      group: { sessionTimeoutMs: env.kafka.sessionTimeoutMs },
    })
    await sync.start()
    return {
      ready: () => sync.healthy(),
      detail: () => ({ partitions: sync.partitions() }),
      async stop() {
        await sync.stop()
        await kafka.close()
      },
    }
  },
})
