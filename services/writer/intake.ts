import { createHash } from 'node:crypto'
import {
  type AnyConnector,
  type Clock,
  type Codec,
  type CommandJournal,
  type Connection,
  DEAD_LETTERS,
  describeError,
  type InRecord,
  type Issue,
  MalformedRecordError,
  type OutRecord,
  RefusedCommandError,
  type WritableEntity,
} from '../../core/index.ts'
import { type Command, isCommandId, issue } from './command.ts'
import { contentHash } from './content-hash.ts'
import { type Journal, resultRecord } from './journal.ts'
import type { Policy } from './policy.ts'
import { accept, finish, orphaned, resume, type Step } from './progress.ts'
import { newEntry, type Task, taskOf } from './task.ts'
import { validate } from './validate.ts'

/** What one record of a commands topic comes to. */
export interface Taken {
  readonly records: readonly OutRecord[]
  /** To be worked on; null = finished with these records. */
  readonly task: Task | null
  /** Why it is a dead letter. */
  readonly dead?: string
  readonly finished?: string
}

export interface IntakeParts {
  readonly codec: Codec
  readonly clock: Clock
  readonly policy: Policy
  readonly journal: Journal
  readonly connectorOf: (system: string) => AnyConnector | undefined
  /** Undefined only when it is certain that there is none. */
  readonly connectionOf: (id: string) => Promise<Connection | undefined>
  readonly signal: AbortSignal
}

/** From bytes to a task, a refusal, the answer to a duplicate, or a dead letter. */
export function createIntake(parts: IntakeParts) {
  const { codec, clock, policy, journal } = parts

  async function decoded(entity: WritableEntity, value: Buffer): Promise<Command> {
    try {
      return codec.command(entity).decode(value)
    } catch (error) {
      if (error instanceof RefusedCommandError || error instanceof MalformedRecordError) throw error
      await codec.learn(error, parts.signal)
      return codec.command(entity).decode(value)
    }
  }

  const records = (step: Step): Taken => ({ records: journal.write(step), task: null, finished: step.entry.command_id })

  /** A refusal that no journal can hold: there is no id to hold it under. */
  const unnamed = ({ result }: Step): Taken => ({
    records: result === null ? [] : [resultRecord(codec, result)],
    task: null,
  })

  /** The same id again. Never applied again, whatever it says. */
  function repeated(existing: CommandJournal, hash: string): Taken {
    const { result } = existing
    if (result === null) return { records: [], task: null }
    if (existing.content_hash !== hash) {
      const why = issue('ID_REUSED', 'another command has this id already; its result is repeated after this one')
      const refused = finish({ ...existing, result: null }, 'REJECTED', clock.now(), {
        sequence: 0,
        target_id: null,
        errors: [why],
      })
      // a compacted topic keeps the last one: it must be the one that is true
      return { records: [...unnamed(refused).records, resultRecord(codec, result)], task: null }
    }
    if (existing.state !== 'FINISHED') return { records: [], task: null }
    const again = { ...result, sequence: result.sequence + 1, is_replay: true }
    return { records: journal.write({ entry: { ...existing, result: again }, result: again }), task: null }
  }

  async function fresh(command: Command, entity: WritableEntity, record: InRecord, key: string): Promise<Taken> {
    const connection = await parts.connectionOf(command.connection_id)
    const connector = connection === undefined ? undefined : parts.connectorOf(connection.system)
    const now = clock.now()
    const entry = newEntry({ entity, command, offset: record.offset }, connection?.system ?? '', now)
    const asked = { issued_by: command.issued_by, correlation_id: command.correlation_id }
    const end = (outcome: Parameters<typeof finish>[1], errors: readonly Issue[]) => {
      const step = finish(entry, outcome, now, { ...asked, errors })
      return isCommandId(command.command_id) ? records(step) : unnamed(step)
    }
    const verdict = validate({ entity, command, key, connection, connector })
    if (!verdict.ok) return end(verdict.outcome, verdict.issues)
    if (command.dry_run) return end('VALIDATED', [])
    const step = accept(entry, now, asked)
    const read = { command, entity, topic: record.topic, offset: record.offset }
    const task = taskOf(read, step.entry, step.next, policy.deadlineMs)
    if (now > task.deadline) return end('EXPIRED', [issue('SYSTEM_ERROR', 'its deadline had passed when it was read')])
    return { records: journal.write(step), task }
  }

  /** A command that says it is one, but must not be acted on. */
  async function refused(
    error: RefusedCommandError,
    entity: WritableEntity,
    record: InRecord,
    key: string,
  ): Promise<Taken> {
    const { commandId, code } = error
    if (commandId === null || commandId === '') return { records: [], task: null, dead: error.message }
    const hash = createHash('sha256')
      .update(record.value ?? '')
      .digest('hex')
    if (isReadAgain(commandId, entity, record)) return { records: [], task: null }
    const existing = isCommandId(commandId) ? await journal.find(commandId) : undefined
    if (existing !== undefined)
      return existing.content_hash === hash ? again(existing, record) : repeated(existing, hash)
    const command = {
      command_id: commandId,
      connection_id: error.connectionId ?? key,
      operation: 'UNKNOWN',
      target_id: null,
    } as Command
    const entry = { ...newEntry({ entity, command, offset: record.offset }, '', clock.now()), content_hash: hash }
    const errors = error.problems.map((problem) => issue(code, problem))
    const step = finish(entry, 'REJECTED', clock.now(), { errors })
    return isCommandId(commandId) ? records(step) : unnamed(step)
  }

  /** The same record again after a restart, and finished: nothing to say, and no need to look its result up. */
  function isReadAgain(commandId: string, entity: WritableEntity, { offset }: InRecord): boolean {
    const known = journal.finished(commandId)
    return known?.entity === entity && known.topicOffset === offset
  }

  /** The same, of one that is still in memory. */
  const again = (existing: CommandJournal, record: InRecord): Taken =>
    existing.topic_offset === record.offset ? { records: [], task: null } : repeated(existing, existing.content_hash)

  return async function take(entity: WritableEntity, record: InRecord): Promise<Taken> {
    const key = record.key?.toString() ?? ''
    if (record.value === null) return { records: [], task: null, dead: 'a command without a value' }
    let command: Command
    try {
      command = await decoded(entity, record.value)
    } catch (error) {
      if (error instanceof RefusedCommandError) return refused(error, entity, record, key)
      if (error instanceof MalformedRecordError) return { records: [], task: null, dead: describeError(error) }
      throw error
    }
    if (command.command_id === '') return { records: [], task: null, dead: 'a command without an id' }
    if (isReadAgain(command.command_id, entity, record)) return { records: [], task: null }
    const existing = isCommandId(command.command_id) ? await journal.find(command.command_id) : undefined
    if (existing === undefined) return fresh(command, entity, record, key)
    const mine = existing.entity === entity && existing.topic_offset === record.offset
    if (!mine) return repeated(existing, contentHash(entity, command))
    if (existing.state === 'FINISHED') return { records: [], task: null }
    if ((await parts.connectionOf(command.connection_id)) === undefined) return records(orphaned(existing, clock.now()))
    const step = resume(existing, clock.now())
    const read = { command, entity, topic: record.topic, offset: record.offset }
    return { records: journal.write(step), task: taskOf(read, step.entry, step.next, policy.deadlineMs) }
  }
}

export function deadLetter(codec: Pick<Codec, 'deadLetter'>, record: InRecord, error: string, now: number): OutRecord {
  const { topic, partition, offset, key, value } = record
  const letter = codec.deadLetter.encode({
    topic,
    partition,
    offset,
    key,
    value,
    error,
    kind: 'undecodable',
    service: 'writer',
    connection_id: key?.toString() ?? null,
    at: now,
    run_id: null,
    request_id: null,
  })
  return { topic: DEAD_LETTERS, key: `${topic}/${partition}/${offset}`, value: letter }
}
