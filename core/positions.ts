/**
 * Low-water marks: the position of a topic is the first of its records that is not finished. One that waits for hours
 * holds the position, not the records behind it: after a restart those are read again, and must be known then.
 */
export interface Positions {
  /** A record is in work from now on. */
  open(topic: string, offset: number): void
  done(topic: string, offset: number): void
  /** Records in work, of all topics. */
  unfinished(): number
  /** Next offset of each topic; records below it are finished. */
  marks(): { readonly [topic: string]: number }
}

interface Reading {
  /** In the order in which they were read, so the first is the lowest. */
  readonly open: Set<number>
  next: number
}

export function createPositions(restored: { readonly [topic: string]: number }): Positions {
  const topics = new Map<string, Reading>(
    Object.entries(restored).map(([topic, next]) => [topic, { open: new Set(), next }]),
  )
  let unfinished = 0
  return {
    open(topic, offset) {
      let reading = topics.get(topic)
      if (reading === undefined) topics.set(topic, (reading = { open: new Set(), next: 0 }))
      reading.open.add(offset)
      reading.next = offset + 1
      unfinished++
    },
    done(topic, offset) {
      if (topics.get(topic)?.open.delete(offset) === true) unfinished--
    },
    unfinished: () => unfinished,
    marks: () =>
      Object.fromEntries(
        [...topics].map(([topic, { open, next }]) => {
          const [first] = open
          return [topic, first ?? next]
        }),
      ),
  }
}
