/** What deliveries told of one stream, against what its polls found. Times: our clock. */
export interface Coverage {
  told(key: string | null): void
  published(key: string, version: number, isNew: boolean): void
  pollBegan(): void
  found(key: string, version: number): void
  pollEnded(): void
  /** Decides about findings whose time of grace is over. Returns how many of them were missed. */
  judge(): number
  /** Findings that are not decided. */
  hasOpen(): boolean
  /** Of the last polls that saw any change. */
  sums(): { readonly told: number; readonly missed: number }
  /** From now on only what is yet to come counts. */
  forgetPast(): void
  /** When something of the stream, without a key, was told last; 0 = never. */
  keylessAt(): number
}

/** Records remembered as told; beyond it nothing is decided until the next poll, so that nothing is blamed wrongly. */
const MOST_TOLD = 20_000
const MOST_OPEN = 20_000
const POLLS = 5

export function createCoverage(parts: {
  readonly now: () => number
  readonly graceMs: number
  readonly isWaiting: (key: string) => boolean
}): Coverage {
  const { now, graceMs } = parts
  const byKey = new Map<string, { at: number; version: number }>()
  let open: { readonly key: string; readonly version: number; readonly at: number }[] = []
  let polls: { told: number; missed: number }[] = [{ told: 0, missed: 0 }]
  let keyless = 0
  let pollBefore = 0
  let pollNow = 0
  /** The first poll of a process finds what deliveries told to the one before it. */
  let blind = true

  const newest = () => polls.at(-1) as { told: number; missed: number }

  function note(key: string, change: (entry: { at: number; version: number }) => void): void {
    const entry = byKey.get(key) ?? { at: 0, version: Number.NEGATIVE_INFINITY }
    change(entry)
    byKey.delete(key)
    byKey.set(key, entry)
    if (byKey.size <= MOST_TOLD) return
    blind = true
    for (const oldest of byKey.keys()) return void byKey.delete(oldest)
  }

  return {
    told(key) {
      if (key === null) keyless = now()
      else note(key, (entry) => (entry.at = now()))
    },
    published(key, version, isNew) {
      note(key, (entry) => (entry.version = Math.max(entry.version, version)))
      if (isNew) newest().told++
    },
    pollBegan() {
      pollBefore = pollNow
      pollNow = now()
    },
    found(key, version) {
      if (blind) return
      const told =
        (byKey.get(key)?.version ?? Number.NEGATIVE_INFINITY) >= version || (keyless > 0 && keyless >= pollBefore)
      if (told) newest().told++
      else if (open.length < MOST_OPEN) open.push({ key, version, at: now() })
    },
    pollEnded() {
      blind = false
      const { told, missed } = newest()
      if (told + missed === 0) return
      polls = [...polls, { told: 0, missed: 0 }].slice(-POLLS - 1)
    },
    judge() {
      const due = open.filter(({ at }) => at + graceMs <= now())
      open = open.filter(({ at }) => at + graceMs > now())
      let missed = 0
      for (const { key, version, at } of due) {
        const entry = byKey.get(key)
        const late = entry !== undefined && (entry.version >= version || entry.at >= at)
        if (late || (keyless > 0 && keyless >= at)) newest().told++
        else if (parts.isWaiting(key)) open.push({ key, version, at })
        else missed++
      }
      newest().missed += missed
      return missed
    },
    hasOpen: () => open.length > 0,
    sums: () => ({
      told: polls.reduce((sum, poll) => sum + poll.told, 0),
      missed: polls.reduce((sum, poll) => sum + poll.missed, 0),
    }),
    forgetPast() {
      polls = [{ told: 0, missed: 0 }]
    },
    keylessAt: () => keyless,
  }
}
