import {
  COMMAND_JOURNAL,
  COMMAND_RESULTS,
  type Codec,
  type CommandJournal,
  type CommandResult,
  type InRecord,
  type OutRecord,
} from '../../core/index.ts'
import type { Step } from './progress.ts'

/** Key of the record that holds the positions; no command id looks like it. */
const POSITION_KEY = '~position'

/** One partition of `command-journal`: what is known of each command, in memory as it is committed or about to be. */
export interface Journal {
  /** Takes one record of the topic, at restore. */
  load(record: Pick<InRecord, 'key' | 'value'>): void
  get(commandId: string): CommandJournal | undefined
  entries(): Iterable<CommandJournal>
  /** Remembers the step, and gives the records that make it durable. @throws InvalidRecordError, and remembers nothing */
  write(step: Pick<Step, 'entry' | 'result'>): OutRecord[]
  /** Next offset of each input topic, as restored. */
  positions(): { readonly [topic: string]: number }
  /** The record that makes these positions durable; null = they are already. */
  writePositions(marks: { readonly [topic: string]: number }): OutRecord | null
}

export function createJournal(codec: Pick<Codec, 'commandJournal' | 'commandResult'>, partition: number): Journal {
  const entries = new Map<string, CommandJournal>()
  let positions = '{}'

  const record = (key: string, entry: CommandJournal): OutRecord => ({
    topic: COMMAND_JOURNAL,
    partition,
    key,
    value: codec.commandJournal.encode(entry),
  })

  return {
    load({ key, value }) {
      const name = key?.toString() ?? ''
      if (value === null) return void entries.delete(name)
      const entry = codec.commandJournal.decode(value)
      if (name === POSITION_KEY) positions = entry.plan ?? '{}'
      else entries.set(name, entry)
    },
    get: (commandId) => entries.get(commandId),
    entries: () => entries.values(),
    write({ entry, result }) {
      const records = [record(entry.command_id, entry)]
      if (result !== null) records.push(resultRecord(codec, result))
      entries.set(entry.command_id, entry)
      return records
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
