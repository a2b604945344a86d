import { afterEach, describe, expect, test } from 'vitest'
import { buildBatch, LARGEST_CHANGESET, parseBatch } from '../../../../connectors/sap-s4hana/batch.ts'
import { OutcomeUnknownError, RetryableError } from '../../../../core/index.ts'
import { never, openStandIn, type StandIn, thrownBy } from './stand-in.ts'

const change = { method: 'PATCH', path: "A(P='1',I='10')", body: { Text: 'Dichtung 40 ⌀' } } as const
const PARTS = [{ get: "A('1')", query: { $select: 'A,B' } }, { changes: [change] }] as const

const lines = (...text: string[]) => Buffer.from(text.join('\r\n'))
const TYPE = 'multipart/mixed; boundary=R1'

const READ = [
  '--R1',
  'Content-Type: application/http',
  'Content-Length: 9999',
  'content-transfer-encoding: binary',
  '',
  'HTTP/1.1 200 OK',
  'Content-Type: application/json',
  'dataserviceversion: 2.0',
  '',
  '{"d":{"A":"Dichtung ⌀","B":"--R1 is no border"}}',
]
const DONE = [
  '--R1',
  'Content-Type: multipart/mixed; boundary=RC1',
  '',
  '--RC1',
  'Content-Type: application/http',
  'content-id: 1',
  '',
  'HTTP/1.1 204 No Content',
  'dataserviceversion: 2.0',
  '',
  '',
  '--RC1--',
]
const REFUSED = [
  '--R1',
  'Content-Type: application/http',
  '',
  'HTTP/1.1 400 Bad Request',
  'Content-Type: application/json',
  '',
  '{"error":{}}',
]

describe('a batch', () => {
  test('is written as SAP reads it: reads outside, changes in a set', () => {
    const { contentType, body } = buildBatch(PARTS)
    expect(contentType).toBe('multipart/mixed; boundary=tributary_batch')
    expect(body.toString().split('\r\n')).toEqual([
      '--tributary_batch',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      "GET A('1')?$select=A%2CB HTTP/1.1",
      'Accept: application/json',
      '',
      '',
      '--tributary_batch',
      'Content-Type: multipart/mixed; boundary=tributary_changes_1',
      '',
      '--tributary_changes_1',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 1',
      '',
      "PATCH A(P='1',I='10') HTTP/1.1",
      'Content-Type: application/json',
      'Accept: application/json',
      `Content-Length: ${Buffer.byteLength('{"Text":"Dichtung 40 ⌀"}')}`,
      '',
      '{"Text":"Dichtung 40 ⌀"}',
      '--tributary_changes_1--',
      '',
      '--tributary_batch--',
      '',
    ])
    expect(() => buildBatch([{ changes: [] }])).toThrow(RangeError)
    expect(() => buildBatch([{ changes: Array(LARGEST_CHANGESET + 1).fill(change) }])).toThrow(RangeError)
  })

  test('is read by its borders, not by lengths', () => {
    const answers = parseBatch(TYPE, lines(...READ, ...DONE, '--R1--', ''), PARTS, 'batch')
    expect(answers).toEqual([
      {
        kind: 'read',
        answer: {
          status: 200,
          headers: { 'content-type': 'application/json', dataserviceversion: '2.0' },
          body: '{"d":{"A":"Dichtung ⌀","B":"--R1 is no border"}}',
        },
      },
      { kind: 'done', answers: [{ status: 204, headers: { dataserviceversion: '2.0' }, body: '' }] },
    ])
  })

  test('says once why none of a set was done', () => {
    const answers = parseBatch(`${TYPE}; charset=utf-8`, lines(...READ, ...REFUSED, '--R1--'), PARTS, 'batch')
    expect(answers[1]).toMatchObject({ kind: 'refused', answer: { status: 400, body: '{"error":{}}' } })
  })

  test.each([
    ['fewer parts than asked', TYPE, lines(...READ, '--R1--')],
    ['no multipart', 'text/html', Buffer.from('<html>')],
    ['a part that is no answer', TYPE, lines(...READ, '--R1', 'Content-Type: application/http', '', 'hello', '--R1--')],
  ])('%s is no answer', (_, type, body) => {
    expect(() => parseBatch(type, body, PARTS, 'batch')).toThrow(RetryableError)
  })
})

describe('sending a batch', () => {
  let sap: StandIn
  afterEach(() => sap.close())

  test('brings the token; a lost answer leaves changes unknown, and reads to be repeated', async () => {
    let cut = false
    sap = await openStandIn(({ method, headers }) => {
      if (method === 'GET') return { headers: { 'x-csrf-token': 'abc' }, body: { d: {} } }
      if (cut) return { cut: true }
      return headers['x-csrf-token'] === 'abc'
        ? { status: 202, headers: { 'content-type': TYPE }, body: lines(...READ, ...DONE, '--R1--').toString() }
        : { status: 403, headers: { 'x-csrf-token': 'Required' } }
    })
    const client = sap.client()
    const answers = await client.batch('API_X', PARTS, never())
    expect(answers.map(({ kind }) => kind)).toEqual(['read', 'done'])
    expect(sap.seen('/API_X/$batch')).toHaveLength(1)
    cut = true
    expect(await thrownBy(() => client.batch('API_X', PARTS, never()))).toBeInstanceOf(OutcomeUnknownError)
    expect(await thrownBy(() => client.batch('API_X', [{ get: 'A' }], never()))).toBeInstanceOf(RetryableError)
  })
})
