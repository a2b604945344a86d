/** Places at the system: so many commands are with it at a time, in the order in which they came. */
export interface Places {
  /** Resolves with how to give the place back; giving it back twice is once. */
  enter(): Promise<() => void>
  /** There may be more places than before. */
  poke(): void
}

export function createPlaces(limit: () => number): Places {
  const queue: (() => void)[] = []
  let taken = 0

  function poke(): void {
    while (taken < limit()) {
      const next = queue.shift()
      if (next === undefined) return
      taken++
      next()
    }
  }

  function placeOf(): () => void {
    let holds = true
    return () => {
      if (!holds) return
      holds = false
      taken--
      poke()
    }
  }

  return {
    poke,
    enter: () =>
      new Promise((resolve) => {
        queue.push(() => resolve(placeOf()))
        poke()
      }),
  }
}
