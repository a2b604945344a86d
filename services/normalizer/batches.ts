import { setImmediate } from 'node:timers/promises'
import {
  type ChangeRecord,
  type InRecord,
  MalformedRecordError,
  NORMALIZER_REQUESTS,
  type PartitionBatch,
} from '../../core/index.ts'
import { applyDelete } from './deletions.ts'
import { MappingError } from './mapping.ts'
import { type EntityState, startsWith } from './partition-state.ts'
import { beginReplay, endReplayIfDone, parseRequest } from './replay.ts'
import type { NoSource, Source } from './sources.ts'
import { applySeen, applySweep, applySweepMark } from './sweep-records.ts'
import { applyUpsert } from './upserts.ts'
import type { WorkerContext } from './worker-context.ts'

/** A few milliseconds of work: then other partitions' live records and the network get their turn. */
const RECORDS_PER_SLICE = 256

/** A storm of records of one unknown connection reads `connections` once in this time. */
const RECHECK_AFTER_MS = 5_000

/** Handles the records of one fetched batch in order, and commits them with the position in one transaction. */
export async function handleBatch(context: WorkerContext, batch: PartitionBatch): Promise<void> {
  const { positions, partition, replays } = context
  const { topic, records } = batch
  const last = records.at(-1)
  if (last === undefined) return
  context.batch = records
  const state = context.state.byTopic.get(topic)
  let rewound: string[] = []
  if (state === undefined) {
    if (topic !== NORMALIZER_REQUESTS) throw new Error(`records of a topic that the normalizer does not read: ${topic}`)
    rewound = handleRequests(context, records)
  } else {
    for (let i = 0; i < records.length; i++) {
      // Only the rare records are awaited: a promise per record would cost more than its mapping.
      const waiting = handleChange(context, state, records[i] as InRecord)
      if (waiting !== undefined) await waiting
      if ((i + 1) % RECORDS_PER_SLICE === 0) await setImmediate()
    }
  }
  context.lookups.clear()
  positions.set(topic, last.offset + 1)
  if (replays.has(topic)) endReplayIfDone(context, topic)
  await context.commit()
  for (const rewind of rewound) partition.seek(rewind, 0)
}

function handleRequests(context: WorkerContext, records: readonly InRecord[]): string[] {
  const rewound = new Set<string>()
  for (const record of records) {
    if (record.value === null) continue
    try {
      const request = parseRequest(record.value)
      const topics = beginReplay(context, request)
      for (const topic of topics) rewound.add(topic)
      context.log.info(
        { request: request.id, partition: context.partition.index, topics: topics.length },
        'replay begins',
      )
    } catch (error) {
      context.deadLetters.add(record, 'undecodable', error)
    }
  }
  return [...rewound]
}

function handleChange(context: WorkerContext, state: EntityState, record: InRecord): Promise<void> | undefined {
  if (record.value === null || record.key === null) return undefined
  let change: ChangeRecord
  try {
    change = context.codec.decodeChange(record.value)
  } catch (error) {
    if (!(error instanceof MalformedRecordError)) return retryUndecoded(context, state, record, error)
    context.deadLetters.add(record, 'undecodable', error)
    return undefined
  }
  const source = context.sources.find(state, change.connection_id)
  source.tally.received++
  if (source.status === 'active') return route(context, state, source, record, change)
  if (source.status === 'unknown' && context.clock.now() - source.checkedAt > RECHECK_AFTER_MS)
    return awaitConnection(context, state, record, change)
  refuse(context, source, record, change, state)
  return undefined
}

function route(
  context: WorkerContext,
  state: EntityState,
  source: Source,
  record: InRecord,
  change: ChangeRecord,
): Promise<void> | undefined {
  const { operation } = change
  const replay = context.replays.size === 0 ? undefined : context.replays.get(record.topic)
  if (replay !== undefined && record.offset < replay.until) {
    const aboutOther = replay.connectionId !== null && replay.connectionId !== change.connection_id
    if (aboutOther || (operation !== 'UPSERT' && operation !== 'DELETE')) {
      source.tally.replaySkipped++
      return undefined
    }
  }
  switch (operation) {
    case 'UPSERT':
    case 'DELETE':
      return applyChange(context, state, source, record, change)
    case 'SEEN':
      applySeen(state, source, change)
      return undefined
    case 'SWEEP_BEGIN':
    case 'SWEEP_END':
      applySweepMark(context, state, source, change)
      return undefined
    case 'SWEEP_APPLY':
      // Deletions are committed in parts: until they all are, the position stays at this record.
      context.positions.set(record.topic, record.offset)
      return applySweep(context, state, source, change)
    default: {
      const error = new Error(`operation ${operation} is not known to this version of the normalizer`)
      context.deadLetters.add(record, 'unsupported', error, aboutOf(change))
      return undefined
    }
  }
}

function applyChange(
  context: WorkerContext,
  state: EntityState,
  source: Source,
  record: InRecord,
  change: ChangeRecord,
): Promise<void> | undefined {
  if (change.entity !== state.entity || !startsWith(record.key as Buffer, source.keyPrefix)) {
    const error = new Error(`key ${record.key?.toString()} is not an id of ${change.connection_id}:${state.entity}`)
    context.deadLetters.add(record, 'foreign-key', error, aboutOf(change))
    return undefined
  }
  if (change.operation === 'DELETE') return applyDelete(context, state, source, record, change)
  try {
    applyUpsert(context, state, source, record, change)
  } catch (error) {
    if (!(error instanceof MappingError)) throw error
    context.deadLetters.add(record, 'mapping', error, aboutOf(change))
  }
  return undefined
}

/** The record may have overtaken its connection: read `connections` to the end before giving up on it. */
async function awaitConnection(
  context: WorkerContext,
  state: EntityState,
  record: InRecord,
  change: ChangeRecord,
): Promise<void> {
  await context.directory.refresh()
  const source = context.sources.find(state, change.connection_id)
  if (source.status === 'unknown') source.checkedAt = context.clock.now()
  if (source.status === 'active') await route(context, state, source, record, change)
  else refuse(context, source, record, change, state)
}

function refuse(context: WorkerContext, source: NoSource, record: InRecord, change: ChangeRecord, state: EntityState) {
  if (source.status === 'removed') {
    source.tally.removed++
    return
  }
  const kind = source.status === 'unknown' ? 'unknown-connection' : 'unsupported'
  context.deadLetters.add(record, kind, new Error(source.reason), { ...aboutOf(change), entity: state.entity })
}

const aboutOf = (change: ChangeRecord) => ({
  connectionId: change.connection_id,
  entity: change.entity,
  runId: change.run_id,
})

async function retryUndecoded(
  context: WorkerContext,
  state: EntityState,
  record: InRecord,
  error: unknown,
): Promise<void> {
  await context.codec.learn(error, context.partition.signal)
  await handleChange(context, state, record)
}
