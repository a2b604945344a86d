/** A dice of its own for each purpose: the same seed gives the same throws. */
export interface Dice {
  /** From 0 up to, not including, 1. */
  share(): number
  /** A whole number from..to. */
  whole(from: number, to: number): number
  /** @throws when the list is empty */
  pick<T>(list: readonly T[]): T
  chance(share: number): boolean
}

export function createDice(seed: number, purpose: string): Dice {
  let state = seed >>> 0
  for (const char of purpose) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x9e3779b1) >>> 0
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    share,
    whole: (from, to) => from + Math.floor(share() * (to - from + 1)),
    pick(list) {
      if (list.length === 0) throw new Error('nothing to pick from')
      return list[Math.floor(share() * list.length)] as (typeof list)[number]
    },
    chance: (part) => share() < part,
  }
}
