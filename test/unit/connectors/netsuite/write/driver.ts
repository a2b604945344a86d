import { netsuiteConfig, type NetSuiteConfig } from '../../../../../connectors/netsuite/config.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../../connectors/netsuite/sandbox/index.ts'
import type { Row } from '../../../../../connectors/netsuite/sandbox/store.ts'
import { type NetSuiteSession, openSession } from '../../../../../connectors/netsuite/session.ts'
import {
  anchorToken,
  createHttpClient,
  createMetrics,
  type JsonObject,
  type MappingSettings,
  type ReadStream,
  silentLogger,
  unifiedId,
  type WritableEntity,
  type WriteOperation,
  type WriteOutcome,
  type WriteRequest,
} from '../../../../../core/index.ts'

const CONNECTION = 'works'

export interface Command {
  readonly id?: string
  readonly target?: string
  readonly payload?: object | null
  readonly expectedVersion?: string
  readonly plan?: JsonObject
  /** Instead of the connection's own. */
  readonly session?: NetSuiteSession
}

/** NetSuite as the sandbox delivers it, a plant in it, and one connection that writes to it. */
export async function openAccount(options: SandboxOptions = {}, settings: { [field: string]: unknown } = {}) {
  const sandbox: Sandbox = await startSandbox({ size: 0, ...options })
  const { store, account, credentials } = sandbox
  plant(sandbox)
  const parsed = netsuiteConfig.parse({
    account_id: account.id,
    base_url: sandbox.origin,
    client_id: credentials.clientId,
    certificate_id: credentials.certificateId,
    private_key: credentials.privateKey,
    adjustment_account: '9001',
    ...(account.oneWorld ? { subsidiary: '1' } : {}),
    ...settings,
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const config = parsed.value as NetSuiteConfig
  const http = createHttpClient({
    connectionId: CONNECTION,
    system: 'netsuite',
    limits: { concurrency: 4, requestsPerSecond: null },
    log: silentLogger,
    metrics: createMetrics(),
    allowPrivateHosts: true,
    attempts: 2,
    backoffBaseMs: 1,
    maxRateLimitWaitMs: 0,
  })
  const { signal } = new AbortController()
  const session = await openSession(config, http, signal)
  const mapping: MappingSettings = {
    connectionId: CONNECTION,
    system: 'netsuite',
    timeZone: 'UTC',
    currency: 'EUR',
    language: 'en',
    units: {},
    remaps: {},
    customFields: [],
    settings: { account_id: account.id, quantities_in: 'base-unit' },
  }
  let count = 0

  function requestOf(operation: WriteOperation<any, any>, command: Command): WriteRequest<any> {
    const commandId = command.id ?? `command-${++count}`
    return {
      commandId,
      operation: operation.operation,
      entity: operation.entity,
      target: command.target ?? null,
      payload: (command.payload ?? null) as never,
      expectedVersion: command.expectedVersion ?? null,
      token: (length) => anchorToken(CONNECTION, commandId, length),
      startedAt: Date.now(),
      steps: [],
      finished: async () => {},
      plan: command.plan ?? null,
      mapping,
    }
  }

  return {
    sandbox,
    session,
    mapping,
    signal,
    id: (entity: string, ...parts: readonly (string | number)[]) => unifiedId(CONNECTION, entity, parts.map(String)),
    run: (operation: WriteOperation<any, any>, command: Command): Promise<WriteOutcome> =>
      operation.execute(command.session ?? session, requestOf(operation, command), signal),
    find: (operation: WriteOperation<any, any>, command: Command) =>
      operation.find(session, requestOf(operation, command), signal),
    plan: async (operation: WriteOperation<any, any>, command: Command): Promise<JsonObject> =>
      (await operation.plan?.(session, requestOf(operation, command), signal)) ?? {},
    /** The record as the pipeline maps it. */
    async unified<Entity extends WritableEntity>(stream: ReadStream<NetSuiteSession, Entity>, key: string) {
      const record = await stream.readOne(session, key, signal)
      return record === null ? null : stream.toUnified(record.payload, mapping, key)
    },
    rows: (table: string, where: Row = {}) => store.rows(table, where),
    /** Changes of records that were sent. */
    writes: () => sandbox.requests.list.filter(({ method, path }) => method !== 'GET' && path.includes('/record/v1/')),
    async close() {
      await http.close()
      await sandbox.close()
    },
  }
}

export type Books = Awaited<ReturnType<typeof openAccount>>

/** Something to buy, somebody to buy it from, somewhere to put it. */
export function plant({ store }: Sandbox): void {
  const ensure = (table: string, row: Row) => {
    const id = Number(row['id'] ?? row['internalid'])
    if (store.get(table, id) === null) store.insert(table, row)
  }
  ensure('subsidiary', { id: 1, name: 'Parent', isinactive: 'F', currency: 1 })
  ensure('currency', { id: 1, name: 'Euro', symbol: 'EUR', isbasecurrency: 'T', exchangerate: '1' })
  ensure('term', { id: 9001, name: 'Net 45', daysuntilnetdue: 45 })
  ensure('department', { id: 9001, name: 'Workshop', fullname: 'Workshop', isinactive: 'F' })
  ensure('account', { id: 9001, acctnumber: '5010', accountsearchdisplayname: '5010 Inventory Adjustment' })
  ensure('unitstype', { id: 9001, name: 'Pieces' })
  const unit = { unitstype: 9001 }
  ensure('unitstypeuom', { internalid: 9001, ...unit, unitname: 'Each', conversionrate: '1', baseunit: 'T' })
  ensure('unitstypeuom', { internalid: 9002, ...unit, unitname: 'Box', conversionrate: '10', baseunit: 'F' })
  ensure('location', { id: 9001, name: 'Main store', fullname: 'Main store', isinactive: 'F', subsidiary: 1 })
  ensure('location', { id: 9002, name: 'Depot', fullname: 'Depot', isinactive: 'F', subsidiary: 1 })
  ensure('vendor', {
    id: 9001,
    entityid: 'Nordhafen',
    companyname: 'Nordhafen',
    isinactive: 'F',
    isperson: 'F',
    subsidiary: 1,
    currency: 1,
  })
  const item = {
    itemtype: 'InvtPart',
    isinactive: 'F',
    cost: '9.5',
    unitstype: 9001,
    stockunit: 9001,
    purchaseunit: 9002,
  }
  ensure('item', { id: 9001, itemid: 'SEAL-40', displayname: 'Seal 40 mm', ...item })
  ensure('item', { id: 9002, itemid: 'PUMP-3', displayname: 'Pump 3', ...item, purchaseunit: 9001 })
}

export async function failureOf(work: Promise<unknown>): Promise<any> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
