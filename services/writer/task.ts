import {
  anchorToken,
  type CommandJournal,
  type Connection,
  type JsonObject,
  LINE_TOPICS,
  LONGEST_TOKEN,
  mappingSettings,
  parseUnifiedId,
  unifiedId,
  type WritableEntity,
  type WriteOperationName,
  type WriteOutcome,
  type WriteRequest,
  type WriteStep,
} from '../../core/index.ts'
import type { Command, Fields } from './command.ts'
import { contentHash } from './content-hash.ts'
import { FRESH, type Next, type Tries } from './progress.ts'

/** A command that is not finished, with where it stands. */
export interface Task {
  readonly command: Command
  readonly entity: WritableEntity
  readonly topic: string
  readonly offset: number
  /** Commands of one lane run one after the other. */
  readonly lane: string
  /** Not started after this, epoch ms. */
  readonly deadline: number
  entry: CommandJournal
  tries: Tries
  next: Next
  running: boolean
  /** Stock levels to be read again, by native key. */
  levels: readonly string[]
  /** The record as it is has been read, and goes out with the result. */
  isRead: boolean
  /** Ends the waits for what is next, and for the deadline. */
  cancelWait: () => void
  cancelDeadline: () => void
}

/** Commands are kept for 7 days: none may wait until its record is gone. */
const LONGEST_WAIT_MS = 6 * 86_400_000

export function taskOf(
  read: { readonly command: Command; readonly entity: WritableEntity; readonly topic: string; readonly offset: number },
  entry: CommandJournal,
  next: Next,
  deadlineMs: number,
): Task {
  const { command_id, target_id, deadline_at } = read.command
  return {
    ...read,
    lane: target_id ?? command_id,
    deadline: Math.min(deadline_at ?? entry.received_at + deadlineMs, entry.received_at + LONGEST_WAIT_MS),
    entry,
    tries: FRESH,
    next,
    running: false,
    levels: [],
    isRead: false,
    cancelWait: () => {},
    cancelDeadline: () => {},
  }
}

/** What the journal holds of a command before anything was done. */
export function newEntry(
  { entity, command, offset }: Pick<Task, 'entity' | 'command' | 'offset'>,
  system: string,
  now: number,
): CommandJournal {
  const { command_id, connection_id, operation, target_id } = command
  return {
    command_id,
    connection_id,
    system,
    entity,
    operation,
    content_hash: contentHash(entity, command),
    state: 'WAITING',
    topic_offset: offset,
    target_id,
    anchor: anchorToken(connection_id, command_id, LONGEST_TOKEN),
    plan: null,
    steps: [],
    attempts: 0,
    received_at: now,
    started_at: null,
    in_doubt_since: null,
    updated_at: now,
    reread_due: false,
    result: null,
  }
}

/** @param payload with references to other commands replaced */
export function requestOf(
  task: Task,
  payload: Fields | null,
  connection: Connection,
  now: number,
  finished: WriteRequest['finished'] = async () => {},
): WriteRequest {
  const { command, entity, entry } = task
  const target = command.target_id === null ? null : (parseUnifiedId(command.target_id).parts ?? []).join('|')
  return {
    commandId: command.command_id,
    operation: command.operation as WriteOperationName,
    entity,
    target,
    payload: payload as WriteRequest['payload'],
    // compared before the first call; since then it is our own that counts
    expectedVersion: entry.steps.length > 0 ? null : command.expected_version,
    token: (length) => anchorToken(connection.id, command.command_id, length),
    startedAt: entry.started_at ?? now,
    plan: entry.plan === null ? null : (JSON.parse(entry.plan) as JsonObject),
    steps: stepsOf(entry),
    finished,
    mapping: mappingSettings(connection),
  }
}

export const stepsOf = ({ steps }: CommandJournal): WriteStep[] =>
  steps.map(({ name, source_id }) => ({ name, outcome: 'APPLIED', sourceId: source_id }))

/** Those of earlier attempts come first; each is told once. */
export function withSteps(entry: CommandJournal, steps: readonly WriteStep[]): CommandJournal['steps'] {
  const told = steps.map(({ name, outcome, sourceId }) => ({ name, outcome, source_id: sourceId }))
  const earlier = entry.steps.filter(({ name }) => !told.some((step) => step.name === name))
  return [...earlier, ...told]
}

/** The connector's words in those of the result. */
export function saidOf(task: Task, outcome: WriteOutcome, version: string | null) {
  const { connection_id, payload } = task.command
  return {
    target_id: unifiedId(connection_id, task.entity, outcome.target.split('|')),
    source_id: outcome.target,
    version,
    is_replay: outcome.replay,
    lines: (outcome.lines ?? []).map(({ lineRef, lineKey, lineNumber }) => ({
      line_ref: lineRef,
      line_id: unifiedId(
        connection_id,
        lineTopicOf(task.entity, payload as Fields | null, lineRef),
        lineKey.split('|'),
      ),
      line_number: lineNumber,
    })),
    steps: withSteps(task.entry, outcome.steps ?? []),
    warnings: outcome.warnings ?? [],
    errors: outcome.partial ?? [],
    http_status: outcome.httpStatus ?? null,
    vendor_request_id: outcome.vendorRequestId ?? null,
  }
}

/** A work order has tasks, parts and labour: the line's reference tells which it is. */
function lineTopicOf(entity: WritableEntity, payload: Fields | null, lineRef: string | null): string {
  const topics = LINE_TOPICS.filter((line) => line.entity === entity)
  const holds = (field: string) =>
    ((payload?.[field] ?? []) as readonly { line_ref: string | null }[]).some((line) => line.line_ref === lineRef)
  return (topics.find(({ field }) => lineRef !== null && holds(field)) ?? topics[0])?.name ?? `${entity}_line`
}
