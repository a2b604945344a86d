import { describe, expect, test } from 'vitest'
import { contradictions, danglingReferences } from './consistency.ts'
import { busyAccount, everything, violations } from './seeded.ts'

describe('step', () => {
  test.each([true, false])('keeps references, values and books in order, in OneWorld: %s', (oneWorld) => {
    const { store, activity, clock } = busyAccount({}, 80, { oneWorld })
    for (let round = 0; round < 40; round++) {
      expect(activity.step(10)).toHaveLength(10)
      clock.now += 37_000
    }
    expect(danglingReferences(store)).toEqual([])
    expect(violations(store)).toEqual([])
    expect(contradictions(store)).toEqual([])
  })

  test('does the same for the same seed', () => {
    const one = busyAccount()
    const two = busyAccount()
    expect(one.activity.step(80)).toEqual(two.activity.step(80))
    expect(everything(one.store)).toEqual(everything(two.store))
  })

  test('names a record that is there, or was deleted', () => {
    const { store, activity } = busyAccount()
    for (let round = 0; round < 100; round++) {
      for (const { action, table, id } of activity.step(1)) {
        const isGone = action === 'deleteRecord' || action === 'mergeVendors'
        expect({ action, isGone: store.get(table, id) === null }).toEqual({ action, isGone })
      }
    }
  })

  test('does nothing of what it is told to leave out, and every other kind in the long run', () => {
    const { activity } = busyAccount({}, 200)
    const done = new Set(activity.step(1500, ['mergeVendors', 'deleteRecord']).map(({ action }) => action))
    expect(done.size).toBe(35)
    expect(done.has('mergeVendors') || done.has('deleteRecord')).toBe(false)
  }, 20_000)

  test('an empty account offers little to do, and does not fail', () => {
    const { activity, store } = busyAccount({}, 0)
    const tables = new Set(activity.step(20).map(({ table }) => table))
    expect([...tables].filter((table) => !['vendor', 'employee'].includes(table))).not.toContain('transaction')
    expect(violations(store)).toEqual([])
    expect(danglingReferences(store)).toEqual([])
  })
})

describe('late commits', () => {
  test('a change is seen only after its delay, with the time stamp of when it was made', () => {
    const { store, activity, clock } = busyAccount({ lateCommitMs: 5000 })
    const madeAt = clock.now - 250
    const { id } = activity.renameItem()
    const order = activity.newPurchaseOrder().id
    expect(store.get('item', id)?.['lastmodifieddate']).not.toBe(madeAt)
    expect(store.get('transaction', order)).toBeNull()
    clock.now += 5000
    expect(store.get('item', id)?.['lastmodifieddate']).toBe(madeAt)
    expect(store.get('transaction', order)?.['lastmodifieddate']).toBe(madeAt)
  })

  test('a record that somebody edits is left alone until that is seen', () => {
    const { activity, clock } = busyAccount({ lateCommitMs: 5000 })
    const { id } = activity.renameVendor()
    expect(() => activity.toggleVendor(id)).toThrow(/being edited/)
    clock.now += 5000
    expect(activity.toggleVendor(id)).toEqual({ action: 'toggleVendor', table: 'vendor', id })
  })

  test('a busy account with late commits stays whole', () => {
    const { store, activity, clock } = busyAccount({ lateCommitMs: 20_000 })
    for (let round = 0; round < 60; round++) {
      activity.step(5)
      clock.now += 1000
    }
    clock.now += 60_000
    expect(danglingReferences(store)).toEqual([])
    expect(violations(store)).toEqual([])
    expect(contradictions(store)).toEqual([])
  })
})
