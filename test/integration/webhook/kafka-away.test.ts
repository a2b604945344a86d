import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OwnServer, ownBroker } from '../../support/own-servers.ts'
import { stack, testPrefix } from '../../support/stack.ts'
import { deliver, openWebhookStage, sendSteadily } from '../../support/webhook-service.ts'

let broker: OwnServer
let stage: Awaited<ReturnType<typeof openWebhookStage>>
beforeAll(async () => {
  broker = await ownBroker()
  stage = await openWebhookStage({ kafka: broker.url, registry: stack().registry, prefix: testPrefix() })
})
afterAll(async () => {
  await stage?.close()
  await broker?.remove()
})

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'while Kafka is away (%s) deliveries are answered 503 within seconds, their next attempts succeed, none that was answered 200 is missing',
  async (how) => {
    const receiver = await stage.start()
    const sending = sendSteadily(() => receiver.port, 24)
    await expect.poll(() => sending.acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(1_000)

    if (how === 'SIGKILL') await broker.kill()
    else broker.signal('SIGSTOP')
    const began = Date.now()
    expect(await deliver(receiver.port, `probe-${how}`)).toBe(503)
    expect(Date.now() - began).toBeLessThan(8_000)
    await expect.poll(() => sending.statuses.get(503) ?? 0, { timeout: 30_000 }).toBeGreaterThanOrEqual(24)
    const whileAway = sending.acknowledged.length
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(sending.acknowledged.length).toBe(whileAway)

    if (how === 'SIGKILL') await broker.restart()
    else broker.signal('SIGCONT')
    await expect.poll(() => sending.acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(whileAway + 1_000)
    expect(await deliver(receiver.port, `probe-${how}`)).toBe(200)
    await sending.stop()
    const stored = new Set((await stage.stored()).map(({ deliveryId }) => deliveryId))
    expect(sending.acknowledged.filter((id) => !stored.has(id))).toEqual([])
    expect(await stage.kill(receiver, 'SIGTERM')).toBe(0)
  },
)
