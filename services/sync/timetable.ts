import type { Clock } from '../../core/index.ts'

/**
 * What is due when: a binary heap with an index, and one timer for its earliest entry. A hundred thousand streams that
 * are not due cost their entries and nothing else; `set` and `delete` are O(log n).
 */
export interface Timetable {
  /** Plans `key` for `dueAt` (epoch ms), replacing what was planned for it. */
  set(key: string, dueAt: number): void
  delete(key: string): void
  /** When `key` is due; undefined = not planned. */
  get(key: string): number | undefined
  readonly size: number
  /** Forgets everything and stops the timer. */
  close(): void
}

interface Entry {
  readonly key: string
  dueAt: number
}

/** `onDue` is called once for each key that falls due; the key is no longer planned by then. */
export function createTimetable(options: { readonly clock: Clock; readonly onDue: (key: string) => void }): Timetable {
  const { clock, onDue } = options
  const heap: Entry[] = []
  const places = new Map<string, number>()
  let armedFor = Number.POSITIVE_INFINITY
  let disarm: (() => void) | null = null

  const put = (entry: Entry, place: number) => {
    heap[place] = entry
    places.set(entry.key, place)
  }

  /** Moves the entry at `place` up or down until the heap is in order again. */
  function settle(place: number): void {
    const entry = heap[place]
    if (entry === undefined) return
    let at = place
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt]
      if (parent === undefined || parent.dueAt <= entry.dueAt) break
      put(parent, at)
      at = parentAt
    }
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      const useRight = right !== undefined && left !== undefined && right.dueAt < left.dueAt
      const child = useRight ? right : left
      if (child === undefined || child.dueAt >= entry.dueAt) break
      const childAt = 2 * at + (useRight ? 2 : 1)
      put(child, at)
      at = childAt
    }
    put(entry, at)
  }

  function remove(place: number): void {
    const removed = heap[place]
    const last = heap.pop()
    if (removed === undefined || last === undefined) return
    places.delete(removed.key)
    if (last === removed) return
    put(last, place)
    settle(place)
  }

  function arm(): void {
    const earliest = heap[0]?.dueAt ?? Number.POSITIVE_INFINITY
    if (earliest === armedFor) return
    disarm?.()
    disarm = null
    armedFor = earliest
    if (earliest === Number.POSITIVE_INFINITY) return
    disarm = clock.after(Math.max(0, earliest - clock.now()), fire)
  }

  function fire(): void {
    disarm = null
    armedFor = Number.POSITIVE_INFINITY
    const now = clock.now()
    const due: string[] = []
    for (let first = heap[0]; first !== undefined && first.dueAt <= now; first = heap[0]) {
      due.push(first.key)
      remove(0)
    }
    for (const key of due) onDue(key)
    arm()
  }

  return {
    set(key, dueAt) {
      const place = places.get(key)
      const entry = place === undefined ? undefined : heap[place]
      if (place === undefined || entry === undefined) {
        heap.push({ key, dueAt })
        settle(heap.length - 1)
      } else {
        entry.dueAt = dueAt
        settle(place)
      }
      arm()
    },
    delete(key) {
      const place = places.get(key)
      if (place === undefined) return
      remove(place)
      arm()
    },
    get(key) {
      const place = places.get(key)
      return place === undefined ? undefined : heap[place]?.dueAt
    },
    get size() {
      return heap.length
    },
    close() {
      heap.length = 0
      places.clear()
      disarm?.()
      disarm = null
      armedFor = Number.POSITIVE_INFINITY
    },
  }
}
