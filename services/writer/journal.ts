import {
  COMMAND_JOURNAL,
  COMMAND_RESULTS,
  type Codec,
  type CommandJournal,
  type CommandResult,
  type CommitResult,
  type InRecord,
  type OutRecord,
  type Partition,
  type WritableEntity,
} from '../../core/index.ts'
import { createFinished, type FinishedCommand } from './finished.ts'
import type { Step } from './progress.ts'
import { isInDoubt } from './settlement.ts'

/** Key of the record that holds the positions; no command id looks like it. */
const POSITION_KEY = '~position'

/** As long as the topic keeps them, and as the answer to a duplicate can be found. */
const KEPT_MS = 30 * 86_400_000
const PRUNE_EVERY_MS = 3_600_000

/**
 * One partition of `command-journal`: what is known of each command, as it is committed or about to be. What is not
 * finished is in memory as a whole, and so is what an operator or a reader still waits for; of the others only where
 * their entries are.
 */
export interface Journal {
  /** Takes one record of the topic, at restore. */
  load(record: Pick<InRecord, 'key' | 'value' | 'offset'>): void
  /** Undefined = unknown, or finished long enough to be out of memory. */
  get(commandId: string): CommandJournal | undefined
  /** What is known of a command that is finished and out of memory, without its entry. */
  finished(commandId: string): FinishedCommand | undefined
  /** The entry, from memory or from the topic. */
  find(commandId: string): Promise<CommandJournal | undefined>
  entries(): Iterable<CommandJournal>
  /** Remembers the step, and gives the records that make it durable. @throws InvalidRecordError, and remembers nothing */
  write(step: Pick<Step, 'entry' | 'result'>): OutRecord[]
  /** These records are durable. */
  committed(records: readonly OutRecord[], result: CommitResult): void
  /** Next offset of each input topic, as restored. */
  positions(): { readonly [topic: string]: number }
  /** The record that makes these positions durable; null = they are already. */
  writePositions(marks: { readonly [topic: string]: number }): OutRecord | null
}

interface Held {
  readonly entry: CommandJournal
  /** Its last record, until that is committed. */
  record: OutRecord | null
}

/** Nobody will ask for it but one who sends the same id again. */
const isOver = (entry: CommandJournal): boolean => entry.state === 'FINISHED' && !entry.reread_due && !isInDoubt(entry)

export function createJournal(
  codec: Pick<Codec, 'commandJournal' | 'commandResult'>,
  partition: Pick<Partition, 'index' | 'fetchOne'>,
  now: () => number,
): Journal {
  const held = new Map<string, Held>()
  const finished = createFinished(KEPT_MS, now)
  let positions = '{}'
  let prunedAt = now()

  const record = (key: string, entry: CommandJournal): OutRecord => ({
    topic: COMMAND_JOURNAL,
    partition: partition.index,
    key,
    value: codec.commandJournal.encode(entry),
  })

  function putAway(id: string, entry: CommandJournal, journalOffset: number): void {
    const { topic_offset: topicOffset, updated_at: finishedAt } = entry
    finished.set(id, { entity: entry.entity as WritableEntity, topicOffset, journalOffset, finishedAt })
    held.delete(id)
  }

  /** What nobody settled in all the time is as old as what nobody asks for any more. */
  function prune(): void {
    if (now() - prunedAt < PRUNE_EVERY_MS) return
    prunedAt = now()
    for (const [id, { entry }] of held)
      if (entry.state === 'FINISHED' && entry.updated_at < prunedAt - KEPT_MS) held.delete(id)
  }

  const get = (commandId: string) => held.get(commandId)?.entry
  return {
    load({ key, value, offset }) {
      const name = key?.toString() ?? ''
      if (value === null) {
        held.delete(name)
        finished.remove(name)
        return
      }
      const entry = codec.commandJournal.decode(value)
      if (name === POSITION_KEY) positions = entry.plan ?? '{}'
      else if (isOver(entry)) putAway(name, entry, offset)
      else held.set(name, { entry, record: null })
    },
    get,
    finished: (commandId) => (held.has(commandId) ? undefined : finished.get(commandId)),
    async find(commandId) {
      const known = finished.get(commandId)
      if (known === undefined || held.has(commandId)) return get(commandId)
      const found = await partition.fetchOne(COMMAND_JOURNAL, known.journalOffset)
      if (held.has(commandId)) return get(commandId)
      const entry = found?.value == null ? undefined : codec.commandJournal.decode(found.value)
      return entry?.command_id === commandId ? entry : undefined
    },
    *entries() {
      for (const { entry } of held.values()) yield entry
    },
    write({ entry, result }) {
      prune()
      const written = record(entry.command_id, entry)
      const records = result === null ? [written] : [written, resultRecord(codec, result)]
      held.set(entry.command_id, { entry, record: written })
      return records
    },
    committed(records, { baseOffsets }) {
      let offset = baseOffsets.get(`${COMMAND_JOURNAL}/${partition.index}`)
      for (const one of records) {
        if (one.topic !== COMMAND_JOURNAL) continue
        const id = one.key.toString()
        const last = held.get(id)
        if (last?.record === one) {
          last.record = null
          if (offset !== undefined && isOver(last.entry)) putAway(id, last.entry, offset)
        }
        if (offset !== undefined) offset++
      }
    },
    positions: () => JSON.parse(positions) as { [topic: string]: number },
    writePositions(marks) {
      const text = JSON.stringify(marks)
      if (text === positions) return null
      positions = text
      return record(POSITION_KEY, positionEntry(text))
    },
  }
}

export const resultRecord = (codec: Pick<Codec, 'commandResult'>, result: CommandResult): OutRecord => ({
  topic: COMMAND_RESULTS,
  key: result.command_id,
  value: codec.commandResult.encode(result),
})

/** The topic has one schema, so that every client can read all of it: positions are the plan of a command that is none. */
const positionEntry = (plan: string): CommandJournal => ({
  command_id: POSITION_KEY,
  connection_id: '',
  system: '',
  entity: '',
  operation: 'UNKNOWN',
  content_hash: '',
  state: 'UNKNOWN',
  topic_offset: 0,
  target_id: null,
  anchor: null,
  plan,
  steps: [],
  attempts: 0,
  received_at: 0,
  started_at: null,
  in_doubt_since: null,
  updated_at: 0,
  reread_due: false,
  result: null,
})
