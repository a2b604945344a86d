import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyAccount, type Plant, type TestAccount, type WireAnswer, withPlant } from './wire.ts'

let account: TestAccount
let plant: Plant
beforeAll(async () => {
  account = await emptyAccount({ switches: { asyncMs: 5 } })
  plant = await withPlant(account)
})
afterAll(() => account.close())

const ASYNC = { prefer: 'respond-async' }
const COLLECTION = { ...ASYNC, 'content-type': 'application/vnd.oracle.resource+json; type=collection' }

/** The job when it is done. */
async function done(answer: WireAnswer): Promise<{ address: string; job: any }> {
  const address = answer.headers.get('location') ?? ''
  for (;;) {
    const { body } = await account.ask(address)
    if (body.completed) return { address, job: body }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const vendor = (name: string) => ({ companyName: name, subsidiary: { id: '1' } })

describe('an asynchronous request', () => {
  it('answers 202 with a job, whose task has the original answer', async () => {
    account.sandbox.switches.asyncMs = 200
    const answer = await account.post('/record/v1/vendor', vendor('Later'), ASYNC)
    account.sandbox.switches.asyncMs = 5
    expect(answer.status).toBe(202)
    expect(answer.headers.get('preference-applied')).toBe('respond-async')
    const address = answer.headers.get('location') ?? ''
    expect(address).toMatch(/\/services\/rest\/async\/v1\/job\/\d+$/)
    expect((await account.ask(address)).body).toMatchObject({ completed: false, progress: 'processing' })
    expect((await account.ask(`${address}/task/1/result`)).status).toBe(400)
    const { job } = await done(answer)
    expect(job).toMatchObject({
      id: address.split('/').at(-1),
      progress: 'succeeded',
      task: { links: expect.any(Array) },
    })
    expect((await account.ask(`${address}/task`)).body.items).toHaveLength(1)
    expect((await account.ask(`${address}/task/1`)).body).toMatchObject({
      completed: true,
      progress: 'succeeded',
      startTime: '2026-01-15T10:00:00Z',
      endTime: '2026-01-15T10:00:00Z',
    })
    const result = await account.ask(`${address}/task/1/result`)
    expect(result.status).toBe(204)
    expect((await account.ask(result.headers.get('location') ?? '')).body.companyName).toBe('Later')
  })

  it('that is refused has the refusal as its result', async () => {
    const { address, job } = await done(await account.patch('/record/v1/vendor/999999', { comments: 'x' }, ASYNC))
    expect(job.progress).toBe('failed')
    expect(await account.ask(`${address}/task/1/result`)).toMatchObject({
      status: 404,
      error: { 'o:errorCode': 'NONEXISTENT_ID' },
    })
  })

  it('with a key that was used names the first job, and does nothing', async () => {
    const headers = { ...ASYNC, 'x-netsuite-idempotency-key': '0b2f' }
    const first = await account.post('/record/v1/vendor', vendor('Once'), headers)
    const second = await account.post('/record/v1/vendor', vendor('Once'), headers)
    expect(second).toMatchObject({
      status: 400,
      body: { title: 'Conflict' },
      error: { 'o:errorCode': 'IDEMPOTENCY_ERROR' },
    })
    const { pathname } = new URL(first.headers.get('location') ?? '')
    expect(second.headers.get('location')).toBe(pathname)
    await done(first)
    expect(account.store.count('vendor', { companyname: 'Once' })).toBe(1)
  })

  it('is the only kind that minds the key', async () => {
    const headers = { 'x-netsuite-idempotency-key': '7c11' }
    const body = { title: 'Same' }
    expect((await account.post('/record/v1/supportCase', body, headers)).status).toBe(204)
    expect((await account.post('/record/v1/supportCase', body, headers)).status).toBe(204)
  })
})

describe('a batch', () => {
  it('creates many records of one type, each a task, the bad one alone failing', async () => {
    const items = [vendor('B1'), { companyName: 'B2' }, vendor('B3')]
    const { address, job } = await done(await account.post('/record/v1/vendor', { items }, COLLECTION))
    expect(job.progress).toBe('failed')
    const results = await Promise.all([1, 2, 3].map((task) => account.ask(`${address}/task/${task}/result`)))
    expect(results.map((it) => it.status)).toEqual([204, 400, 204])
    expect(account.store.count('vendor', { companyname: 'B3' })).toBe(1)
  })

  it('upserts by external id and changes by id', async () => {
    const items = [
      { externalId: 'V-1', comments: 'put' },
      { externalId: 'V-NEW', ...vendor('B4') },
    ]
    await done(await account.ask('/record/v1/vendor', { method: 'PUT', body: { items }, headers: COLLECTION }))
    expect(account.store.count('vendor', { comments: 'put' })).toBe(1)
    expect(account.store.count('vendor', { externalid: 'V-NEW' })).toBe(1)
    const changes = [{ id: String(plant.vendor), comments: 'patched' }]
    await done(await account.patch('/record/v1/vendor', { items: changes }, COLLECTION))
    expect(account.store.count('vendor', { comments: 'patched' })).toBe(1)
  })

  it('is asynchronous, and not too large', async () => {
    const { prefer: _none, ...headers } = COLLECTION
    expect((await account.post('/record/v1/vendor', { items: [vendor('x')] }, headers)).error['o:errorHeader']).toBe(
      'Prefer',
    )
    const items = Array.from({ length: 101 }, (_, at) => vendor(`L${at}`))
    expect((await account.post('/record/v1/vendor', { items }, COLLECTION)).status).toBe(400)
  })
})
