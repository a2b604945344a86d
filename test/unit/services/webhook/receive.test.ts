import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { BUILT_IN_SCHEMES, WEBHOOKS_INBOUND } from '../../../../core/index.ts'
import { signedHeaders } from '../../../support/webhook-signer.ts'
import { NOW, openReceiver } from './receiver.ts'

const { scheme } = BUILT_IN_SCHEMES['standard-webhooks']
const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY='
const OLD = 'whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA='
const BODY = '{"entity":"vendor","key":"42"}'
const PATH = '/webhooks/plant'
const signed = (body: Buffer | string = BODY, { secret = SECRET, ts = NOW / 1000, id = 'msg_1' } = {}): string[] =>
  signedHeaders(scheme, secret, { body: Buffer.from(body), ts: String(ts), id })

async function plant(options: Parameters<typeof openReceiver>[0] = {}) {
  const receiver = await openReceiver(options)
  receiver.declare('plant', { secrets: receiver.secrets('plant', SECRET, OLD) })
  return receiver
}

test('a signed delivery is stored byte for byte, then answered 200 with nothing in it', async () => {
  const receiver = await plant()
  const body = Buffer.concat([
    Buffer.from('{"entity" : "vendor",\r\n"key":"Ø'),
    Buffer.from([0, 255, 254]),
    Buffer.from('"}'),
  ])
  const answer = await receiver.send(`${PATH}?x=1`, body, [...signed(body), 'Cookie', 'a=b', 'X-Event', 'changed'])
  expect([answer.status, answer.body]).toEqual([200, ''])
  expect(receiver.stored()).toEqual([
    {
      connectionId: 'plant',
      receiptId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      deliveryId: 'msg_1',
      receivedAt: NOW,
      headers: {
        'content-type': 'application/json',
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(NOW / 1000),
        'x-event': 'changed',
      },
      body,
    },
  ])
  expect(receiver.records[0]).toMatchObject({ topic: WEBHOOKS_INBOUND, key: 'plant', timestamp: NOW })
  expect(receiver.refused).toEqual([])
  expect((await receiver.metrics.webhookReceived.get()).values).toMatchObject([
    { labels: { connection: 'plant' }, value: 1 },
  ])
})

test('200 is only said after Kafka has acknowledged', async () => {
  const receiver = await plant()
  let acknowledge = (): void => undefined
  receiver.kafka.send = () => new Promise<void>((resolve) => (acknowledge = resolve))
  let answered = false
  const answer = receiver.send(PATH, BODY, signed()).finally(() => (answered = true))
  await expect.poll(() => receiver.kafka.batches.length).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(answered).toBe(false)
  acknowledge()
  expect((await answer).status).toBe(200)
})

test('a wrong, missing or stale signature is answered 401 and nothing else, and never stored', async () => {
  const receiver = await plant()
  const right = signed()
  const answers = [
    await receiver.send(PATH, BODY.replace('42', '43'), right),
    await receiver.send(PATH, BODY, []),
    await receiver.send(PATH, BODY, [
      ...right,
      'Webhook-Signature',
      right[right.indexOf('webhook-signature') + 1] as string,
    ]),
    await receiver.send(PATH, BODY, signed(BODY, { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })),
    await receiver.send(PATH, BODY, signed(BODY, { ts: NOW / 1000 - 301 })),
  ]
  for (const { status, body, headers } of answers)
    expect([status, body, headers['www-authenticate']]).toEqual([401, '', undefined])
  expect(receiver.refused).toEqual([...Array.from({ length: 4 }, () => ['signature', 'plant']), ['stale', 'plant']])
  expect(receiver.records).toEqual([])
})

test('the secret before the current one is good too, and counted', async () => {
  const receiver = await plant()
  expect((await receiver.send(PATH, BODY, signed(BODY, { secret: OLD }))).status).toBe(200)
  expect((await receiver.metrics.webhookOldSecret.get()).values).toMatchObject([{ value: 1 }])
})

test('connections that are unknown, paused, removed or not pushed to look alike: 404', async () => {
  const receiver = await plant()
  receiver.declare('polled', null)
  receiver.declare('paused', { secrets: receiver.secrets('paused', SECRET) }, { status: 'paused' })
  receiver.declare('gone', { secrets: receiver.secrets('gone', SECRET) })
  expect((await receiver.send('/webhooks/gone', BODY, signed())).status).toBe(200)
  receiver.forget('gone')
  for (const id of ['polled', 'paused', 'gone', 'nobody', '%00', '__proto__', 'constructor'])
    expect((await receiver.send(`/webhooks/${id}`, BODY, signed())).status).toBe(404)
  for (const path of ['/', '/webhooks', '/webhooks/plant/more', '/metrics', '/healthz'])
    expect((await receiver.send(path, BODY, signed())).status).toBe(404)
  expect(receiver.refused.every(([reason, connection]) => reason === 'unknown-connection' && connection === null)).toBe(
    true,
  )
  expect(receiver.records).toHaveLength(1)
})

test('a connection whose deliveries cannot be checked yet says 503: they are sent again', async () => {
  const receiver = await openReceiver()
  receiver.declare('plant', {})
  const answer = await receiver.send(PATH, BODY, signed())
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5'])
  receiver.declare('plant', { scheme: 'no-such-scheme', secrets: receiver.secrets('plant', SECRET) })
  expect((await receiver.send(PATH, BODY, signed())).status).toBe(503)
  expect(receiver.refused).toEqual([
    ['unverifiable', 'plant'],
    ['unverifiable', 'plant'],
  ])
})

test('other methods and packed bodies are refused', async () => {
  const receiver = await plant()
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
    expect((await receiver.send(PATH, '', [], method)).status).toBe(405)
  expect((await receiver.send(PATH, BODY, [...signed(), 'Content-Encoding', 'gzip'])).status).toBe(415)
  expect((await receiver.send(PATH, BODY, [...signed(), 'Content-Encoding', 'identity'])).status).toBe(200)
})

test('a body of 1 MB is taken, a byte more is not, announced or not', async () => {
  const receiver = await plant()
  const most = Buffer.alloc(1_000_000, 'x')
  const more = Buffer.alloc(1_000_001, 'x')
  expect((await receiver.send(PATH, most, signed(most))).status).toBe(200)
  expect((await receiver.send(PATH, more, signed(more))).status).toBe(413)
  const chunked = await raw(
    receiver.server.port,
    `POST ${PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
    `100000\r\n${'x'.repeat(0x100000)}\r\n0\r\n\r\n`,
  )
  expect(chunked).toMatch(/^HTTP\/1\.1 413 /)
  const asked = await raw(
    receiver.server.port,
    `POST ${PATH} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n`,
    '',
  )
  expect(asked).toMatch(/^HTTP\/1\.1 413 /)
  expect(receiver.refused.map(([reason]) => reason)).toEqual(['too-large', 'too-large', 'too-large'])
  expect(receiver.records).toHaveLength(1)
})

test('more deliveries or bytes than a connection may send are answered 429, and others are not touched by it', async () => {
  const receiver = await plant({ figures: { burstSeconds: 1, burstBytes: 10_000, bytesPerDelivery: 1_000 } })
  receiver.declare('plant', { deliveriesPerSecond: 2, secrets: receiver.secrets('plant', SECRET) })
  receiver.declare('other', { secrets: receiver.secrets('other', SECRET) })
  const statuses = async (path: string, body: string, count: number): Promise<number[]> => {
    const seen = []
    for (let i = 0; i < count; i++)
      seen.push((await receiver.send(path, body, signed(body, { ts: receiver.clock.now() / 1000 }))).status)
    return seen
  }
  // Nobody but the system itself can use up what it may send.
  for (let i = 0; i < 10; i++) await receiver.send(PATH, BODY)
  expect(await statuses(PATH, BODY, 3)).toEqual([200, 200, 429])
  expect((await receiver.send(PATH, BODY, signed())).headers['retry-after']).toBe('1')
  expect(await statuses('/webhooks/other', BODY, 3)).toEqual([200, 200, 200])
  await receiver.clock.advance(1_000)
  expect(await statuses(PATH, BODY, 3)).toEqual([200, 200, 429])
  await receiver.clock.advance(60_000)
  const large = 'x'.repeat(9_000)
  expect(await statuses(PATH, large, 2)).toEqual([200, 429])
  expect(
    receiver.refused.filter(([reason]) => reason === 'rate').every(([, connection]) => connection === 'plant'),
  ).toBe(true)
})

test('while Kafka does not take them deliveries are answered 503 in time, and the next attempt succeeds when it does', async () => {
  const receiver = await plant()
  let back = (): void => undefined
  receiver.kafka.send = () => new Promise<void>((resolve) => (back = resolve))
  const waiting = ['a', 'b', 'c'].map((id) => receiver.send(PATH, BODY, signed(BODY, { id })))
  await expect.poll(() => receiver.queue.waiting().records).toBe(3)
  await receiver.clock.advance(5_000)
  for (const answer of await Promise.all(waiting))
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5'])
  receiver.kafka.send = () => Promise.resolve()
  back()
  expect((await receiver.send(PATH, BODY, signed(BODY, { id: 'b' }))).status).toBe(200)
  expect(receiver.refused).toEqual(['a', 'b', 'c'].map(() => ['not-durable', 'plant']))
})

test('a failed batch is answered 503', async () => {
  const receiver = await plant()
  receiver.kafka.send = () => Promise.reject(new Error('not enough replicas'))
  expect((await receiver.send(PATH, BODY, signed())).status).toBe(503)
  receiver.kafka.send = () => Promise.resolve()
  expect((await receiver.send(PATH, BODY, signed())).status).toBe(200)
})

test('while draining what is in flight is answered, what comes is sent elsewhere', async () => {
  const receiver = await plant()
  let acknowledge = (): void => undefined
  receiver.kafka.send = () => new Promise<void>((resolve) => (acknowledge = resolve))
  const inFlight = receiver.send(PATH, BODY, signed())
  await expect.poll(() => receiver.kafka.batches.length).toBe(1)
  receiver.drain()
  const late = await receiver.send(PATH, BODY, signed())
  expect([late.status, late.headers['retry-after'], late.headers['connection']]).toEqual([503, '1', 'close'])
  acknowledge()
  const answer = await inFlight
  expect([answer.status, answer.headers['connection']]).toEqual([200, 'close'])
})

test('without an id hints in our own form count each, and what a connector reads is told by its bytes', async () => {
  const connector = { id: 'frappe', webhook: { schemes: { theirs: BUILT_IN_SCHEMES.frappe.scheme }, hints: () => [] } }
  const receiver = await openReceiver({ connectors: [connector as never] })
  receiver.declare('plant', { scheme: 'frappe', secrets: receiver.secrets('plant', 's') })
  receiver.declare('shop', { secrets: receiver.secrets('shop', 's') }, { system: 'frappe' })
  const headers = signedHeaders(BUILT_IN_SCHEMES.frappe.scheme, 's', { body: Buffer.from(BODY) })
  for (const path of [PATH, PATH, '/webhooks/shop', '/webhooks/shop'])
    expect((await receiver.send(path, BODY, headers)).status).toBe(200)
  const [first, second, third, fourth] = receiver.stored().map(({ deliveryId }) => deliveryId)
  expect(first).not.toBe(second)
  expect(third).toMatch(/^sha256:/)
  expect(third).toBe(fourth)
})

test('a sender that goes away in the middle of a body is counted, and nothing is stored', async () => {
  const receiver = await plant()
  const socket = connect(receiver.server.port, '127.0.0.1')
  socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`, () =>
    setTimeout(() => socket.destroy(), 20),
  )
  await expect.poll(() => receiver.refused).toEqual([['aborted', 'plant']])
})

test('a sender that dawdles is cut off', async () => {
  const receiver = await plant({ figures: { headersMs: 200, requestMs: 400 } })
  const slow = raw(receiver.server.port, `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`, '')
  expect(await slow).toMatch(/^HTTP\/1\.1 408 |^$/)
})

/** Everything that comes back before the other side is done. */
function raw(port: number, head: string, body: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(head)
      socket.write(body)
    })
    socket.on('data', (chunk) => {
      answer += chunk.toString()
      if (answer.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}
