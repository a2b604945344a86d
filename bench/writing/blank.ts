import { type Entities, type EntityName } from '../../core/index.ts'
import { SCHEMAS } from '../../schemas/generated/schemas.ts'

interface Shape {
  readonly type: unknown
  readonly symbols?: readonly string[]
}

/** A record of the entity in which every field is as empty as its schema allows. */
export function blank<Entity extends EntityName>(entity: Entity): Entities[Entity] {
  const enums = new Map<string, Shape>()
  const { fields } = SCHEMAS.entities[entity] as unknown as {
    readonly fields: readonly { name: string; type: unknown }[]
  }
  const record = fields.map(({ name, type }) => [name, empty(type, enums)])
  return Object.fromEntries(record) as Entities[Entity]
}

function empty(type: unknown, enums: Map<string, Shape>): unknown {
  if (Array.isArray(type)) return null
  if (typeof type === 'object' && type !== null) {
    const shape = type as Shape & { readonly name?: string; readonly logicalType?: string }
    if (shape.type === 'array') return []
    if (shape.type === 'enum') {
      enums.set(shape.name ?? '', shape)
      return shape.symbols?.[0]
    }
    if (shape.logicalType === 'decimal') return '0'
    return empty(shape.type, enums)
  }
  if (type === 'string') return ''
  if (type === 'boolean') return false
  if (type === 'int' || type === 'long') return 0
  return enums.get(String(type).split('.').at(-1) ?? '')?.symbols?.[0] ?? ''
}
