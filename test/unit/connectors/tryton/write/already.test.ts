import { describe, expect, test } from 'vitest'
import { isAlready } from '../../../../../connectors/tryton/write/already.ts'

const NOW = { name: 'Acme', city: 'Ulm', phone: null, lines: [{ line_id: 'l1', quantity_ordered: '12' }] }

describe('whether an update is already there', () => {
  test('every value sent must be, whatever else is', () => {
    expect(isAlready(NOW, { name: 'Acme', city: null, clear_fields: ['phone'] })).toBe(true)
    expect(isAlready(NOW, { name: 'Acme', city: 'Bonn' })).toBe(false)
    expect(isAlready(NOW, { clear_fields: ['city'] })).toBe(false)
  })

  test('numbers are compared as numbers', () => {
    expect(isAlready(NOW, { lines: [{ line_id: 'l1', quantity_ordered: '12.000' }] })).toBe(true)
    expect(isAlready(NOW, { lines: [{ line_id: 'l1', quantity_ordered: '12.001' }] })).toBe(false)
  })

  test('a line to be deleted must be gone', () => {
    expect(isAlready(NOW, { lines: [{ line_id: 'l1', action: 'DELETE' }] })).toBe(false)
    expect(isAlready(NOW, { lines: [{ line_id: 'l2', action: 'DELETE' }] })).toBe(true)
  })

  test('native fields and new lines cannot be told: the answer is no', () => {
    expect(isAlready(NOW, { name: 'Acme', custom_fields: '{"x":1}' })).toBe(false)
    expect(isAlready(NOW, { lines: [{ line_id: null, quantity_ordered: '12' }] })).toBe(false)
  })
})
