/**
 * Commands of one connection in lanes: one at a time and in order within a lane (one object), lanes side by side.
 * The first of a lane stays there until it is finished, also while it waits.
 */
export interface Lanes<T> {
  /** Returns whether it is the first of its lane. */
  add(lane: string, task: T): boolean
  /** Takes it out, wherever it stands. Returns the one that is first now, if it came to be first by this. */
  remove(lane: string, task: T): T | undefined
  isFirst(lane: string, task: T): boolean
  all(): T[]
}

export function createLanes<T>(): Lanes<T> {
  const lanes = new Map<string, T[]>()
  return {
    add(name, task) {
      const lane = lanes.get(name)
      if (lane !== undefined) return lane.push(task) === 1
      lanes.set(name, [task])
      return true
    },
    remove(name, task) {
      const lane = lanes.get(name) ?? []
      const at = lane.indexOf(task)
      if (at < 0) return undefined
      lane.splice(at, 1)
      if (lane.length === 0) lanes.delete(name)
      return at === 0 ? lane[0] : undefined
    },
    isFirst: (name, task) => lanes.get(name)?.[0] === task,
    all: () => [...lanes.values()].flat(),
  }
}
