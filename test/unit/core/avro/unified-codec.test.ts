import { describe, expect, test } from 'vitest'
import { ALL_SCHEMAS } from '../../../../core/avro/codec.ts'
import { createLocalCodec } from '../../../../core/avro/local-codec.ts'
import { ENTITY_NAMES, type Entities, type EntityName } from '../../../../schemas/generated/entities.ts'
import { numbers, sampleOf } from './samples.ts'

const codec = createLocalCodec()

function sample<E extends EntityName>(entity: E, seed = 1): Entities[E] {
  return { ...sampleOf(ALL_SCHEMAS[entity], numbers(seed)), version: 'ts:1' } as unknown as Entities[E]
}
const hashOf = <E extends EntityName>(entity: E, record: Entities[E]): string =>
  [...codec.unified(entity).encode(record).hash].map((word) => word.toString(16).padStart(8, '0')).join('')

describe('the content hash', () => {
  test.each(ENTITY_NAMES)('of a %s sees every field but raw, source_version, origin and synced_at', (entity) => {
    const schema = ALL_SCHEMAS[entity]
    const next = numbers(21)
    for (let i = 0; i < 20; i++) {
      const record = { ...sampleOf(schema, next), version: 'ts:1' } as { [field: string]: unknown }
      const before = hashOf(entity, record as never)
      for (const { name } of schema.fields) {
        let other = record[name]
        for (let tries = 0; tries < 200 && JSON.stringify(other) === JSON.stringify(record[name]); tries++) {
          other = sampleOf(schema, next)[name]
        }
        const ignored = ['raw', 'source_version', 'origin', 'synced_at'].includes(name)
        expect([name, hashOf(entity, { ...record, [name]: other } as never) === before]).toEqual([name, ignored])
      }
    }
  })

  test('does not confuse neighbours: text that moves from one field to the next changes it', () => {
    const vendor = { ...sample('vendor'), email: 'ab', phone: '', custom_fields: null }
    expect(hashOf('vendor', vendor)).not.toBe(hashOf('vendor', { ...vendor, email: 'a', phone: 'b' }))
    const moved = { ...vendor, custom_fields: '{"a":1}', raw: null }
    expect(hashOf('vendor', moved)).not.toBe(hashOf('vendor', { ...vendor, custom_fields: null, raw: '{"a":1}' }))
  })

  test('of records that differ in one digit differ in every word', () => {
    const words: Set<number>[] = [new Set(), new Set(), new Set(), new Set()]
    for (let i = 0; i < 20_000; i++) {
      const { hash } = codec.unified('location').encode({ ...sample('location'), name: String(i) })
      hash.forEach((word, at) => words[at]?.add(word))
    }
    // Of 20,000 random words of 32 bits, 0.05 collide.
    for (const seen of words) expect(seen.size).toBeGreaterThan(19_995)
  })

  test('is fixed for good (normalizers compare hashes of records that older ones wrote)', () => {
    expect(hashOf('user', GOLDEN_USER)).toBe('10c2b71bb4a9cbb0d3115e4e0f38b2dc')
    expect(
      codec.unified('user').decode(codec.unified('user').encode({ ...GOLDEN_USER, version: '' }).value).version,
    ).toBe('hash:984b51fd740a30052d065839d5976037')
  })
})

describe('summary', () => {
  test.each(ENTITY_NAMES)('of an encoded %s tells what the encoder knew', (entity) => {
    const next = numbers(31)
    for (let i = 0; i < 200; i++) {
      const record = { ...sampleOf(ALL_SCHEMAS[entity], next), version: 'v' } as unknown as Entities[typeof entity]
      const encoded = codec.unified(entity).encode(record)
      const hash = [...encoded.hash]
      // Elsewhere in memory, at an odd offset.
      const value = Buffer.concat([Buffer.alloc(1 + (i % 7)), encoded.value]).subarray(1 + (i % 7))
      const summary = codec.unified(entity).summary(value)
      expect({ ...summary, hash: [...summary.hash] }).toEqual({
        hash,
        sourceVersion: record.source_version,
        syncedAt: record.synced_at,
        deleted: record.deleted_at !== null,
      })
      expect([...codec.unified(entity).contentHashOf(value)]).toEqual(hash)
    }
  })

  test('of a record with an older schema has the hash that it would have today', () => {
    const record = { ...sample('vendor', 3), notes: null }
    const today = codec.unified('vendor').encode(record)
    const hash = [...today.hash]
    const older = structuredClone(ALL_SCHEMAS.vendor) as unknown as { fields: { name: string }[] }
    older.fields = older.fields.filter(({ name }) => name !== 'notes')
    // The last field, null: one byte less.
    const value = Buffer.from(today.value.subarray(0, -1))
    value.writeInt32BE(900, 1)
    const reader = createLocalCodec(new Map([[900, older]]))
    expect(() => reader.unified('vendor').summary(value)).toThrow('schema 900 has not been fetched')
    return reader.learn(900).then(() => {
      expect([...reader.unified('vendor').summary(value).hash]).toEqual(hash)
      expect(reader.unified('vendor').decode(value)).toEqual(record)
    })
  })
})

describe('version', () => {
  const vendor = { ...sample('vendor', 5), version: '' }
  const versionOf = (record: Entities['vendor']): string =>
    codec.unified('vendor').decode(codec.unified('vendor').encode(record).value).version

  test('is the native one where there is one', () => {
    expect(versionOf({ ...vendor, version: 'etag:W/"1"' })).toBe('etag:W/"1"')
  })

  test('else the hash of the business fields: the same for the same content, however it was noticed', () => {
    const version = versionOf(vendor)
    expect(version).toMatch(/^hash:[0-9a-f]{32}$/)
    const reread = {
      ...vendor,
      synced_at: 5,
      source_version: 9,
      origin: 'WEBHOOK',
      raw: '{}',
      mapping_version: 'x/y@9',
    }
    expect(versionOf(reread as typeof vendor)).toBe(version)
    expect(versionOf({ ...vendor, name: `${vendor.name}!` })).not.toBe(version)
    expect(versionOf({ ...vendor, custom_fields: '{"custentity_a":"1"}' })).not.toBe(version)
  })

  test('encoding what was decoded gives the same bytes and the same hash', () => {
    for (const entity of ENTITY_NAMES) {
      const first = codec.unified(entity).encode({ ...sample(entity, 7), version: '' } as never)
      const hash = [...first.hash]
      const again = codec.unified(entity).encode(codec.unified(entity).decode(first.value) as never)
      expect(again.value.equals(first.value)).toBe(true)
      expect([...again.hash]).toEqual(hash)
    }
  })

  test('does not depend on where in the shared buffer the record lands', () => {
    const versions = new Set<string>()
    for (let i = 0; i < 8_000; i++) versions.add(versionOf(vendor))
    expect(versions.size).toBe(1)
  })
})

describe('decimals with more than nine fractional digits', () => {
  const level = {
    ...sample('stock_level', 2),
    custom_fields: '{"z":1,"a":2}',
    quantity_on_hand: '0.12345678949',
    minimum_quantity: '1',
  }

  test('are rounded, counted, and kept exactly in custom_fields._exact', () => {
    const { value, rounded } = codec.unified('stock_level').encode(level)
    expect(rounded).toBe(1)
    const read = codec.unified('stock_level').decode(value)
    expect(read.quantity_on_hand).toBe('0.123456789')
    expect(read.custom_fields).toBe('{"_exact":{"quantity_on_hand":"0.12345678949"},"a":2,"z":1}')
  })

  test('of a line are kept in the custom fields of the line', () => {
    const order = sample('purchase_order', 2)
    const line = {
      line_id: 'c:purchase_order_line:1|1',
      line_number: null,
      item_id: null,
      description: null,
      vendor_item_number: null,
      quantity_ordered: '1',
      unit: null,
      source_unit: null,
      unit_price: '0.00000000005',
      line_amount: null,
      tax_amount: null,
      quantity_received: null,
      quantity_billed: null,
      expected_date: null,
      location_id: null,
      cost_center: null,
      work_order_id: null,
      is_closed: false,
      is_canceled: false,
      custom_fields: null,
    }
    const { value, rounded } = codec
      .unified('purchase_order')
      .encode({ ...order, custom_fields: null, lines: [line, line] })
    expect(rounded).toBe(2)
    const read = codec.unified('purchase_order').decode(value)
    expect(read.custom_fields).toBeNull()
    expect(read.lines.map(({ unit_price, custom_fields }) => [unit_price, custom_fields])).toEqual([
      ['0', '{"_exact":{"unit_price":"0.00000000005"}}'],
      ['0', '{"_exact":{"unit_price":"0.00000000005"}}'],
    ])
    const row = {
      ...line,
      id: line.line_id,
      purchase_order_id: order.id,
      connection_id: 'c',
      system: 's',
      status: 'DRAFT' as const,
      updated_at: null,
      deleted_at: null,
      synced_at: 1,
    }
    const rows = codec.line('purchase_order_line')
    expect(rows.decode(rows.encode(row)).custom_fields).toBe('{"_exact":{"unit_price":"0.00000000005"}}')
  })

  test('of a line without custom fields are kept in those of the record', () => {
    const labor = {
      entry_id: 'e',
      user_id: null,
      hours: '0.33333333333',
      cost: null,
      started_at: null,
      description: null,
    }
    const order = { ...sample('work_order', 2), custom_fields: null, tasks: [], parts: [], labor: [labor] }
    const read = codec.unified('work_order').decode(codec.unified('work_order').encode(order).value)
    expect(read.custom_fields).toBe('{"_exact":{"labor.0.hours":"0.33333333333"}}')
    expect(read.labor[0]?.hours).toBe('0.333333333')
  })

  test('leave the record that was given as it is', () => {
    codec.unified('stock_level').encode(level)
    expect(level.custom_fields).toBe('{"z":1,"a":2}')
  })
})

const GOLDEN_USER: Entities['user'] = {
  id: 'acme:user:7',
  connection_id: 'acme',
  system: 'tryton',
  source_id: '7',
  display_name: 'Jana Köster',
  source_url: null,
  organization: '1',
  created_at: 1_700_000_000_000,
  updated_at: null,
  deleted_at: null,
  version: 'ts:1700000000.5',
  custom_fields: '{"x":"1"}',
  raw: null,
  mapping_version: 'tryton/user@1',
  source_version: 1_700_000_000_500,
  origin: 'SNAPSHOT',
  synced_at: 1_700_000_001_000,
  user_number: 'E7',
  name: 'Jana Köster',
  first_name: 'Jana',
  last_name: 'Köster',
  email: 'jana@acme.example',
  phone: null,
  job_title: 'Buyer',
  role: null,
  is_active: true,
}
