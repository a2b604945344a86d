import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TOPICS } from '../../../core/topics.ts'
import { outputs } from '../../../scripts/generate/outputs.ts'
import { arrayFields } from '../../../scripts/generate/sinks.ts'
import { createTable, sqlType } from '../../../scripts/generate/sink-tables.ts'
import { firstLines, SINK_NAMES, sinkConfig } from '../../../scripts/sinks.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const unified = TOPICS.map((topic) => topic.name).filter((name) => name.startsWith('unified.'))
const values = {
  postgresUrl: 'postgresql://me:s%2Fecret@db:5433/erp',
  registryUrl: 'http://registry:8081/apis/ccompat/v7',
  topicPrefix: 'acme.',
}

describe('docs/sinks', () => {
  test('has a configuration for every unified topic, and for nothing else', () => {
    expect(SINK_NAMES.map((name) => `unified.${name}`)).toEqual(unified.sort())
    expect(unified.length).toBeGreaterThanOrEqual(14)
  })

  test('is what the schemas say (npm run generate)', () => {
    const generated = [...outputs()].filter(([path]) => path.startsWith('docs/sinks/'))
    expect(generated).toHaveLength(15)
    for (const [path, text] of generated) expect([path, readFileSync(join(root, path), 'utf8')]).toEqual([path, text])
  })

  test('has a table for every configuration', () => {
    const tables = readFileSync(join(root, 'docs/sinks/tables.sql'), 'utf8')
    for (const name of SINK_NAMES) expect(tables).toContain(`create table if not exists "${name}" (`)
  })
})

describe('a filled-in configuration', () => {
  test.each(SINK_NAMES)('%s: topic, table and addresses, no placeholder left', (name) => {
    const config = sinkConfig(name, values)
    expect(config['topics']).toBe(`acme.unified.${name}`)
    expect(config['collection.name.format']).toBe(name)
    expect(config['connection.url']).toBe('jdbc:postgresql://db:5433/erp')
    expect(config['connection.username']).toBe('me')
    expect(config['connection.password']).toBe('s/ecret')
    expect(config['value.converter.apicurio.registry.url']).toBe('http://registry:8081/apis/registry/v2')
    expect(config['consumer.override.isolation.level']).toBe('read_committed')
    expect(JSON.stringify(config)).not.toContain('${')
  })

  test('leaves out what a table cannot hold', () => {
    expect(sinkConfig('work_order', values)['transforms.arrays.exclude']?.split(',').sort()).toEqual(
      ['assignee_ids', 'labor', 'parts', 'tasks'].sort(),
    )
    expect(sinkConfig('vendor', values)['transforms']).toBe('key')
  })
})

test('arrays are found among the fields, also those of scalars', () => {
  const fields = [
    { name: 'id', type: 'string' },
    { name: 'lines', type: { type: 'array', items: 'string' } },
    { name: 'note', type: ['null', 'string'] },
  ]
  expect(arrayFields(fields)).toEqual(['lines'])
})

test.each([
  ['string', 'text'],
  [['null', 'boolean'], 'boolean'],
  [['null', { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 9 }], 'numeric(38, 9)'],
  [{ type: 'long', logicalType: 'timestamp-millis' }, 'timestamp'],
  [['null', { type: 'int', logicalType: 'date' }], 'date'],
  [['null', { type: 'string', 'connect.name': 'io.debezium.data.Json' }], 'json'],
  [{ type: 'enum', name: 'X', symbols: ['UNKNOWN'] }, 'text'],
  ['tributary.unified.v1.SomeEnum', 'text'],
  [{ type: 'array', items: 'string' }, null],
])('%j becomes %s', (type, sql) => {
  expect(sqlType(type)).toBe(sql)
})

test('a table has its key, its defaults and what may be null', () => {
  const sql = createTable('user', [
    { name: 'id', type: 'string' },
    { name: 'status', type: { type: 'enum' }, default: 'UNKNOWN' },
    { name: 'email', type: ['null', 'string'], default: null, doc: 'Main address.' },
    { name: 'tags', type: { type: 'array', items: 'string' }, default: [] },
  ])
  expect(sql).toBe(
    'create table if not exists "user" (\n  "id" text primary key,\n' +
      '  "status" text default \'UNKNOWN\' not null,\n  "email" text -- Main address.\n);\n',
  )
})

test('of a Java stack trace the messages are kept', () => {
  const trace = 'ConnectException: Exiting\n\tat a.B.c(B.java:1)\nCaused by: SQLException: no table\n\t... 12 more\n'
  expect(firstLines(trace).trim()).toBe('ConnectException: Exiting Caused by: SQLException: no table')
})
