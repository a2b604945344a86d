import {
  defineConfig,
  defineConnector,
  defineOperation,
  type EntityName,
  type HttpClient,
  type JsonObject,
  OutcomeUnknownError,
  type ReadStream,
  type Unified,
  type WritableEntity,
  type WriteField,
  type WriteOperation,
  type WriteOperationName,
} from '../../core/index.ts'
import { blank } from './blank.ts'

interface Session {
  readonly http: HttpClient
  readonly url: string
}

interface Answer {
  readonly key: string
  readonly revision: number
  readonly command: string
}

function stream<Entity extends EntityName>(entity: Entity): ReadStream<Session, Entity> {
  const empty = blank(entity)
  return {
    entity,
    changes: 'incremental',
    deletes: 'invisible',
    mappingVersion: 1,
    async *read() {},
    async readOne({ http, url }, key, signal) {
      const response = await http.request({ method: 'GET', url: `${url}/${entity}/${key}`, signal })
      const payload = response.json() as Answer
      return { key, version: payload.revision, modifiedAt: null, payload: payload as unknown as JsonObject }
    },
    // the command is what the bench recognises the record by
    toUnified: ({ command, revision }) =>
      ({ ...empty, display_name: command, version: `ts:${String(revision)}` }) as Unified<Entity>,
  }
}

const field =
  (on: WriteOperationName) =>
  (path: string): WriteField => ({ path, on: [on], source: 'bench' })

function operation(
  entity: WritableEntity,
  name: WriteOperationName,
  method: 'POST' | 'PATCH',
  fields: readonly string[],
): WriteOperation<Session> {
  return defineOperation<Session, WritableEntity>({
    entity,
    operation: name,
    anchor: 'searchable',
    conflicts: 'none',
    atomic: true,
    fields: fields.map(field(name)),
    async execute({ http, url }, { commandId, target, payload }, signal) {
      const response = await http.request({
        method,
        url: target === null ? `${url}/${entity}` : `${url}/${entity}/${target}`,
        headers: { 'x-command': commandId, 'content-type': 'application/json' },
        body: JSON.stringify(payload),
        signal,
      })
      if (response.status >= 300) throw new OutcomeUnknownError(`HTTP ${response.status}`)
      return { target: (response.json() as Answer).key, replay: false, httpStatus: response.status }
    },
    find: async () => 'unknown',
  })
}

const ORDER = ['vendor_id', 'currency', 'notes', 'lines[].line_ref', 'lines[].item_id', 'lines[].quantity_ordered']

/** Connector for `system.ts`: one call a write, and one to read the record again. */
export const benchSystem = defineConnector<{ readonly base_url: string }, Session>({
  id: 'bench-system',
  title: 'A system that takes writes, for benches',
  config: defineConfig({
    fields: { base_url: { kind: 'url', title: 'Address', help: 'Where it listens', required: true } },
  }),
  connect: async (config, http) => ({ http, url: config.base_url.replace(/\/$/, '') }),
  clock: async () => Date.now(),
  streams: {
    purchase_order: stream('purchase_order'),
    vendor: stream('vendor'),
    work_order: stream('work_order'),
    inventory_movement: stream('inventory_movement'),
  },
  operations: [
    operation('purchase_order', 'CREATE', 'POST', [...ORDER, 'lines[].unit_price', 'lines[].location_id']),
    operation('purchase_order', 'UPDATE', 'PATCH', ['notes']),
    operation('vendor', 'CREATE', 'POST', ['name', 'country', 'city']),
    operation('vendor', 'UPDATE', 'PATCH', ['name', 'city']),
    operation('work_order', 'SET_STATUS', 'PATCH', ['status']),
    operation('inventory_movement', 'CREATE', 'POST', [
      'kind',
      'lines[].item_id',
      'lines[].quantity',
      'lines[].to_location_id',
    ]),
  ],
})
