import type { Clock, EntityName, SyncFailure } from '../../../core/index.ts'
import type { Task } from './tasks.ts'

/** A record that is waiting to be read again, or is being read. */
export interface Waiting {
  readonly entity: EntityName
  /** Native key, parts joined by "|". */
  readonly key: string
  /** Deliveries that named it; while it is read: those that came since, which ask for one more read. */
  tasks: Task[]
  phase: 'waiting' | 'ready' | 'reading'
  /** It is on the list in the stream's state, which outlives us. */
  parked: boolean
  /** It was named while it was being read. */
  again: boolean
  failure: SyncFailure | null
  cancel: () => void
}

/** The records of one connection that wait. What is named again while it waits costs nothing more. */
export interface WaitingRoom {
  /** Returns null when the record was waiting already. `afterMs`: until it is ready, so that a burst is one read. */
  add(entity: EntityName, key: string, afterMs: number): Waiting | null
  get(entity: EntityName, key: string): Waiting | undefined
  /** Back to waiting, to be ready in `afterMs`. */
  putOff(entry: Waiting, afterMs: number): void
  /** The next that is ready, in the order in which they came to be; it counts as being read from now on. */
  take(): Waiting | undefined
  remove(entry: Waiting): void
  all(): Waiting[]
  readonly size: number
  close(): void
}

/** The reads of one connection. */
export interface Account {
  readonly id: string
  readonly room: WaitingRoom
  reading: number
  abort: AbortController
  interrupted: boolean
  /** Our clock; nothing is read before. */
  blockedUntil: number
  failures: number
  wake: () => void
}

export function createWaitingRoom(clock: Clock, onReady: () => void): WaitingRoom {
  const entries = new Map<string, Waiting>()
  const ready = new Set<Waiting>()
  const nameOf = (entity: EntityName, key: string) => `${entity}/${key}`

  function putOff(entry: Waiting, afterMs: number): void {
    entry.cancel()
    ready.delete(entry)
    entry.phase = 'waiting'
    entry.cancel = clock.after(afterMs, () => {
      entry.phase = 'ready'
      ready.add(entry)
      onReady()
    })
  }

  return {
    add(entity, key, afterMs) {
      if (entries.has(nameOf(entity, key))) return null
      const entry: Waiting = {
        entity,
        key,
        tasks: [],
        phase: 'waiting',
        parked: false,
        again: false,
        failure: null,
        cancel: () => {},
      }
      entries.set(nameOf(entity, key), entry)
      putOff(entry, afterMs)
      return entry
    },
    get: (entity, key) => entries.get(nameOf(entity, key)),
    putOff,
    take() {
      const [first] = ready
      if (first === undefined) return undefined
      ready.delete(first)
      first.phase = 'reading'
      return first
    },
    remove(entry) {
      entry.cancel()
      ready.delete(entry)
      entries.delete(nameOf(entry.entity, entry.key))
    },
    all: () => [...entries.values()],
    get size() {
      return entries.size
    },
    close() {
      for (const entry of entries.values()) entry.cancel()
      entries.clear()
      ready.clear()
    },
  }
}
