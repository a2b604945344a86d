import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createSwitches } from '../../../../../connectors/netsuite/sandbox/faults.ts'
import { emptyAccount, type TestAccount } from './wire.ts'

let account: TestAccount
beforeAll(async () => {
  account = await emptyAccount()
  await account.ask('/system/v1/serverTime')
})
afterEach(() => {
  Object.assign(account.sandbox.switches, createSwitches())
})
afterAll(() => account.close())

const vendor = (name: string) => ({ companyName: name, subsidiary: { id: '1' } })
const count = (name: string) => account.store.count('vendor', { companyname: name })

describe('the concurrency limit', () => {
  it('lets five requests run at a time and refuses the others without Retry-After', async () => {
    account.sandbox.switches.slowMs = 100
    account.sandbox.concurrency.reset()
    const answers = await Promise.all(Array.from({ length: 8 }, () => account.ask('/record/v1/vendor')))
    const statuses = answers.map((it) => it.status).sort((a, b) => a - b)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
    const refused = answers.find((it) => it.status === 429)
    expect(refused?.headers.get('retry-after')).toBeNull()
    expect(refused?.body).toMatchObject({
      title: 'Too Many Requests',
      'o:errorDetails': [{ 'o:errorCode': 'CONCURRENCY_LIMIT_EXCEEDED' }],
    })
    expect(account.sandbox.concurrency).toMatchObject({ now: 0, max: 5, refused: 3 })
    // Five at a time, for most of the time.
    expect(account.sandbox.concurrency.average).toBeGreaterThan(1)
    expect(account.sandbox.concurrency.average).toBeLessThanOrEqual(5)
  })

  it('counts what others in the account hold, and has another body', async () => {
    Object.assign(account.sandbox.switches, { heldRequests: 5, tooManyForm: 'top-level' })
    const answer = await account.ask('/record/v1/vendor')
    expect(answer).toMatchObject({ status: 429, body: { title: 'Bad Request', 'o:errorCode': 'USER_ERROR' } })
    account.sandbox.switches.heldRequests = 4
    expect((await account.ask('/record/v1/vendor')).status).toBe(200)
  })

  it('does not count the token endpoint', async () => {
    account.sandbox.switches.heldRequests = 5
    expect((await account.token()).status).toBe(200)
  })

  it('gives the place of a request free before its caller can ask again', async () => {
    account.sandbox.switches.heldRequests = 4
    for (let n = 0; n < 50; n++) expect((await account.ask('/system/v1/serverTime')).status).toBe(200)
  })
})

describe('a write', () => {
  it('that is cut before is not applied; one that is cut after is', async () => {
    account.sandbox.switches.cutBefore = 1
    await expect(account.post('/record/v1/vendor', vendor('Cut before'))).rejects.toThrow()
    account.sandbox.switches.cutAfter = 1
    await expect(account.post('/record/v1/vendor', vendor('Cut after'))).rejects.toThrow()
    expect([count('Cut before'), count('Cut after')]).toEqual([0, 1])
    expect(account.sandbox.requests.list.at(-1)).toMatchObject({ method: 'POST', status: 0 })
    expect(account.sandbox.concurrency.now).toBe(0)
  })

  it('may be answered 500 and be applied all the same', async () => {
    account.sandbox.switches.failAfter = 1
    const answer = await account.post('/record/v1/vendor', vendor('Failed after'))
    expect(answer).toMatchObject({ status: 500, error: { 'o:errorCode': 'UNEXPECTED_ERROR' } })
    expect(answer.error.detail).toMatch(/^An unexpected error occurred\. Error ID: \w+$/)
    expect(count('Failed after')).toBe(1)
  })

  it('counts down only by writes of records', async () => {
    account.sandbox.switches.cutBefore = 2
    await account.query('SELECT id FROM vendor')
    expect((await account.post('/record/v1/vendor', vendor('First'))).status).toBe(204)
    await expect(account.post('/record/v1/vendor', vendor('Second'))).rejects.toThrow()
  })
})

describe('a bad day', () => {
  it('has every n-th request refused or failing', async () => {
    account.sandbox.switches.failEvery = 2
    const failed = [await account.ask('/record/v1/vendor'), await account.ask('/record/v1/vendor')]
    expect(failed.map((it) => it.status).sort((a, b) => a - b)).toEqual([200, 500])
    Object.assign(account.sandbox.switches, { failEvery: 0, throttleEvery: 2 })
    const throttled = [await account.ask('/record/v1/vendor'), await account.ask('/record/v1/vendor')]
    expect(throttled.map((it) => it.status).sort((a, b) => a - b)).toEqual([200, 429])
  })

  it('breaks JSON off in the middle', async () => {
    account.sandbox.switches.truncateJson = 1
    const broken = await account.ask('/record/v1/currency')
    expect([broken.status, broken.body]).toEqual([200, null])
    expect((await account.ask('/record/v1/currency')).body.items.length).toBeGreaterThan(0)
  })

  it.each(['504', '500'] as const)('ends large pages with %s', async (slowPageEnds) => {
    Object.assign(account.sandbox.switches, { slowPagesAbove: 100, slowPageEnds })
    const q = 'SELECT id FROM vendor'
    expect((await account.query(q)).status).toBe(Number(slowPageEnds))
    expect((await account.query(q, undefined, '?limit=100')).status).toBe(200)
  })

  it('leaves large pages without an answer, until the caller gives up', async () => {
    Object.assign(account.sandbox.switches, { slowPagesAbove: 100, slowPageEnds: 'hang' })
    const waiting = fetch(`${account.sandbox.origin}/services/rest/query/v1/suiteql`, {
      method: 'POST',
      body: '{"q":"SELECT id FROM vendor"}',
      signal: AbortSignal.timeout(50),
    })
    await expect(waiting).rejects.toThrow()
    await expect.poll(() => account.sandbox.concurrency.now).toBe(0)
  })

  it('links to the older standard in its errors', async () => {
    account.sandbox.switches.errorLinks = 'rfc2616'
    const { body } = await account.ask('/record/v1/vendor/999999')
    expect(body.type).toBe('https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.5')
  })
})

describe('the log of requests', () => {
  it('has every request with its status', async () => {
    account.sandbox.requests.clear()
    await account.ask('/record/v1/vendor?limit=1')
    expect(account.sandbox.requests.count).toBe(1)
    expect(account.sandbox.requests.list).toEqual([
      { method: 'GET', path: '/services/rest/record/v1/vendor?limit=1', status: 200 },
    ])
  })
})

describe('the administrator', () => {
  it('sees the limits of the account', async () => {
    const all = new Set(['REST Web Services', 'Log in using OAuth 2.0 Access Tokens'])
    const roles = [{ id: 3, name: 'Administrator', hiddenTables: new Set<string>(), permissions: all }]
    const other = await emptyAccount({ account: { roles, concurrencyLimit: 15 } })
    try {
      expect((await other.ask('/system/v1/governanceLimits')).body).toMatchObject({
        accountConcurrencyLimit: 15,
        integrationLimitType: 'accountLimit',
      })
    } finally {
      await other.close()
    }
  })
})
