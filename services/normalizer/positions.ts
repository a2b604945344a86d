/**
 * Where the partition stands in each of its input topics: one JSON record on `normalizer-state` under `~position`,
 * written in every transaction. Keys that begin with `~` are never unified ids.
 */
export const POSITION_KEY = '~position'
export const REPLAY_KEY = '~replay'

/** Topic → next offset to read. */
export type Positions = Map<string, number>

/** A replay that is under way in one topic: records below `until` are read again. */
export interface Replay {
  readonly until: number
  readonly requestId: string
  /** Only records of this connection are mapped again; null = all. */
  readonly connectionId: string | null
}

export const encodePositions = (positions: Positions): Buffer =>
  Buffer.from(JSON.stringify(Object.fromEntries(positions)))

export const encodeReplays = (replays: ReadonlyMap<string, Replay>): Buffer | null =>
  replays.size === 0 ? null : Buffer.from(JSON.stringify(Object.fromEntries(replays)))

export function decodePositions(value: Buffer): Positions {
  const entries = Object.entries(JSON.parse(value.toString()) as Record<string, unknown>)
  for (const [topic, offset] of entries) {
    if (!Number.isSafeInteger(offset)) throw new Error(`corrupt position record: ${topic} = ${String(offset)}`)
  }
  return new Map(entries as [string, number][])
}

export function decodeReplays(value: Buffer | null): Map<string, Replay> {
  return new Map(value === null ? [] : Object.entries(JSON.parse(value.toString()) as Record<string, Replay>))
}

/** The gate of one key on `normalizer-state`, where the unified record does not show it: `[version, extractedAt]`. */
export function encodeGate(version: number, extractedAt: number, unpublished: boolean): Buffer {
  return Buffer.from(unpublished ? `[${version},${extractedAt},1]` : `[${version},${extractedAt}]`, 'latin1')
}

export interface Gate {
  readonly version: number
  readonly extractedAt: number
  /** Nothing of the key is on the unified topic: the gate remembers a deletion. */
  readonly unpublished: boolean
}

export function decodeGate(value: Buffer): Gate {
  const [version, extractedAt, unpublished] = JSON.parse(value.toString('latin1')) as [number, number, number?]
  return { version, extractedAt, unpublished: unpublished === 1 }
}
