import { hash } from 'node:crypto'
import { ENTITY_NAMES, type WritableEntity } from '../../core/index.ts'

/**
 * What stays in memory of a finished command: enough to know its id again and to find its journal entry, 32 bytes in
 * typed arrays (open addressing, at most 3/4 full), whatever it said and was answered. What is older than the journal
 * keeps is unknown, and gone when the table grows next.
 */
export interface Finished {
  set(commandId: string, about: FinishedCommand): void
  /** Undefined = not known, or too long ago. */
  get(commandId: string): FinishedCommand | undefined
  remove(commandId: string): void
  size(): number
  bytes(): number
}

export interface FinishedCommand {
  readonly entity: WritableEntity
  /** Where the command stands in its topic. */
  readonly topicOffset: number
  /** Where its last entry stands in `command-journal`. */
  readonly journalOffset: number
  /** Epoch ms; kept to the hour. */
  readonly finishedAt: number
}

const HOUR = 3_600_000
const WORDS = 4
const DOUBLES = 2
/** The last word: hours since 1970, and the entity. */
const ENTITY_BITS = 8

export function createFinished(keptMs: number, now: () => number, firstSlots = 64): Finished {
  let slots = firstSlots
  let words = new Uint32Array(slots * WORDS)
  let doubles = new Float64Array(slots * DOUBLES)
  let used = 0

  const key = new Uint32Array(3)
  function setKey(commandId: string): void {
    const digest = hash('sha256', commandId, 'buffer')
    for (let i = 0; i < 3; i++) key[i] = digest.readUInt32LE(i * 4)
  }

  const word = (slot: number, i: number) => words[slot * WORDS + i] as number
  const isFree = (slot: number) => word(slot, 3) === 0
  const isCurrent = (slot: number) => doubles[slot * DOUBLES + 1] !== -1 && timeOf(slot) + HOUR > now() - keptMs
  const timeOf = (slot: number) => (word(slot, 3) >>> ENTITY_BITS) * HOUR

  /** Of the key, or the free one where it belongs. */
  function slotOf(k: { readonly [i: number]: number }): number {
    let slot = (k[0] as number) & (slots - 1)
    while (!isFree(slot) && !(word(slot, 0) === k[0] && word(slot, 1) === k[1] && word(slot, 2) === k[2]))
      slot = (slot + 1) & (slots - 1)
    return slot
  }

  function rebuild(): void {
    const current = []
    for (let slot = 0; slot < slots; slot++) if (!isFree(slot) && isCurrent(slot)) current.push(slot)
    const [oldWords, oldDoubles] = [words, doubles]
    while (current.length * 2 > slots) slots *= 2
    words = new Uint32Array(slots * WORDS)
    doubles = new Float64Array(slots * DOUBLES)
    used = current.length
    for (const old of current) {
      const row = oldWords.subarray(old * WORDS, old * WORDS + WORDS)
      const slot = slotOf(row)
      words.set(row, slot * WORDS)
      doubles.set(oldDoubles.subarray(old * DOUBLES, old * DOUBLES + DOUBLES), slot * DOUBLES)
    }
  }

  return {
    set(commandId, { entity, topicOffset, journalOffset, finishedAt }) {
      if ((used + 1) * 4 > slots * 3) rebuild()
      setKey(commandId)
      const slot = slotOf(key)
      if (isFree(slot)) used++
      words.set(key, slot * WORDS)
      words[slot * WORDS + 3] = (Math.floor(finishedAt / HOUR) << ENTITY_BITS) | (ENTITY_NAMES.indexOf(entity) + 1)
      doubles[slot * DOUBLES] = topicOffset
      doubles[slot * DOUBLES + 1] = journalOffset
    },
    get(commandId) {
      setKey(commandId)
      const slot = slotOf(key)
      if (isFree(slot) || !isCurrent(slot)) return undefined
      return {
        entity: ENTITY_NAMES[(word(slot, 3) & ((1 << ENTITY_BITS) - 1)) - 1] as WritableEntity,
        topicOffset: doubles[slot * DOUBLES] as number,
        journalOffset: doubles[slot * DOUBLES + 1] as number,
        finishedAt: timeOf(slot),
      }
    },
    remove(commandId) {
      setKey(commandId)
      const slot = slotOf(key)
      if (!isFree(slot)) doubles[slot * DOUBLES + 1] = -1
    },
    size: () => used,
    bytes: () => words.byteLength + doubles.byteLength,
  }
}
