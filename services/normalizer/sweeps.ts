import { DELETED, type StateTable, UNPUBLISHED } from './state-table.ts'

/**
 * Open sweeps of one entity in one partition: which keys were seen since SWEEP_BEGIN. Marks are in memory only; a
 * restart forgets them, the sweep is then reported incomplete and run again. It costs a sweep, never a record.
 */
export interface Sweep {
  readonly connection: number
  readonly runId: string
  /** `extracted_at` of SWEEP_BEGIN: what was read from the source since then is alive. */
  readonly beganAt: number
  readonly seen: Marks
  /** Set once SWEEP_END was answered with `complete: true`; only then may SWEEP_APPLY delete. */
  reported: boolean
}

/** A growing set of slots, one bit each. */
export interface Marks {
  readonly add: (slot: number) => void
  readonly has: (slot: number) => boolean
}

export function createMarks(): Marks {
  let bits = new Uint32Array(64)
  return {
    add(slot) {
      const word = slot >>> 5
      if (word >= bits.length) {
        const larger = new Uint32Array(Math.max(word + 1, bits.length * 2))
        larger.set(bits)
        bits = larger
      }
      bits[word] = (bits[word] as number) | (1 << (slot & 31))
    },
    has: (slot) => (((bits[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1,
  }
}

/** Opens a sweep; an unfinished one of the same connection is dropped. */
export function beginSweep(sweeps: Sweep[], connection: number, runId: string, beganAt: number): void {
  dropSweep(sweeps, connection)
  sweeps.push({ connection, runId, beganAt, seen: createMarks(), reported: false })
}

export function dropSweep(sweeps: Sweep[], connection: number): void {
  const at = sweeps.findIndex((sweep) => sweep.connection === connection)
  if (at >= 0) sweeps.splice(at, 1)
}

/** The open sweep of this connection and run, if this incarnation of the partition saw it begin. */
export function findSweep(sweeps: readonly Sweep[], connection: number, runId: string): Sweep | undefined {
  return sweeps.find((sweep) => sweep.connection === connection && sweep.runId === runId)
}

/** A change of this key came by while a sweep is open: it counts as seen, whatever the gate says of it. */
export function markSeen(sweeps: readonly Sweep[], connection: number, slot: number): void {
  for (const sweep of sweeps) if (sweep.connection === connection) sweep.seen.add(slot)
}

/** Counts the live keys of the sweep's connection, and collects those that the source no longer lists. */
export function missingKeys(table: StateTable, sweep: Sweep): { readonly live: number; readonly missing: number[] } {
  const missing: number[] = []
  let live = 0
  for (let slot = 0, slots = table.slots(); slot < slots; slot++) {
    if (!table.isUsed(slot) || table.connection(slot) !== sweep.connection) continue
    if ((table.marks(slot) & (DELETED | UNPUBLISHED)) !== 0) continue
    live++
    if (!sweep.seen.has(slot) && table.extractedAt(slot) < sweep.beganAt) missing.push(slot)
  }
  return { live, missing }
}
