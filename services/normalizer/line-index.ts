/**
 * Which lines the last published version of a header had, so that lines that disappear get their tombstones. One
 * string per header: what all ids have in common is kept once. Ids of several line topics of an entity are kept side
 * by side (`work_order`: tasks, parts, labor).
 */
export interface LineIndex {
  /** Line ids of the header per line topic, in the order of `LINE_TOPICS`; null = the header has none. */
  readonly get: (slot: number) => readonly (readonly string[])[] | null
  readonly set: (slot: number, ids: readonly (readonly string[])[]) => void
  readonly remove: (slot: number) => void
  /** Characters held, about one byte each. */
  readonly characters: () => number
}

export function createLineIndex(): LineIndex {
  const packed: (string | undefined)[] = []
  let characters = 0

  function store(slot: number, text: string | undefined): void {
    const before = packed[slot]
    while (packed.length < slot) packed.push(undefined)
    packed[slot] = text
    characters += (text?.length ?? 0) - (before?.length ?? 0)
  }

  return {
    get(slot) {
      const text = packed[slot]
      return text === undefined ? null : unpackIds(text)
    },
    set(slot, ids) {
      store(slot, ids.every((list) => list.length === 0) ? undefined : packIds(ids))
    },
    remove(slot) {
      if (packed[slot] !== undefined) store(slot, undefined)
    },
    characters: () => characters,
  }
}

/** `prefix \n id \n id \f id …`: control characters cannot occur in ids (they are percent-encoded there). */
export function packIds(ids: readonly (readonly string[])[]): string {
  const prefix = commonPrefix(ids)
  const lists = ids.map((list) => list.map((id) => id.slice(prefix.length)).join('\n'))
  const marked = lists.map((text, i) => (ids[i]?.length === 0 ? '\r' : text))
  return `${prefix}\f${marked.join('\f')}`
}

export function unpackIds(text: string): string[][] {
  const [prefix = '', ...lists] = text.split('\f')
  return lists.map((list) => (list === '\r' ? [] : list.split('\n').map((rest) => prefix + rest)))
}

function commonPrefix(ids: readonly (readonly string[])[]): string {
  let prefix: string | undefined
  for (const list of ids) {
    for (const id of list) {
      if (prefix === undefined) prefix = id
      let length = 0
      while (length < prefix.length && prefix.charCodeAt(length) === id.charCodeAt(length)) length++
      prefix = prefix.slice(0, length)
    }
  }
  return prefix ?? ''
}

/** Ids of `before` that `after` no longer has, list by list. */
export function vanishedIds(
  before: readonly (readonly string[])[] | null,
  after: readonly (readonly string[])[],
): string[][] {
  return after.map((ids, i) => {
    const old = before?.[i] ?? []
    if (old.length === 0) return []
    const kept = new Set(ids)
    return old.filter((id) => !kept.has(id))
  })
}
