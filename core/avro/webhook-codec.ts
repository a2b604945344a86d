import type { InboundWebhook } from '../../schemas/generated/entities.ts'
import type { WebhookDelivery } from '../webhook.ts'
import type { RecordCodec } from './record-codec.ts'

export interface WebhookCodec extends RecordCodec<WebhookDelivery> {
  /** Framed bytes. Throws InvalidRecordError. */
  readonly encode: (delivery: WebhookDelivery) => Buffer
  /** `body` is a view on `value`. Throws MalformedRecordError or UnknownSchemaIdError. */
  readonly decode: (value: Buffer) => WebhookDelivery
  /** The record as its schema has it: Avro maps are not for sinks, so headers are a list. */
  readonly plain: RecordCodec<InboundWebhook>
}

export function createWebhookCodec(plain: RecordCodec<InboundWebhook>): WebhookCodec {
  return {
    plain,
    encode(delivery) {
      const headers: InboundWebhook['headers'] = []
      for (const name in delivery.headers) headers.push({ name, value: delivery.headers[name] as string })
      return plain.encode({
        connection_id: delivery.connectionId,
        receipt_id: delivery.receiptId,
        delivery_id: delivery.deliveryId,
        received_at: delivery.receivedAt,
        headers,
        body: delivery.body,
      })
    },
    decode(value) {
      const record = plain.decode(value)
      return {
        connectionId: record.connection_id,
        receiptId: record.receipt_id,
        deliveryId: record.delivery_id,
        receivedAt: record.received_at,
        headers: Object.fromEntries(record.headers.map((header) => [header.name, header.value])),
        body: record.body,
      }
    },
  }
}
