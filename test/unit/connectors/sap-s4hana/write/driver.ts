import { sapConfig, type SapConfig } from '../../../../../connectors/sap-s4hana/config.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../../connectors/sap-s4hana/sandbox/index.ts'
import type { Row } from '../../../../../connectors/sap-s4hana/sandbox/model.ts'
import { openSession, type SapSession } from '../../../../../connectors/sap-s4hana/session.ts'
import {
  anchorToken,
  createHttpClient,
  createMetrics,
  type JsonObject,
  type MappingSettings,
  silentLogger,
  unifiedId,
  type WriteOperation,
  type WriteOutcome,
  type WriteRequest,
} from '../../../../../core/index.ts'

const CONNECTION = 'works'
const SETTINGS = {
  company_code: '1010',
  purchasing_organization: '1010',
  purchasing_group: '001',
  plants: ['1010'],
  material_group: 'L001',
  cost_center: '10101101',
  bp_grouping: 'BP02',
  vendor_country: 'DE',
  vendor_currency: 'EUR',
  reconciliation_account: '21100000',
  product_type: 'ERSA',
  industry_sector: 'M',
  planning_plant: '1010',
  main_work_center: 'RES-0100',
  adjustment_up: '05/501',
  adjustment_down: '03/551',
}

export interface Command {
  readonly id?: string
  readonly target?: string
  readonly payload?: object | null
  readonly expectedVersion?: string
  readonly plan?: JsonObject
  /** Calls that earlier attempts finished; those of this attempt are added. */
  readonly steps?: { name: string; outcome: 'APPLIED'; sourceId: string | null }[]
  /** Instead of the connection's own. */
  readonly session?: SapSession
}

/** SAP as it is delivered by the sandbox, and one connection that writes to it. */
export async function openSap(options: SandboxOptions = {}, settings: { [field: string]: unknown } = {}) {
  const sandbox: Sandbox = await startSandbox({ size: 60, ...options })
  const given = {
    base_url: sandbox.origin,
    sap_client: '100',
    username: 'TRIBUTARY',
    password: 'Welcome-1',
    ...SETTINGS,
    ...settings,
  }
  const parsed = sapConfig.parse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const config = parsed.value as SapConfig
  const http = createHttpClient({
    connectionId: CONNECTION,
    system: 'sap-s4hana',
    limits: { concurrency: 4, requestsPerSecond: null },
    log: silentLogger,
    metrics: createMetrics(),
    allowPrivateHosts: true,
    attempts: 2,
    backoffBaseMs: 1,
  })
  const signal = new AbortController().signal
  const session = await openSession(config, http, signal)
  const mapping: MappingSettings = {
    connectionId: CONNECTION,
    system: 'sap-s4hana',
    timeZone: 'UTC',
    currency: 'EUR',
    language: 'en',
    units: {},
    remaps: {},
    customFields: [],
    settings: config as unknown as MappingSettings['settings'],
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
      steps: [...(command.steps ?? [])],
      finished: async (name, sourceId) => void command.steps?.push({ name, outcome: 'APPLIED', sourceId }),
      plan: command.plan ?? null,
      mapping,
    }
  }

  return {
    sandbox,
    session,
    mapping,
    signal,
    id: (entity: string, ...parts: string[]) => unifiedId(CONNECTION, entity, parts),
    run: (operation: WriteOperation<any, any>, command: Command): Promise<WriteOutcome> =>
      operation.execute(command.session ?? session, requestOf(operation, command), signal),
    find: (operation: WriteOperation<any, any>, command: Command) =>
      operation.find(session, requestOf(operation, command), signal),
    plan: (operation: WriteOperation<any, any>, command: Command) =>
      operation.plan?.(session, requestOf(operation, command), signal) ?? Promise.resolve({}),
    rows: (service: string, set: string, where: { readonly [property: string]: string } = {}): Row[] =>
      sandbox.store.select(sandbox.store.set(service, set), {
        where: {
          sql:
            Object.keys(where).length === 0
              ? '1'
              : Object.keys(where)
                  .map((name) => `"${name}" = ?`)
                  .join(' and '),
          params: Object.values(where),
        },
      }),
    async close() {
      await http.close()
      await sandbox.close()
    },
  }
}

export type Sap = Awaited<ReturnType<typeof openSap>>

export async function failureOf(work: Promise<unknown>): Promise<any> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
