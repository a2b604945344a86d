import {
  AuthError,
  backoffMs,
  type CommandJournal,
  type CommandOutcome,
  type CommandResult,
  ConflictError,
  describeError,
  Failure,
  type Issue,
  RateLimitedError,
  RejectedError,
  RetryableError,
  unifiedId,
  type WriteOperation,
} from '../../core/index.ts'
import { issue } from './command.ts'
import type { Policy } from './policy.ts'

/**
 * What becomes of one command: pure decisions over its journal entry. Each gives the entry to journal, the result to
 * publish with it, and what to do next.
 */
export interface Step {
  readonly entry: CommandJournal
  /** Null = nothing new for the client. */
  readonly result: CommandResult | null
  readonly next: Next
}

/** `send` = call `execute`, `look` = call `find`, not before `at` (epoch ms). */
export type Next = { readonly do: 'send' | 'look'; readonly at: number } | { readonly do: 'nothing' }

/** What only this incarnation knows of a command; a restart begins it anew, which costs time and risks nothing. */
export interface Tries {
  /** Attempts and looks that brought nothing, in a row. */
  readonly vain: number
  /** Looks in a row, after the settling time, that did not find it. */
  readonly absent: number
  /** The last attempt ended in something that no connector may throw. */
  readonly bug: string | null
}

export const FRESH: Tries = { vain: 0, absent: 0, bug: null }

type Said = Partial<Omit<CommandResult, 'errors' | 'warnings'>> & {
  readonly errors?: readonly Issue[]
  readonly warnings?: readonly Issue[]
}

/** Systems answer with whole pages at times; Kafka takes no result of that size. */
const LONGEST_TEXT = 4_000
const cut = (text: string): string => (text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`)

const nativeIssue = ({ field, code, message, vendorCode, vendorMessage, nativeField }: Issue) => ({
  field,
  code,
  message: cut(message),
  vendor_code: vendorCode,
  vendor_message: vendorMessage === null ? null : cut(vendorMessage),
  native_field: nativeField,
})

/** The next result of a command: everything that is not said anew starts from nothing, but who asked stays. */
function say(entry: CommandJournal, outcome: CommandOutcome, final: boolean, now: number, said: Said = {}) {
  const { errors = [], warnings = [], ...rest } = said
  const { command_id, connection_id, system, entity, operation, attempts, received_at, target_id } = entry
  const result: CommandResult = {
    command_id,
    connection_id,
    system,
    entity,
    operation,
    outcome,
    sequence: (entry.result?.sequence ?? 0) + 1,
    is_final: final,
    is_replay: false,
    target_id,
    source_id: null,
    version: null,
    lines: [],
    steps: [],
    attempts,
    http_status: null,
    vendor_request_id: null,
    received_at,
    finished_at: final ? now : null,
    issued_by: entry.result?.issued_by ?? null,
    correlation_id: entry.result?.correlation_id ?? null,
    ...rest,
    errors: errors.map(nativeIssue),
    warnings: warnings.map(nativeIssue),
  }
  return result
}

function step(entry: CommandJournal, result: CommandResult | null, next: Next): Step {
  return { entry: result === null ? entry : { ...entry, result }, result, next }
}

/** Durable, and being worked on. */
export function accept(entry: CommandJournal, now: number, asked: Pick<Said, 'issued_by' | 'correlation_id'>): Step {
  return step(entry, say(entry, 'ACCEPTED', false, now, asked), { do: 'send', at: now })
}

/** Nothing was changed, they say. */
const UNCHANGED: readonly CommandOutcome[] = ['REJECTED', 'CONFLICT', 'EXPIRED']

/** The end of a command that was not applied, or not wholly, or of which nobody knows. */
export function finish(entry: CommandJournal, outcome: CommandOutcome, now: number, said: Said = {}): Step {
  const finished = { ...entry, state: 'FINISHED' as const, updated_at: now }
  if (entry.steps.length === 0 || !UNCHANGED.includes(outcome))
    return step(finished, say(finished, outcome, true, now, said), { do: 'nothing' })
  // what was done before it stopped stays, and is told
  const { connection_id, entity, steps } = entry
  const source_id = steps.at(-1)?.source_id ?? null
  const target_id = source_id === null ? entry.target_id : unifiedId(connection_id, entity, source_id.split('|'))
  const halfway = { ...finished, reread_due: source_id !== null }
  const all = { ...said, steps, target_id, source_id }
  return step(halfway, say(halfway, 'PARTIALLY_APPLIED', true, now, all), { do: 'nothing' })
}

/** Must be acknowledged by Kafka before the system is called. */
export function begin(entry: CommandJournal, plan: string | null, now: number): Step {
  const started = { state: 'STARTED' as const, started_at: entry.started_at ?? now, attempts: entry.attempts + 1 }
  return step({ ...entry, ...started, plan, updated_at: now }, null, { do: 'nothing' })
}

/** One call of several is done: whatever comes, it is not made again. */
export function withStep(entry: CommandJournal, name: string, sourceId: string, now: number): Step {
  const done = { name, outcome: 'APPLIED' as const, source_id: sourceId }
  const others = entry.steps.filter((step) => step.name !== name)
  return step({ ...entry, steps: [...others, done], updated_at: now }, null, { do: 'nothing' })
}

/** Started a while ago and not sent yet: the same once more. */
export const stillStarted = (entry: CommandJournal, now: number): Step =>
  step({ ...entry, updated_at: now }, null, { do: 'nothing' })

/** The write is there. `said` names the record. `rereadDue`: the record could not be read again yet. */
export function applied(entry: CommandJournal, said: Said, partial: boolean, rereadDue: boolean, now: number): Step {
  return finish({ ...entry, reread_due: rereadDue }, partial ? 'PARTIALLY_APPLIED' : 'APPLIED', now, said)
}

export function issuesOf(error: unknown): Issue[] {
  const vendorCode = error instanceof Failure ? (error.vendorCode ?? null) : null
  if (error instanceof RejectedError && error.fields.length > 0)
    return error.fields.map((problem) => ({
      field: problem.field,
      code: problem.code ?? 'BUSINESS_RULE',
      message: problem.message,
      vendorCode: problem.vendorCode ?? vendorCode,
      vendorMessage: problem.vendorMessage ?? null,
      nativeField: problem.nativeField ?? null,
    }))
  const code =
    error instanceof AuthError ? 'PERMISSION' : error instanceof RejectedError ? 'BUSINESS_RULE' : 'SYSTEM_ERROR'
  return [{ ...issue(code, describeError(error)), vendorCode }]
}

const answerOf = (error: unknown): Said =>
  error instanceof Failure
    ? { http_status: error.status ?? null, vendor_request_id: error.requestId ?? null, errors: issuesOf(error) }
    : { errors: issuesOf(error) }

/** Known not applied: it will be tried again. Said once for each reason. */
export function wait(entry: CommandJournal, error: unknown, at: number, now: number): Step {
  const waiting = { ...entry, state: 'WAITING' as const, updated_at: now }
  const result = say(waiting, 'RETRYING', false, now, answerOf(error))
  const before = entry.result
  const known = before?.outcome === 'RETRYING' && before.errors[0]?.message === result.errors[0]?.message
  return step(waiting, known ? null : result, { do: 'send', at })
}

/** Whether what `execute` threw means that the write may be there. */
export const isUnknown = (error: unknown): boolean =>
  !(
    error instanceof RejectedError ||
    error instanceof RetryableError ||
    error instanceof RateLimitedError ||
    error instanceof AuthError
  )

/** What an attempt means that ended in `error`. `sent` = `execute` had been called. */
export function failed(entry: CommandJournal, error: unknown, { sent, tries, now, policy, random }: Failed): Step {
  if (error instanceof ConflictError)
    return finish(entry, 'CONFLICT', now, { ...answerOf(error), version: error.currentVersion })
  if (error instanceof RejectedError) return finish(entry, 'REJECTED', now, answerOf(error))
  if (error instanceof AuthError && error.streamOnly) return finish(entry, 'REJECTED', now, answerOf(error))
  if (error instanceof RateLimitedError) {
    const ms = error.retryAfterMs > 0 ? error.retryAfterMs : policy.retryBaseMs * 5
    const attempts = Math.max(0, entry.attempts - (sent ? 1 : 0))
    return wait({ ...entry, attempts }, error, now + ms + random() * Math.min(1_000, ms * 0.1), now)
  }
  if (sent && isUnknown(error)) return doubt(entry, error, now)
  return wait(entry, error, now + pause(tries.vain, policy, random), now)
}

interface Failed {
  readonly sent: boolean
  readonly tries: Tries
  readonly now: number
  readonly policy: Policy
  readonly random: () => number
}

/** Never sooner than half the ceiling: a broken system must not be asked in a hot loop by bad luck. */
function pause(vain: number, { retryBaseMs, retryCapMs }: Policy, random: () => number): number {
  const ceiling = { baseMs: retryBaseMs / 2, capMs: retryCapMs / 2 }
  return backoffMs(vain, { ...ceiling, random: () => 1 }) + backoffMs(vain, { ...ceiling, random })
}

/** Sent, and nobody knows what came of it: the system is asked before anything else. */
export function doubt(entry: CommandJournal, error: unknown, now: number): Step {
  const since = entry.in_doubt_since ?? now
  const doubtful = { ...entry, state: 'IN_DOUBT' as const, in_doubt_since: since, updated_at: now }
  return step(doubtful, say(doubtful, 'IN_DOUBT', false, now, answerOf(error)), { do: 'look', at: now })
}

/** After a restart: a command that was started is in doubt; the others go on where they were. */
export function resume(entry: CommandJournal, now: number): Step {
  if (entry.state === 'FINISHED') return step(entry, null, { do: 'nothing' })
  if (entry.state === 'STARTED')
    return doubt(entry, new Error('the writer stopped between sending the command and hearing of it'), now)
  return step(entry, null, { do: entry.state === 'IN_DOUBT' ? 'look' : 'send', at: now })
}

/** A connection that was removed answers nothing any more. */
export function orphaned(entry: CommandJournal, now: number): Step {
  const why = issue('NOT_FOUND', `connection ${entry.connection_id} was removed`, 'connection_id')
  return finish(entry, entry.state === 'WAITING' ? 'REJECTED' : 'IN_DOUBT', now, { errors: [why] })
}

/** What a look says that did not find the write. `answer` may be what `find` threw. */
export function notFound(
  entry: CommandJournal,
  answer: unknown,
  anchor: WriteOperation<unknown>['anchor'],
  { tries, now, policy, random }: Omit<Failed, 'sent'>,
): { readonly step: Step; readonly tries: Tries } {
  if (answer instanceof ConflictError)
    return { step: failed(entry, answer, { sent: false, tries, now, policy, random }), tries }
  const since = entry.in_doubt_since ?? now
  const absent = answer === 'not-applied' && anchor !== 'none'
  const settled = anchor === 'absolute' || now >= since + policy.settleMs
  const looks = { ...tries, absent: absent && settled ? tries.absent + 1 : 0, vain: tries.vain + 1 }
  if (looks.absent >= (anchor === 'absolute' ? 1 : 2))
    return { step: again(entry, tries, now, policy, random), tries: looks }
  if (now >= since + policy.inDoubtAfterMs) {
    const why = issue('UNKNOWN', 'the system does not tell whether this was applied: a person must look')
    return { step: finish(entry, 'IN_DOUBT', now, { errors: [why] }), tries: looks }
  }
  const nextLook = absent
    ? settled
      ? now + policy.lookAgainMs
      : since + policy.settleMs
    : now + Math.min(policy.longestLookWaitMs, policy.lookAgainMs * 2 ** Math.min(tries.vain, 20))
  const at = Math.min(nextLook, Math.max(now + 1, since + policy.inDoubtAfterMs))
  return { step: step(entry, null, { do: 'look', at }), tries: looks }
}

/** Proven not applied. */
function again(entry: CommandJournal, tries: Tries, now: number, policy: Policy, random: () => number): Step {
  const known = { ...entry, in_doubt_since: null }
  if (tries.bug !== null)
    return finish(known, 'REJECTED', now, { errors: [issue('SYSTEM_ERROR', `bug in the connector: ${tries.bug}`)] })
  const error = new Error('the system was asked: not applied; sending it again')
  return wait(known, error, now + pause(Math.max(0, entry.attempts - 1), policy, random), now)
}
