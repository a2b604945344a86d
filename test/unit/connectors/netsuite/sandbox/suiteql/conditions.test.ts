import { expect, test } from 'vitest'
import { openBooks } from './books.ts'

type Truth = boolean | null
type Place = { readonly id: number; readonly parent: number | null }
interface Condition {
  readonly sql: string
  readonly holds: (place: Place) => Truth
}

const COMPARISONS: { readonly [op: string]: (a: number, b: number) => boolean } = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

function createDice(seed: number) {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return { roll: (sides: number) => Math.floor(next() * sides) }
}

/** A random condition, and what it must say of a row by three-valued logic. */
function condition(dice: ReturnType<typeof createDice>, depth: number): Condition {
  const kind = dice.roll(depth > 0 ? 8 : 4)
  if (kind >= 5) {
    const parts = Array.from({ length: 2 + dice.roll(2) }, () => condition(dice, depth - 1))
    const [word, absorbing] = kind === 5 ? ['AND', false] : ['OR', true]
    return {
      sql: `(${parts.map((it) => it.sql).join(` ${word} `)})`,
      holds(place) {
        const truths = parts.map((it) => it.holds(place))
        return truths.includes(absorbing) ? absorbing : truths.includes(null) ? null : !absorbing
      },
    }
  }
  if (kind === 4) {
    const operand = condition(dice, depth - 1)
    return { sql: `NOT ${operand.sql}`, holds: (place) => not(operand.holds(place)) }
  }
  const column = dice.roll(2) === 0 ? 'id' : 'parent'
  const [low, high] = [dice.roll(12), dice.roll(12)]
  const negated = dice.roll(3) === 0
  const known = (test: (value: number) => boolean) => (place: Place) => {
    const value = place[column]
    if (value === null) return null
    return negated ? !test(value) : test(value)
  }
  const no = negated ? 'NOT ' : ''
  if (kind === 3)
    return { sql: `${column} ${no}BETWEEN ${low} AND ${high}`, holds: known((it) => it >= low && it <= high) }
  if (kind === 2) return { sql: `${column} ${no}IN (${low}, ${high})`, holds: known((it) => it === low || it === high) }
  if (kind === 1 && negated) return { sql: `${column} IS NULL`, holds: (place) => place[column] === null }
  const op = Object.keys(COMPARISONS)[dice.roll(6)] ?? '='
  const compared = COMPARISONS[op]
  const holds = (place: Place) => {
    const value = place[column]
    return value === null ? null : (compared?.(value, low) ?? null)
  }
  return { sql: dice.roll(2) === 0 ? `${column} ${op} ${low}` : `${low} ${flipped(op)} ${column}`, holds }
}

function not(truth: Truth): Truth {
  return truth === null ? null : !truth
}

function flipped(op: string): string {
  return op.replace(/[<>]/g, (sign) => (op === '<>' ? sign : sign === '<' ? '>' : '<'))
}

test('conditions of any shape hold for the rows three-valued logic says', () => {
  const books = openBooks()
  const places: Place[] = Array.from({ length: 12 }, (_, at) => ({
    id: at + 1,
    parent: at % 4 === 0 ? null : (at * 5) % 12,
  }))
  for (const { id } of places) books.store.remove('location', id)
  books.store.insertMany('location', places)
  const dice = createDice(3)
  const wrong: unknown[] = []
  for (let run = 0; run < 1500; run++) {
    const { sql, holds } = condition(dice, 3)
    const found = books.column(`SELECT id FROM location WHERE ${sql} ORDER BY id`)
    const expected = places.filter((it) => holds(it) === true).map((it) => String(it.id))
    if (found.join() !== expected.join()) wrong.push({ sql, found, expected })
  }
  expect(wrong).toEqual([])
})
