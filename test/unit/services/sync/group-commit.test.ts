import { expect, test } from 'vitest'
import { createManualClock, type OutRecord, SYNC_STATE } from '../../../../core/index.ts'
import { CommitError, createGroupCommit } from '../../../../services/sync/group-commit.ts'
import { createStateStore } from '../../../../services/sync/state-store.ts'

function setUp(limits: { readonly maxRecords?: number; readonly maxBytes?: number; readonly lingerMs?: number } = {}) {
  const clock = createManualClock(0)
  const store = createStateStore(0)
  const transactions: (readonly OutRecord[])[] = []
  const gate = { open: Promise.resolve(), fail: null as Error | null }
  const committer = createGroupCommit({
    partition: {
      async transact(records) {
        await gate.open
        if (gate.fail !== null) throw gate.fail
        transactions.push(records)
        return { baseOffsets: new Map() }
      },
    },
    store,
    clock,
    lingerMs: limits.lingerMs ?? 0,
    maxRecords: limits.maxRecords ?? 100,
    maxBytes: limits.maxBytes ?? 10_000,
    amendedPerCommit: 10,
  })
  const record = (key: string): OutRecord => ({ topic: 'changes.vendor', key, value: Buffer.from('x') })
  const page = (count: number, connection = 'a', bytes = count) => ({
    records: Array.from({ length: count }, (_, i) => record(`${connection}${i}`)),
    bytes,
    update: (draft: Parameters<Parameters<typeof store.amend>[0]>[0]) => {
      const state = draft.stream(connection, 'vendor')
      draft.setStream({ ...state, records: state.records + count })
    },
  })
  return { clock, store, transactions, gate, committer, page }
}

const countOf = (records: readonly OutRecord[] = [], topic: string) => records.filter((r) => r.topic === topic).length

test('pages submitted together share a transaction, with one state record for each stream', async () => {
  const { committer, transactions, store, page } = setUp()
  await Promise.all([committer.submit(page(5, 'a')), committer.submit(page(6, 'b')), committer.submit(page(7, 'a'))])
  expect(transactions).toHaveLength(1)
  expect(countOf(transactions[0], 'changes.vendor')).toBe(18)
  expect(countOf(transactions[0], SYNC_STATE)).toBe(2)
  expect(store.stream('a', 'vendor').records).toBe(12)
})

test('what arrives while a transaction is under way goes into the next one, together', async () => {
  const { committer, transactions, gate, page } = setUp()
  let open = () => {}
  gate.open = new Promise((resolve) => {
    open = resolve
  })
  const first = committer.submit(page(1, 'a'))
  await new Promise((resolve) => setImmediate(resolve))
  const rest = [1, 2, 3].map((n) => committer.submit(page(n, `c${n}`)))
  open()
  await Promise.all([first, ...rest])
  expect(transactions).toHaveLength(2)
})

test('a first page waits a moment for company', async () => {
  const { committer, transactions, clock, page } = setUp({ lingerMs: 3 })
  const first = committer.submit(page(1, 'a'))
  await clock.advance(2)
  expect(transactions).toHaveLength(0)
  const second = committer.submit(page(1, 'b'))
  await clock.advance(1)
  await Promise.all([first, second])
  expect(transactions).toHaveLength(1)
})

test.each([
  [{ maxRecords: 25 }, 10],
  [{ maxBytes: 250 }, 100],
])('a transaction is limited by %j', async (limits, bytes) => {
  const { committer, transactions, page } = setUp(limits)
  await Promise.all([1, 2, 3, 4].map((n) => committer.submit(page(10, `c${n}`, bytes))))
  expect(transactions.map((records) => countOf(records, 'changes.vendor'))).toEqual([20, 20])
})

test('a page larger than the limit goes alone', async () => {
  const { committer, transactions, page } = setUp({ maxRecords: 5 })
  await Promise.all([committer.submit(page(50, 'a')), committer.submit(page(1, 'b'))])
  expect(transactions.map((records) => countOf(records, 'changes.vendor'))).toEqual([50, 1])
})

test('memory changes after the commit, not before', async () => {
  const { committer, store, gate, page } = setUp()
  let open = () => {}
  gate.open = new Promise((resolve) => {
    open = resolve
  })
  const submitted = committer.submit(page(3, 'a'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(store.stream('a', 'vendor').records).toBe(0)
  open()
  await submitted
  expect(store.stream('a', 'vendor').records).toBe(3)
})

test('a refused transaction ends the committer: everything waiting and everything later fails the same way', async () => {
  const { committer, store, gate, page } = setUp({ maxRecords: 1 })
  gate.fail = new Error('fenced')
  const results = await Promise.allSettled([1, 2].map((n) => committer.submit(page(2, `c${n}`))))
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(committer.submit(page(1, 'd'))).rejects.toBeInstanceOf(CommitError)
  expect(committer.isOver()).toBe(true)
  expect(store.stream('c1', 'vendor').records).toBe(0)
})

test('a page whose run was called off before the transaction is dropped, the others go', async () => {
  const { committer, transactions, store, page } = setUp()
  const off = new AbortController()
  const dropped = committer.submit({ ...page(5, 'a'), signal: off.signal })
  const kept = committer.submit(page(6, 'b'))
  off.abort(new Error('paused'))
  await expect(dropped).rejects.toThrow('paused')
  await kept
  expect(countOf(transactions[0], 'changes.vendor')).toBe(6)
  expect(store.stream('a', 'vendor').records).toBe(0)
})

test('what was amended while a transaction was under way is not overwritten by it', async () => {
  const { committer, store, gate, page } = setUp()
  let open = () => {}
  gate.open = new Promise((resolve) => {
    open = resolve
  })
  const submitted = committer.submit(page(3, 'a'))
  await new Promise((resolve) => setImmediate(resolve))
  store.amend((draft) => draft.setStream({ ...draft.stream('a', 'vendor'), watermark: 77 }))
  expect(store.stream('a', 'vendor').watermark).toBe(77)
  open()
  await submitted
  expect(store.stream('a', 'vendor')).toMatchObject({ records: 3, watermark: 77 })
  expect(store.unwritten()).toBe(1)
})

test('amended keys are written with the next transaction, a bounded number at a time', async () => {
  const { committer, store, transactions, page } = setUp()
  for (let i = 0; i < 25; i++)
    store.amend((draft) => draft.setStream({ ...draft.stream(`idle${i}`, 'vendor'), watermark: i }))
  await committer.submit(page(1, 'a'))
  expect(countOf(transactions[0], SYNC_STATE)).toBeLessThanOrEqual(11)
  await committer.flush()
  expect(store.unwritten()).toBe(0)
})
