import { expect, test } from 'vitest'
import { createLocalCodec } from '../../../../core/index.ts'
import { contentHash } from '../../../../services/writer/content-hash.ts'

const codec = createLocalCodec()
const command = (payload: object, more: object = {}) =>
  codec.command('purchase_order').fromJson({
    command_id: 'command-1',
    connection_id: 'acme',
    operation: 'CREATE',
    payload: { vendor_id: 'acme:vendor:1', lines: [{ line_ref: 'a', quantity_ordered: '1' }], ...payload },
    ...more,
  })
const hash = (payload: object = {}, more: object = {}) => contentHash('purchase_order', command(payload, more))

test('a command sent again after its schema has gained optional fields is the same command', () => {
  const before = command({})
  const { payload } = before
  if (payload === null) throw new Error('no payload')
  const line = { ...payload.lines[0], gained: null, gained_too: [] }
  const after = { ...before, payload: { ...payload, gained: null, gained_too: [], lines: [line] } }
  expect(contentHash('purchase_order', after as typeof before)).toBe(contentHash('purchase_order', before))
})

test('who asks and when does not matter; what is asked does, to the last field of a line', () => {
  expect(hash({}, { issued_at: 5, issued_by: 'ann', correlation_id: 'c', deadline_at: 9 })).toBe(hash())
  const others = [
    hash({ notes: 'x' }),
    hash({ clear_fields: ['notes'] }),
    hash({ lines: [{ line_ref: 'b', quantity_ordered: '1' }] }),
    hash({ lines: [] }),
    hash({}, { expected_version: 'ts:1' }),
    hash({}, { dry_run: true }),
    contentHash('work_order', command({}) as never),
  ]
  expect(new Set([hash(), ...others]).size).toBe(others.length + 1)
})
