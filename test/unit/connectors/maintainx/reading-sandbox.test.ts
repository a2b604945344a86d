import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { maintainx } from '../../../../connectors/maintainx/index.ts'
import { type Sandbox, startSandbox } from '../../../../connectors/maintainx/sandbox/index.ts'
import { openSession, type MaintainXSession } from '../../../../connectors/maintainx/session.ts'
import type { MaintainXConfig } from '../../../../connectors/maintainx/config.ts'
import {
  createHttpClient,
  createMetrics,
  type EntityName,
  ENTITY_NAMES,
  type RawRecord,
  type ReadStream,
  type SignatureScheme,
  silentLogger,
  sourceKeyOf,
  type WebhookHint,
  type WebhookSubscriptions,
} from '../../../../core/index.ts'
import { createVerifier } from '../../../../core/webhooks/verify.ts'
import { never, snapshot } from './stand-in.ts'

const UNLIMITED = { rateLimit: 0, organizationRateLimit: 0 }

let sandbox: Sandbox
let session: MaintainXSession
const http = createHttpClient({
  connectionId: 'plant',
  system: 'maintainx',
  limits: { concurrency: 8, requestsPerSecond: null },
  log: silentLogger,
  metrics: createMetrics(),
  allowPrivateHosts: true,
})

beforeEach(async () => {
  sandbox = await startSandbox({ size: 60, switches: UNLIMITED })
  session = await opened()
})
afterEach(() => sandbox.close())

function opened(): Promise<MaintainXSession> {
  const parsed = maintainx.config.parse({ api_key: sandbox.token, base_url: sandbox.url })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return openSession(parsed.value as MaintainXConfig, http, never())
}

const entities = ENTITY_NAMES.filter((entity) => maintainx.streams[entity] !== undefined)
const streamOf = (entity: EntityName) => maintainx.streams[entity] as ReadStream<MaintainXSession>

async function everything(entity: EntityName, pageSize = 7): Promise<Map<string, RawRecord>> {
  const found = new Map<string, RawRecord>()
  for await (const page of streamOf(entity).read(session, snapshot(pageSize, { until: Date.now() }), never())) {
    expect(page.undecodable ?? []).toEqual([])
    for (const record of page.records) {
      expect(found.has(sourceKeyOf(record.key))).toBe(false)
      found.set(sourceKeyOf(record.key), record)
    }
  }
  return found
}

test.each(entities)('%s: what is read is what there is, key by key, from a list and by itself', async (entity) => {
  const all = await everything(entity)
  const keys = new Set<string>()
  for await (const some of streamOf(entity).listKeys?.(session, never()) ?? [])
    for (const key of some) keys.add(sourceKeyOf(key))
  expect([...all.keys()].sort()).toEqual([...keys].sort())
  expect(keys.size).toBeGreaterThan(0)
  for (const [key, record] of all)
    expect(JSON.stringify(await streamOf(entity).readOne(session, key, never()))).toBe(JSON.stringify(record))
})

/** Takes deliveries, and keeps the hints of those whose signature one of the secrets fits. */
async function openReceiver() {
  const secrets: string[] = []
  const hints: WebhookHint[] = []
  const bodies: string[] = []
  let refused = 0
  const server: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const verifier = createVerifier(maintainx.webhook?.schemes['maintainx'] as SignatureScheme, secrets)
      const isGenuine = verifier.verify({ rawHeaders: incoming.rawHeaders, query: '', body }, Date.now()).ok
      if (isGenuine) {
        bodies.push(body.toString())
        const delivery = { connectionId: 'plant', receiptId: 'r', deliveryId: 'd', receivedAt: 0, headers: {}, body }
        hints.push(...(maintainx.webhook?.hints(delivery) ?? []))
      } else refused++
      outgoing.writeHead(isGenuine ? 200 : 401).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/plant`,
    secrets,
    hints,
    bodies,
    refused: () => refused,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}

test('what people do is pushed, verified and hinted: everything that changed by a poll is named', async () => {
  const receiver = await openReceiver()
  try {
    const subscriptions = maintainx.webhook?.subscriptions as WebhookSubscriptions<MaintainXSession>
    const standing = await subscriptions.ensure(session, { url: receiver.url, entities }, [], never())
    expect(standing.filter(({ status, secret }) => status !== 'active' || secret === null)).toEqual([])
    receiver.secrets.push(...standing.flatMap(({ secret }) => secret ?? []))
    const pushed: readonly EntityName[] = ['work_order', 'purchase_order', 'item']
    const before = new Map<EntityName, Map<string, RawRecord>>()
    for (const entity of pushed) before.set(entity, await everything(entity, 200))
    sandbox.activity.step(40)
    await sandbox.webhooks.idle()
    expect(receiver.refused()).toBe(0)
    expect(receiver.bodies.length).toBeGreaterThan(10)
    for (const entity of pushed) {
      const hinted = new Set(receiver.hints.filter((hint) => hint.entity === entity).map(({ key }) => key))
      const changed = [...(await everything(entity, 200))].filter(
        ([key, { version }]) => before.get(entity)?.get(key)?.version !== version,
      )
      const unnamed = changed.map(([key]) => `${entity} ${key}`).filter((each) => !hinted.has(each.split(' ')[1] ?? ''))
      expect(unnamed).toEqual([])
    }
    await subscriptions.remove(session, standing, never())
    expect(sandbox.truth('subscriptions')).toEqual([])
  } finally {
    await receiver.close()
  }
})

test('the limit of requests is kept: none is refused, however many are to be made', async () => {
  Object.assign(sandbox.switches, { rateLimit: 20, rateWindowMs: 1000 })
  session = await opened()
  const orders = await everything('purchase_order')
  expect(orders.size).toBeGreaterThan(10)
  await everything('vendor')
  await everything('user')
  expect(sandbox.rateLimit.refused).toBe(0)
})

test('a record with a value that its field cannot have is reported, and the others come', async () => {
  const [, broken] = sandbox.truth('parts')
  Object.assign(sandbox.switches, { badRecord: { record: `parts/${broken?.id}`, field: 'unitCost', value: 'much' } })
  const reported: (string | null)[] = []
  let delivered = 0
  for await (const page of streamOf('item').read(session, snapshot(200, { until: Date.now() }), never())) {
    reported.push(...(page.undecodable ?? []).map(({ key }) => key))
    delivered += page.records.length
  }
  expect(reported).toEqual([String(broken?.id)])
  expect(delivered).toBe(sandbox.truth('parts').length - 1)
})

test('what is deleted or removed is gone to a single read, however the API shows it', async () => {
  for (const [deletedRecords, removedUsers] of [
    ['404', '404'],
    ['shown', 'shown'],
  ] as const) {
    Object.assign(sandbox.switches, { deletedRecords, removedUsers })
    for (const [resource, entity] of [
      ['workorders', 'work_order'],
      ['parts', 'item'],
      ['users', 'user'],
      ['vendors', 'vendor'],
    ] as const) {
      const id = sandbox.truth(resource).at(-1)?.id
      expect(sandbox.ask('DELETE', `/${resource}/${id}`).status).toBeLessThan(300)
      expect(await streamOf(entity).readOne(session, String(id), never()), `${entity} ${deletedRecords}`).toBeNull()
    }
  }
})
