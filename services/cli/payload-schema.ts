import {
  type Connection,
  type WritableEntity,
  type WriteField,
  type WriteOperation,
  type WriteShape,
  writeShapeOf,
} from '../../core/index.ts'
import { implies, type JsonSchema, modelRules } from './payload-rules.ts'

type Operation = Pick<WriteOperation<unknown>, 'operation' | 'fields' | 'transitions'>

/**
 * JSON Schema (2020-12) of a payload: what this operation takes through this connection, by the rules that the writer
 * checks. What the connection fills in is not required. Fields that are not listed must be left out.
 */
export function payloadSchema(entity: WritableEntity, operation: Operation, connection: Connection): JsonSchema {
  const { operation: name } = operation
  const rules = new Map(operation.fields.filter(({ on }) => on.includes(name)).map((rule) => [rule.path, rule]))
  const filled = ({ default: key }: WriteField) => {
    const value = key === undefined ? undefined : connection.settings[key]
    return value === undefined || value === '' ? null : value
  }

  function propertyOf(shape: WriteShape, rule: WriteField): JsonSchema {
    const value = filled(rule)
    const { values, maxLength, scale, reference } = rule
    const type = typeOf(shape, { values, maxLength, scale, pattern: reference && idPattern(connection.id, reference) })
    return {
      ...type,
      description: shape.doc,
      $comment: rule.source,
      ...(reference === undefined ? {} : { 'x-reference': reference }),
      ...(rule.default === undefined ? {} : { 'x-default-setting': rule.default }),
      ...(value === null ? {} : { default: value }),
    }
  }

  function objectOf(shapes: readonly WriteShape[], prefix: string, own: Own = {}): JsonSchema {
    const taken = shapes.flatMap((shape) => {
      const rule = rules.get(`${prefix}${shape.name}`)
      return rule === undefined || shape.kind === 'lines' || ALWAYS.has(shape.name) ? [] : [{ shape, rule }]
    })
    const arrays = shapes.filter((shape) => shape.kind === 'lines' && hasRules(`${shape.name}[].`))
    const required =
      name === 'CREATE' ? taken.filter(({ rule }) => rule.required === true && filled(rule) === null) : []
    const properties: { [field: string]: JsonSchema } = {
      ...own.properties,
      ...Object.fromEntries(taken.map(({ shape, rule }) => [shape.name, propertyOf(shape, rule)])),
      ...Object.fromEntries(
        arrays.map((shape) => [
          shape.name,
          {
            type: 'array',
            description: shape.doc,
            items: objectOf(shape.items ?? [], `${shape.name}[].`, lineOf(name, connection.id)),
          },
        ]),
      ),
      ...CUSTOM,
    }
    const clearable = taken.map(({ shape }) => shape.name)
    if (clearable.length > 0) properties['clear_fields'] = { type: 'array', items: { enum: clearable } }
    return {
      type: 'object',
      properties,
      required: required.map(({ shape }) => shape.name),
      additionalProperties: false,
      allOf: [
        ...(own.allOf ?? []),
        ...required.map(({ shape }) => ({ properties: { [shape.name]: NOT_NULL } })),
        ...taken.map(({ shape }) => notBoth(shape)),
      ],
    }
  }

  const hasRules = (prefix: string) => [...rules.keys()].some((path) => path.startsWith(prefix))
  const shapes = writeShapeOf(entity)
  const body = name === 'SET_STATUS' ? statusOnly(objectOf(shapes, ''), operation) : objectOf(shapes, '')
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `${name} of ${entity} through ${connection.id} (${connection.system})`,
    ...body,
    allOf: [...(body.allOf ?? []), saysSomething(body), ...(name === 'CREATE' ? modelRules(entity, body) : [])],
  }
}

interface Own {
  readonly properties?: { readonly [field: string]: JsonSchema }
  readonly allOf?: readonly JsonSchema[]
}

interface Limits {
  readonly values: readonly string[] | undefined
  readonly maxLength: number | undefined
  readonly scale: number | undefined
  readonly pattern: string | undefined
}

const NOT_NULL: JsonSchema = { not: { type: 'null' } }
/** What every record takes, whatever the system. */
const ALWAYS = new Set(['line_id', 'line_ref', 'action', 'clear_fields', 'custom_fields'])
const CUSTOM = {
  custom_fields: {
    type: ['object', 'string', 'null'],
    pattern: '^\\s*\\{[\\s\\S]*\\}\\s*$',
    description: 'Native field names and values, as an object or as its JSON text; laid over the native record last.',
  },
} as const

const INSTANT =
  '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?(Z|[+-]([01]\\d|2[0-3]):?[0-5]\\d)$'
const LARGEST = Number.MAX_SAFE_INTEGER

/** A value by the model's type and the operation's limits; null = not said. */
function typeOf({ kind, symbols = [] }: WriteShape, { values, maxLength, scale, pattern }: Limits): JsonSchema {
  const length = maxLength === undefined ? {} : { maxLength }
  switch (kind) {
    case 'decimal':
      return {
        type: ['string', 'integer', 'null'],
        pattern: decimalPattern(scale),
        minimum: -LARGEST,
        maximum: LARGEST,
        ...(scale === undefined ? {} : { 'x-scale': scale }),
      }
    case 'date':
      return { type: ['string', 'null'], format: 'date', pattern: '^(?!0000)\\d{4}-\\d{2}-\\d{2}$' }
    case 'instant':
      return { type: ['string', 'integer', 'null'], pattern: INSTANT, minimum: -LARGEST, maximum: LARGEST }
    case 'integer':
      return { type: ['integer', 'null'], minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }
    case 'boolean':
      return { type: ['boolean', 'null'] }
    case 'enum':
      return { enum: [...symbols.filter((symbol) => values === undefined || values.includes(symbol)), null] }
    case 'texts':
      return {
        type: ['array', 'null'],
        items: { type: 'string', ...length, ...(pattern === undefined ? {} : { pattern }) },
      }
    case 'lines':
    case 'json':
      return CUSTOM.custom_fields
    case 'text':
      return values === undefined
        ? { type: ['string', 'null'], ...length, ...(pattern === undefined ? {} : { pattern }) }
        : { enum: [...values, null] }
  }
}

/** Digits as the field takes them; further zeros say nothing. */
const decimalPattern = (scale: number | undefined): string =>
  `^[+-]?0*[0-9]{1,29}(\\.[0-9]${scale === undefined ? '*' : `{0,${scale}}0*`})?$`

/** An id of this connection that names its record, or the result of another command. */
const idPattern = (connectionId: string, entity: string): string =>
  `^(${connectionId}:${entity}:(?!~[A-Za-z0-9_-]{43}$).+|cmd:[A-Za-z0-9._-]{8,64}(/.+)?)$`

function lineOf(operation: Operation['operation'], connectionId: string): Own {
  const line_ref = { type: ['string', 'null'], description: 'Your own name for the line, repeated in the result.' }
  if (operation === 'CREATE')
    return { properties: { line_ref, action: { const: 'UPSERT' }, line_id: { type: 'null' } } }
  const removal = implies(
    { required: ['action'], properties: { action: { const: 'DELETE' } } },
    { required: ['line_id'], properties: { line_id: NOT_NULL } },
  )
  const line_id = {
    type: ['string', 'null'],
    pattern: `^${connectionId}:[a-z][a-z0-9_]*:(?!~[A-Za-z0-9_-]{43}$).+$`,
    description: 'The line to change or to remove; null = a new line.',
  }
  return { properties: { line_id, line_ref, action: { enum: ['UPSERT', 'DELETE'] } }, allOf: [removal] }
}

/** A field that is cleared is not set. */
function notBoth({ name, kind }: WriteShape): JsonSchema {
  return implies(
    { required: ['clear_fields'], properties: { clear_fields: { contains: { const: name } } } },
    { properties: { [name]: kind === 'texts' ? { maxItems: 0 } : { type: 'null' } } },
  )
}

/** Some field is given, or cleared. */
function saysSomething({ properties = {} }: JsonSchema): JsonSchema {
  return {
    anyOf: Object.entries(properties).map(([name, { type }]) => ({
      required: [name],
      properties: { [name]: type === 'array' || type?.[0] === 'array' ? { ...NOT_NULL, minItems: 1 } : NOT_NULL },
    })),
  }
}

/** SET_STATUS carries the status, and what belongs to it. */
function statusOnly(body: JsonSchema, { transitions }: Operation): JsonSchema {
  const known = transitions === undefined ? undefined : [...new Set(transitions.map(({ to }) => to))]
  const { status, status_reason, effective_at } = body.properties ?? {}
  return {
    ...body,
    properties: {
      status: { ...status, ...(known === undefined ? {} : { enum: known }) },
      ...(status_reason === undefined ? {} : { status_reason }),
      ...(effective_at === undefined ? {} : { effective_at }),
    },
    required: ['status'],
    allOf: [{ properties: { status: NOT_NULL } }],
  }
}
