import { expect, test } from 'vitest'
import { InvalidRecordError } from '../../../../core/avro/errors.ts'
import { createLocalCodec } from '../../../../core/avro/local-codec.ts'
import type { WebhookDelivery } from '../../../../core/webhook.ts'

const { inboundWebhook } = createLocalCodec()
const delivery: WebhookDelivery = {
  connectionId: 'plant-cmms',
  receiptId: '0198c0de-0000-7000-8000-000000000001',
  deliveryId: 'msg_1',
  receivedAt: 1_768_471_200_123,
  headers: { 'content-type': 'application/json', 'ce-subject': 'Größe 漢', 'x-empty': '' },
  body: Buffer.from([0, 255, 10, 13, 0x7b, 0xc3]),
}

test('a delivery comes back as it was, its body byte for byte', () => {
  expect(inboundWebhook.decode(inboundWebhook.encode(delivery))).toEqual(delivery)
})

test('headers with the names of the object prototype stay headers', () => {
  const headers = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>
  const decoded = inboundWebhook.decode(inboundWebhook.encode({ ...delivery, headers }))
  expect(Object.entries(decoded.headers)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
})

test('the body of what was decoded is a view, and encoding copies: the buffer received may be used again', () => {
  const body = Buffer.from('{"a":1}')
  const value = inboundWebhook.encode({ ...delivery, body })
  body.fill(0)
  const decoded = inboundWebhook.decode(value)
  expect(decoded.body.toString()).toBe('{"a":1}')
  expect(decoded.body.buffer).toBe(value.buffer)
})

test('a delivery that does not fit is refused by name', () => {
  expect(() => inboundWebhook.encode({ ...delivery, body: 'text' as never })).toThrow(InvalidRecordError)
})

test('the bytes of a delivery never change: other versions read them', () => {
  const small = { ...delivery, headers: { a: 'b' }, body: Buffer.from('x') }
  expect(inboundWebhook.encode(small).subarray(5).toString('hex')).toBe(
    [
      '14' + Buffer.from('plant-cmms').toString('hex'),
      '48' + Buffer.from(small.receiptId).toString('hex'),
      '0a' + Buffer.from('msg_1').toString('hex'),
      'f685c891f866',
      '0202610262' + '00',
      '0278',
    ].join(''),
  )
})
