import { expect, test } from 'vitest'
import type { WritableEntity } from '../../../../core/index.ts'
import { createProblems } from '../../../../services/writer/rules.ts'

test.each<[WritableEntity, readonly string[]]>([
  ['vendor', ['name']],
  ['item', ['name', 'item_type', 'unit']],
  ['location', ['name']],
  ['purchase_order', ['vendor_id', 'lines']],
  ['inventory_movement', ['kind', 'lines']],
  ['work_order', ['title']],
  ['asset', ['name', 'kind']],
  ['user', ['first_name', 'last_name']],
])('whatever the system, a new %s without anything lacks %j', (entity, fields) => {
  const problems = createProblems(entity, {})
  expect(problems.map(({ field }) => field)).toEqual(fields)
  expect(problems.every(({ code }) => code === 'REQUIRED')).toBe(true)
})
