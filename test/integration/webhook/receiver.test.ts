import { afterAll, beforeAll, expect, test } from 'vitest'
import { stack, testPrefix } from '../../support/stack.ts'
import { bodyOf, deliver, openWebhookStage, sendSteadily } from '../../support/webhook-service.ts'

let stage: Awaited<ReturnType<typeof openWebhookStage>>
beforeAll(async () => {
  const { kafka, registry } = stack()
  stage = await openWebhookStage({ kafka, registry, prefix: testPrefix() })
})
afterAll(() => stage.close())

const missing = async (acknowledged: readonly string[]): Promise<string[]> => {
  const stored = new Set((await stage.stored()).map(({ deliveryId }) => deliveryId))
  return acknowledged.filter((id) => !stored.has(id))
}

test('deliveries are in Kafka byte for byte, each once, and a drained receiver leaves nothing behind', async () => {
  const receiver = await stage.start()
  const ids = Array.from({ length: 500 }, (_, n) => `whole-${n}`)
  const statuses = await Promise.all(ids.map((id) => deliver(receiver.port, id)))
  expect(new Set(statuses)).toEqual(new Set([200]))
  const stored = (await stage.stored()).filter(({ deliveryId }) => deliveryId.startsWith('whole-'))
  expect(stored.map(({ deliveryId }) => deliveryId).sort()).toEqual([...ids].sort())
  for (const { deliveryId, body, connectionId, headers } of stored) {
    expect(body.equals(bodyOf(deliveryId))).toBe(true)
    expect(connectionId).toBe('plant')
    expect(headers).not.toHaveProperty('webhook-signature')
  }
  expect(new Set(stored.map(({ receiptId }) => receiptId)).size).toBe(500)

  expect(
    await fetch(`http://127.0.0.1:${receiver.port}/webhooks/nobody`, { method: 'POST' }).then((r) => r.status),
  ).toBe(404)
  const metrics = await (await fetch(`${receiver.inside}/metrics`)).text()
  expect(metrics).toMatch(/tributary_webhook_received_total\{connection="plant",service="webhook"\} 500/)
  expect(metrics).toMatch(/tributary_webhook_refused_total\{reason="unknown-connection",service="webhook"\} 1/)

  const sending = sendSteadily(() => receiver.port, 16)
  await expect.poll(() => sending.acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(500)
  expect(await stage.kill(receiver, 'SIGTERM')).toBe(0)
  await sending.stop()
  expect(await missing(sending.acknowledged)).toEqual([])
  const above = receiver.log().map((line) => JSON.parse(line) as { level: string; msg: string })
  expect(above.filter(({ level, msg }) => level !== 'info' && msg !== 'deliveries were refused')).toEqual([])
})

test('kill -9 under load, again and again: everything that was answered 200 is in the topic', async () => {
  let receiver = await stage.start()
  const sending = sendSteadily(() => receiver.port, 32)
  for (let kills = 0; kills < 3; kills++) {
    const before = sending.acknowledged.length
    await expect.poll(() => sending.acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(before + 1_000)
    await stage.kill(receiver, 'SIGKILL')
    receiver = await stage.start()
  }
  await sending.stop()
  expect(sending.statuses.get(null)).toBeGreaterThan(0)
  expect(sending.acknowledged.length).toBeGreaterThan(3_000)
  expect(await missing(sending.acknowledged)).toEqual([])
})
