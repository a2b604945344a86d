import { expect, test } from 'vitest'
import { danglingReferences } from './references.ts'
import { seededStore } from './seeded.ts'

test.each([
  ['one of everything', 1],
  ['a small system', 300],
])('every reference of %s leads to a row', (_, size) => {
  expect(danglingReferences(seededStore(size))).toEqual([])
})

test('a dangling reference would be noticed', () => {
  const store = seededStore(10)
  const vendors = store.set('API_BUSINESS_PARTNER', 'A_Supplier')
  store.remove(vendors, { Supplier: String(store.select(vendors, { limit: 1 })[0]?.['Supplier']) })
  expect(danglingReferences(store)).not.toEqual([])
})
