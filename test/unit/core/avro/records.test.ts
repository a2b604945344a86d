import { describe, expect, test } from 'vitest'
import { ALL_SCHEMAS, type Codec, type SchemaName } from '../../../../core/avro/codec.ts'
import { InvalidRecordError, MalformedRecordError } from '../../../../core/avro/errors.ts'
import { createLocalCodec } from '../../../../core/avro/local-codec.ts'
import type { WritableEntity } from '../../../../schemas/generated/commands.ts'
import type { ChangeRecord, EntityName, LineTopicName } from '../../../../schemas/generated/entities.ts'
import { SCHEMAS } from '../../../../schemas/generated/schemas.ts'
import { numbers, sampleOf, strangersType, toAvro } from './samples.ts'

const codec = createLocalCodec()
const names = Object.keys(ALL_SCHEMAS) as SchemaName[]

interface Any {
  readonly encode: (record: unknown) => Buffer
  readonly decode: (value: Buffer) => unknown
}

/** One face for all kinds of records. */
function codecOf(name: SchemaName, from: Codec = codec): Any {
  if (name === 'change_record')
    return { encode: (r) => from.encodeChange(r as ChangeRecord), decode: from.decodeChange }
  if (name === 'dead_letter') return from.deadLetter as Any
  if (name === 'inbound_webhook') return from.inboundWebhook.plain as Any
  if (name === 'command_result') return from.commandResult as Any
  if (name === 'command_journal') return from.commandJournal as Any
  if (name === 'capability') return from.capability as Any
  if (name in SCHEMAS.commands) return from.command(name.replace('_command', '') as WritableEntity) as Any
  if (name in SCHEMAS.lines) return from.line(name as LineTopicName) as Any
  const unified = from.unified(name as EntityName)
  return { encode: (r) => unified.encode(r as never).value, decode: unified.decode }
}

describe.each(names)('%s', (name) => {
  const schema = ALL_SCHEMAS[name]
  const type = strangersType(schema)
  const { encode, decode } = codecOf(name)

  test('is written byte for byte as the Avro library writes it, and read back', () => {
    const next = numbers(names.indexOf(name) + 1)
    for (let i = 0; i < 300; i++) {
      const record = sampleOf(schema, next)
      if (record['version'] === '') record['version'] = 'ts:1'
      const value = encode(record)
      const expected = type.toBuffer(toAvro(schema, record))
      expect(value[0]).toBe(0)
      expect(value.readInt32BE(1)).toBe(names.indexOf(name) + 1)
      expect(value.toString('hex', 5)).toBe(expected.toString('hex'))
      expect(decode(value)).toEqual(record)
    }
  })

  test('cut short, too long, or with a wrong byte, is malformed and nothing else', () => {
    const next = numbers(99)
    const value = encode({ ...sampleOf(schema, next), version: 'v' })
    for (let length = 0; length < value.length; length++) {
      expect(() => decode(value.subarray(0, length))).toThrow(MalformedRecordError)
    }
    expect(() => decode(Buffer.concat([value, Buffer.alloc(1)]))).toThrow(MalformedRecordError)
    expect(() => decode(Buffer.concat([Buffer.from([1]), value.subarray(1)]))).toThrow(MalformedRecordError)
    for (let i = 0; i < 2_000; i++) {
      const wrong = Buffer.from(value)
      wrong[5 + Math.floor(next() * (wrong.length - 5))] = Math.floor(next() * 256)
      const failure = failureOf(() => decode(wrong))
      expect(failure === undefined || failure instanceof MalformedRecordError).toBe(true)
    }
  })

  test('a missing field is named', () => {
    const next = numbers(5)
    for (const { name: field } of schema.fields) {
      const { [field]: _, ...rest } = sampleOf(schema, next)
      expect(failureOf(() => encode(rest))).toHaveProperty('problems', [expect.stringMatching(`^${field} is missing`)])
    }
  })
})

describe('encoding', () => {
  const next = numbers(17)

  test('names every field that does not fit, without repeating long values', () => {
    const order = {
      ...sampleOf(ALL_SCHEMAS.purchase_order, next),
      status: 'SHIPPED',
      order_date: '2026-02-30',
      total_amount: 12.5,
      source_version: 1.5,
      lines: [{ ...lineOf(), is_closed: null, quantity_ordered: '12,5' }],
    }
    let error: unknown
    try {
      codecOf('purchase_order').encode(order)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(InvalidRecordError)
    expect((error as InvalidRecordError).problems).toEqual([
      'source_version is a fractional number, not a whole number below 2^53',
      expect.stringMatching(/^status is "SHIPPED", not one of UNKNOWN, DRAFT/),
      'order_date is "2026-02-30", not a date YYYY-MM-DD or null',
      'total_amount is a fractional number, not decimal text of at most 29 digits before the point or null',
      'lines[0].quantity_ordered is "12,5", not decimal text of at most 29 digits before the point or null',
      'lines[0].is_closed is null, not true or false',
    ])
  })

  test('a failed record leaves no trace in the next one', () => {
    const { encode, decode } = codecOf('stock_level')
    const good = { ...sampleOf(ALL_SCHEMAS.stock_level, next), version: 'v' }
    expect(() => encode({ ...good, quantity_on_hand: '0.00000000001', maximum_quantity: 'x' })).toThrow(
      InvalidRecordError,
    )
    expect(codec.unified('stock_level').encode(good as never).rounded).toBe(0)
    expect(decode(encode(good))).toEqual(good)
  })

  test('what was given out is never overwritten, also when the buffer is used up', () => {
    const { encode, decode } = codecOf('change_record')
    const records = Array.from({ length: 3_000 }, (_, i) => ({
      ...sampleOf(ALL_SCHEMAS.change_record, next),
      source_id: String(i),
      payload: Buffer.alloc(Math.floor(next() * 2_000), i),
    }))
    const values = records.map(encode)
    records.forEach((record, i) => expect(decode(values[i] as Buffer)).toEqual(record))
  })

  test('a record larger than the shared buffer is written whole', () => {
    const { encode, decode } = codecOf('change_record')
    for (const size of [1024 * 1024 - 1, 1024 * 1024, 5 * 1024 * 1024]) {
      const record = {
        ...sampleOf(ALL_SCHEMAS.change_record, next),
        payload: Buffer.alloc(size, 7),
        run_id: 'ü'.repeat(40_000),
      }
      expect(decode(encode(record))).toEqual(record)
    }
  })
})

test('the payload of a change is a view on the value, not a copy', () => {
  const value = codec.encodeChange(sampleOf(ALL_SCHEMAS.change_record, numbers(2)) as unknown as ChangeRecord)
  const { payload } = codec.decodeChange(value)
  expect(payload.buffer).toBe(value.buffer)
})

test('arrays in several blocks, also with their sizes, are read (other writers may write them so)', () => {
  const { encode, decode } = codecOf('work_order')
  const order = { ...sampleOf(ALL_SCHEMAS.work_order, numbers(4)), version: 'v', assignee_ids: ['a', 'b'], team: null }
  const value = encode(order)
  const at = value.indexOf(Buffer.from([4, 2, 97, 2, 98, 0]))
  const blocks = Buffer.from([1, 4, 2, 97, 2, 2, 98, 0])
  const other = Buffer.concat([value.subarray(0, at), blocks, value.subarray(at + 6)])
  expect(decode(other)).toEqual(order)
})

function lineOf(): { [field: string]: unknown } {
  const next = numbers(8)
  for (;;) {
    const [line] = sampleOf(ALL_SCHEMAS.purchase_order, next)['lines'] as { [field: string]: unknown }[]
    if (line !== undefined) return line
  }
}

test('numbers at the edge of what a double holds survive', () => {
  const record = sampleOf(ALL_SCHEMAS.change_record, numbers(6)) as unknown as ChangeRecord
  for (const edge of [
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER - 1,
    2 ** 49,
    -(2 ** 49) - 1,
  ]) {
    expect(codec.decodeChange(codec.encodeChange({ ...record, source_version: edge })).source_version).toBe(edge)
  }
  expect(() => codec.encodeChange({ ...record, source_version: 2 ** 53 })).toThrow(InvalidRecordError)
})

test('texts of every length and script are written as the Avro library writes them', () => {
  const record = sampleOf(ALL_SCHEMAS.change_record, numbers(9)) as unknown as ChangeRecord
  const type = strangersType(ALL_SCHEMAS.change_record)
  for (const character of ['q', 'ö', '漢', '🚚', '\ud800', 'aö漢🚚']) {
    for (const length of [
      1, 12, 15, 16, 20, 21, 22, 23, 24, 31, 32, 62, 63, 64, 65, 2729, 2730, 2731, 4095, 8191, 8192,
    ]) {
      const change = { ...record, source_id: character.repeat(length) }
      const value = codec.encodeChange(change)
      // The library writes half a pair as it stands, which is no UTF-8; ours becomes U+FFFD.
      const well = { ...change, source_id: change.source_id.toWellFormed() }
      const same = value.subarray(5).equals(type.toBuffer(well))
      expect([character, length, same]).toEqual([character, length, true])
      expect(codec.decodeChange(value).source_id).toBe(change.source_id.toWellFormed())
    }
  }
})

/** What the action threw; undefined when it did not. */
function failureOf(action: () => unknown): unknown {
  try {
    action()
    return undefined
  } catch (error) {
    return error
  }
}
