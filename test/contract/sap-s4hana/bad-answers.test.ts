import { describe, expect, test } from 'vitest'
import type { EntityName } from '../../../core/index.ts'
import { allKeys, incrementRange, keyText, never, readAll, snapshotRange } from '../kit/harness.ts'
import { ENTITIES, streamNamed } from './cycle.ts'
import { sapTime, worldsOf } from './harness.ts'
import { illSystem } from './ill-system.ts'
import { createNames } from './table.ts'

/* What an operator reads when something is wrong, word for word; and what goes on all the same. */

const { http, sandbox, connect, all, told } = illSystem()
const names = createNames()

describe('answers', () => {
  test('an answer cut short is asked for again', async () => {
    const session = await connect()
    const whole = await all(session, 'item', 5)
    sandbox().switches.truncateJson = 1
    expect(await all(session, 'item', 5)).toEqual(whole)
  })

  test('answers that stay cut short', async () => {
    const session = await connect()
    sandbox().switches.truncateJson = 1_000_000
    const cut = {
      kind: 'retryable',
      status: 200,
      message: expect.stringMatching(
        /^reading A_Product of API_PRODUCT_SRV: the answer is cut short or no JSON \(\d+ bytes\)$/,
      ),
    }
    expect(await told(all(session, 'item'))).toEqual(cut)
    expect(await told(allKeys(streamNamed('item'), session))).toEqual(cut)
  })

  test('a date that no calendar has: the record is reported with the field, the others come', async () => {
    const [row] = sandbox().store.select(sandbox().store.set('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder'), {
      limit: 1,
    })
    const key = String(row?.['PurchaseOrder'])
    const session = await connect()
    const before = await all(session, 'purchase_order')
    sandbox().switches.invalidDate = { set: 'A_PurchaseOrder', key, property: 'PurchaseOrderDate' }
    const undecodable: unknown[] = []
    const keys: string[] = []
    for await (const page of streamNamed('purchase_order').read(session, snapshotRange(sapTime(), 500), never())) {
      keys.push(...page.records.map(keyText))
      undecodable.push(...(page.undecodable ?? []).map(({ key, reason }) => ({ key, reason })))
    }
    expect(undecodable).toEqual([
      { key, reason: 'PurchaseOrderDate: expected a date, got "/Date(99999999999999999)/"' },
    ])
    expect(keys).toEqual(before.map(keyText).filter((each) => each !== key))
  })

  const ROWS: readonly (readonly [entity: EntityName, set: string, rowOf: (key: string) => string])[] = [
    ['item', 'A_Product', (key) => key],
    ['stock_level', 'A_MatlStkInAcctMod', (key) => key],
    ['purchase_order', 'A_PurchaseOrder', (key) => key],
    ['work_order', 'MaintenanceOrder', (key) => key],
    ['asset', 'FunctionalLocation', (key) => key.slice('floc|'.length)],
    ['inventory_movement', 'A_MaterialDocumentHeader', (key) => key],
    ['user', 'A_BusinessPartner', (key) => key],
  ]

  test.for(ROWS)(
    'a row of %s that SAP cannot read itself is reported, the others come',
    async ([entity, set, rowOf]) => {
      const { worlds } = worldsOf(sandbox(), names)
      const made = await worlds[entity].add(6)
      const bad = made[3] ?? ''
      sandbox().switches.shortDump = { set, key: rowOf(bad) }
      const session = await connect()
      const reported: { key: string | null; reason: string }[] = []
      const keys: string[] = []
      for await (const page of streamNamed(entity).read(session, snapshotRange(sapTime(), 4), never())) {
        keys.push(...page.records.map(keyText))
        reported.push(...(page.undecodable ?? []).map(({ key, reason }) => ({ key, reason })))
      }
      expect(reported).toEqual([
        {
          key: bad,
          reason: expect.stringMatching(
            /^reading \w+ of API_[\w;=]+: SAP broke off \(HTTP 500\): An exception was raised \(\/IWFND\/CM_BEC\/026\)$/,
          ),
        },
      ])
      expect(keys).toEqual(expect.arrayContaining(made.filter((key) => key !== bad)))
      expect(keys).not.toContain(bad)
    },
  )

  test('a supplier that SAP cannot read itself is named by its partner number', async () => {
    const { worlds } = worldsOf(sandbox(), names)
    const made = await worlds.vendor.add(4)
    const bad = String(Number(made[1]) - 70_000_000)
    sandbox().switches.shortDump = { set: 'A_BusinessPartner', key: bad }
    const session = await connect()
    const reported: unknown[] = []
    const keys: string[] = []
    for await (const page of streamNamed('vendor').read(session, snapshotRange(sapTime(), 3), never())) {
      keys.push(...page.records.map(keyText))
      reported.push(...(page.undecodable ?? []).map(({ key, raw }) => ({ key, raw })))
    }
    expect(reported).toEqual([{ key: null, raw: `API_BUSINESS_PARTNER/A_BusinessPartner(${bad})` }])
    expect(keys).toEqual(expect.arrayContaining(made.filter((key) => key !== made[1])))
  })

  test.for(ENTITIES)('records of %s deleted between pages take no others with them', async (entity) => {
    const { worlds } = worldsOf(sandbox(), names)
    const world = worlds[entity]
    if (world.remove === undefined) return
    const session = await connect()
    const made = await world.add(9)
    const got: string[] = []
    let pages = 0
    for await (const page of streamNamed(entity).read(session, snapshotRange(sapTime(), 2), never())) {
      got.push(...page.records.map(keyText))
      const hit = page.records.map(keyText).find((key) => made.includes(key))
      if (hit !== undefined && ++pages === 1) {
        // one that came, and two that were to come
        const ahead = made.filter((key) => !got.includes(key)).slice(0, 2)
        for (const key of [hit, ...ahead]) await world.remove(key)
        made.splice(0, made.length, ...made.filter((key) => key !== hit && !ahead.includes(key)))
      }
    }
    expect(pages).toBeGreaterThan(0)
    expect(got).toEqual(expect.arrayContaining(made))
    expect(new Set(got).size).toBe(got.length)
    for (const key of made) await world.remove(key)
  })

  test('an expired $skiptoken stops nothing: pages go by key', async () => {
    const session = await connect()
    const whole = await all(session, 'purchase_order')
    sandbox().switches.pageLimits = { '*': { default: 3, max: 3 } }
    sandbox().switches.skiptokenExpired = true
    expect(await all(session, 'purchase_order')).toEqual(whole)
  })
})

describe('a busy or broken system', () => {
  test.for([
    [503, '7'],
    [429, '7'],
    [429, null],
  ] as const)(
    '%i with Retry-After %s: the connection waits as long as it was asked to, and goes on',
    async ([status, retryAfter]) => {
      const session = await connect()
      const whole = await all(session, 'vendor')
      const before = http.waited()
      let n = 0
      sandbox().switches.throttleEvery = { every: 2, status, retryAfter }
      for (; n < 2; n++) expect(await all(session, 'vendor')).toEqual(whole)
      expect(http.waited() - before).toBeGreaterThanOrEqual(retryAfter === null ? 1000 : 7000)
    },
  )

  test('a short dump now and then is tried again', async () => {
    const session = await connect()
    const whole = await all(session, 'asset', 5)
    sandbox().switches.failEvery = 3
    expect(await all(session, 'asset', 5)).toEqual(whole)
  })

  test('nothing but short dumps', async () => {
    const session = await connect()
    sandbox().switches.failEvery = 1
    const broken = {
      kind: 'retryable',
      status: 500,
      vendorCode: '/IWFND/CM_BEC/026',
      message:
        'reading A_BusinessPartner of API_BUSINESS_PARTNER: SAP broke off (HTTP 500): An exception was raised (/IWFND/CM_BEC/026)',
    }
    expect(await told(all(session, 'vendor'))).toEqual(broken)
    expect(await told(allKeys(streamNamed('vendor'), session))).toEqual(broken)
  })

  test('nobody at the address', async () => {
    expect(await told(connect({ base_url: 'http://127.0.0.1:1' }))).toEqual({
      kind: 'retryable',
      message:
        'GET http://127.0.0.1:1/sap/opu/odata/sap/API_BUSINESS_PARTNER/?sap-client=100&sap-language=EN: nothing listens there; check the address and port, and whether the system is up (ECONNREFUSED): connect ECONNREFUSED 127.0.0.1:1',
    })
  })

  test('a poll that finds nothing costs one request for each set', async () => {
    const session = await connect()
    const costs: { [entity: string]: number } = {}
    const none: unknown[] = []
    for (const entity of ENTITIES) {
      const now = sapTime() + 3 * 86_400_000
      sandbox().requests.clear()
      const found = await readAll(streamNamed(entity), session, incrementRange(now, now, 500))
      if (streamNamed(entity).changes === 'incremental') none.push(...found)
      costs[entity] = sandbox().requests.count
    }
    expect(none).toEqual([])
    expect(costs).toEqual({
      vendor: 1,
      item: 1,
      purchase_order: 1,
      work_order: 1,
      inventory_movement: 1,
      user: 1,
      asset: 2,
      location: 2,
      stock_level: 1,
    })
  })
})
