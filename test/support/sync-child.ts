/**
 * Sync as a process of its own, to be killed: `node test/support/sync-child.ts <json>` with
 * `{ kafka, registry, prefix, partitions, figures? }`. Reads with the connector of `bench/source`.
 */
import { pageSource } from '../../bench/source/connector.ts'
import { createKafka, createLogger, openCodec } from '../../core/index.ts'
import { createSync, type SyncOptions } from '../../services/sync/service.ts'
import { IMPATIENT, type StageAddresses, syncOptions } from './sync-service.ts'

interface Order extends StageAddresses {
  readonly partitions: number
  readonly figures?: SyncOptions['figures']
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order
const log = createLogger({ service: 'sync', level: 'warn' })
const kafka = createKafka({ brokers: [order.kafka], clientId: `sync-${process.pid}`, prefix: order.prefix }, log)
const codec = await openCodec({ registryUrl: order.registry, prefix: order.prefix, register: true })
const group = createSync({
  ...syncOptions(kafka, codec, [pageSource], order.partitions, log),
  figures: order.figures ?? {},
  group: IMPATIENT,
  onFailure: () => process.exit(1),
})
process.on('SIGTERM', () => {
  void group
    .stop()
    .then(() => kafka.close())
    .then(() => process.exit(0))
})
process.on('disconnect', () => process.exit(1))
await group.start()
process.send?.('started')
