import { afterAll, beforeAll, expect, test } from 'vitest'
import { maintainx } from '../../../../connectors/maintainx/index.ts'
import { type Sandbox, startSandbox } from '../../../../connectors/maintainx/sandbox/index.ts'
import type { EntityName, ReadStream } from '../../../../core/index.ts'
import { type Harness, never, open, snapshotRange } from '../../../contract/kit/harness.ts'
import type { Wire } from '../../../contract/kit/wire.ts'
import { nameOf, writing } from '../../../contract/kit/writing.ts'
import { configOf, mapping } from '../../../contract/maintainx/harness.ts'
import { maintainxWrites } from '../../../contract/maintainx/writes.ts'
import { type Description, openDescription } from './openapi.ts'

let sandbox: Sandbox
let harness: Harness
let description: Description
/** What went over the wire: the request, and what is wrong with it or its answer. */
const seen: { readonly request: string; readonly problems: string }[] = []

beforeAll(async () => {
  description = await openDescription()
  const size = { workOrders: 12, assets: 6, parts: 8, vendors: 4, users: 5, purchaseOrders: 8 }
  sandbox = await startSandbox({ size, switches: { rateLimit: 0, organizationRateLimit: 0 } })
  const config = configOf(sandbox)
  const base = { connector: maintainx, mapping, config, wrongConfigs: [], readme: '', worlds: {} }
  harness = { ...base, writes: maintainxWrites(sandbox, config, mapping) } as unknown as Harness
})
afterAll(() => sandbox.close())

function watch(wire: Wire): void {
  wire.after = (answer, request) => {
    const path = request.url.slice(sandbox.url.length)
    const body = request.body === undefined ? {} : { body: JSON.parse(String(request.body)) as unknown }
    const exchange = { method: request.method, path, headers: { ...request.headers }, ...body }
    const answered = answer.body === '' ? null : (JSON.parse(answer.body) as unknown)
    const problems = `${description.requestProblems(exchange)}${description.answerProblems(exchange, answer.status, answered)}`
    seen.push({ request: `${request.method} ${path.split('?')[0]?.replaceAll(/\d+/g, '{id}')}`, problems })
    return null
  }
}

const wrong = () =>
  seen.splice(0).flatMap(({ request, problems }) => (problems === '' ? [] : [`${request}: ${problems}`]))

test.each(Object.keys(maintainx.streams) as EntityName[])(
  '%s is read with requests that the vendor describes',
  async (entity) => {
    const { session, wire } = await open(harness)
    watch(wire)
    const stream = maintainx.streams[entity] as unknown as ReadStream<unknown>
    const until = Date.now() + 60_000
    const keys: string[] = []
    const undecodable: unknown[] = []
    for await (const page of stream.read(session, snapshotRange(until, 3), never())) {
      keys.push(...page.records.map(({ key }) => (typeof key === 'string' ? key : key.join('|'))))
    }
    if (stream.changes === 'incremental') {
      const range = { ...snapshotRange(until, 3), mode: 'incremental', since: until - 400 * 86_400_000 } as const
      for await (const page of stream.read(session, range, never())) undecodable.push(...(page.undecodable ?? []))
    }
    for await (const _ of stream.listKeys?.(session, never()) ?? []) continue
    expect(await stream.readOne(session, keys[0] ?? '', never())).not.toBeNull()
    expect(undecodable).toEqual([])
    expect(seen.length).toBeGreaterThan(1)
    expect(wrong()).toEqual([])
  },
)

test.each((maintainx.operations ?? []).map((operation) => [nameOf(operation), operation] as const))(
  '%s is written with requests that the vendor describes',
  async (name, operation) => {
    const world = harness.writes?.worlds[name]
    if (world === undefined) throw new Error(`nobody can play ${name}`)
    await writing(harness, operation, async ({ wire, send, ended }) => {
      watch(wire)
      const result = await ended(await send(await world.make()))
      expect([result.outcome, result.errors]).toEqual(['APPLIED', []])
    })
    expect(seen.some(({ request }) => !request.startsWith('GET'))).toBe(true)
    expect(wrong()).toEqual([])
  },
)

test('subscriptions are set up, looked after and ended with requests that the vendor describes', async () => {
  const { session, wire } = await open(harness)
  watch(wire)
  const { subscriptions } = maintainx.webhook ?? {}
  const wanted = {
    url: 'https://hooks.plant.example/webhooks/works',
    entities: Object.keys(maintainx.streams) as EntityName[],
  }
  const standing = await subscriptions?.ensure(session as never, wanted, [], never())
  expect(standing?.filter(({ status }) => status !== 'active')).toEqual([])
  await subscriptions?.ensure(session as never, { ...wanted, url: `${wanted.url}-2` }, standing ?? [], never())
  await subscriptions?.remove(session as never, standing ?? [], never())
  expect([...new Set(seen.map(({ request }) => request))]).toContain('DELETE /subscriptions/{id}')
  expect(wrong()).toEqual([])
})

test('a request that is not described is noticed', () => {
  const problems = (method: string, path: string, body?: unknown) =>
    description.requestProblems({ method, path, ...(body === undefined ? {} : { body }) })
  expect(problems('GET', '/vendors?limit=5')).toBe('')
  expect(problems('GET', '/vendors?limit=500')).toContain('limit')
  expect(problems('GET', '/workorders?statuses=LATE')).toContain('statuses')
  expect(problems('PATCH', '/workorders/5/status', { status: 'FINISHED' })).toContain('status')
  expect(problems('POST', '/purchaseorders', { items: [] })).toContain('vendorId')
  expect(problems('GET', '/nowhere')).not.toBe('')
})
