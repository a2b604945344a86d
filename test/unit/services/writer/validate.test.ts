import { expect, test } from 'vitest'
import {
  CONNECTION_DEFAULTS,
  type Connection,
  createLocalCodec,
  createManualClock,
  type WritableEntity,
} from '../../../../core/index.ts'
import { createProblems } from '../../../../services/writer/rules.ts'
import { validate } from '../../../../services/writer/validate.ts'
import { createFakeSystem } from './fake-system.ts'

const codec = createLocalCodec()
const { connector } = createFakeSystem(createManualClock())
const acme: Connection = {
  ...CONNECTION_DEFAULTS,
  id: 'acme',
  system: 'fake',
  settings: { currency: 'EUR' },
  updatedAt: 0,
}

/** `CODE field` of everything that is wrong. */
function problems(entity: WritableEntity, command: object, connection: Connection | undefined = acme): string[] {
  const json = { command_id: 'command-1', connection_id: 'acme', issued_at: 0, ...command }
  const verdict = validate({
    entity,
    command: codec.command(entity).fromJson(json),
    key: 'acme',
    connection,
    connector: connection === undefined ? undefined : connector,
  })
  return verdict.ok ? [] : verdict.issues.map(({ code, field }) => `${code} ${field}`)
}

const line = { description: 'bolts', quantity_ordered: '10' }
const order = (payload: object, more: object = {}) =>
  problems('purchase_order', {
    operation: 'CREATE',
    payload: { vendor_id: 'acme:vendor:1', lines: [line], ...payload },
    ...more,
  })
const change = (more: object) =>
  problems('purchase_order', {
    operation: 'UPDATE',
    target_id: 'acme:purchase_order:1',
    payload: { notes: 'x' },
    ...more,
  })

test('a command that says what is needed passes', () => {
  expect(order({})).toEqual([])
  expect(change({})).toEqual([])
})

test('everything that is wrong is told at once, each with its field', () => {
  const wrong = order({
    vendor_id: 'other:vendor:1',
    currency: 'EURO',
    title: 'not taken',
    lines: [{ quantity_ordered: '0.0000' }, { ...line, unit_price: '1.239', item_id: 'acme:vendor:1' }],
  })
  expect(wrong.sort()).toEqual([
    'INVALID_REFERENCE lines[1].item_id',
    'INVALID_REFERENCE vendor_id',
    'INVALID_VALUE lines[0].quantity_ordered',
    'NOT_WRITABLE title',
    'PRECISION_LOSS lines[1].unit_price',
    'REQUIRED lines[0].item_id',
    'TOO_LONG currency',
  ])
})

test('a required field may come from the connection', () => {
  expect(
    problems(
      'purchase_order',
      { operation: 'CREATE', payload: { vendor_id: 'acme:vendor:1', lines: [line] } },
      { ...acme, settings: {} },
    ),
  ).toEqual(['REQUIRED currency'])
  expect(order({ vendor_id: null })).toEqual(['REQUIRED vendor_id'])
})

test('digits after the point count however they are written', () => {
  const priced = (unit_price: string) => order({ lines: [{ ...line, unit_price }] })
  expect(priced('1.250000')).toEqual([])
  expect(priced('125e-2')).toEqual([])
  expect(priced('12.5e-2')).toEqual(['PRECISION_LOSS lines[0].unit_price'])
  expect(priced('1.2345e2')).toEqual([])
})

test('the envelope is checked: id, target, payload, version', () => {
  expect(order({}, { command_id: 'short' })).toEqual(['INVALID_COMMAND command_id'])
  expect(order({}, { target_id: 'acme:purchase_order:1' })).toEqual(['INVALID_COMMAND target_id'])
  expect(order({}, { expected_version: 'ts:1' })).toEqual(['INVALID_COMMAND expected_version'])
  expect(change({ target_id: null })).toEqual(['REQUIRED target_id'])
  expect(change({ target_id: 'acme:vendor:1' })).toEqual(['INVALID_REFERENCE target_id'])
  expect(change({ target_id: `acme:purchase_order:~${'x'.repeat(43)}` })).toEqual(['INVALID_REFERENCE target_id'])
  expect(change({ payload: null })).toEqual(['REQUIRED payload'])
  expect(change({ operation: 'DELETE' })).toContain('INVALID_COMMAND payload')
})

test('a change of status is a SET_STATUS of its own, and carries nothing else', () => {
  const set = (payload: object) => change({ operation: 'SET_STATUS', payload })
  expect(change({ payload: { status: 'CANCELED' } })).toEqual(['NOT_WRITABLE status'])
  expect(set({ status: 'CANCELED' })).toEqual([])
  expect(set({ status: 'RECEIVED' })).toEqual(['STATE_NOT_ALLOWED status'])
  expect(set({})).toContain('REQUIRED status')
  expect(set({ status: 'CANCELED', notes: 'x' })).toContain('NOT_WRITABLE notes')
})

test('what is cleared must be a field that can be written, and must not be set as well', () => {
  expect(change({ payload: { clear_fields: ['notes'] } })).toEqual([])
  expect(change({ payload: { notes: 'x', clear_fields: ['notes'] } })).toEqual(['INVALID_COMMAND clear_fields'])
  expect(change({ payload: { clear_fields: ['colour'] } })).toEqual(['INVALID_COMMAND clear_fields'])
  expect(change({ payload: { clear_fields: ['title'] } })).toEqual(['NOT_WRITABLE clear_fields'])
})

test('lines of a new order are new, a removed line is named, custom fields are an object', () => {
  const id = 'acme:purchase_order_line:1|10'
  expect(order({ lines: [{ ...line, line_id: id }] })).toEqual(['INVALID_COMMAND lines[0].line_id'])
  expect(change({ payload: { lines: [{ action: 'DELETE' }] } })).toEqual(['REQUIRED lines[0].line_id'])
  expect(order({ custom_fields: '[1]' })).toEqual(['INVALID_VALUE custom_fields'])
})

test('each kind of movement needs its own quantities and places', () => {
  const wrong = (kind: string, given: object) =>
    createProblems('inventory_movement', { kind, lines: [{ item_id: 'i', ...given }] }).map(({ field }) => field)
  const [from, to] = [{ from_location_id: 'a' }, { to_location_id: 'b' }]
  expect(wrong('COUNT', to)).toEqual(['lines[0].quantity_counted'])
  expect(wrong('COUNT', { ...to, quantity_counted: '0' })).toEqual([])
  expect(wrong('ADJUSTMENT', { ...to, quantity: '0.000' })).toEqual(['lines[0].quantity'])
  expect(wrong('ADJUSTMENT', { ...to, quantity: '-0.000001' })).toEqual([])
  expect(wrong('ISSUE', { quantity: '1' })).toEqual(['lines[0].from_location_id'])
  expect(wrong('TRANSFER', { ...from, to_location_id: 'a', quantity: '1' })).toEqual(['lines[0].to_location_id'])
  expect(wrong('RECEIPT', { quantity: '1', purchase_order_line_id: 'l' })).toEqual([])
  expect(wrong('RECEIPT', { quantity: '-1', ...to })).toEqual(['lines[0].quantity'])
})
