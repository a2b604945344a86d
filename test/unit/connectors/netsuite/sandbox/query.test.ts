import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createSwitches } from '../../../../../connectors/netsuite/sandbox/faults.ts'
import { emptyAccount, type TestAccount } from './wire.ts'

let account: TestAccount
beforeAll(async () => {
  account = await emptyAccount()
  account.store.insertMany(
    'customrecord_asset',
    Array.from({ length: 25 }, (_, at) => ({
      id: at + 1,
      name: `A${at + 1}`,
      custrecord_asset_acquired: '2025-03-01',
    })),
  )
})
afterEach(() => {
  Object.assign(account.sandbox.switches, createSwitches())
})
afterAll(() => account.close())

const ALL = 'SELECT id AS AssetId, name, custrecord_asset_tag AS Tag FROM customrecord_asset ORDER BY id'

describe('the query service', () => {
  it('gives pages of texts under lower-case keys, without empty columns', async () => {
    const { status, body } = await account.query(ALL, undefined, '?limit=10&offset=10')
    expect(status).toBe(200)
    expect(body).toMatchObject({ count: 10, hasMore: true, offset: 10, totalResults: 25 })
    expect(body.items[0]).toEqual({ links: [], assetid: '11', name: 'A11' })
    expect(body.links.map((link: any) => link.rel)).toEqual(['previous', 'first', 'next', 'last', 'self'])
    const last = body.links.find((link: any) => link.rel === 'last').href
    expect(last).toBe(`${account.sandbox.origin}/services/rest/query/v1/suiteql?limit=10&offset=20`)
    const rest = await account.query(ALL, undefined, '?limit=10&offset=20')
    expect(rest.body).toMatchObject({ count: 5, hasMore: false })
  })

  it('takes a thousand rows by default', async () => {
    expect((await account.query(ALL)).body).toMatchObject({ count: 25, offset: 0, hasMore: false })
  })

  it('binds parameters', async () => {
    const { body } = await account.query('SELECT name FROM customrecord_asset WHERE id > ? ORDER BY id', ['24'])
    expect(body.items).toEqual([{ links: [], name: 'A25' }])
  })

  it('may send null', async () => {
    account.sandbox.switches.sendNulls = true
    const { body } = await account.query(ALL, undefined, '?limit=1')
    expect(body.items[0]).toEqual({ links: [], assetid: '1', name: 'A1', tag: null })
  })

  it('may show dates that are none', async () => {
    account.sandbox.switches.badDateColumn = 'd'
    const q = "SELECT TO_CHAR(custrecord_asset_acquired, 'YYYY-MM-DD') AS d FROM customrecord_asset WHERE id = 1"
    expect((await account.query(q)).body.items[0].d).toBe('0026-13-45')
  })

  it('needs Prefer: transient', async () => {
    for (const headers of [{}, { prefer: 'respond-async' }] as Record<string, string>[]) {
      const answer = await account.post('/query/v1/suiteql', { q: ALL }, headers)
      expect(answer).toMatchObject({
        status: 400,
        error: { 'o:errorCode': 'INVALID_HEADER', 'o:errorHeader': 'Prefer' },
      })
    }
  })

  it.each([
    ['?limit=1001', 'limit'],
    ['?limit=0', 'limit'],
    ['?limit=10&offset=5', 'offset'],
    ['?limit=1000&offset=100000', 'offset'],
  ])('refuses %s', async (search, parameter) => {
    expect(await account.query(ALL, undefined, search)).toMatchObject({
      status: 400,
      error: { 'o:errorCode': 'INVALID_PARAMETER', 'o:errorQueryParam': parameter },
    })
  })

  it('says nothing of rows beyond the ceiling', async () => {
    account.sandbox.switches.rowCeiling = 20
    const { body } = await account.query(ALL, undefined, '?limit=10&offset=10')
    expect(body).toMatchObject({ count: 10, hasMore: false, totalResults: 20 })
    expect((await account.query(ALL, undefined, '?limit=10&offset=20')).status).toBe(400)
  })

  it.each([
    [
      'SELECT x FROM transaction',
      "Search error occurred: Unknown identifier 'x'. Available identifiers are: {transaction=transaction}.",
    ],
    ['SELECT id FROM foo', "Search error occurred: Record 'foo' was not found."],
    ['SELECT id FROM vendor LIMIT 1', 'Search error occurred: Invalid or unsupported search.'],
  ])('refuses %s in the words of the system', async (q, words) => {
    const answer = await account.query(q)
    expect(answer).toMatchObject({
      status: 400,
      body: { title: 'Bad Request', status: 400 },
      error: { 'o:errorCode': 'INVALID_PARAMETER', 'o:errorQueryParam': 'q' },
    })
    expect(answer.error.detail).toBe(`Invalid search query. Detailed unprocessed description follows. ${words}`)
  })

  it('refuses a body without a statement, and other methods', async () => {
    expect((await account.post('/query/v1/suiteql', {}, { prefer: 'transient' })).status).toBe(400)
    expect((await account.ask('/query/v1/suiteql')).status).toBe(405)
  })
})
