import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { CONNECTORS } from '../../../../connectors/index.ts'
import {
  type AnyConnector,
  CONNECTION_DEFAULTS,
  type Connection,
  createLocalCodec,
  RefusedCommandError,
  type WritableEntity,
  type WriteOperationName,
  type WriteShape,
  writeShapeOf,
} from '../../../../core/index.ts'
import { payloadSchema } from '../../../../services/cli/payload-schema.ts'
import { validate } from '../../../../services/writer/validate.ts'

const codec = createLocalCodec()
const ajv = new Ajv2020({ strict: false, allErrors: true })
ajv.addFormat('date', (text: string) => new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text)

type Json = { [field: string]: unknown }

/** The same numbers for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const TEXTS = ['x', 'Nordhafen GmbH', 'ÄÖ&😀', 'a'.repeat(12), 'a'.repeat(90), '', 'EUR', 'UNKNOWN']
const DECIMALS = ['1', '10', '0', '-3', '0.000', '1.5', '-0.25', '1.25000', '1.2345678', 7, 0, -2, '1,5', '', 1.5, true]
const DATES = ['2026-12-15', '2024-02-29', '2026-02-30', '15.12.2026', 20_261_215]
const INSTANTS = ['2026-12-15T10:00:00Z', '2026-12-15T10:00+01:00', 1_760_000_000_000, '2026-12-15', 'now', 1.5]
const idsOf = (entity: string) => [
  `acme:${entity}:17`,
  `acme:${entity}:a|b`,
  `other:${entity}:17`,
  '17',
  'cmd:command-1',
  `acme:${entity}:~${'x'.repeat(43)}`,
  'acme:else:1',
]

/** Payloads near the border: mostly what is asked for, with something wrong now and then. */
function createMaker(random: () => number, connector: AnyConnector, entity: WritableEntity, name: WriteOperationName) {
  const operation = connector.operations?.find((one) => one.entity === entity && one.operation === name)
  const rules = new Map(
    (operation?.fields ?? []).filter(({ on }) => on.includes(name)).map((rule) => [rule.path, rule]),
  )
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  /** Every other payload has little wrong with it: else lines of many fields would never pass. */
  let calm = false
  /** The first is right, nearly always. */
  const mostly = <T>(from: readonly T[]): T => (random() < (calm ? 0.995 : 0.9) ? (from[0] as T) : pick(from))

  function valueOf(shape: WriteShape, path: string): unknown {
    const rule = rules.get(path)
    if (rule?.reference !== undefined && shape.kind === 'text') return mostly(idsOf(rule.reference))
    if (rule?.values !== undefined) return random() < (calm ? 0.99 : 0.9) ? pick(rule.values) : 'OTHER'
    switch (shape.kind) {
      case 'decimal':
        return random() < (calm ? 0.97 : 0.5) ? '12' : pick(DECIMALS)
      case 'date':
        return mostly(DATES)
      case 'instant':
        return mostly(INSTANTS)
      case 'integer':
        return mostly([14, '14', 1.5, null])
      case 'boolean':
        return mostly([true, false, 'yes'])
      case 'enum':
        return random() < (calm ? 0.99 : 0.9) ? pick(shape.symbols ?? []) : pick(['UNKNOWN', 'OTHER', 5])
      case 'texts':
        return rule?.reference === undefined ? [pick(TEXTS)] : [mostly(idsOf(rule.reference))]
      case 'json':
        return mostly([{ Native: 1 }, '{"Native":1}', '[1]', [1]])
      default:
        return random() < (calm ? 0.97 : 0.7) ? 'x' : pick(TEXTS)
    }
  }

  function objectOf(shapes: readonly WriteShape[], prefix: string, likely: number): Json {
    const made: Json = {}
    for (const shape of shapes) {
      const path = `${prefix}${shape.name}`
      if (shape.kind === 'lines') {
        if (random() < 0.75 && [...rules.keys()].some((rule) => rule.startsWith(`${path}[].`)))
          made[shape.name] = Array.from({ length: Math.floor(random() * 3) + (calm ? 1 : 0) }, () =>
            objectOf(shape.items ?? [], `${path}[].`, 0.75),
          )
      } else if (shape.name === 'clear_fields') {
        if (random() < (calm ? 0.02 : 0.1)) made['clear_fields'] = [pick([...shapes.map(({ name }) => name), 'colour'])]
      } else if (shape.name === 'action') {
        if (random() < (calm ? 0.02 : 0.15)) made['action'] = pick(['UPSERT', 'DELETE', 'UNKNOWN'])
      } else if (shape.name === 'line_id') {
        if (random() < (name === 'CREATE' ? 0.05 : 0.6))
          made['line_id'] = mostly(['acme:some_line:1|10', 'other:x:1', 'x'])
      } else if (
        rules.has(path)
          ? random() < (rules.get(path)?.required ? 0.95 : likely)
          : shape.name === 'custom_fields'
            ? random() < 0.1
            : random() < (calm ? 0 : 0.01)
      )
        made[shape.name] = random() < (calm ? 0 : 0.04) ? null : valueOf(shape, path)
    }
    if (random() < 0.02) made['colour'] = 'red'
    return made
  }
  return () => {
    calm = random() < 0.5
    return objectOf(writeShapeOf(entity), '', random() < 0.3 ? 0.2 : 0.6)
  }
}

/** What the writer finds wrong; empty = it takes the payload. */
function wrongFor(
  connector: AnyConnector,
  connection: Connection,
  entity: WritableEntity,
  operation: string,
  payload: Json,
): string[] {
  const target_id = operation === 'CREATE' ? null : `acme:${entity}:1`
  const json = { command_id: 'command-1', connection_id: 'acme', operation, target_id, payload, issued_at: 0 }
  try {
    const command = codec.command(entity).fromJson(json)
    const verdict = validate({ entity, command, key: 'acme', connection, connector })
    return verdict.ok ? [] : verdict.issues.map(({ field, code, message }) => `${field} ${code} ${message}`)
  } catch (error) {
    if (error instanceof RefusedCommandError) return [...error.problems]
    throw error
  }
}

/** The one rule that JSON Schema has no words for, and nulls that say nothing of fields that are not listed. */
const beyondSchema = (wrong: readonly string[]) => wrong.every((text) => text.includes('two different locations'))
const isUnlisted = (error: { readonly keyword: string }) => error.keyword === 'additionalProperties'

const OPERATIONS = CONNECTORS.flatMap((connector) =>
  (connector.operations ?? [])
    .filter(({ operation }) => operation !== 'DELETE')
    .map((operation) => ({ connector, operation })),
)

describe.each(OPERATIONS)('$connector.id $operation.operation $operation.entity', ({ connector, operation }) => {
  test('its schema is valid, and takes what the writer takes and refuses what the writer refuses', () => {
    const { entity, operation: name } = operation
    const keys = operation.fields.flatMap((field) => field.default ?? [])
    const disagreements: string[] = []
    const counts = { taken: 0, refused: 0 }
    for (const settings of [{}, Object.fromEntries(keys.map((key) => [key, 'X1']))]) {
      const connection: Connection = {
        ...CONNECTION_DEFAULTS,
        id: 'acme',
        system: connector.id,
        settings,
        updatedAt: 0,
      }
      const schema = payloadSchema(entity, operation as never, connection)
      expect(ajv.validateSchema(schema)).toBe(true)
      const check = ajv.compile(schema)
      const random = dice(connector.id.length * 131 + entity.length * 17 + name.length)
      const make = createMaker(random, connector, entity, name)
      for (let nth = 0; nth < 100; nth++) {
        const payload = make()
        const wrong = wrongFor(connector, connection, entity, name, payload)
        const taken = check(payload)
        counts[taken ? 'taken' : 'refused']++
        if (taken === (wrong.length === 0)) continue
        if (taken && beyondSchema(wrong)) continue
        if (!taken && (check.errors ?? []).every(isUnlisted)) continue
        const why = taken ? wrong.join() : ajv.errorsText(check.errors)
        disagreements.push(`${taken ? 'schema' : 'writer'} takes ${JSON.stringify(payload)}: ${why}`)
      }
    }
    expect(disagreements.slice(0, 3)).toEqual([])
    expect(counts.taken).toBeGreaterThan(5)
    expect(counts.refused).toBeGreaterThan(5)
  })
})
