import avsc from 'avsc'
import type { RecordSchema } from '../../../../core/avro/schema.ts'

/** Deterministic numbers in [0, 1). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const TEXTS = [
  '',
  'a',
  'PO-4500000123',
  'Stahlbau Köster & Söhne',
  '漢字',
  '🚚 cargo',
  'x'.repeat(63),
  'y'.repeat(64),
  'ä'.repeat(70),
  'z'.repeat(300),
  'q'.repeat(23),
  'q'.repeat(24),
  'ö'.repeat(31),
  'ö'.repeat(32),
  'ö'.repeat(20),
  '漢'.repeat(22),
  '🚚'.repeat(12),
]
const DECIMALS = [
  '0',
  '1',
  '-1',
  '12.5',
  '-0.000000001',
  '999999.999999999',
  '127',
  '-128',
  '0.000000127',
  '-0.000000128',
  '123456789012345.678901234',
  '-99999999999999999999999999999.999999999',
  '42000000000',
  '0.1',
]
const DATES = ['1970-01-01', '1969-12-31', '2026-03-31', '2000-02-29', '0001-01-01', '9999-12-31', '1900-03-01']
const LONGS = [
  0,
  1,
  -1,
  63,
  64,
  -64,
  -65,
  1_750_000_000_000,
  -1_750_000_000_000,
  2 ** 30,
  -(2 ** 30),
  2 ** 31,
  2 ** 51 + 1,
  -(2 ** 51 + 1),
  2 ** 27,
  2 ** 34,
]

/** A record that fits the schema, different each time; nullable fields are null one time in three. */
export function sampleOf(schema: RecordSchema, next: () => number): { [field: string]: unknown } {
  return walk(schema, next, namesIn(schema, new Map())) as { [field: string]: unknown }
}

/** Named types are written out once and referred to by name afterwards. */
function namesIn(type: unknown, names: Map<string, Type>): Map<string, Type> {
  if (Array.isArray(type)) type.forEach((branch) => namesIn(branch, names))
  else if (typeof type === 'object' && type !== null) {
    const shape = type as Type
    if (shape.name !== undefined) names.set(shape.name, shape)
    shape.fields?.forEach((field) => namesIn(field.type, names))
    namesIn(shape.items, names)
  }
  return names
}

const pick = <T>(values: readonly T[], next: () => number): T => values[Math.floor(next() * values.length)] as T

type Type = {
  type?: string
  logicalType?: string
  name?: string
  symbols?: string[]
  items?: unknown
  fields?: { name: string; type: unknown }[]
}

function walk(type: unknown, next: () => number, names: Map<string, Type>): unknown {
  if (Array.isArray(type)) {
    const value = walk(type[1], next, names)
    return next() < 1 / 3 ? null : value
  }
  const shape: Type = typeof type === 'string' ? (names.get(type) ?? { type }) : (type as Type)
  if (shape.type === 'record') return Object.fromEntries(shape.fields!.map((f) => [f.name, walk(f.type, next, names)]))
  if (shape.type === 'array')
    return Array.from({ length: Math.floor(next() * 4) }, () => walk(shape.items, next, names))
  if (shape.logicalType === 'decimal') return pick(DECIMALS, next)
  if (shape.logicalType === 'date') return pick(DATES, next)
  if (shape.symbols !== undefined) return pick(shape.symbols, next)
  switch (shape.type) {
    case 'string':
      return pick(TEXTS, next)
    case 'long':
      return pick(LONGS, next)
    case 'int':
      return pick([0, 1, -1, 300, 2 ** 31 - 1, -(2 ** 31)], next)
    case 'boolean':
      return next() < 0.5
    case 'bytes':
      return Buffer.from(pick(TEXTS, next))
    default:
      throw new Error(`no sample for ${JSON.stringify(type)}`)
  }
}

/** The same record as the Avro library wants it: decimals as bytes, dates as days; by BigInt and Date, not our code. */
export function toAvro(schema: RecordSchema, record: unknown): unknown {
  return convert(schema, record, namesIn(schema, new Map()))
}

function convert(type: unknown, value: unknown, names: Map<string, Type>): unknown {
  if (value === null) return null
  if (Array.isArray(type)) return convert(type[1], value, names)
  const shape: Type = typeof type === 'string' ? (names.get(type) ?? { type }) : (type as Type)
  if (shape.type === 'record') {
    const fields = value as Record<string, unknown>
    return Object.fromEntries(
      shape.fields!.map((field) => [field.name, convert(field.type, fields[field.name], names)]),
    )
  }
  if (shape.type === 'array') return (value as unknown[]).map((item) => convert(shape.items, item, names))
  if (shape.logicalType === 'decimal') return decimalBytes(value as string)
  if (shape.logicalType === 'date') {
    const date = new Date(0)
    const [year, month, day] = (value as string).split('-').map(Number)
    date.setUTCFullYear(year as number, (month as number) - 1, day as number)
    return date.getTime() / 86_400_000
  }
  return value
}

/** Unscaled value of plain decimal text with at most 9 fractional digits, shortest two's complement. */
export function decimalBytes(text: string): Buffer {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const magnitude = BigInt(whole + fraction.padEnd(9, '0'))
  const unscaled = text.startsWith('-') ? -magnitude : magnitude
  let size = 1
  while (unscaled < -(1n << BigInt(size * 8 - 1)) || unscaled >= 1n << BigInt(size * 8 - 1)) size++
  const hex = BigInt.asUintN(size * 8, unscaled)
    .toString(16)
    .padStart(size * 2, '0')
  return Buffer.from(hex, 'hex')
}

/** The Avro library's own type, as a stranger would use it. */
export const strangersType = (schema: unknown): avsc.Type =>
  avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: 'never' } as never)
