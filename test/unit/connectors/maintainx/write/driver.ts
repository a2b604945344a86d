import { type MaintainXConfig, maintainxConfig } from '../../../../../connectors/maintainx/config.ts'
import { maintainx } from '../../../../../connectors/maintainx/index.ts'
import { type Sandbox, startSandbox } from '../../../../../connectors/maintainx/sandbox/index.ts'
import { type MaintainXSession, openSession } from '../../../../../connectors/maintainx/session.ts'
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
  type WriteOperationName,
  type WriteRequest,
} from '../../../../../core/index.ts'

const CONNECTION = 'works'

export interface Command {
  readonly id?: string
  readonly target?: string
  readonly payload?: object | null
  readonly expectedVersion?: string
  readonly plan?: JsonObject
}

/** A plant in the sandbox, without a limit of requests, and one connection that writes to it. */
export async function openPlant(settings: { readonly [field: string]: unknown } = {}) {
  const sandbox: Sandbox = await startSandbox({ size: 0, switches: { rateLimit: 0, organizationRateLimit: 0 } })
  const parsed = maintainxConfig.parse({ base_url: sandbox.url, api_key: sandbox.token, ...settings })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const http = createHttpClient({
    connectionId: CONNECTION,
    system: 'maintainx',
    limits: { concurrency: 4, requestsPerSecond: null },
    log: silentLogger,
    metrics: createMetrics(),
    allowPrivateHosts: true,
    attempts: 2,
    backoffBaseMs: 1,
    maxRateLimitWaitMs: 0,
  })
  const { signal } = new AbortController()
  const session: MaintainXSession = await openSession(parsed.value as MaintainXConfig, http, signal)
  const mapping: MappingSettings = {
    connectionId: CONNECTION,
    system: 'maintainx',
    timeZone: 'UTC',
    currency: 'EUR',
    language: 'en',
    units: {},
    remaps: {},
    customFields: [],
    settings: {},
  }
  let count = 0

  const operationOf = (name: `${WriteOperationName} ${WritableEntity}`) => {
    const found = maintainx.operations?.find(({ operation, entity }) => `${operation} ${entity}` === name)
    if (found === undefined) throw new Error(`there is no ${name}`)
    return found
  }
  function requestOf(name: Parameters<typeof operationOf>[0], command: Command): WriteRequest<any> {
    const commandId = command.id ?? `command-${++count}`
    const { operation, entity } = operationOf(name)
    return {
      commandId,
      operation,
      entity,
      target: command.target ?? null,
      payload: (command.payload ?? null) as never,
      expectedVersion: command.expectedVersion ?? null,
      token: (length) => anchorToken(CONNECTION, commandId, length),
      startedAt: Date.now(),
      plan: command.plan ?? null,
      steps: [],
      finished: async () => {},
      mapping,
    }
  }

  return {
    sandbox,
    session,
    id: (entity: string, ...parts: readonly (string | number)[]) => unifiedId(CONNECTION, entity, parts.map(String)),
    /** As the writer does it: planned first, where there is a plan. */
    async run(name: Parameters<typeof operationOf>[0], command: Command) {
      const operation = operationOf(name)
      const request = requestOf(name, command)
      const plan = request.plan ?? (await operation.plan?.(session, request, signal)) ?? null
      return operation.execute(session, { ...request, plan }, signal)
    },
    find: (name: Parameters<typeof operationOf>[0], command: Command) =>
      operationOf(name).find(session, requestOf(name, command), signal),
    plan: async (name: Parameters<typeof operationOf>[0], command: Command): Promise<JsonObject> =>
      (await operationOf(name).plan?.(session, requestOf(name, command), signal)) ?? {},
    /** The record as the pipeline maps it. */
    async unified(entity: WritableEntity, key: string) {
      const stream = maintainx.streams[entity] as ReadStream<MaintainXSession>
      const record = await stream.readOne(session, key, signal)
      return record === null ? null : stream.toUnified(record.payload, mapping, key)
    },
    /** By a colleague. */
    ask(method: string, path: string, body?: JsonObject): any {
      const { status, body: answer } = sandbox.ask(method, path, body)
      if (status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
      return answer
    },
    /** Changes that were sent. */
    writes: () => sandbox.requests.list.filter(({ method }) => method !== 'GET'),
    async close() {
      await http.close()
      await sandbox.close()
    },
  }
}

export type Plant = Awaited<ReturnType<typeof openPlant>>

export async function failureOf(work: Promise<unknown>): Promise<any> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
