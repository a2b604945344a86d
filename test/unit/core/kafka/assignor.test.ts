import { expect, test } from 'vitest'
import { requirePinned } from '../../../../core/kafka/kafkajs.ts'
import {
  assignPartitions,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../../../core/kafka/group/assignor.ts'

const member = (memberId: string, owned: number[] = []) => ({ memberId, owned })
const all = (plan: Map<string, number[]>) => [...plan.values()].flat().sort((a, b) => a - b)
const range = (count: number) => Array.from({ length: count }, (_, i) => i)

test('every partition goes to one member, and counts differ by one at most', () => {
  for (let members = 1; members <= 15; members++) {
    const plan = assignPartitions(
      range(members).map((i) => member(`m${i}`)),
      12,
    )
    expect(all(plan)).toEqual(range(12))
    const sizes = [...plan.values()].map((list) => list.length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  }
})

test('the same members give the same answer, whatever their order', () => {
  const members = [member('b', [3]), member('a', [1, 2]), member('c')]
  expect(assignPartitions(members, 7)).toEqual(assignPartitions([...members].reverse(), 7))
})

test('a member that joins takes partitions over; all others stay where they are', () => {
  const plan = assignPartitions([member('a', [0, 1, 2, 3, 4, 5]), member('b', [6, 7, 8, 9, 10, 11]), member('new')], 12)
  expect(plan.get('a')).toEqual([0, 1, 2, 3])
  expect(plan.get('b')).toEqual([6, 7, 8, 9])
  expect(plan.get('new')).toEqual([4, 5, 10, 11])
})

test('when a member leaves, the others keep theirs and share what it had', () => {
  const plan = assignPartitions([member('a', [0, 1, 2, 3]), member('b', [4, 5, 6, 7])], 12)
  expect(plan.get('a')).toEqual([0, 1, 2, 3, 8, 9])
  expect(plan.get('b')).toEqual([4, 5, 6, 7, 10, 11])
})

test('claims that are doubled, unknown or too many do no harm', () => {
  const plan = assignPartitions([member('a', [0, 0, 99, -1, 1]), member('b', [0, 1, 2]), member('c', range(12))], 12)
  expect(all(plan)).toEqual(range(12))
})

test('subscriptions and assignments survive their encoding', () => {
  expect(decodeSubscription(encodeSubscription(['x', 'y'], [3, 11]))).toEqual({ topics: ['x', 'y'], owned: [3, 11] })
  expect(decodeAssignment(encodeAssignment(['x', 'y'], [5, 2]))).toEqual([2, 5])
  expect(decodeAssignment(encodeAssignment([], []))).toEqual([])
  expect(decodeAssignment(Buffer.alloc(0))).toEqual([])
})

test('another version of kafkajs than the pinned one is refused', () => {
  expect(() => requirePinned('2.2.4')).not.toThrow()
  expect(() => requirePinned('2.3.0')).toThrow(/kafkajs 2\.3\.0.*2\.2\.4/)
})
