import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../../../connectors/maintainx/sandbox/index.ts'
import { askOver } from './scenario.ts'

let sandbox: Sandbox
let time = 0
beforeEach(async () => {
  time = Date.parse('2026-03-01T08:00:00Z')
  sandbox = await startSandbox({ size: 20, now: () => time })
})
afterEach(() => sandbox.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${sandbox.url}${path}`, { headers: { authorization: `Bearer ${sandbox.token}`, ...headers } })

describe('access', () => {
  test('no key, a wrong key and a revoked one are refused', async () => {
    expect((await fetch(`${sandbox.url}/vendors`)).status).toBe(401)
    expect((await get('/vendors', { authorization: 'Bearer other' })).status).toBe(401)
    expect((await get('/vendors', { authorization: `bearer ${sandbox.token}` })).status).toBe(200)
    sandbox.access.revoke(sandbox.token)
    expect((await get('/vendors')).status).toBe(401)
  })

  test('a resource may be forbidden, and the others not', async () => {
    sandbox.switches.forbidden.add('vendors')
    expect((await get('/vendors?limit=1')).status).toBe(403)
    expect(await (await get('/vendors/1')).json()).toEqual({
      errors: [{ error: 'You are not allowed to access vendors' }],
    })
    expect((await get('/assets?limit=1')).status).toBe(200)
  })

  test('with a key for several organizations a request names one, and sees that one alone', async () => {
    const both = await startSandbox({ size: 12, organizations: 2 })
    const [first, second] = both.organizationIds
    const list = (headers: Record<string, string>, path = '/assets') => askOver(both, headers)('GET', path)
    expect(await list({})).toMatchObject({ status: 400, answer: { error: 'OrganizationId was not provided' } })
    const assets = async (headers: Record<string, string>) =>
      ((await list(headers)).answer as any).assets as { id: number; organizationId: number }[]
    const [one, two] = [
      await assets({ 'x-organization-id': String(first) }),
      await assets({ 'x-organization-id': String(second) }),
    ]
    expect(new Set(one.map(({ organizationId }) => organizationId))).toEqual(new Set([first]))
    expect(await assets({ 'x-organization-ids': `${first},${second}` })).toHaveLength(one.length + two.length)
    expect((await list({ 'x-organization-id': '1' })).status).toBe(400)
    expect((await list({ 'x-organization-ids': String(first) }, '/vendors')).status).toBe(400)
    expect((await list({ 'x-organization-id': String(first) }, `/assets/${two[0]?.id}`)).status).toBe(404)
    await both.close()
  })
})

describe('the rate limit', () => {
  test('allows a hundred requests in a minute, tells what is left, and refuses the next with its wait', async () => {
    for (let n = 1; n < 100; n++) await get('/organizations')
    const { status, headers } = await get('/organizations')
    expect([status, headers.get('x-rate-limit-remaining'), headers.get('x-rate-limit-limit')]).toEqual([
      200,
      '0',
      '100',
    ])
    time += 20_500
    const refused = await get('/organizations')
    expect([refused.status, refused.headers.get('x-rate-limit-reset'), refused.headers.get('retry-after')]).toEqual([
      429,
      '40',
      null,
    ])
    expect(await refused.json()).toEqual({ error: 'Too Many Requests' })
    time += 39_500
    expect((await get('/organizations')).status).toBe(200)
    expect(sandbox.rateLimit.refused).toBe(1)
  })

  test('counts each user, and all users of an organization', async () => {
    Object.assign(sandbox.switches, { rateLimit: 2, organizationRateLimit: 3 })
    sandbox.access.add({ token: 'second', userId: 80_002, organizationIds: [301] })
    const second = { authorization: 'Bearer second' }
    const statuses = []
    for (const headers of [{}, {}, {}, second, second] as Record<string, string>[])
      statuses.push((await get('/organizations', headers)).status)
    expect(statuses).toEqual([200, 200, 429, 200, 429])
  })
})

describe('bad days', () => {
  const names = () => sandbox.truth('vendors').map(({ name }) => name)
  const create = (name: string) => askOver(sandbox)('POST', '/vendors', { name })

  test('a write is cut off before or after it is applied, or answered 500 although it was', async () => {
    sandbox.switches.cutBefore = 1
    await expect(create('Before')).rejects.toThrow('fetch failed')
    sandbox.switches.cutAfter = 1
    await expect(create('After')).rejects.toThrow('fetch failed')
    sandbox.switches.failAfter = 1
    expect((await create('Failed')).status).toBe(500)
    expect((await create('Fine')).status).toBe(201)
    expect(names().filter((name) => ['Before', 'After', 'Failed', 'Fine'].includes(String(name)))).toEqual([
      'After',
      'Failed',
      'Fine',
    ])
    expect(sandbox.requests.list.map(({ status }) => status)).toEqual([0, 0, 500, 201])
  })

  test('lists break off, every n-th request fails or is throttled, and maintenance answers a page', async () => {
    sandbox.switches.truncateJson = 1
    await expect((await get('/vendors')).json()).rejects.toThrow()
    expect(((await (await get('/vendors')).json()) as any).vendors.length).toBeGreaterThan(0)
    sandbox.switches.failEvery = 2
    expect(new Set([(await get('/teams')).status, (await get('/teams')).status])).toEqual(new Set([200, 500]))
    Object.assign(sandbox.switches, { failEvery: 0, throttleEvery: 1 })
    expect((await get('/teams')).status).toBe(429)
    Object.assign(sandbox.switches, { throttleEvery: 0, maintenance: true })
    const page = await get('/teams')
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
  })

  test('one record can be as it should not be', async () => {
    const [vendor] = sandbox.truth('vendors')
    sandbox.switches.badRecord = { record: `vendors/${vendor?.id}`, field: 'name', value: 7 }
    const answer = (await (await get('/vendors')).json()) as any
    expect(answer.vendors.filter(({ name }: { name: unknown }) => name === 7)).toHaveLength(1)
  })

  test('deleted records answer 404 or show when they were deleted; removed users show as such', () => {
    const [part] = sandbox.truth('parts')
    const user = sandbox.truth('users').at(-1)
    sandbox.ask('DELETE', `/parts/${part?.id}`)
    sandbox.ask('DELETE', `/users/${user?.id}`)
    expect(sandbox.ask('GET', `/parts/${part?.id}`)).toEqual({ status: 404, body: { error: 'Part not found' } })
    expect(sandbox.ask('GET', `/users/${user?.id}`)).toMatchObject({
      status: 200,
      body: { user: { removedFromOrganization: true } },
    })
    Object.assign(sandbox.switches, { deletedRecords: 'shown', removedUsers: '404' })
    expect(sandbox.ask('GET', `/parts/${part?.id}`)).toMatchObject({
      body: { part: { deletedAt: '2026-03-01T08:00:00.000Z' } },
    })
    expect(sandbox.ask('GET', `/users/${user?.id}`).status).toBe(404)
  })
})

describe('the data', () => {
  const all = (of: Sandbox) =>
    (['workorders', 'assets', 'parts', 'vendors', 'purchaseorders', 'users', 'locations'] as const).map((resource) =>
      of.truth(resource),
    )

  test('are the same for the same seed, size and time, and others for another seed', async () => {
    const start = (seed: number) => startSandbox({ size: 30, seed, now: () => time })
    const [a, b, c] = [await start(4), await start(4), await start(5)]
    for (const each of [a, b]) each.activity.step(200)
    expect(all(a)).toEqual(all(b))
    expect(all(a)).not.toEqual(all(c))
    for (const each of [a, b, c]) await each.close()
  })

  test('are kept in a file over a restart, ids and subscriptions too', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'maintainx-'))
    const open = () => startSandbox({ size: 10, database: join(dir, 'plant.sqlite'), now: () => time })
    const first = await open()
    const vendor = first.ask('POST', '/vendors', { name: 'Kept' }).body as { id: number }
    const subscription = first.ask('POST', '/subscriptions', { type: 'NEW_VENDOR', url: 'https://x.example' }).body as {
      id: number
    }
    const before = all(first)
    await first.close()
    const again = await open()
    expect(all(again)).toEqual(before)
    expect(again.ask('GET', `/subscriptions/${subscription.id}`).status).toBe(200)
    expect(again.ask('POST', '/vendors', { name: 'Next' }).body).toEqual({ id: vendor.id + 1 })
    await again.close()
    rmSync(dir, { recursive: true })
  })

  test('hold together: references lead somewhere, and stock is the sum of its places', () => {
    sandbox.activity.step(300, ['deletePart', 'deleteAsset', 'deleteVendor'])
    const ids = new Map(
      (['assets', 'locations', 'users', 'vendors', 'parts'] as const).map((resource) => [
        resource,
        new Set(sandbox.truth(resource).map(({ id }) => id)),
      ]),
    )
    const lost: string[] = []
    const check = (resource: 'assets' | 'locations' | 'users' | 'vendors' | 'parts', id: unknown, from: string) => {
      if (typeof id === 'number' && !ids.get(resource)?.has(id)) lost.push(`${from} → ${resource}/${id}`)
    }
    for (const doc of sandbox.truth('workorders')) {
      check('assets', doc['assetId'], `work order ${doc.id}`)
      check('locations', doc['locationId'], `work order ${doc.id}`)
      for (const used of doc['partsUsed'] as any) check('parts', used.partId, `work order ${doc.id}`)
    }
    for (const doc of sandbox.truth('purchaseorders')) check('vendors', doc['vendorId'], `order ${doc.id}`)
    for (const doc of sandbox.truth('assets')) check('locations', doc['locationId'], `asset ${doc.id}`)
    expect(lost).toEqual([])
    for (const { locations, availableQuantity } of sandbox.truth('parts')) {
      expect((locations as any).reduce((sum: number, shelf: any) => sum + shelf.availableQuantity, 0)).toBe(
        availableQuantity,
      )
    }
  })
})

describe('people at work', () => {
  test('do what they are asked to, and change the record that is named', () => {
    const [part] = sandbox.truth('parts')
    expect(sandbox.activity.act('countPart', part?.id)).toEqual({
      action: 'countPart',
      resource: 'parts',
      id: part?.id,
    })
    expect(sandbox.store.get('parts', part?.id ?? 0)?.['availableQuantity']).not.toBe(part?.['availableQuantity'])
    expect(sandbox.activity.act('deletePart', 5)).toBeNull()
  })

  test('change something at each step, of every kind in the end', () => {
    const done = sandbox.activity.step(600)
    expect(done).toHaveLength(600)
    expect(new Set(done.map(({ action }) => action)).size).toBe(26)
  })
})
