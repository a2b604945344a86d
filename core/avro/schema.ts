/** Plain Avro schemas as this project writes them, and the slow ways over them: whatever is not on the hot path. */
import { isDecimal } from './decimal.ts'
import { dateOf, daysOf } from './date.ts'
import { readDecimal } from './decimal.ts'
import { MalformedRecordError } from './errors.ts'

export interface RecordSchema {
  readonly type: 'record'
  readonly name: string
  readonly fields: readonly FieldSchema[]
}
export interface FieldSchema {
  readonly name: string
  readonly type: unknown
  readonly default?: unknown
}

type Shape =
  | { readonly kind: 'text' | 'decimal' | 'date' | 'long' | 'int' | 'boolean' | 'bytes' }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array'; readonly items: unknown }
  | { readonly kind: 'record'; readonly record: RecordSchema }

/** Enums and records by name: Avro writes a named type out once and refers to it afterwards. */
type Names = ReadonlyMap<string, readonly string[] | RecordSchema>

const namesOfSchemas = new WeakMap<RecordSchema, Names>()

/** Every named type of a schema, also those inside of what a record may leave empty. */
export function namedIn(schema: RecordSchema): Names {
  let names = namesOfSchemas.get(schema)
  if (names === undefined) namesOfSchemas.set(schema, (names = collect(schema, new Map())))
  return names
}

function collect(type: unknown, names: Map<string, readonly string[] | RecordSchema>): typeof names {
  if (Array.isArray(type)) for (const branch of type) collect(branch, names)
  else if (typeof type === 'object' && type !== null) {
    const { name, symbols, fields, items } = type as {
      readonly name?: string
      readonly symbols?: readonly string[]
      readonly fields?: readonly FieldSchema[]
      readonly items?: unknown
    }
    if (name !== undefined && symbols !== undefined) names.set(name, symbols)
    if (name !== undefined && fields !== undefined) names.set(name, type as RecordSchema)
    for (const field of fields ?? []) collect(field.type, names)
    if (items !== undefined) collect(items, names)
  }
  return names
}

function nullableOf(type: unknown): { readonly type: unknown; readonly nullable: boolean } {
  return Array.isArray(type) ? { type: type[1], nullable: true } : { type, nullable: false }
}

function shapeOf(type: unknown, names: Names): Shape {
  if (typeof type === 'string') {
    const named = names.get(type)
    if (named !== undefined) {
      return 'fields' in named ? { kind: 'record', record: named } : { kind: 'enum', symbols: named }
    }
    if (type === 'string') return { kind: 'text' }
    if (type === 'long' || type === 'int' || type === 'boolean' || type === 'bytes') return { kind: type }
    throw new Error(`schema: nobody reads ${type}`)
  }
  const {
    type: base,
    logicalType,
    symbols,
    items,
  } = type as {
    readonly type: string
    readonly logicalType?: string
    readonly symbols?: readonly string[]
    readonly items?: unknown
  }
  if (logicalType === 'decimal') return { kind: 'decimal' }
  if (logicalType === 'date') return { kind: 'date' }
  if (base === 'enum' && symbols !== undefined) return { kind: 'enum', symbols }
  if (base === 'array') return { kind: 'array', items }
  if (base === 'record') return { kind: 'record', record: type as RecordSchema }
  return shapeOf(base, names)
}

/** What is wrong with a record, field by field; at most `most` problems. Values are not repeated: they may be personal. */
export function problemsOf(schema: RecordSchema, record: unknown, most = 10): string[] {
  const problems: string[] = []
  checkRecord(schema, record, '', namedIn(schema), problems)
  return problems.length > most ? [...problems.slice(0, most), `and ${problems.length - most} more`] : problems
}

function checkRecord(schema: RecordSchema, record: unknown, path: string, names: Names, problems: string[]): void {
  if (typeof record !== 'object' || record === null) {
    problems.push(`${path === '' ? 'record' : path} is ${nameOf(record)}, not an object`)
    return
  }
  for (const { name, type } of schema.fields) {
    check(
      type,
      (record as { readonly [field: string]: unknown })[name],
      path === '' ? name : `${path}.${name}`,
      names,
      problems,
    )
  }
}

function check(type: unknown, value: unknown, path: string, names: Names, problems: string[]): void {
  const { type: inner, nullable } = nullableOf(type)
  const shape = shapeOf(inner, names)
  if (value === null && nullable) return
  if (shape.kind === 'record') return checkRecord(shape.record, value, path, names, problems)
  if (shape.kind === 'array') {
    if (!Array.isArray(value)) problems.push(`${path} is ${nameOf(value)}, not an array`)
    else value.forEach((item, i) => check(shape.items, item, `${path}[${i}]`, names, problems))
    return
  }
  const wanted = mismatch(shape, value)
  if (wanted !== null) problems.push(`${path} is ${nameOf(value)}, not ${wanted}${nullable ? ' or null' : ''}`)
}

function mismatch(shape: Exclude<Shape, { kind: 'record' | 'array' }>, value: unknown): string | null {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string' ? null : 'text'
    case 'decimal':
      return typeof value === 'string' && isDecimal(value) ? null : 'decimal text of at most 29 digits before the point'
    case 'date':
      return typeof value === 'string' && !Number.isNaN(daysOf(value)) ? null : 'a date YYYY-MM-DD'
    case 'long':
      return Number.isSafeInteger(value) ? null : 'a whole number below 2^53'
    case 'int':
      return typeof value === 'number' && (value | 0) === value ? null : 'a whole number of 32 bits'
    case 'boolean':
      return typeof value === 'boolean' ? null : 'true or false'
    case 'bytes':
      return value instanceof Uint8Array ? null : 'bytes'
    case 'enum':
      return shape.symbols.includes(value as string) ? null : `one of ${shape.symbols.join(', ')}`
  }
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'missing'
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fractional number'
  if (typeof value === 'string') return value.length > 0 && value.length <= 24 ? `"${value}"` : 'text'
  return Array.isArray(value) ? 'an array' : typeof value === 'boolean' ? String(value) : 'an object'
}

/** A record as the Avro library reads it (decimals as bytes, dates as days) → as this project holds it. */
export function fromAvro(schema: RecordSchema, record: unknown): { [field: string]: unknown } {
  return recordFrom(schema, record, namedIn(schema))
}

function recordFrom(schema: RecordSchema, record: unknown, names: Names): { [field: string]: unknown } {
  const source = record as { readonly [field: string]: unknown }
  const target: { [field: string]: unknown } = {}
  for (const { name, type } of schema.fields) target[name] = valueFrom(type, source[name], names)
  return target
}

function valueFrom(type: unknown, value: unknown, names: Names): unknown {
  const shape = shapeOf(nullableOf(type).type, names)
  if (value === null) return null
  if (shape.kind === 'record') return recordFrom(shape.record, value, names)
  if (shape.kind === 'array') return (value as unknown[]).map((item) => valueFrom(shape.items, item, names))
  if (shape.kind === 'decimal') return known(readDecimal(value as Buffer, 0, (value as Buffer).length), 'a decimal')
  if (shape.kind === 'date') return known(dateOf(value as number), 'a date')
  return value
}

function known(text: string | null, what: string): string {
  if (text === null) throw new MalformedRecordError(`${what} outside of its range`)
  return text
}

/** Paths of the decimals of a record, e.g. `total_amount`, `lines.0.quantity`, with their text. */
export function decimalsOf(schema: RecordSchema, record: unknown): { readonly path: string; readonly text: string }[] {
  const names = namedIn(schema)
  const found: { path: string; text: string }[] = []
  const visit = (type: unknown, value: unknown, path: string): void => {
    const shape = shapeOf(nullableOf(type).type, names)
    if (value === null) return
    if (shape.kind === 'decimal') found.push({ path, text: value as string })
    else if (shape.kind === 'array') (value as unknown[]).forEach((item, i) => visit(shape.items, item, `${path}.${i}`))
    else if (shape.kind === 'record') {
      const fields = value as { readonly [field: string]: unknown }
      for (const field of shape.record.fields) {
        visit(field.type, fields[field.name], path === '' ? field.name : `${path}.${field.name}`)
      }
    }
  }
  visit(schema, record, '')
  return found
}
