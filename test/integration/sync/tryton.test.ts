import { afterEach, expect, test } from 'vitest'
import { connectorOf } from '../../../connectors/index.ts'
import { CONNECTIONS, createSecretBox, encodeConnection, newSecretKey, sealSettings } from '../../../core/index.ts'
import { serviceEnvironment, startService } from '../../../scripts/services.ts'
import { connectTryton } from '../../../scripts/tryton/rpc.ts'
import { seedTryton } from '../../../scripts/tryton/seed.ts'
import { stack, testPrefix, testTryton } from '../../support/stack.ts'
import { connectionOf } from '../../support/sync-driver.ts'
import { eventually, openStage } from '../../support/sync-service.ts'

const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

test('the real service reads a real ERP: every record once, then each change; wrong credentials are named', async () => {
  const tryton = await testTryton()
  cleanUp.push(() => tryton.drop())
  await seedTryton(tryton, { vendors: 25, items: 15, purchases: 4, employees: 3 })
  const rpc = await connectTryton(tryton)
  const addresses = { ...stack(), prefix: testPrefix() }
  const partitions = 4
  const secretKeys = newSecretKey('k1')
  const stage = await openStage(addresses, ['vendor', 'item', 'location', 'purchase_order', 'user'], partitions)
  cleanUp.push(() => stage.close())

  const connect = (password: string) => {
    const connector = connectorOf('tryton')
    if (connector === undefined) throw new Error('no connector')
    const plain = {
      base_url: tryton.url,
      database: tryton.database,
      username: tryton.user,
      password,
      vendor_scope: 'all',
    }
    const settings = sealSettings('erp', plain, connector.config, () => createSecretBox(secretKeys))
    const poll = { pollEveryMs: 300 }
    const streams = { vendor: poll, item: poll, location: poll, purchase_order: poll, user: poll }
    const connection = connectionOf({ id: 'erp', system: 'tryton', settings, streams, windowDays: null })
    return stage.send(CONNECTIONS, 'erp', encodeConnection(connection))
  }
  const states = async () => await stage.states()
  const keysOf = async (entity: 'vendor' | 'item' | 'location' | 'purchase_order') =>
    (await stage.changes(entity, 'backfill'))
      .filter(({ operation }) => operation === 'UPSERT')
      .map(({ source_id }) => source_id)

  await connect('wrong')
  const lines: string[] = []
  const sync = await startService({
    name: 'sync',
    env: serviceEnvironment(addresses, { prefix: addresses.prefix, secretKeys, partitions }),
    onLine: (line) => lines.push(line),
  })
  cleanUp.push(() => sync.stop())
  await sync.ready()
  const trouble = await eventually(async () => (await states()).get('erp/~connection'))
  expect(trouble).toMatchObject({ state: { status: 'auth-failed', failure: { kind: 'auth' } } })
  await connect(tryton.password)
  await eventually(async () => {
    const all = await states()
    return ['vendor', 'item', 'location', 'purchase_order', 'user'].every((entity) => {
      const record = all.get(`erp/${entity}`)
      return record?.kind === 'stream' && record.state.snapshotDone !== null
    })
  })
  expect((await states()).has('erp/~connection')).toBe(false)
  for (const [entity, model] of [
    ['vendor', 'party.party'],
    ['item', 'product.product'],
    ['purchase_order', 'purchase.purchase'],
  ] as const) {
    const ids = (await rpc.search(model, [])).map(String).sort()
    expect({ entity, ids: (await keysOf(entity)).sort() }).toEqual({ entity, ids })
  }

  const [party] = await rpc.search('party.party', [['name', '!=', null]])
  await rpc.call('party.party', 'write', [party], { name: 'Renamed while we watch' })
  await eventually(async () =>
    (await stage.changes('vendor', 'changes')).some(({ payload }) =>
      payload.toString().includes('Renamed while we watch'),
    ),
  )
  expect(await sync.stop()).toBe(0)
  const levels = lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line).level as string] : []))
  expect(levels.filter((level) => level === 'warn')).toHaveLength(1)
  expect(levels.filter((level) => level === 'error' || level === 'fatal')).toEqual([])
  expect(lines.some((line) => line.includes('wrong'))).toBe(false)
})
