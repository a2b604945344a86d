import { describe, expect, test } from 'vitest'
import { ALL_SCHEMAS } from '../../../../core/avro/codec.ts'
import {
  InvalidRecordError,
  MalformedRecordError,
  RefusedCommandError,
  UnknownSchemaIdError,
} from '../../../../core/avro/errors.ts'
import { createLocalCodec } from '../../../../core/avro/local-codec.ts'
import type { PurchaseOrderCommand } from '../../../../schemas/generated/commands.ts'
import { SCHEMAS } from '../../../../schemas/generated/schemas.ts'
import { strangersType } from './samples.ts'

/** The example of docs/commands.md. */
const JSON_ORDER = {
  command_id: '8f1c2a52-6f0e-4f0b-9d57-0a3f6f1f2c11',
  connection_id: 'acme-s4',
  operation: 'CREATE',
  payload: {
    vendor_id: 'acme-s4:vendor:17300001',
    currency: 'EUR',
    expected_date: '2026-12-15',
    lines: [{ line_ref: 'a', item_id: 'acme-s4:item:TG11', quantity_ordered: '10', unit: 'EA', unit_price: '12.345' }],
  },
}
const codec = createLocalCodec()
const orders = codec.command('purchase_order')
const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const failureOf = (action: () => unknown): unknown => {
  try {
    return action()
  } catch (error) {
    return error
  }
}

describe('a command in JSON', () => {
  test('takes the defaults of the schema for what it leaves out', () => {
    const command = orders.decode(text(JSON_ORDER))
    expect(command).toMatchObject({ target_id: null, dry_run: false, issued_at: null, deadline_at: null })
    expect(command.payload).toMatchObject({ title: null, status: null, clear_fields: [], custom_fields: null })
    expect(command.payload?.lines[0]).toMatchObject({ line_id: null, action: 'UPSERT', clear_fields: [] })
    expect(orders.decode(orders.encode(command))).toEqual(command)
  })

  test('does not share its defaults with the next one', () => {
    const [first, second] = [orders.decode(text(JSON_ORDER)), orders.decode(text(JSON_ORDER))]
    first.payload?.clear_fields.push('notes')
    expect(second.payload?.clear_fields).toEqual([])
  })

  test('takes whole numbers as decimals, instants as text, and custom fields as an object', () => {
    const command = orders.fromJson({
      ...JSON_ORDER,
      deadline_at: '2026-12-01T08:00:00.5+01:00',
      payload: { custom_fields: { SupplierPhoneNumber: null }, lines: [{ quantity_ordered: 10 }] },
    })
    expect(command.deadline_at).toBe(Date.UTC(2026, 11, 1, 7, 0, 0, 500))
    expect(command.payload?.custom_fields).toBe('{"SupplierPhoneNumber":null}')
    expect(command.payload?.lines[0]?.quantity_ordered).toBe('10')
  })

  test('is refused with every problem at once, and with the ids that its result needs', () => {
    const wrong = {
      ...JSON_ORDER,
      operation: 'UPSERT',
      urgent: true,
      deadline_at: 'tomorrow',
      payload: {
        vendor: 'x',
        expected_date: '2026-02-30',
        lines: [{ quantity_ordered: 1.5 }, { action: 'REPLACE', unit_price: '1,5', price: 1 }],
      },
    }
    const error = failureOf(() => orders.decode(text(wrong)))
    expect(error).toBeInstanceOf(RefusedCommandError)
    expect(error).toMatchObject({
      code: 'INVALID_COMMAND',
      commandId: JSON_ORDER.command_id,
      connectionId: 'acme-s4',
      problems: [
        'urgent is no field of PurchaseOrderCommand',
        'payload.vendor is no field of PurchaseOrderWrite',
        'payload.lines[1].price is no field of PurchaseOrderLineWrite',
        expect.stringMatching(/^operation is "UPSERT", not one of/),
        'payload.expected_date is "2026-02-30", not a date YYYY-MM-DD or null',
        expect.stringMatching(/^payload\.lines\[0\]\.quantity_ordered is a fractional number, not decimal text/),
        expect.stringMatching(/^payload\.lines\[1\]\.action is "REPLACE", not one of UNKNOWN, UPSERT, DELETE/),
        expect.stringMatching(/^payload\.lines\[1\]\.unit_price is "1,5", not decimal text/),
        expect.stringMatching(/^deadline_at is "tomorrow", not a whole number/),
      ],
    })
  })

  test('names more than ten problems', () => {
    const lines = Array.from({ length: 30 }, () => ({ unit_price: 'x' }))
    const error = failureOf(() => orders.fromJson({ ...JSON_ORDER, payload: { lines } })) as RefusedCommandError
    expect(error.problems).toHaveLength(30)
  })

  test.each([
    ['cut short', '{"command_id":'],
    ['after a space', ' \n{"command_id"'],
  ])('%s is malformed', (_, broken) => {
    expect(() => orders.decode(Buffer.from(broken))).toThrow(MalformedRecordError)
  })

  test.each([[[1]], ['text'], [null]])('%j is no command', (json) => {
    expect(failureOf(() => orders.fromJson(json))).toMatchObject({ code: 'INVALID_COMMAND', commandId: null })
  })
})

describe('encoding a command', () => {
  const command = orders.fromJson(JSON_ORDER)

  test('refuses decimals that Avro would round, and names them', () => {
    const [line] = command.payload?.lines ?? []
    const precise: PurchaseOrderCommand = {
      ...command,
      payload: { ...command.payload!, lines: [line!, { ...line!, unit_price: '0.1234567891' }] },
    }
    const error = failureOf(() => orders.encode(precise))
    expect(error).toBeInstanceOf(InvalidRecordError)
    expect(error).toHaveProperty('problems', ['payload.lines[1].unit_price has more than 9 digits after the point'])
    // And leaves nothing behind for the next one.
    expect(orders.decode(orders.encode(command))).toEqual(command)
  })

  test('without a payload is a few bytes, and read back', () => {
    const deletion = { ...command, operation: 'DELETE' as const, target_id: 'acme-s4:purchase_order:1', payload: null }
    expect(orders.decode(orders.encode(deletion))).toEqual(deletion)
  })
})

describe('a command written with another schema', () => {
  const ours = SCHEMAS.commands['purchase_order_command']
  interface Loose {
    fields: { name: string; type: any; default?: unknown }[]
  }
  const NEWER = 900
  /** A command as a client with the changed schema writes it. */
  async function written(change: (schema: Loose) => void, extra: object = {}) {
    const schema = structuredClone(ours) as unknown as Loose
    change(schema)
    const type = strangersType(schema)
    const plain = { ...orders.fromJson(JSON_ORDER), payload: null, ...extra } as { [field: string]: unknown }
    const body = type.toBuffer(Object.fromEntries(schema.fields.map(({ name }) => [name, plain[name] ?? null])))
    const value = Buffer.concat([Buffer.from([0, 0, 0, 0, 0]), body])
    value.writeInt32BE(NEWER, 1)
    const other = createLocalCodec(new Map([[NEWER, schema]]))
    const decode = () => other.command('purchase_order').decode(value)
    expect(failureOf(decode)).toBeInstanceOf(UnknownSchemaIdError)
    await other.learn(NEWER)
    return decode
  }
  const write = (schema: Loose): Loose => schema.fields.find(({ name }) => name === 'payload')?.type[1]
  const typeOf = (record: Loose, name: string) => record.fields.find((field) => field.name === name)?.type

  test.each<[string, (schema: Loose) => void, string]>([
    [
      'a field of the envelope',
      (s) => s.fields.push({ name: 'priority', type: ['null', 'int'], default: null }),
      'priority',
    ],
    [
      'a field of the payload',
      (s) => write(s).fields.push({ name: 'incoterms', type: ['null', 'string'], default: null }),
      'payload.incoterms',
    ],
    [
      'a field of a line',
      (s) => typeOf(write(s), 'lines').items.fields.push({ name: 'hs_code', type: ['null', 'string'], default: null }),
      'payload.lines[].hs_code',
    ],
    ['an operation', (s) => typeOf(s, 'operation').symbols.push('ARCHIVE'), 'operation = ARCHIVE'],
    ['a status', (s) => typeOf(write(s), 'status')[1].symbols.push('DISPUTED'), 'payload.status = DISPUTED'],
  ])('that knows %s which we do not know is refused as too new, not half obeyed', async (_, change, part) => {
    const error = failureOf(await written(change))
    expect(error).toBeInstanceOf(RefusedCommandError)
    expect(error).toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      problems: [part],
      commandId: JSON_ORDER.command_id,
      connectionId: 'acme-s4',
    })
  })

  test('of an older client, with fewer fields and without documentation, is understood', async () => {
    const decode = await written((schema) => {
      schema.fields = schema.fields.filter(({ name }) => name !== 'issued_by' && name !== 'correlation_id')
      write(schema).fields = write(schema).fields.slice(0, 4)
      for (const field of schema.fields) delete (field as { doc?: string }).doc
    })
    expect(decode()).toEqual({ ...orders.fromJson(JSON_ORDER), payload: null })
  })

  test('of another entity is malformed', async () => {
    const value = codec
      .command('vendor')
      .encode(codec.command('vendor').fromJson({ ...JSON_ORDER, payload: { name: 'x' } }))
    const vendorId = value.readInt32BE(1)
    const other = createLocalCodec(new Map([[vendorId, SCHEMAS.commands['vendor_command']]]))
    await other.learn(vendorId)
    expect(() => other.command('purchase_order').decode(value)).toThrow(MalformedRecordError)
  })

  test('that the registry does not know, and bytes that are nothing at all, are malformed', async () => {
    const value = orders.encode(orders.fromJson(JSON_ORDER))
    value.writeInt32BE(4711, 1)
    const other = createLocalCodec()
    await other.learn(4711)
    expect(() => other.command('purchase_order').decode(value)).toThrow(MalformedRecordError)
    for (const junk of [Buffer.alloc(0), Buffer.from('hello'), Buffer.from([0, 1])]) {
      expect(() => other.command('purchase_order').decode(junk)).toThrow(MalformedRecordError)
    }
  })
})

test('every name that other languages make a class of means one thing in all command schemas', () => {
  const meanings = new Map<string, Set<string>>()
  const visit = (type: unknown): void => {
    if (Array.isArray(type)) type.forEach(visit)
    else if (typeof type === 'object' && type !== null) {
      const { name, items, fields = [], symbols } = type as { [key: string]: any }
      const what = JSON.stringify(symbols ?? fields.map((field: { name: string }) => field.name))
      if (name !== undefined) meanings.set(name, (meanings.get(name) ?? new Set()).add(what))
      visit(items)
      for (const field of fields) visit(field.type)
    }
  }
  Object.values(SCHEMAS.commands).forEach(visit)
  expect(meanings.size).toBeGreaterThan(30)
  expect([...meanings].filter(([, one]) => one.size > 1).map(([name]) => name)).toEqual([])
})

test('a journal record answers with the result that it holds, also when it was written with an older schema', async () => {
  const older = structuredClone(ALL_SCHEMAS.command_journal) as unknown as { fields: { name: string }[] }
  const result = {
    command_id: 'command-1',
    connection_id: 'a',
    system: 's',
    entity: 'vendor',
    operation: 'CREATE' as const,
    sequence: 2,
    outcome: 'REJECTED' as const,
    is_final: true,
    is_replay: false,
    lines: [],
    steps: [],
    target_id: null,
    source_id: null,
    version: null,
    attempts: 1,
    http_status: 400,
    vendor_request_id: 'r',
    received_at: 1,
    finished_at: 2,
    issued_by: null,
    correlation_id: null,
    warnings: [],
    errors: [
      {
        field: 'lines[2].unit_price',
        code: 'PRECISION_LOSS' as const,
        message: 'too many digits',
        vendor_code: 'ME/083',
        vendor_message: 'Zu viele Stellen',
        native_field: 'NetPriceAmount',
      },
    ],
  }
  expect(codec.commandResult.decode(codec.commandResult.encode(result))).toEqual(result)
  const type = strangersType(older)
  const blank = codec.commandJournal
  const journal = {
    command_id: 'command-1',
    connection_id: 'a',
    system: 's',
    entity: 'vendor',
    operation: 'CREATE',
    content_hash: 'f'.repeat(64),
    state: 'FINISHED',
    topic_offset: 7,
    target_id: null,
    anchor: null,
    plan: null,
    steps: [],
    attempts: 1,
    received_at: 1,
    started_at: 1,
    in_doubt_since: null,
    updated_at: 2,
    reread_due: false,
    result,
  }
  const body = type.toBuffer(journal)
  const value = Buffer.concat([Buffer.from([0, 0, 0, 3, 231]), body])
  const other = createLocalCodec(new Map([[999, older]]))
  await other.learn(999)
  expect(other.commandJournal.decode(value)).toEqual(journal)
  expect(blank.decode(blank.encode(journal as never))).toEqual(journal)
})
