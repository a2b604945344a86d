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
import { createWriter } from './service.ts'

/** Longer waits are the command's: it says RETRYING, and a death meanwhile leaves no doubt. */
const LONGEST_WAIT_IN_A_CALL_MS = 30_000

await runService({
  name: 'writer',
  async start({ env, log, metrics, ...service }) {
    const { partitions, replicationFactor, allowPrivateHosts } = env
    const registryUrl = requireRegistry(env)
    // only connections with secrets need keys
    let opened: SecretBox | null = null
    const box = () => (opened ??= createSecretBox(env.secretKeys))
    if (env.secretKeys !== null) box()
    const kafka = createKafka({ ...env.kafka, clientId: `writer-${process.pid}` }, log)
    await ensureTopics(kafka, TOPICS, { partitions, replicationFactor })
    const maxRateLimitWaitMs = LONGEST_WAIT_IN_A_CALL_MS
    const writer = createWriter({
      kafka,
      partitions,
      log,
      metrics,
      codec: await openCodec({ registryUrl, prefix: env.kafka.prefix, register: true }),
      connectorOf,
      decodeConnection,
      settingsOf: (connection, connector) => openSettings(connection, connector.config, box),
      httpFor({ id: connectionId, system, limits }) {
        const options = { connectionId, system, limits, log, metrics, allowPrivateHosts, maxRateLimitWaitMs }
        const http = createHttpClient(options)
        return { http, close: () => http.close() }
      },
      onFailure: (error) => service.fail(error),
      group: { sessionTimeoutMs: env.kafka.sessionTimeoutMs },
    })
    await writer.start()
    return {
      ready: () => writer.healthy(),
      detail: () => ({ partitions: writer.partitions() }),
      async stop() {
        await writer.stop()
        await kafka.close()
      },
    }
  },
})
