import { afterEach, expect, test } from 'vitest'
import {
  openCodec,
  readTopic,
  WEBHOOK_DEFAULTS,
  WEBHOOK_DELIVERIES,
  WEBHOOKS_INBOUND,
  type WebhookDeliveryRecord,
} from '../../../core/index.ts'
import { createFakeSystem } from '../../support/fake-connector.ts'
import { stack, testPrefix } from '../../support/stack.ts'
import { eventually, openStage, type SyncStage } from '../../support/sync-service.ts'

let stage: SyncStage | null = null
afterEach(async () => {
  await stage?.close()
  stage = null
})

const RECORDS = 300

test('deliveries with duplicates and out of order, through real Kafka: each change once, also over a hand-over', async () => {
  const system = createFakeSystem({ now: Date.now })
  system.seed('vendor', 20, Date.now() - 86_400_000)
  const addresses = { ...stack(), prefix: testPrefix() }
  const on = (stage = await openStage(addresses, ['vendor']))
  const codec = await openCodec({ registryUrl: addresses.registry, prefix: addresses.prefix, register: true })
  const webhook = { ...WEBHOOK_DEFAULTS, pollEveryMs: 3_600_000 }
  const ids = ['c0', 'c1', 'c2']
  for (const id of ids)
    await on.connect({ id, webhook, streams: { vendor: { pollEveryMs: 3_600_000, sweepEveryMs: null } } })
  const first = await on.join([system.connector])
  await eventually(async () => {
    const states = await on.states()
    return ids.every((id) => {
      const record = states.get(`${id}/vendor`)
      return record?.kind === 'stream' && record.state.snapshotDone !== null && record.state.incrementalDone !== null
    })
  })

  let receipts = 0
  const push = (connectionId: string, deliveryId: string, key: string) =>
    on.send(
      WEBHOOKS_INBOUND,
      connectionId,
      codec.inboundWebhook.encode({
        connectionId,
        deliveryId,
        receiptId: `receipt-${receipts++}`,
        receivedAt: Date.now(),
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify({ entity: 'vendor', key })),
      }),
    )
  const keys = Array.from({ length: RECORDS }, (_, i) => `n${i}`)
  for (const key of keys) system.put('vendor', key, { name: key })
  const told = keys
    .flatMap((key, i) => (i % 5 === 0 ? [key, key] : [key]))
    .toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1))
  const half = told.length >> 1
  for (const key of told.slice(0, half)) for (const id of ids) await push(id, `d-${key}`, key)
  // the first leaves in the middle of it, another takes over
  const second = await on.join([system.connector])
  await first.stop()
  for (const key of told.slice(half)) for (const id of ids) await push(id, `d-${key}`, key)

  const outcomes = async () => {
    const found = new Map<string, WebhookDeliveryRecord>()
    await readTopic(on.kafka, WEBHOOK_DELIVERIES, {
      onRecord({ key, value }) {
        if (key !== null && value !== null)
          found.set(key.toString(), JSON.parse(value.toString()) as WebhookDeliveryRecord)
      },
    })
    return [...found.values()].filter(({ outcome }) => outcome === 'processed')
  }
  await eventually(async () => (await outcomes()).length === RECORDS * ids.length)
  const changes = await on.changes('vendor', 'changes')
  const published = changes.map(({ connection_id, source_id }) => `${connection_id}/${source_id}`)
  expect(new Set(published).size).toBe(RECORDS * ids.length)
  expect(published).toHaveLength(RECORDS * ids.length)
  expect(changes.every(({ origin, operation }) => origin === 'WEBHOOK' && operation === 'UPSERT')).toBe(true)

  // one delivery, from Kafka to Kafka
  system.put('vendor', 'last', { name: 'last' })
  const before = Date.now()
  await push('c1', 'd-last', 'last')
  const record = await eventually(async () => (await outcomes()).find(({ deliveryId }) => deliveryId === 'd-last'))
  expect(record.processedAt - before).toBeLessThan(2_000)

  // asked for again, it is processed again
  system.put('vendor', 'last', { name: 'changed' })
  await on.ask({ kind: 'redeliver', connectionId: 'c1', entity: null, deliveryId: 'd-last' })
  await eventually(async () =>
    (await outcomes()).find(({ deliveryId, offset }) => deliveryId === 'd-last' && offset > record.offset),
  )
  const last = (await on.changes('vendor', 'changes')).filter(({ source_id }) => source_id === 'last')
  expect(last.map(({ payload }) => JSON.parse(payload.toString()))).toEqual([{ name: 'last' }, { name: 'changed' }])
  await second.stop()
})

const hash = (text: string) => Buffer.from(text).reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 7)
