import { afterEach, expect, test } from 'vitest'
import { TooMuch, UnknownColumn, UnknownTable, UnsupportedStatement } from '../../../../connectors/netsuite/failures.ts'
import { AuthError, RejectedError, RetryableError } from '../../../../core/index.ts'
import {
  never,
  openStandIn,
  pageBody,
  type Reply,
  refusal,
  type StandIn,
  thrownBy,
  UNPROCESSED,
  unknownColumn,
} from './stand-in.ts'

let standIn: StandIn | null = null
afterEach(async () => {
  await standIn?.close()
  standIn = null
})

const statement = {
  q: 'SELECT v.id AS id FROM vendor v',
  params: [],
  limit: 1000,
  doing: 'reading vendor',
  table: 'vendor',
}

async function answeredBy(reply: Reply) {
  standIn = await openStandIn({ suiteql: () => reply })
  const { client } = await standIn.session()
  return thrownBy(() => client.suiteql(statement, never()))
}

test('statements go with bound parameters, limit and offset in the address, and the headers that NetSuite wants', async () => {
  standIn = await openStandIn({ suiteql: () => ({ body: pageBody([{ id: '12', name: null }], 1) }) })
  const { client } = await standIn.session()
  const page = await client.suiteql({ ...statement, q: 'SELECT … WHERE v.id > ?', params: ['7'], limit: 250 }, never())
  expect(page).toMatchObject({ hasMore: false, total: 1, items: [{ id: '12' }] })
  expect(standIn.statements[0]).toEqual({ q: 'SELECT … WHERE v.id > ?', params: ['7'], limit: 250, offset: 0 })
})

test('a table without permission stops the stream alone and names the permission', async () => {
  for (const words of ['Invalid search type: vendor.', "Search error occurred: Record 'vendor' was not found."]) {
    const thrown = await answeredBy(refusal(400, 'INVALID_PARAMETER', UNPROCESSED + words))
    expect(thrown).toBeInstanceOf(UnknownTable)
    expect(thrown['streamOnly']).toBe(true)
    expect(thrown.message).toMatch(/reading vendor.*Lists > Vendors: View/)
    await standIn?.close()
  }
})

test.each([
  [
    403,
    'INSUFFICIENT_PERMISSION',
    'Permission Violation: you need the Vendors permission.',
    AuthError,
    /Lists > Vendors: View/,
  ],
  [400, 'INSUFFICIENT_PERMISSION', 'Permission Violation', AuthError, /Lists > Vendors: View/],
  [
    403,
    'USER_ERROR',
    'This record is only available as a beta record. Enable the REST Record Service (Beta) feature.',
    AuthError,
    /Enable Features/,
  ],
  [
    400,
    'INVALID_PARAMETER',
    `${UNPROCESSED}Search error occurred: Invalid or unsupported search.`,
    UnsupportedStatement,
    /unsupported/,
  ],
  [
    400,
    'INVALID_PARAMETER',
    `${UNPROCESSED}Parse of date/time "x" failed with date format "dd/MM/yy"`,
    UnsupportedStatement,
    /dd\/MM/,
  ],
  [400, 'INVALID_CONTENT', 'You have entered an Invalid Field Value 9999', RejectedError, /9999.*INVALID_CONTENT/],
  [409, 'RCRD_HAS_BEEN_CHANGED', 'Record has been changed', RetryableError, /changed/],
  [504, 'UNEXPECTED_ERROR', 'Gateway', TooMuch, /504/],
  [400, 'SSS_REQUEST_TIME_EXCEEDED', 'The request timed out.', TooMuch, /timed out/],
])('%i %s is told for what it is', async (status, code, detail, kind, names) => {
  const thrown = await answeredBy(refusal(status, code, detail))
  expect(thrown).toBeInstanceOf(kind)
  expect(thrown.message).toMatch(names)
  expect(thrown.message).toMatch(/^reading vendor/)
})

test('an unknown column is named', async () => {
  const thrown = (await answeredBy(unknownColumn('subsidiary'))) as unknown as UnknownColumn
  expect(thrown).toBeInstanceOf(UnknownColumn)
  expect(thrown.identifier).toBe('subsidiary')
})

test('maintenance is waited for: HTML with 503 is retryable and says so', async () => {
  const thrown = await answeredBy({ status: 503, body: '<html><h1>Scheduled maintenance</h1></html>' })
  expect(thrown).toBeInstanceOf(RetryableError)
  expect(thrown.message).toMatch(/maintenance/)
  expect(standIn?.statements.length).toBe(4)
})

test('a page of a proxy instead of an answer is no permission of a stream', async () => {
  const thrown = await answeredBy({ status: 403, body: '<html>Forbidden</html>' })
  expect(thrown).toBeInstanceOf(AuthError)
  expect(thrown['streamOnly']).toBe(false)
  expect(thrown.message).toMatch(/account_id/)
})

test('an answer that is cut short, or HTML with 200, is asked for again', async () => {
  const bad: Reply[] = [{ body: '{"items": [{"id": "1"' }, { body: '<html>wait</html>' }, { body: { items: 'x' } }]
  standIn = await openStandIn({ suiteql: () => bad.pop() ?? { body: pageBody([{ id: '1' }]) } })
  const { client } = await standIn.session()
  expect((await client.suiteql(statement, never())).items.length).toBe(1)
  expect(standIn.statements.length).toBe(4)
})

test('a statement that NetSuite does not answer in time is too much, and is not asked for again as it is', async () => {
  standIn = await openStandIn({ suiteql: () => ({ hang: true }) })
  const { client } = await standIn.session({ timeout_seconds: 1 })
  expect(await thrownBy(() => client.suiteql(statement, never()))).toBeInstanceOf(TooMuch)
  expect(standIn.statements.length).toBe(1)
})

test('never more requests at once than allowed, and never fewer while some wait', async () => {
  let left = 60
  const held: (() => void)[] = []
  standIn = await openStandIn({
    async suiteql() {
      // nobody is answered before as many are under way as may be: fewer would wait for ever
      await new Promise<void>((resolve) => {
        held.push(resolve)
        while (held.length > 0 && held.length >= Math.min(3, left)) {
          left--
          held.shift()?.()
        }
      })
      return { body: pageBody([]) }
    },
  })
  const { client } = await standIn.session({ concurrency: 3 })
  standIn.inFlight.max = 0
  await Promise.all(Array.from({ length: 60 }, () => client.suiteql(statement, never())))
  expect(standIn.inFlight.max).toBe(3)
  expect(left).toBe(0)
})

test.each([
  [
    {
      accountConcurrencyLimit: 5,
      accountUnallocatedConcurrencyLimit: 3,
      integrationConcurrencyLimit: 4,
      integrationLimitType: 'integrationSpecific',
    },
    null,
    4,
  ],
  [
    { accountConcurrencyLimit: 5, accountUnallocatedConcurrencyLimit: 3, integrationLimitType: 'accountLimit' },
    null,
    3,
  ],
  [{ accountConcurrencyLimit: 5, accountUnallocatedConcurrencyLimit: 3, integrationLimitType: 'accountLimit' }, 9, 3],
  [{ accountConcurrencyLimit: 15, integrationLimitType: 'accountLimit' }, 6, 6],
  [undefined, null, 2],
  [undefined, 7, 7],
])('with limits %j and a wish of %s, %i requests run at once', async (governance, concurrency, allowed) => {
  standIn = await openStandIn(governance === undefined ? {} : { governance })
  const { client } = await standIn.session({ concurrency })
  expect(client.concurrency()).toBe(allowed)
})

test('refused for too many at once, it waits though no wait was named, and all requests get through', async () => {
  let running = 0
  standIn = await openStandIn({
    async suiteql() {
      if (running >= 2)
        return refusal(429, 'CONCURRENCY_LIMIT_EXCEEDED', 'Concurrent request limit exceeded. Request blocked.')
      running++
      await new Promise((resolve) => setTimeout(resolve, 15))
      running--
      return { body: pageBody([{ id: '1' }]) }
    },
  })
  const { client } = await standIn.session({ concurrency: 3 })
  const began = performance.now()
  const pages = await Promise.all(Array.from({ length: 30 }, () => client.suiteql(statement, never())))
  expect(pages.every(({ items }) => items.length === 1)).toBe(true)
  expect(performance.now() - began).toBeGreaterThan(500)
}, 30_000)

test('other bodies of a refusal for too many at once mean the same', async () => {
  let refusals = 1
  standIn = await openStandIn({
    suiteql: () =>
      refusals-- > 0
        ? { status: 400, body: { title: 'Bad Request', status: 400, 'o:errorCode': 'SSS_REQUEST_LIMIT_EXCEEDED' } }
        : { body: pageBody([{ id: '1' }]) },
  })
  const { client } = await standIn.session({ concurrency: 5 })
  expect((await client.suiteql(statement, never())).items.length).toBe(1)
  expect(client.concurrency()).toBe(4)
})

test('an abort ends a request that waits for its place, and one in flight', async () => {
  standIn = await openStandIn({ suiteql: () => ({ hang: true }) })
  const { client } = await standIn.session({ concurrency: 1 })
  const abort = new AbortController()
  const both = [1, 2].map(() => thrownBy(() => client.suiteql(statement, abort.signal)))
  await expect.poll(() => standIn?.statements.length).toBe(1)
  abort.abort(new Error('enough'))
  for (const thrown of await Promise.all(both)) expect(thrown.message).toBe('enough')
  expect(standIn.statements.length).toBe(1)
})

test('a record that does not exist is null', async () => {
  standIn = await openStandIn()
  const { client } = await standIn.session()
  expect(await client.record('purchaseOrder', '647', never())).toBeNull()
  expect(standIn.seen('/purchaseOrder/647')[0]?.query.get('expandSubResources')).toBe('true')
})

test("NetSuite's time is asked for once in ten minutes and carried on in between", async () => {
  standIn = await openStandIn({ now: () => Date.now() + 3_600_000 })
  const session = await standIn.session()
  for (let n = 0; n < 3; n++)
    expect(Math.abs((await session.clock(never())) - Date.now() - 3_600_000)).toBeLessThan(1000)
  expect(standIn.seen('/serverTime').length).toBe(1)
})
