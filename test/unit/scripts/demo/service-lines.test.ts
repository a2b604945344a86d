import { expect, test } from 'vitest'
import { shownLine } from '../../../../scripts/demo/service-lines.ts'

const line = (fields: object): string | null => shownLine('sync', JSON.stringify(fields))

test('the progress of a snapshot tells whose it is and how far it has come', () => {
  const progress = { level: 'info', msg: 'snapshot progress', stream: 'vendor', records: 600, percent: 60 }
  expect(line(progress)).toBe('  sync: snapshot progress of vendor, 600 records (60 %)')
})

test('warnings and what is no log line are shown, everyday lines are not', () => {
  expect(line({ level: 'error', msg: 'no answer', err: { message: 'HTTP 500' } })).toBe('  sync: no answer: HTTP 500')
  expect(line({ level: 'info', msg: 'session opened' })).toBeNull()
  expect(shownLine('sync', 'Segmentation fault')).toBe('  sync: Segmentation fault')
})
