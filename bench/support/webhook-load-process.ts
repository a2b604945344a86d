/**
 * Sends signed deliveries over kept connections, one at a time on each: `node … <json>` with { port, connection, secret,
 * count, sockets, bodyBytes, perSecond? }. Written on bare sockets with requests made beforehand, so that the receiver is
 * what is measured. Prints { seconds, p50, p99, statuses, sentAt: [first, last] }.
 */
import { connect } from 'node:net'
import { signedHeaders } from './standard-webhook.ts'

interface Order {
  readonly port: number
  readonly connection: string
  readonly secret: string
  readonly count: number
  readonly sockets: number
  readonly bodyBytes: number
  /** Ids begin with it. */
  readonly run: string
  /** Bodies in turn; default: hints of our own form, padded. */
  readonly bodies?: readonly string[]
  /** Steady rate; default: as fast as answers come. */
  readonly perSecond?: number
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order

function requestOf(nth: number): Buffer {
  const own = (n: number) => `{"entity":"vendor","key":"${n % 5_000}","note":"`
  const body = order.bodies?.[nth % order.bodies.length] ?? `${own(nth).padEnd(order.bodyBytes - 2, 'x')}"}`
  const signed = Object.entries(signedHeaders(order.secret, `${order.run}-${nth}`, body))
  return Buffer.from(
    [
      `POST /webhooks/${order.connection} HTTP/1.1`,
      'Host: hooks.plant.example',
      'User-Agent: bench/1.0',
      'Accept: */*',
      ...signed.map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  )
}

const requests = Array.from({ length: order.count }, (_, nth) => requestOf(nth))
const latencies: number[] = []
const statuses: { [status: string]: number } = {}
let next = 0
const began = performance.now()
const firstAt = Date.now()

function sendOn(): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0
    let answer = ''
    const send = (): void => {
      if (next >= requests.length) {
        socket.destroy()
        return resolve()
      }
      const nth = next++
      const due = order.perSecond === undefined ? 0 : began + (nth * 1000) / order.perSecond - performance.now()
      const go = (): void => {
        sentAt = performance.now()
        socket.write(requests[nth] as Buffer)
      }
      if (due > 0.5) setTimeout(go, due)
      else go()
    }
    const socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true }, send)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      // Answers have no body.
      if (!answer.endsWith('\r\n\r\n')) return
      latencies.push(performance.now() - sentAt)
      const status = answer.slice(9, 12)
      statuses[status] = (statuses[status] ?? 0) + 1
      answer = ''
      send()
    })
    socket.on('error', reject)
  })
}

await Promise.all(Array.from({ length: order.sockets }, sendOn))
const seconds = (performance.now() - began) / 1000
latencies.sort((a, b) => a - b)
const at = (share: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
console.log(JSON.stringify({ seconds, p50: at(0.5), p99: at(0.99), statuses, sentAt: [firstAt, Date.now()] }))
