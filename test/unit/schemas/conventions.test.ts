import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ENTITY_NAMES, LINE_TOPICS } from '../../../schemas/generated/entities.ts'
import { SCHEMAS } from '../../../schemas/generated/schemas.ts'
import type { AvroRecord } from '../../../scripts/generate/avro.ts'
import { schemaProblems, schemasAmong } from '../../../scripts/generate/checks.ts'
import { lintProblems } from '../../../scripts/generate/lint.ts'
import { outputs } from '../../../scripts/generate/outputs.ts'

test('every schema keeps the conventions of the model', () => {
  const schemas = schemasAmong(outputs())
  expect(schemas.size).toBe(29)
  expect(schemaProblems(schemas)).toEqual([])
})

test('the generated files are fresh (npm run generate)', () => {
  const root = join(import.meta.dirname, '..', '..', '..')
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
})

describe('the model', () => {
  test('has the nine entities, and a flat topic for each of their arrays of records', () => {
    expect([...ENTITY_NAMES].sort()).toEqual([
      'asset',
      'inventory_movement',
      'item',
      'location',
      'purchase_order',
      'stock_level',
      'user',
      'vendor',
      'work_order',
    ])
    const arrays = ENTITY_NAMES.flatMap((entity) =>
      (SCHEMAS.entities[entity].fields as unknown as AvroRecord['fields'])
        .filter(({ type }) => isArray(type) && typeof type.items === 'object')
        .map(({ name }) => `${entity}.${name}`),
    )
    expect(LINE_TOPICS.map(({ entity, field }) => `${entity}.${field}`).sort()).toEqual(arrays.sort())
  })

  test.each(LINE_TOPICS)('$name is the line, and the header’s id, status and times', (line) => {
    const header = SCHEMAS.entities[line.entity].fields as unknown as AvroRecord['fields']
    const { items } = header.find(({ name }) => name === line.field)!.type as unknown as { items: AvroRecord }
    const row = SCHEMAS.lines[line.name].fields as unknown as AvroRecord['fields']
    const names = row.map(({ name }) => name)
    expect(names).toEqual([
      'id',
      line.headerIdField,
      'connection_id',
      'system',
      line.headerStatusField,
      'updated_at',
      'deleted_at',
      'synced_at',
      ...items.fields.map(({ name }) => name),
    ])
    expect(names).toContain(line.idField)
  })

  test('gives every line topic a record name of its own (one class per full name in other languages)', () => {
    const names = schemasAmong(outputs())
    const seen = [...names.values()].map(({ name, namespace }) => `${namespace}.${name}`)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).not.toContain('tributary.unified.v1.PurchaseOrderLine')
  })

  test('marks custom fields as JSON for sinks that know Debezium’s type', () => {
    for (const entity of ENTITY_NAMES) {
      const field = SCHEMAS.entities[entity].fields.find(({ name }) => name === 'custom_fields')
      expect(field?.type).toEqual(['null', { type: 'string', 'connect.name': 'io.debezium.data.Json' }])
    }
  })
})

describe('the conventions bite', () => {
  const PLANTED: { readonly [what: string]: readonly [(schema: any) => void, RegExp] } = {
    'a namespace of somebody else': [(s) => void (s.namespace = 'com.acme'), /namespace is com.acme/],
    'an envelope out of order': [
      (s) => void ([s.fields[0], s.fields[1]] = [s.fields[1], s.fields[0]]),
      /field 0 is not id/,
    ],
    'a camelCase field': [(s) => void (s.fields[20].name = 'orderNumber'), /orderNumber is not snake_case/],
    'a reserved word': [(s) => void (s.fields[17].name = 'number'), /number is reserved/],
    'a nullable field without default': [(s) => delete s.fields[18].default, /title is a union, but not/],
    'null as the second branch': [(s) => s.fields[18].type.reverse(), /title is a union, but not/],
    'a string with the default "{}"': [(s) => void (s.fields[4].default = '{}'), /display_name has a default/],
    'an enum without default': [(s) => delete s.fields[22].type.default, /status: symbol 0 is not UNKNOWN/],
    'an enum that starts with something else': [
      (s) => s.fields[22].type.symbols.shift(),
      /status: symbol 0 is not UNKNOWN/,
    ],
    'a field of an enum without default': [(s) => delete s.fields[22].default, /status: an enum is never null/],
    'a lower-case symbol': [(s) => s.fields[22].type.symbols.push('Done'), /status: Done is not UPPER_SNAKE/],
    'an enum without the verbatim value beside it': [(s) => s.fields.splice(23, 1), /status has no source_status/],
    'an array without default': [(s) => delete s.fields.at(-1).default, /lines: an array is never null/],
    'another scale': [
      (s) => void (s.fields.at(-1).type.items.fields[5].type[1].scale = 2),
      /quantity_ordered is not decimal/,
    ],
    'a time in microseconds': [
      (s) => void (s.fields[16].type.logicalType = 'timestamp-micros'),
      /synced_at: sinks do not take/,
    ],
    'a float': [(s) => void (s.fields[29].type[1] = 'double'), /sinks do not take double/],
    'a name that promises another type': [(s) => void (s.fields[25].type[1] = 'string'), /order_date says date/],
    'a field nobody explains': [(s) => delete s.fields[17].doc, /order_number has no doc/],
  }
  test.each(Object.keys(PLANTED))('on %s', (what) => {
    const [plant, complaint] = PLANTED[what] as (typeof PLANTED)[string]
    const schema = structuredClone(SCHEMAS.entities.purchase_order) as unknown as AvroRecord
    plant(schema)
    expect(lintProblems(schema, 'entities').join('\n')).toMatch(complaint)
  })
})

const isArray = (type: unknown): type is { readonly items: unknown } =>
  typeof type === 'object' && type !== null && 'type' in type && type.type === 'array'
