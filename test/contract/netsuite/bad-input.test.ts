import { describe, expect, test } from 'vitest'
import { type EntityName, type HttpClient, RetryableError } from '../../../core/index.ts'
import { connectTo, ENTITIES } from './cycle.ts'
import { certificateConfig, tokenConfig } from './harness.ts'
import { illSystem } from './ill-system.ts'

/* What an operator reads when something is wrong, word for word; and what goes on all the same. */

const { http, sandbox, account, connect, all, told } = illSystem()

const M2M = 'Setup > Integration > OAuth 2.0 Client Credentials (M2M) Setup'
const CERTIFICATE = 'trbEC_GJmAaWjJ1CG4SJqwtVFD4nnQZ_uS0SoXgd8p4'

describe('logging in', () => {
  const ended = {
    kind: 'auth',
    streamOnly: false,
    status: 400,
    vendorCode: 'invalid_grant',
    message: `asking NetSuite for a token as client 6794a308… with certificate ${CERTIFICATE} of account 1234567: invalid_grant; check certificate_id and private_key: the certificate may be expired (two years at most), revoked or of another account, or its user or role inactive (${M2M})`,
  }

  test('a certificate that is expired or revoked', async () => {
    sandbox().revokeCertificate(CERTIFICATE)
    expect(await told(connect())).toEqual(ended)
  })

  test('a certificate that ends while the connection runs: every stream says so, none goes on asking', async () => {
    const session = await connect()
    sandbox().revokeCertificate(CERTIFICATE)
    sandbox().expireTokens()
    for (const entity of ENTITIES) {
      sandbox().requests.clear()
      expect(await told(all(session, entity))).toEqual(ended)
      expect(sandbox().requests.count).toBeLessThanOrEqual(6)
    }
    // and with a new one, in a new session, it goes on
    const { rsaCertificateId, rsaPrivateKey } = sandbox().credentials
    const again = await connect({ certificate_id: rsaCertificateId, private_key: rsaPrivateKey, algorithm: 'PS256' })
    expect(await all(again, 'vendor')).not.toEqual([])
  })

  test('an unknown integration', async () => {
    expect(await told(connect({ client_id: 'f'.repeat(64) }))).toEqual({
      kind: 'auth',
      streamOnly: false,
      status: 401,
      vendorCode: 'invalid_client',
      message: `asking NetSuite for a token as client ffffffff… with certificate ${CERTIFICATE} of account 1234567: invalid_client; check client_id, and that the integration is enabled (Setup > Integration > Manage Integrations)`,
    })
  })

  const refused = (id: string) => ({
    kind: 'auth',
    streamOnly: false,
    status: 401,
    vendorCode: 'INVALID_LOGIN',
    message: `logging in to NetSuite as token 2b0ce516… of account ${id}: refused ("Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail."); check account_id, consumer_key, consumer_secret, token_id and token_secret; the token, its user and role must be active (Setup > Users/Roles > Access Tokens), and the integration enabled for token-based authentication (Setup > Integration > Manage Integrations). Setup > Users/Roles > View Login Audit Trail tells the reason`,
  })

  test('a wrong token, said after one more try: the user is not locked by trying on', async () => {
    sandbox().requests.clear()
    expect(await told(connectTo({ ...tokenConfig(sandbox()), token_secret: 'no' }, http))).toEqual(refused('1234567'))
    expect(sandbox().requests.count).toBe(2)
  })

  test('the id of another account', async () => {
    const config = { ...tokenConfig(sandbox()), account_id: '7654321' }
    expect(await told(connectTo(config, http))).toEqual(refused('7654321'))
  })

  test('the id of no account: there is no such host', async () => {
    const nowhere: HttpClient = {
      request: ({ url }) => {
        const cause = Object.assign(new Error(`getaddrinfo ENOTFOUND ${new URL(url).host}`), { code: 'ENOTFOUND' })
        return Promise.reject(new RetryableError(`POST ${url}: unknown host`, { cause }))
      },
    }
    const { base_url: _none, ...config } = certificateConfig(sandbox())
    expect(await told(connectTo({ ...config, account_id: '7654321_SB9' }, nowhere))).toMatchObject({
      kind: 'auth',
      streamOnly: false,
      message: expect.stringMatching(
        /^there is no host 7654321-sb9\.suitetalk\.api\.netsuite\.com: check account_id, or base_url if it is set/,
      ),
    })
  })

  test('something that is no id of an account', async () => {
    expect(await told(connect({ account_id: 'Nordhafen GmbH' }))).toEqual({
      kind: 'auth',
      streamOnly: false,
      message: 'account_id: "Nordhafen GmbH" is no account id such as 1234567 or 1234567_SB1',
    })
  })

  test('a role that may not log in this way', async () => {
    withoutPermission('Log in using OAuth 2.0 Access Tokens')
    expect(await told(connect())).toMatchObject({
      kind: 'auth',
      streamOnly: false,
      vendorCode: 'unauthorized_client',
      message: expect.stringContaining('the integration must have the "Client Credentials (Machine to Machine) Grant"'),
    })
  })

  test.for([
    ['Reports -> SuiteAnalytics Workbook', 403],
    ['Setup -> REST Web Services', 400],
  ] as const)('a role without %s, told with status %i', async ([permission, status]) => {
    withoutPermission(permission.split(' -> ')[1] ?? '')
    sandbox().switches.permissionStatus = status
    expect(await told(connect())).toEqual({
      kind: 'auth',
      streamOnly: false,
      status,
      vendorCode: 'INSUFFICIENT_PERMISSION',
      message: `asking NetSuite for its clock: the role may not: Permission Violation: You need the '${permission}' permission to access this page. Please contact your account administrator. (INSUFFICIENT_PERMISSION); give it Setup > REST Web Services: Full, Setup > Log in using OAuth 2.0 Access Tokens (or Access Tokens) and Reports > SuiteAnalytics Workbook (Setup > Users/Roles > Manage Roles)`,
    })
  })

  test('nobody at the address', async () => {
    expect(await told(connect({ base_url: 'http://127.0.0.1:1' }))).toEqual({
      kind: 'retryable',
      message:
        'asking NetSuite for its time: POST http://127.0.0.1:1/services/rest/auth/oauth2/v1/token: nothing listens there; check the address and port, and whether the system is up (ECONNREFUSED): connect ECONNREFUSED 127.0.0.1:1',
    })
  })
})

function withoutPermission(name: string): void {
  const [role, ...others] = account().roles
  if (role === undefined) throw new Error('the account has no roles')
  const permissions = new Set([...role.permissions].filter((each) => each !== name))
  account().roles = [{ ...role, permissions }, ...others]
}

function hide(table: string): void {
  const [role, ...others] = account().roles
  if (role === undefined) throw new Error('the account has no roles')
  account().roles = [{ ...role, hiddenTables: new Set([table]) }, ...others]
}

const advice = (permission: string) =>
  `: give it ${permission} (Setup > Users/Roles > Manage Roles), or the feature is off (Setup > Company > Enable Features)`

const STOCK = 'Lists > Items: View and Lists > Locations: View (feature Multi-Location Inventory)'
const LOCATIONS = 'Lists > Locations: View (feature Locations)'
const ASSETS =
  'Custom Record > customrecord_asset: View (or Lists > Custom Record Entries: View), as the access type of the record asks'

/** The streams that can be read, and hold something. */
async function withRecords(session: unknown): Promise<EntityName[]> {
  const found: EntityName[] = []
  for (const entity of ENTITIES) {
    const records = await all(session, entity).catch(() => [])
    if (records.length > 0) found.push(entity)
  }
  return found
}

describe('permissions and features', () => {
  const TABLES: readonly (readonly [table: string, stopped: readonly EntityName[], permission: string])[] = [
    ['employee', ['user'], 'Lists > Employees: View'],
    ['vendor', ['vendor'], 'Lists > Vendors: View'],
    // what lies where is told with the names of items
    ['item', ['item', 'stock_level'], 'Lists > Items: View'],
    ['location', ['location'], LOCATIONS],
    ['aggregateitemlocation', ['stock_level'], STOCK],
    ['customrecord_asset', ['asset'], ASSETS],
    [
      'transactionline',
      ['purchase_order', 'inventory_movement', 'work_order'],
      'Transactions > Find Transaction: View, and View of each type of transaction',
    ],
  ]

  for (const wording of ['record', 'search-type'] as const)
    test.for(TABLES)(
      `a role without %s, told as unknown ${wording}: only %o stop, and name the permission`,
      async ([table, stopped, permission]) => {
        hide(table)
        account().unknownTable = wording
        const session = await connect()
        for (const entity of stopped)
          expect(await told(all(session, entity))).toMatchObject({
            kind: 'auth',
            streamOnly: true,
            message: expect.stringContaining(`NetSuite shows no table ${table} to this role${advice(permission)}`),
          })
        expect(await withRecords(session)).toEqual(ENTITIES.filter((entity) => !stopped.includes(entity)))
      },
    )

  test('the permission that is missing is given while the connection runs', async () => {
    hide('vendor')
    const session = await connect()
    expect(await told(all(session, 'vendor'))).toMatchObject({ kind: 'auth', streamOnly: true })
    const [role, ...others] = account().roles
    if (role !== undefined) account().roles = [{ ...role, hiddenTables: new Set() }, ...others]
    expect(await all(session, 'vendor')).not.toEqual([])
  })

  const FEATURES: readonly (readonly [feature: string, entity: EntityName, table: string, permission: string])[] = [
    ['MULTILOCINVT', 'stock_level', 'aggregateitemlocation', STOCK],
    ['LOCATIONS', 'location', 'location', LOCATIONS],
    ['CUSTOMRECORDS', 'asset', 'customrecord_asset', ASSETS],
  ]

  test.for(FEATURES)('without the feature %s only %s stops', async ([feature, entity, table, permission]) => {
    account().features = new Set([...account().features].filter((each) => each !== feature))
    const session = await connect()
    expect(await told(all(session, entity))).toEqual({
      kind: 'auth',
      streamOnly: true,
      message: `reading ${table}: NetSuite shows no table ${table} to this role${advice(permission)}`,
    })
    expect(await withRecords(session)).toEqual(ENTITIES.filter((each) => each !== entity))
  })

  test('a setting that names nothing stops its stream alone', async () => {
    const session = await connect({ work_order_source: 'maintenance', asset_fields: ['name:custrecord_x', 'colour=a'] })
    expect(await told(all(session, 'work_order'))).toEqual({
      kind: 'auth',
      streamOnly: true,
      message:
        'work_order_source: "maintenance" is none of manufacturing, task, support_case, custom_record:<id>, none',
    })
    expect(await told(all(session, 'asset'))).toMatchObject({
      kind: 'auth',
      streamOnly: true,
      message: expect.stringMatching(
        /^asset_fields: "name:custrecord_x" is not of the form unified=native; there is no field "colour" to fill\. /,
      ),
    })
    expect(await all(session, 'vendor')).not.toEqual([])
  })
})
