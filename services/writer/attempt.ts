import {
  type Clock,
  ConflictError,
  type Connection,
  type OutRecord,
  type Session,
  type Sessions,
  type WriteOutcome,
} from '../../core/index.ts'
import type { AnyOperation, Fields } from './command.ts'
import type { Journal } from './journal.ts'
import { levelsOf, movesStock } from './levels.ts'
import type { Policy } from './policy.ts'
import {
  applied,
  begin,
  FRESH,
  failed,
  finish,
  isUnknown,
  notFound,
  type Step,
  withStep,
  stillStarted,
} from './progress.ts'
import { resolveReferences } from './references.ts'
import type { Reread } from './reread.ts'
import { requestOf, saidOf, type Task, withSteps } from './task.ts'

/** How one turn of a command ended: a step to make durable, with records that belong to it, or a wait for another command. */
export type Ended =
  | { readonly kind: 'step'; readonly step: Step; readonly records: readonly OutRecord[] }
  | { readonly kind: 'depends'; readonly on: string }

export interface AttemptParts {
  readonly clock: Clock
  readonly policy: Policy
  readonly random: () => number
  readonly sessions: Sessions
  readonly journal: Journal
  readonly signal: AbortSignal
  /** Journals *started*; resolves once Kafka has it. */
  readonly commit: (task: Task, step: Step) => Promise<void>
  /** A place at the system; resolves with how to give it back. */
  readonly enter: () => Promise<() => void>
  readonly reread: (
    session: Session,
    connection: Connection,
    task: Task,
    key: string,
    signal: AbortSignal,
  ) => Promise<Reread>
  readonly onError: (task: Task, error: unknown) => void
  readonly onAnswer: () => void
}

/**
 * What was journaled longer ago may have been seen, looked for and sent by another owner since: whoever waited longer for
 * a place (or was stopped meanwhile) journals it anew, which one that was shut out cannot.
 */
const JOURNALED_LATELY_MS = 1_000

const stepped = (step: Step, records: readonly OutRecord[] = []): Ended => ({ kind: 'step', step, records })

function operationOf(session: Session, { entity, command }: Task): AnyOperation {
  const found = session.connector.operations?.find(
    (one) => one.entity === entity && one.operation === command.operation,
  )
  if (found === undefined) throw new Error(`${session.connector.id} has no ${command.operation} of ${entity} any more`)
  return found
}

/** Sends a command that is known not to be applied. */
export async function attempt(parts: AttemptParts, task: Task, connection: Connection): Promise<Ended> {
  const { clock, policy, random, sessions, journal, signal } = parts
  const resolved = await resolveReferences(task.command.payload as Fields | null, journal)
  if (resolved.kind === 'waiting') return { kind: 'depends', on: resolved.commandId }
  if (resolved.kind === 'failed')
    return stepped(finish(task.entry, 'REJECTED', clock.now(), { errors: resolved.issues }))
  let sent = false
  let leave = () => {}
  try {
    const session = await sessions.open(connection)
    const operation = operationOf(session, task)
    const finished = (name: string, sourceId: string) =>
      parts.commit(task, withStep(task.entry, name, sourceId, clock.now()))
    const request = () => requestOf(task, resolved.payload, connection, clock.now(), finished)
    await compareContent(parts, task, connection, session)
    await noteLevels(parts, task, connection, session)
    let { plan } = task.entry
    if (plan === null && operation.plan !== undefined)
      plan = JSON.stringify(await operation.plan(session.value, request(), signal))
    await parts.commit(task, begin(task.entry, plan, clock.now()))
    const journaledAt = clock.now()
    leave = await parts.enter()
    if (clock.now() - journaledAt > JOURNALED_LATELY_MS) await parts.commit(task, stillStarted(task.entry, clock.now()))
    signal.throwIfAborted()
    sent = true
    const outcome = await operation.execute(session.value, request(), signal)
    parts.onAnswer()
    return await succeeded(parts, task, connection, session, outcome)
  } catch (error) {
    if (!signal.aborted) parts.onError(task, error)
    const step = failed(task.entry, error, { sent, tries: task.tries, now: clock.now(), policy, random })
    const bug = sent && isUnknown(error) && !isFailure(error) ? String(error) : null
    task.tries = { vain: step.entry.state === 'WAITING' ? task.tries.vain + 1 : 0, absent: 0, bug }
    return stepped(step)
  } finally {
    leave()
  }
}

/**
 * Records without a version of their own have the hash of what they say: no system knows it, so it is compared here,
 * just before the write.
 */
async function compareContent(
  parts: AttemptParts,
  task: Task,
  connection: Connection,
  session: Session,
): Promise<void> {
  const { command_id } = task.command
  const { target, expectedVersion: expected } = requestOf(task, null, connection, parts.clock.now())
  if (expected?.startsWith('hash:') !== true || target === null) return
  const { version } = await parts.reread(session, connection, task, target, parts.signal)
  if (version !== expected) throw new ConflictError(`${command_id}: the record was changed meanwhile`, version)
}

/** Of a movement that is taken back: it may be gone afterwards, and with it what it had moved. */
async function noteLevels(parts: AttemptParts, task: Task, connection: Connection, session: Session): Promise<void> {
  const { target } = requestOf(task, null, connection, parts.clock.now())
  if (target === null || task.levels.length > 0 || !movesStock(session.connector, task.entity)) return
  const read = await parts.reread(session, connection, task, target, parts.signal).catch(() => null)
  task.levels = levelsOf(session.connector, read?.mapped ?? null)
}

const isFailure = (error: unknown): boolean => error instanceof Error && 'kind' in error

/** Asks the system what came of a command that may be applied. */
export async function look(parts: AttemptParts, task: Task, connection: Connection): Promise<Ended> {
  const { clock, policy, random, sessions, journal, signal } = parts
  const resolved = await resolveReferences(task.command.payload as Fields | null, journal)
  let answer: unknown
  let anchor: AnyOperation['anchor'] = 'none'
  const leave = await parts.enter()
  try {
    const session = await sessions.open(connection)
    const operation = operationOf(session, task)
    anchor = operation.anchor
    const payload = resolved.kind === 'ready' ? resolved.payload : (task.command.payload as Fields | null)
    const found = await operation.find(session.value, requestOf(task, payload, connection, clock.now()), signal)
    parts.onAnswer()
    if (typeof found !== 'string' && found.unfinished !== true)
      return await succeeded(parts, task, connection, session, { ...found, replay: true })
    if (typeof found !== 'string') task.entry = { ...task.entry, steps: withSteps(task.entry, found.steps ?? []) }
    answer = typeof found === 'string' ? found : 'not-applied'
  } catch (error) {
    if (!signal.aborted) parts.onError(task, error)
    answer = error
  } finally {
    leave()
  }
  const { step, tries } = notFound(task.entry, answer, anchor, { tries: task.tries, now: clock.now(), policy, random })
  task.tries = step.entry.state === 'WAITING' ? FRESH : tries
  return stepped(step)
}

/** The record is read again for its version; a system that is slow to show it does not hold the result back. */
async function succeeded(
  parts: AttemptParts,
  task: Task,
  connection: Connection,
  session: Session,
  outcome: WriteOutcome,
): Promise<Ended> {
  const { clock, policy, signal } = parts
  const patience = new AbortController()
  const stop = () => patience.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  const cancel = clock.after(policy.rereadMs, () => patience.abort(new Error('the record is not shown in time')))
  const given = new Promise<null>((resolve) => patience.signal.addEventListener('abort', () => resolve(null)))
  const reading = parts.reread(session, connection, task, outcome.target, patience.signal).catch(() => null)
  const read = await Promise.race([reading, given])
  cancel()
  signal.removeEventListener('abort', stop)
  // not shown yet, unless it was asked to go; sync would see a deletion
  const shown = read !== null && (!read.gone || task.command.operation === 'DELETE') ? read : null
  const moves = movesStock(session.connector, task.entity)
  const sent = moves ? levelsOf(session.connector, task.command.payload) : []
  task.levels = [...new Set([...task.levels, ...sent, ...levelsOf(session.connector, shown?.mapped ?? null)])]
  task.isRead = shown !== null
  const said = saidOf(task, outcome, shown?.version ?? null)
  const isPartial = (outcome.partial ?? []).length > 0
  const step = applied(task.entry, said, isPartial, shown === null || moves, clock.now())
  return stepped(step, shown?.records ?? [])
}
