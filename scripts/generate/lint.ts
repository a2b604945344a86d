import { ENVELOPE } from '../../schemas/model/index.ts'
import type { AvroField, AvroRecord } from './avro.ts'

/** The conventions of the unified model, checked on the plain Avro files (docs/unified-model.md). */

/** Names that somebody's SQL would have to quote. */
const RESERVED = new Set(
  'all and as by check column comment date default desc end from group index key level limit number offset on order primary select size start table time timestamp to type user value where'.split(
    ' ',
  ),
)

/** Enums that are derived from several values of the source, or are our own; so no verbatim value stands beside them. */
const WITHOUT_SOURCE: { readonly [field: string]: string } = {
  origin: 'our own',
  billing_status: 'derived from lines or from the order status',
  'InventoryMovement.status': 'whether it was posted or reversed is a fact of its own in the source',
  'Asset.kind': 'which set of the source it came from',
}
const SOURCE_OF: { readonly [field: string]: string } = { maintenance_type: 'source_type' }

/** What a name says about the type. */
const SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/_at$/, 'timestamp-millis'],
  [/_date$/, 'date'],
  [/(_amount|_cost|_price|_hours)$|^quantity|_quantity$/, 'decimal'],
  [/^is_/, 'boolean'],
  [/_id$|^source_(?!version$)/, 'string'],
]

interface Shape {
  readonly type?: unknown
  readonly name?: string
  readonly logicalType?: string
  readonly precision?: number
  readonly scale?: number
  readonly symbols?: readonly string[]
  readonly default?: unknown
  readonly items?: AvroRecord | string
}

/** Folders below `schemas/`, with the namespace of each. */
const NAMESPACES = {
  entities: 'tributary.unified.v1',
  lines: 'tributary.unified.v1',
  envelopes: 'tributary.envelope.v1',
  commands: 'tributary.command.v1',
} as const
type Kind = keyof typeof NAMESPACES

/** Kinds whose records become tables. */
const inTables = (kind: Kind): boolean => kind === 'entities' || kind === 'lines'

/** Everything in which a schema breaks the conventions. `kind` is its folder below `schemas/`. */
export function lintProblems(schema: AvroRecord, kind: Kind): string[] {
  const problems: string[] = []
  const namespace = NAMESPACES[kind]
  if (schema.namespace !== namespace) problems.push(`namespace is ${schema.namespace}, not ${namespace}`)
  if (kind === 'entities') {
    ENVELOPE.forEach(([name], i) => {
      if (schema.fields[i]?.name !== name)
        problems.push(`field ${i} is not ${name}: the envelope comes first, in order`)
    })
  }
  lintRecord(schema, kind, '', new Set(), problems)
  return problems
}

function lintRecord(record: AvroRecord, kind: Kind, path: string, enums: Set<string>, problems: string[]): void {
  const at = (text: string): void => void problems.push(`${path}${text}`)
  if (!/^[A-Z][A-Za-z]+$/.test(record.name)) at(`${record.name} is not PascalCase`)
  if (!record.doc) at(`${record.name} has no doc`)
  const names = new Set(record.fields.map(({ name }) => name))
  if (names.size < record.fields.length) at('two fields have one name')
  for (const field of record.fields) {
    const { name } = field
    if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) at(`${name} is not snake_case`)
    if (inTables(kind) && RESERVED.has(name)) at(`${name} is reserved in SQL`)
    if (!field.doc) at(`${name} has no doc`)
    const shape = lintType(field, kind, enums, at)
    if (kind !== 'envelopes') lintSuffix(name, shape, at)
    const isEnum = shape.symbols !== undefined || enums.has(String(shape.type))
    if (isEnum && kind === 'entities') {
      const source = SOURCE_OF[name] ?? `source_${name}`
      const excused = name in WITHOUT_SOURCE || `${record.name}.${name}` in WITHOUT_SOURCE
      if (!names.has(source) && !excused) at(`${name} has no ${source} beside it`)
    }
    const nested = shape.type === 'array' ? shape.items : shape
    if (typeof nested === 'object' && 'fields' in nested) {
      lintRecord(nested as AvroRecord, kind, `${path}${name}.`, enums, problems)
    }
  }
}

function lintType(field: AvroField, kind: Kind, enums: Set<string>, at: (text: string) => void): Shape {
  const { name, type } = field
  const nullable = Array.isArray(type)
  if (nullable && !(type.length === 2 && type[0] === 'null' && field.default === null)) {
    at(`${name} is a union, but not ["null", X] with default null`)
  }
  const inner = nullable ? type[1] : type
  const shape: Shape = typeof inner === 'string' ? { type: inner } : (inner as Shape)
  if (shape.symbols !== undefined) {
    enums.add(String(shape.name))
    if (shape.symbols[0] !== 'UNKNOWN' || shape.default !== 'UNKNOWN') {
      at(`${name}: symbol 0 is not UNKNOWN, or not the default of the enum`)
    }
    for (const symbol of shape.symbols)
      if (!/^[A-Z]+(_[A-Z]+)*$/.test(symbol)) at(`${name}: ${symbol} is not UPPER_SNAKE`)
  }
  const isEnum = shape.symbols !== undefined || enums.has(String(shape.type))
  if (kind === 'commands') {
    // Partial records: null says that the field is not meant. And a line's action has a default of its own.
    if (!nullable && (isEnum || shape.type === 'array') && field.default === undefined) at(`${name} has no default`)
  } else {
    if (isEnum && (nullable || field.default !== 'UNKNOWN'))
      at(`${name}: an enum is never null and defaults to UNKNOWN`)
    if (shape.type === 'array' && (nullable || JSON.stringify(field.default) !== '[]')) {
      at(`${name}: an array is never null and defaults to []`)
    }
    // Apicurio 3 cannot tell a schema with the default "{}" from JSON Schema, sinks would make it a column default.
    if (!nullable && !isEnum && shape.type !== 'array' && field.default !== undefined) at(`${name} has a default`)
  }
  if (shape.logicalType === 'decimal' && !(shape.precision === 38 && shape.scale === 9)) {
    at(`${name} is not decimal(38, 9)`)
  }
  if (
    shape.logicalType === 'timestamp-micros' ||
    shape.type === 'double' ||
    shape.type === 'float' ||
    shape.type === 'map'
  ) {
    at(`${name}: sinks do not take ${shape.logicalType ?? String(shape.type)}`)
  }
  return shape
}

function lintSuffix(name: string, shape: Shape, at: (text: string) => void): void {
  const wanted = SUFFIXES.find(([pattern]) => pattern.test(name))?.[1]
  if (wanted !== undefined && wanted !== (shape.logicalType ?? shape.type)) at(`${name} says ${wanted}, but is not`)
}
