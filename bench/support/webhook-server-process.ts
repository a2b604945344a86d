/**
 * What takes deliveries in `bench/webhook.ts`, as a process of its own: `node … <json>`. With { kafka, registry, prefix,
 * secretKeys } the receiver; with { bare: true } an Express handler that reads the body and answers 200. Prints
 * { port } when it listens, and { peakRss, cpuSeconds } when it is told to end.
 */
import type { AddressInfo } from 'node:net'
import express from 'express'
import { connectorOf } from '../../connectors/index.ts'
import { createKafka, createLogger, createMetrics, createSecretBox, openCodec } from '../../core/index.ts'
import { startReceiver } from '../../services/webhook/service.ts'

interface Order {
  readonly bare?: true
  readonly kafka: string
  readonly registry: string
  readonly prefix: string
  readonly secretKeys: string
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order
const say = (what: object): void => console.log(JSON.stringify(what))
const listening = (port: number): void => {
  usedBefore = process.cpuUsage()
  say({ port })
}
let peakRss = 0
let usedBefore = process.cpuUsage()
const timer = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 50)

if (order.bare) {
  const app = express().disable('x-powered-by')
  app.post('/webhooks/:connection', (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => response.status(200).end())
  })
  const server = app.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port))
  process.on('SIGTERM', () => end())
} else {
  const log = createLogger({ service: 'webhook', level: 'warn' })
  const kafka = createKafka(
    { brokers: order.kafka.split(','), clientId: `webhook-${process.pid}`, prefix: order.prefix },
    log,
  )
  const box = createSecretBox(order.secretKeys)
  const receiver = await startReceiver({
    kafka,
    codec: await openCodec({ registryUrl: order.registry, prefix: order.prefix, register: true }),
    connectorOf,
    box: () => box,
    log,
    metrics: createMetrics(),
    host: '127.0.0.1',
    port: 0,
    onFailure: (error) => {
      console.error(error)
      process.exit(1)
    },
  })
  listening(receiver.port)
  process.on('SIGTERM', () => {
    void receiver
      .stop()
      .then(() => kafka.close())
      .then(end)
  })
}

function end(): void {
  clearInterval(timer)
  const { user, system } = process.cpuUsage(usedBefore)
  say({ peakRss, cpuSeconds: (user + system) / 1e6 })
  process.exit(0)
}
