import {
  type Codec,
  type KafkaClient,
  partitionCount,
  partitionFor,
  readTopic,
  WEBHOOK_DELIVERIES,
  WEBHOOK_STATE,
  WEBHOOKS_INBOUND,
  type WebhookDelivery,
  type WebhookDeliveryRecord,
  type WebhookState,
} from '../../core/index.ts'

/** By connection id. */
export async function readWebhookStates(kafka: KafkaClient): Promise<Map<string, WebhookState>> {
  const states = new Map<string, WebhookState>()
  await readTopic(kafka, WEBHOOK_STATE, {
    onRecord({ key, value }) {
      const id = key?.toString() ?? ''
      if (value === null) states.delete(id)
      else states.set(id, JSON.parse(value.toString()) as WebhookState)
    },
  })
  return states
}

const partitionOf = async (kafka: KafkaClient, connectionId: string): Promise<number> =>
  partitionFor(connectionId, await partitionCount(kafka, WEBHOOKS_INBOUND))

/**
 * What became of each delivery of a connection, or of all (null), the last word only, in no order.
 * @param keep what of it is worth memory: there may be millions
 */
export async function readOutcomes<Kept>(
  kafka: KafkaClient,
  connectionId: string | null,
  keep: (record: WebhookDeliveryRecord) => Kept | null,
): Promise<Kept[]> {
  const outcomes = new Map<string, Kept>()
  await readTopic(kafka, WEBHOOK_DELIVERIES, {
    ...(connectionId === null ? {} : { partitions: [await partitionOf(kafka, connectionId)] }),
    onRecord({ key, value }) {
      const name = key?.toString() ?? ''
      const record = value === null ? null : parseOutcome(value)
      const kept =
        record === null || record.connectionId !== (connectionId ?? record.connectionId) ? null : keep(record)
      if (kept === null) outcomes.delete(name)
      else outcomes.set(name, kept)
    },
  })
  return [...outcomes.values()]
}

/** Null for what is no outcome: sync keeps its position in the same topic. */
function parseOutcome(value: Buffer): WebhookDeliveryRecord | null {
  const record = JSON.parse(value.toString()) as Partial<WebhookDeliveryRecord> | null
  return typeof record?.deliveryId === 'string' ? (record as WebhookDeliveryRecord) : null
}

/**
 * Everything that was received under a delivery id (or a receipt id), oldest first: the sender may have sent it again.
 * @param from offset to begin at, where it is known
 */
export async function readReceived(
  kafka: KafkaClient,
  codec: Codec,
  connectionId: string,
  id: string,
  from: number | null,
): Promise<readonly WebhookDelivery[]> {
  const partition = await partitionOf(kafka, connectionId)
  const found: WebhookDelivery[] = []
  await readTopic(kafka, WEBHOOKS_INBOUND, {
    partitions: [partition],
    ...(from === null ? {} : { from: new Map([[partition, from]]) }),
    onRecord({ key, value }) {
      if (value === null || key?.toString() !== connectionId) return
      const delivery = codec.inboundWebhook.decode(value)
      if (delivery.deliveryId === id || delivery.receiptId === id)
        found.push({ ...delivery, body: Buffer.from(delivery.body) })
    },
  })
  return found
}
