import {
  type AnyConnector,
  type Capability,
  type CapabilityField,
  type CapabilityOperation,
  type Connection,
  type WritableEntity,
  type WriteField,
  type WriteOperationName,
} from '../../core/index.ts'

const OPERATIONS: readonly WriteOperationName[] = ['CREATE', 'UPDATE', 'DELETE', 'SET_STATUS']

/** What can be written of one entity through one connection, as its connector knows it. Nothing is called. */
export function capabilityOf(
  connector: AnyConnector,
  connection: Connection,
  entity: WritableEntity,
  now: number,
): Capability {
  const own = (connector.operations ?? []).filter((one) => one.entity === entity)
  return {
    connection_id: connection.id,
    entity,
    system: connection.system,
    checked_at: now,
    operations: OPERATIONS.map((name) => operationOf(connector, entity, name)),
    fields: fieldsOf(
      own.flatMap(({ operation, fields }) =>
        fields.filter(({ on }) => on.includes(operation)).map((rule) => ({ operation, rule })),
      ),
      connection,
    ),
    transitions: own.flatMap(({ transitions = [] }) =>
      transitions.map(({ from, to, native }) => ({ from_status: from, to_status: to, native_action: native })),
    ),
    custom_fields: [],
  }
}

function operationOf(connector: AnyConnector, entity: WritableEntity, operation: WriteOperationName) {
  const found = connector.operations?.find((one) => one.entity === entity && one.operation === operation)
  if (found === undefined) {
    const why = connector.unsupported?.find((one) => one.entity === entity && one.operation === operation)
    const reason = why?.reason ?? `${connector.title} does not take it`
    return { operation, supported: false, emulated: false, reason, ...NO_WAY } satisfies CapabilityOperation
  }
  return {
    operation,
    supported: true,
    emulated: found.plan !== undefined,
    reason: null,
    anchor: found.anchor.toUpperCase() as CapabilityOperation['anchor'],
    conflict_detection: found.conflicts.toUpperCase() as CapabilityOperation['conflict_detection'],
    atomic: found.atomic,
  }
}

const NO_WAY = { anchor: 'NONE', conflict_detection: 'NONE', atomic: false } as const

interface Ruled {
  readonly operation: WriteOperationName
  readonly rule: WriteField
}

/** One entry for a field, unless its rules differ between operations. */
function fieldsOf(ruled: readonly Ruled[], { settings }: Connection): CapabilityField[] {
  const byRule = new Map<string, Ruled[]>()
  for (const one of ruled) {
    const { on: _on, required: _required, ...rest } = one.rule
    const name = JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)))
    byRule.set(name, [...(byRule.get(name) ?? []), one])
  }
  return [...byRule.values()].flatMap((same) => {
    const rule = same[0]?.rule
    if (rule === undefined) return []
    const value = rule.default === undefined ? null : (settings[rule.default] ?? null)
    const needed = same.filter(({ operation, rule }) => operation === 'CREATE' && rule.required === true)
    return {
      path: rule.path,
      writable_on: same.map(({ operation }) => operation),
      required_on: needed.map(({ operation }) => operation),
      max_length: rule.maxLength ?? null,
      precision: null,
      scale: rule.scale ?? null,
      allowed_values: (rule.values ?? []).map((code) => ({ code, label: null })),
      reference_entity: rule.reference ?? null,
      // an object is a sealed secret, or nothing that people could read
      default_value: value === null || (typeof value === 'object' && !Array.isArray(value)) ? null : String(value),
      default_key: rule.default ?? null,
      native_field: null,
      rule_source: rule.source,
      writable_in_statuses: [],
    }
  })
}
