import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSwitches } from '../../../connectors/sap-s4hana/sandbox/faults.ts'
import type { Sandbox } from '../../../connectors/sap-s4hana/sandbox/index.ts'
import { describeError, type EntityName } from '../../../core/index.ts'
import { allKeys, type Harness, incrementRange, keyText, never, readAll, snapshotRange } from '../kit/harness.ts'
import { connectTo, ENTITIES, httpClient, streamNamed } from './cycle.ts'
import { basicConfig, sapTime, startSap, worldsOf } from './harness.ts'

/* What an operator reads when something is wrong, word for word; and what goes on all the same. */

let sandbox: Sandbox
let config: Harness['config']
const http = httpClient()
const connect = (changes: Harness['config'] = {}) => connectTo({ ...config, ...changes }, http)
const all = (session: unknown, entity: EntityName, pageSize = 500) =>
  readAll(streamNamed(entity), session, snapshotRange(sapTime(), pageSize))

beforeAll(async () => {
  sandbox = await startSap()
  config = basicConfig(sandbox)
})
beforeEach(() => {
  Object.assign(sandbox.switches, createSwitches())
  const [user] = sandbox.users
  if (user !== undefined) delete user.deniedServices
})
afterAll(async () => {
  await http.close()
  await sandbox.close()
})

/** What is thrown, as logs and `tributary connections test` show it; addresses and ids of this run left out. */
async function told(work: Promise<unknown>) {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason as Error,
  )
  const { kind, streamOnly, status, vendorCode } = error as unknown as { [field: string]: unknown }
  const message = describeError(error).replaceAll(sandbox.origin, 'https://s4')
  return {
    message,
    kind,
    ...(streamOnly === undefined ? {} : { streamOnly }),
    ...(status === undefined ? {} : { status }),
    ...(vendorCode === undefined ? {} : { vendorCode }),
  }
}

describe('logging in', () => {
  test('a wrong user', async () => {
    expect(await told(connect({ username: 'NOBODY' }))).toEqual({
      kind: 'auth',
      streamOnly: false,
      status: 401,
      message:
        'logging in to SAP as user NOBODY in client 100: refused ("Logon failed The user is unknown or locked, or the password is wrong."); wrong user or password, or the user is locked, expired or does not exist in this client',
    })
  })

  test('a wrong password, said once: the user is not locked by trying on', async () => {
    sandbox.requests.clear()
    expect(await told(connect({ password: 'Wrong-1' }))).toEqual({
      kind: 'auth',
      streamOnly: false,
      status: 401,
      message:
        'logging in to SAP as user TRIBUTARY in client 100: refused ("Logon failed The user is unknown or locked, or the password is wrong."); wrong user or password, or the user is locked, expired or does not exist in this client',
    })
    expect(sandbox.requests.count).toBe(1)
  })

  test('a locked user', async () => {
    expect(await told(connect({ username: 'LOCKED', password: 'Locked-out-1' }))).toEqual({
      kind: 'auth',
      streamOnly: false,
      status: 401,
      message:
        'logging in to SAP as user LOCKED in client 100: refused ("Logon failed The user is unknown or locked, or the password is wrong."); wrong user or password, or the user is locked, expired or does not exist in this client',
    })
  })

  test('a password changed while the connection runs: no stream asks again with the old one', async () => {
    const session = await connect()
    const [user] = sandbox.users as [(typeof sandbox.users)[0], ...typeof sandbox.users]
    const before = user.password
    user.password = 'Changed-by-admin-2'
    try {
      sandbox.requests.clear()
      for (const entity of ENTITIES)
        expect(await told(all(session, entity))).toEqual({
          kind: 'auth',
          streamOnly: false,
          status: 401,
          message:
            'logging in to SAP as user TRIBUTARY in client 100: refused ("Logon failed The user is unknown or locked, or the password is wrong."); wrong user or password, or the user is locked, expired or does not exist in this client',
        })
      expect(sandbox.requests.count).toBe(1)
      expect(await all(await connect({ password: 'Changed-by-admin-2' }), 'vendor')).not.toEqual([])
    } finally {
      user.password = before
    }
  })

  test('a wrong OAuth secret', async () => {
    const oauth = { base_url: sandbox.origin, auth: 'oauth-client-credentials', client_id: 'tributary' }
    expect(await told(connectTo({ ...oauth, client_secret: 'wrong' }, http))).toEqual({
      kind: 'auth',
      streamOnly: false,
      status: 401,
      message:
        'asking SAP for a token as OAuth client tributary: HTTP 401 (invalid_client, Client authentication failed); check client_id, client_secret, token_url and scope, and that the client may use client credentials',
    })
  })

  test('a login page for people at the address of the API', async () => {
    sandbox.switches.htmlLogin = true
    expect(await told(connect())).toEqual({
      kind: 'auth',
      streamOnly: false,
      status: 200,
      message:
        'connecting to https://s4: SAP answers with a login page (HTTP 200): this address does not take logins of machines; use the address for machines (in the cloud: my…-api.…) and a user with password login',
    })
  })

  test('a login page in the middle of reading', async () => {
    const session = await connect()
    sandbox.switches.htmlLogin = true
    expect(await told(all(session, 'item'))).toEqual({
      kind: 'auth',
      streamOnly: false,
      status: 200,
      message:
        'reading A_Product of API_PRODUCT_SRV: SAP answers with a login page (HTTP 200): this address does not take logins of machines; use the address for machines (in the cloud: my…-api.…) and a user with password login',
    })
  })
})

describe('services', () => {
  const SERVICES: readonly (readonly [service: string, entities: readonly EntityName[]])[] = [
    ['API_BUSINESS_PARTNER', ['vendor', 'user']],
    ['API_PRODUCT_SRV', ['item']],
    ['API_PLANT_SRV', ['location']],
    ['API_STORAGELOCATION_SRV', ['location']],
    ['API_MATERIAL_STOCK_SRV', ['stock_level']],
    ['API_PURCHASEORDER_PROCESS_SRV', ['purchase_order']],
    ['API_MAINTENANCEORDER', ['work_order']],
    ['API_EQUIPMENT', ['asset']],
    ['API_FUNCTIONALLOCATION', ['asset']],
    ['API_MATERIAL_DOCUMENT_SRV', ['inventory_movement']],
  ]

  test.for(SERVICES)('without authorization for %s only %o stop, and say what to give', async ([service, stopped]) => {
    const [user] = sandbox.users
    if (user !== undefined) user.deniedServices = [service]
    const session = await connect()
    for (const entity of ENTITIES) {
      if (stopped.includes(entity))
        expect(await told(all(session, entity))).toMatchObject({
          kind: 'auth',
          streamOnly: true,
          message: expect.stringContaining(service),
        })
      else expect(await all(session, entity), entity).not.toEqual([])
    }
  })

  test('the role and the scenario that are missing', async () => {
    const [user] = sandbox.users
    if (user !== undefined) user.deniedServices = ['API_MATERIAL_DOCUMENT_SRV', 'API_PURCHASEORDER_PROCESS_SRV']
    const session = await connect()
    expect(await told(all(session, 'inventory_movement'))).toEqual({
      kind: 'auth',
      streamOnly: true,
      status: 403,
      vendorCode: '/IWFND/CM_CONSUMER/101',
      message:
        "reading A_MaterialDocumentHeader of API_MATERIAL_DOCUMENT_SRV: SAP does not open API_MATERIAL_DOCUMENT_SRV to this user; in the cloud, give the communication user communication scenario SAP_COM_0108; on-premise, give the user a role with S_SERVICE for API_MATERIAL_DOCUMENT_SRV: No authorization to access Service 'API_MATERIAL_DOCUMENT_SRV' (/IWFND/CM_CONSUMER/101)",
    })
    const missing = {
      kind: 'auth',
      streamOnly: true,
      status: 403,
      vendorCode: '/IWFND/CM_CONSUMER/101',
      message:
        "reading A_PurchaseOrder of API_PURCHASEORDER_PROCESS_SRV: SAP does not open API_PURCHASEORDER_PROCESS_SRV to this user; in the cloud, give the communication user an arrangement of the communication scenario that holds API_PURCHASEORDER_PROCESS_SRV; on-premise, give the user a role with S_SERVICE for API_PURCHASEORDER_PROCESS_SRV: No authorization to access Service 'API_PURCHASEORDER_PROCESS_SRV' (/IWFND/CM_CONSUMER/101)",
    }
    expect(await told(all(session, 'purchase_order'))).toEqual(missing)
    expect(await told(allKeys(streamNamed('purchase_order'), session))).toEqual(missing)
  })

  test.for([403, 404] as const)('a service that is not activated (%i)', async (status) => {
    sandbox.switches.inactiveStatus = status
    sandbox.switches.deactivated.add('API_MAINTENANCEORDER')
    const session = await connect()
    expect(await told(all(session, 'work_order'))).toEqual({
      kind: 'auth',
      streamOnly: true,
      status,
      vendorCode: '/IWFND/MED/170',
      message:
        "reading MaintenanceOrder of API_MAINTENANCEORDER;v=0002: API_MAINTENANCEORDER;v=0002 is not active; in the cloud, give the communication user an arrangement of the communication scenario that holds API_MAINTENANCEORDER; on-premise, activate API_MAINTENANCEORDER;v=0002 (transaction /IWFND/MAINT_SERVICE) and give the user a role with S_SERVICE for API_MAINTENANCEORDER: No service found for namespace '', name 'API_MAINTENANCEORDER', version '0002' (/IWFND/MED/170)",
    })
    expect(await all(session, 'asset')).not.toEqual([])
  })

  test('a refusal in XML is told in the same words', async () => {
    sandbox.switches.xmlErrors = true
    sandbox.switches.deactivated.add('API_PLANT_SRV')
    expect(await told(all(await connect(), 'location'))).toEqual({
      kind: 'auth',
      streamOnly: true,
      status: 403,
      vendorCode: '/IWFND/MED/170',
      message:
        "reading A_Plant of API_PLANT_SRV: API_PLANT_SRV is not active; in the cloud, give the communication user an arrangement of the communication scenario that holds API_PLANT_SRV; on-premise, activate API_PLANT_SRV (transaction /IWFND/MAINT_SERVICE) and give the user a role with S_SERVICE for API_PLANT_SRV: No service found for namespace '', name 'API_PLANT_SRV', version '0001' (/IWFND/MED/170)",
    })
  })
})

describe('answers', () => {
  test('an answer cut short is asked for again', async () => {
    const session = await connect()
    const whole = await all(session, 'item', 5)
    sandbox.switches.truncateJson = 1
    expect(await all(session, 'item', 5)).toEqual(whole)
  })

  test('answers that stay cut short', async () => {
    const session = await connect()
    sandbox.switches.truncateJson = 1_000_000
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
    const [row] = sandbox.store.select(sandbox.store.set('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder'), {
      limit: 1,
    })
    const key = String(row?.['PurchaseOrder'])
    const session = await connect()
    const before = await all(session, 'purchase_order')
    sandbox.switches.invalidDate = { set: 'A_PurchaseOrder', key, property: 'PurchaseOrderDate' }
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

  test('one row that SAP cannot read itself is reported, the others come', async () => {
    const [row] = sandbox.store.select(sandbox.store.set('API_PRODUCT_SRV', 'A_Product'), { limit: 1, offset: 3 })
    const key = String(row?.['Product'])
    sandbox.switches.shortDump = { set: 'A_Product', key }
    const session = await connect()
    const reported: unknown[] = []
    const keys: string[] = []
    for await (const page of streamNamed('item').read(session, snapshotRange(sapTime(), 4), never())) {
      keys.push(...page.records.map(keyText))
      reported.push(...(page.undecodable ?? []))
    }
    expect(reported).toEqual([
      {
        key,
        raw: `API_PRODUCT_SRV/A_Product(${key})`,
        reason:
          'reading A_Product of API_PRODUCT_SRV: SAP broke off (HTTP 500): An exception was raised (/IWFND/CM_BEC/026)',
      },
    ])
    expect(keys).not.toContain(key)
    expect(keys.length).toBeGreaterThan(4)
  })

  test.for(ENTITIES)('records of %s deleted between pages take no others with them', async (entity) => {
    const { worlds } = worldsOf(sandbox)
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
    sandbox.switches.pageLimits = { '*': { default: 3, max: 3 } }
    sandbox.switches.skiptokenExpired = true
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
      sandbox.switches.throttleEvery = { every: 2, status, retryAfter }
      for (; n < 2; n++) expect(await all(session, 'vendor')).toEqual(whole)
      expect(http.waited() - before).toBeGreaterThanOrEqual(retryAfter === null ? 1000 : 7000)
    },
  )

  test('a short dump now and then is tried again', async () => {
    const session = await connect()
    const whole = await all(session, 'asset', 5)
    sandbox.switches.failEvery = 3
    expect(await all(session, 'asset', 5)).toEqual(whole)
  })

  test('nothing but short dumps', async () => {
    const session = await connect()
    sandbox.switches.failEvery = 1
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
    expect(await told(connectTo({ ...config, base_url: 'http://127.0.0.1:1' }, http))).toEqual({
      kind: 'retryable',
      message:
        'GET http://127.0.0.1:1/sap/opu/odata/sap/API_BUSINESS_PARTNER/?sap-client=100&sap-language=EN: nothing listens there; check the address and port, and whether the system is up (ECONNREFUSED): connect ECONNREFUSED 127.0.0.1:1',
    })
  })

  test('a poll that finds nothing costs one request for each set', async () => {
    const session = await connect()
    const costs: { [entity: string]: number } = {}
    for (const entity of ENTITIES) {
      const now = sapTime() + 3 * 86_400_000
      sandbox.requests.clear()
      const found = await readAll(streamNamed(entity), session, incrementRange(now, now, 500))
      if (streamNamed(entity).changes === 'incremental') expect(found, entity).toEqual([])
      costs[entity] = sandbox.requests.count
    }
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
