/** Random numbers that depend on (seed, kind of object, index) alone: any object can be made without its predecessors. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** One of the values, each with its weight: `weighted([['a', 3], ['b', 1]])`. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T
}

export function createRandom(seed: number, kind: string, index: number): Random {
  let state = scramble(scramble(seed ^ hashOf(kind)) + Math.imul(index + 1, 0x9e3779b1))
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
    pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
    weighted: <T>(choices: readonly (readonly [T, number])[]): T => {
      let total = 0
      for (const [, weight] of choices) total += weight
      let rest = next() * total
      for (const [value, weight] of choices) {
        rest -= weight
        if (rest < 0) return value
      }
      return (choices.at(-1) as readonly [T, number])[0]
    },
  }
}

const hashes = new Map<string, number>()

function hashOf(text: string): number {
  const known = hashes.get(text)
  if (known !== undefined) return known
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  hashes.set(text, value)
  return value
}

function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
