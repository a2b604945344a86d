import {
  anchorToken,
  createLocalCodec,
  type Json,
  type JsonObject,
  type MappingSettings,
  type WritableEntity,
  type WriteOperationName,
  type WriteRequest,
} from '../../../../../core/index.ts'
import type { TrytonSession } from '../../../../../connectors/tryton/session.ts'

const SETTINGS: MappingSettings = {
  connectionId: 'works',
  system: 'tryton',
  timeZone: 'UTC',
  currency: null,
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: {},
}

const UNITS = [
  { id: 1, symbol: 'u', name: 'Unit' },
  { id: 2, symbol: 'kg', name: 'Kilogram' },
  { id: 3, symbol: 'g', name: 'Gram' },
  { id: 4, symbol: 'h', name: 'Hour' },
  { id: 5, symbol: 'hr', name: 'Hour of work' },
]

export interface Written {
  readonly model: string
  readonly method: string
  readonly params: readonly Json[]
  readonly context: JsonObject | undefined
}

/** A session whose rows are given by model; what is written is kept. */
export function fakeSession(rows: { readonly [model: string]: readonly JsonObject[] }, config: object = {}) {
  const written: Written[] = []
  const session: Partial<TrytonSession> = {
    config: {
      base_url: 'http://erp.example',
      database: 'works',
      username: 'writer',
      password: '',
      company: 1,
      vendor_scope: 'all',
      language: 'en',
      page_size: 100,
      warehouse: null,
      payment_term: null,
      invoice_method: null,
      account_category: null,
      tax_id_type: 'eu_vat',
      extra_fields: [],
      ...config,
    },
    company: { id: 1, currency: 'USD' },
    call: (model, method) =>
      Promise.resolve(method === 'search_read' ? (rows[model] ?? (model === 'product.uom' ? UNITS : [])) : {}),
    write(model, method, params, _signal, context) {
      written.push({ model, method, params, context })
      return Promise.resolve(method === 'create' ? [77] : null)
    },
  }
  return { session: session as TrytonSession, written }
}

const codec = createLocalCodec()

/** A command as the writer hands it on: decoded, so that all that is left out is null. */
export function requestOf<Entity extends WritableEntity>(
  entity: Entity,
  operation: WriteOperationName,
  payload: object | null,
  more: { readonly target?: string; readonly expectedVersion?: string; readonly plan?: JsonObject } = {},
): WriteRequest<Entity> {
  const commandId = 'command-1'
  const envelope = { command_id: commandId, connection_id: 'works', operation }
  return {
    commandId,
    operation,
    entity,
    target: more.target ?? null,
    payload: codec.command(entity).fromJson({ ...envelope, payload }).payload as never,
    expectedVersion: more.expectedVersion ?? null,
    token: (length) => anchorToken('works', commandId, length),
    startedAt: 0,
    steps: [],
    finished: async () => {},
    plan: more.plan ?? null,
    mapping: SETTINGS,
  }
}
