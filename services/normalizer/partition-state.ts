import {
  backfillTopic,
  type Codec,
  changesTopic,
  ENTITY_NAMES,
  type EntityName,
  LINE_TOPICS,
  type LineTopic,
  NORMALIZER_STATE,
  SWEEP_REPORTS,
  unifiedTopicOf,
} from '../../core/index.ts'
import { createLineIndex, type LineIndex } from './line-index.ts'
import { createStateTable, type StateTable } from './state-table.ts'
import type { Sweep } from './sweeps.ts'

/** One topic of this partition that transactions write to; `count` = records of the transaction being built. */
export interface Lane {
  readonly topic: string
  count: number
  /** True = the record goes to the partition of its key instead of the owner's (reports to sync). */
  readonly byKey?: boolean
}

export interface LineLane extends Lane {
  readonly line: LineTopic
  readonly codec: ReturnType<Codec['line']>
}

/** Everything that one partition holds of one entity. */
export interface EntityState {
  readonly entity: EntityName
  readonly changes: string
  readonly backfill: string
  readonly unified: Lane
  readonly codec: ReturnType<Codec['unified']>
  readonly table: StateTable
  /** Derived line topics of the entity, in the order of `LINE_TOPICS`; often none. */
  readonly lineLanes: readonly LineLane[]
  /** Null for entities without lines. */
  readonly lines: LineIndex | null
  /** Open sweeps, seldom more than one per connection. */
  readonly sweeps: Sweep[]
}

/** Connection ids as small numbers, as the tables keep them. Numbers are given as ids appear and never used again. */
export interface ConnectionNumbers {
  readonly numberOf: (id: string) => number
  readonly idOf: (number: number) => string
  /** The connection of a unified id, given as key bytes. */
  readonly ofKey: (key: Buffer) => number
}

export interface PartitionState {
  readonly entities: readonly EntityState[]
  readonly byEntity: ReadonlyMap<string, EntityState>
  /** By raw topic name. */
  readonly byTopic: ReadonlyMap<string, EntityState>
  readonly connections: ConnectionNumbers
  readonly gates: Lane
  readonly reports: Lane
  readonly keys: () => number
  /** Bytes of the tables, and characters of line ids. */
  readonly memory: () => { readonly tables: number; readonly lines: number }
}

export function createPartitionState(codec: Codec): PartitionState {
  const entities = ENTITY_NAMES.map((entity) => createEntityState(codec, entity))
  return {
    entities,
    byEntity: new Map(entities.map((state) => [state.entity, state])),
    byTopic: new Map(entities.flatMap((state) => [state.changes, state.backfill].map((topic) => [topic, state]))),
    connections: createConnectionNumbers(),
    gates: { topic: NORMALIZER_STATE, count: 0 },
    reports: { topic: SWEEP_REPORTS, count: 0, byKey: true },
    keys: () => entities.reduce((sum, state) => sum + state.table.size(), 0),
    memory: () => ({
      tables: entities.reduce((sum, state) => sum + state.table.bytes(), 0),
      lines: entities.reduce((sum, state) => sum + (state.lines?.characters() ?? 0), 0),
    }),
  }
}

function createEntityState(codec: Codec, entity: EntityName): EntityState {
  const lineTopics = LINE_TOPICS.filter((line) => line.entity === entity)
  return {
    entity,
    changes: changesTopic(entity),
    backfill: backfillTopic(entity),
    unified: { topic: unifiedTopicOf(entity), count: 0 },
    codec: codec.unified(entity),
    table: createStateTable(),
    lineLanes: lineTopics.map((line) => ({
      topic: unifiedTopicOf(line.name),
      count: 0,
      line,
      codec: codec.line(line.name),
    })),
    lines: lineTopics.length === 0 ? null : createLineIndex(),
    sweeps: [],
  }
}

const COLON = 58

function createConnectionNumbers(): ConnectionNumbers {
  const numbers = new Map<string, number>()
  const ids: string[] = []
  let lastPrefix = Buffer.alloc(0)
  let lastNumber = -1
  const numberOf = (id: string): number => {
    let number = numbers.get(id)
    if (number === undefined) {
      number = ids.push(id) - 1
      numbers.set(id, number)
    }
    return number
  }
  return {
    numberOf,
    idOf: (number) => ids[number] as string,
    ofKey(key) {
      if (lastNumber >= 0 && startsWith(key, lastPrefix)) return lastNumber
      const end = key.indexOf(COLON)
      lastPrefix = Buffer.from(key.subarray(0, end + 1))
      lastNumber = numberOf(key.toString('latin1', 0, end < 0 ? key.length : end))
      return lastNumber
    },
  }
}

/** Do the bytes of `key` begin with `prefix`? */
export function startsWith(key: Uint8Array, prefix: Uint8Array): boolean {
  if (key.length < prefix.length) return false
  for (let i = 0; i < prefix.length; i++) if (key[i] !== prefix[i]) return false
  return true
}
