import { describe, expect, test } from 'vitest'
import type { EntityName } from '../../../core/index.ts'
import { allKeys } from '../kit/harness.ts'
import { connectTo, ENTITIES, streamNamed } from './cycle.ts'
import { illSystem } from './ill-system.ts'

/* What an operator reads when something is wrong, word for word; and what goes on all the same. */

const { http, sandbox, connect, all, told } = illSystem()

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
    sandbox().requests.clear()
    expect(await told(connect({ password: 'Wrong-1' }))).toEqual({
      kind: 'auth',
      streamOnly: false,
      status: 401,
      message:
        'logging in to SAP as user TRIBUTARY in client 100: refused ("Logon failed The user is unknown or locked, or the password is wrong."); wrong user or password, or the user is locked, expired or does not exist in this client',
    })
    expect(sandbox().requests.count).toBe(1)
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
    const before = sandbox().users.map(({ password }) => password)
    for (const user of sandbox().users) user.password = 'Changed-by-admin-2'
    try {
      sandbox().requests.clear()
      for (const entity of ENTITIES)
        expect(await told(all(session, entity))).toEqual({
          kind: 'auth',
          streamOnly: false,
          status: 401,
          message:
            'logging in to SAP as user TRIBUTARY in client 100: refused ("Logon failed The user is unknown or locked, or the password is wrong."); wrong user or password, or the user is locked, expired or does not exist in this client',
        })
      expect(sandbox().requests.count).toBe(1)
      expect(await all(await connect({ password: 'Changed-by-admin-2' }), 'vendor')).not.toEqual([])
    } finally {
      for (const [at, user] of sandbox().users.entries()) user.password = before[at] ?? ''
    }
  })

  test('a wrong OAuth secret', async () => {
    const oauth = { base_url: sandbox().origin, auth: 'oauth-client-credentials', client_id: 'tributary' }
    expect(await told(connectTo({ ...oauth, client_secret: 'wrong' }, http))).toEqual({
      kind: 'auth',
      streamOnly: false,
      status: 401,
      message:
        'asking SAP for a token as OAuth client tributary: HTTP 401 (invalid_client, Client authentication failed); check client_id, client_secret, token_url and scope, and that the client may use client credentials',
    })
  })

  test('a login page for people at the address of the API', async () => {
    sandbox().switches.htmlLogin = true
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
    sandbox().switches.htmlLogin = true
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
    const [user] = sandbox().users
    if (user !== undefined) user.deniedServices = [service]
    const session = await connect()
    const others = ENTITIES.filter((entity) => !stopped.includes(entity))
    for (const entity of stopped)
      expect(await told(all(session, entity))).toMatchObject({
        kind: 'auth',
        streamOnly: true,
        message: expect.stringContaining(service),
      })
    for (const entity of others) expect(await all(session, entity)).not.toEqual([])
  })

  test('the role and the scenario that are missing', async () => {
    const [user] = sandbox().users
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
    sandbox().switches.inactiveStatus = status
    sandbox().switches.deactivated.add('API_MAINTENANCEORDER')
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
    sandbox().switches.xmlErrors = true
    sandbox().switches.deactivated.add('API_PLANT_SRV')
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
