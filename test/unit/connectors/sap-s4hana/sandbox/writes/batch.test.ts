import { describe, expect, it } from 'vitest'
import {
  type BatchRequest,
  type BatchResponse,
  boundaryOf,
  handleBatch,
  partsOf,
} from '../../../../../../connectors/sap-s4hana/sandbox/batch.ts'
import { SapError } from '../../../../../../connectors/sap-s4hana/sandbox/errors.ts'
import { createLandscape, order, PO, refusalOf } from './landscape.ts'

/** The example of the reference, section 8. */
const EXAMPLE = `--b1
Content-Type: application/http
Content-Transfer-Encoding: binary

GET A_PurchaseOrder('4500000001')?$select=PurchaseOrder HTTP/1.1
Accept: application/json


--b1
Content-Type: multipart/mixed; boundary=c1

--c1
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 1

PATCH A_PurchaseOrderItem(PurchaseOrder='4500000001',PurchaseOrderItem='10') HTTP/1.1
Content-Type: application/json
Accept: application/json
Content-Length: 23

{"OrderQuantity":"5.0"}

--c1--
--b1--
`

function setUp() {
  const landscape = createLandscape()
  order(landscape)
  const seen: BatchRequest[] = []
  const dispatch = (request: BatchRequest): BatchResponse => {
    seen.push(request)
    if (request.method === 'GET') {
      const headers = { 'content-type': 'application/json', dataserviceversion: '2.0' }
      return { status: 200, headers, body: '{"d":{"PurchaseOrder":"4500000001"}}' }
    }
    if (request.method === 'POST') {
      return { status: 201, headers: { location: "http://host/A_PurchaseOrder('77')" }, body: '{"d":{}}' }
    }
    const item = /PurchaseOrderItem='(\d+)'/.exec(request.url)?.[1] ?? ''
    try {
      const key = { PurchaseOrder: '4500000001', PurchaseOrderItem: item }
      landscape.patch(PO, 'A_PurchaseOrderItem', key, JSON.parse(request.body))
      return { status: 204, headers: { dataserviceversion: '2.0' }, body: '' }
    } catch (error) {
      if (!(error instanceof SapError)) throw error
      return { status: error.status, headers: {}, body: `{"error":{"code":"${error.code}"}}` }
    }
  }
  const run = (body: string, contentType = 'multipart/mixed; boundary=b1') =>
    handleBatch({ store: landscape.store, contentType, body, dispatch })
  const quantity = () =>
    landscape.row(PO, 'A_PurchaseOrderItem', { PurchaseOrder: '4500000001', PurchaseOrderItem: '10' })['OrderQuantity']
  return { run, seen, quantity }
}

const part = (request: string) => `--c1\r\nContent-Type: application/http\r\n\r\n${request}\r\n`
const patchOf = (item: string, body: object, length = 0) =>
  part(
    `PATCH A_PurchaseOrderItem(PurchaseOrder='4500000001',PurchaseOrderItem='${item}') HTTP/1.1\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${JSON.stringify(body)}\r\n`,
  )
const changeset = (parts: string) =>
  `--b1\r\nContent-Type: multipart/mixed; boundary=c1\r\n\r\n${parts}--c1--\r\n--b1--\r\n`

describe.each([
  ['CRLF', EXAMPLE.replaceAll('\n', '\r\n')],
  ['bare LF', EXAMPLE],
])('the example with %s', (_name, body) => {
  it('answers both parts in order and applies the change', () => {
    const { run, seen, quantity } = setUp()
    const answer = run(body)
    expect(answer.status).toBe(202)
    const outer = partsOf(answer.body, boundaryOf(answer.headers['content-type'] ?? '') ?? '')
    expect(outer).toHaveLength(2)
    expect(outer[0]?.headers['content-type']).toBe('application/http')
    expect(outer[0]?.body).toContain('HTTP/1.1 200 OK')
    expect(outer[0]?.body).toContain('{"d":{"PurchaseOrder":"4500000001"}}')
    const inner = partsOf(outer[1]?.body ?? '', boundaryOf(outer[1]?.headers['content-type'] ?? '') ?? '')
    expect(inner).toHaveLength(1)
    expect(inner[0]?.headers['content-id']).toBe('1')
    expect(inner[0]?.body).toContain('HTTP/1.1 204 No Content')
    expect(seen[0]).toMatchObject({
      method: 'GET',
      url: "A_PurchaseOrder('4500000001')?$select=PurchaseOrder",
      headers: { accept: 'application/json' },
      body: '',
    })
    expect(quantity()).toBe('5')
  })
})

it('the length of a part is its own bytes', () => {
  const { run } = setUp()
  const answer = run(EXAMPLE)
  const [first] = partsOf(answer.body, boundaryOf(answer.headers['content-type'] ?? '') ?? '')
  expect(first?.headers['content-length']).toBe(String(Buffer.byteLength(first?.body ?? '')))
})

it('a wrong Content-Length is not believed', () => {
  const { run, quantity } = setUp()
  run(changeset(patchOf('10', { OrderQuantity: '6' }, 9999)))
  expect(quantity()).toBe('6')
})

it('a failed changeset is undone whole and answered by one part that is no multipart', () => {
  const { run, quantity } = setUp()
  const answer = run(changeset(patchOf('10', { OrderQuantity: '6' }) + patchOf('90', { OrderQuantity: '1' })))
  expect(answer.status).toBe(202)
  const outer = partsOf(answer.body, boundaryOf(answer.headers['content-type'] ?? '') ?? '')
  expect(outer).toHaveLength(1)
  expect(outer[0]?.headers['content-type']).toBe('application/http')
  expect(outer[0]?.body).toContain('HTTP/1.1 404 Not Found')
  expect(quantity()).toBe('12')
})

it('a failed changeset does not touch the next one', () => {
  const { run, quantity } = setUp()
  const bad = changeset(patchOf('90', { OrderQuantity: '1' })).replace('--b1--\r\n', '')
  run(bad + changeset(patchOf('10', { OrderQuantity: '8' })))
  expect(quantity()).toBe('8')
})

it('a later request finds by $id what an earlier one created', () => {
  const { run, seen } = setUp()
  const first =
    '--c1\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST A_PurchaseOrder HTTP/1.1\r\n\r\n{}\r\n'
  run(changeset(`${first}${part('POST $1/to_PurchaseOrderNote HTTP/1.1\r\n\r\n{}')}`))
  expect(seen[1]?.url).toBe("http://host/A_PurchaseOrder('77')/to_PurchaseOrderNote")
})

it.each([
  ['no boundary', EXAMPLE, 'application/json'],
  ['a cut end', EXAMPLE.replace('--b1--', ''), 'multipart/mixed; boundary=b1'],
  [
    'a change outside of a changeset',
    '--b1\nContent-Type: application/http\n\nDELETE X HTTP/1.1\n\n--b1--\n',
    'multipart/mixed; boundary=b1',
  ],
  ['a read inside of a changeset', changeset(part('GET X HTTP/1.1')), 'multipart/mixed;boundary="b1"'],
  ['101 requests in a changeset', changeset(patchOf('10', {}).repeat(101)), 'multipart/mixed; boundary=b1'],
])('%s is refused', (_name, body, contentType) => {
  const { run, seen } = setUp()
  expect(refusalOf(() => run(body, contentType)).status).toBe(400)
  expect(seen.filter((request) => request.method !== 'GET')).toEqual([])
})

it('100 requests in a changeset are fine', () => {
  const { run, seen } = setUp()
  expect(run(changeset(patchOf('10', { OrderQuantity: '7' }).repeat(100))).status).toBe(202)
  expect(seen).toHaveLength(100)
})
