import {
  AuthError,
  type Clock,
  type CommandJournal,
  type Connection,
  describeError,
  Failure,
  type Logger,
  type Metrics,
  type OutRecord,
  RejectedError,
  type Sessions,
} from '../../core/index.ts'
import { type AttemptParts, attempt, look } from './attempt.ts'
import { issue } from './command.ts'
import type { Committer } from './committer.ts'
import type { Journal } from './journal.ts'
import { createLanes } from './lanes.ts'
import { createPlaces } from './places.ts'
import type { Policy } from './policy.ts'
import { doubt, failed, finish, notFound, orphaned, type Step } from './progress.ts'
import { isInDoubt } from './settlement.ts'
import type { Task } from './task.ts'
import { createTrouble } from './trouble.ts'

/** The commands of one connection: which may run, when, and how many at a time. */
export interface Account {
  add(task: Task): void
  /** A command that others refer to is finished. */
  finished(commandId: string): void
  /** What the connection is now; undefined = removed. */
  changed(connection: Connection | undefined): void
  /** An operator says what became of a command in doubt. Returns whether it is one of these. */
  settle(commandId: string, how: (entry: CommandJournal) => Step): boolean
  /** Starts nothing more. Resolves when nothing is under way. */
  drain(): Promise<void>
}

export interface AccountParts extends Pick<AttemptParts, 'reread'> {
  readonly clock: Clock
  readonly policy: Policy
  readonly random: () => number
  readonly sessions: Sessions
  readonly journal: Journal
  readonly committer: Committer
  readonly log: Logger
  readonly metrics: Metrics
  /** Aborts what is under way. */
  readonly signal: AbortSignal
  /** Told after the commit of a final result. */
  readonly onFinished: (task: Task) => void
  /** Applied, but not read again. */
  readonly onRereadDue: (task: Task) => void
}

export function createAccount(parts: AccountParts, first: Connection): Account {
  const { clock, policy, journal, committer, log, metrics } = parts
  let connection = first
  let removed = false
  let closing = false
  /** Commands begun, until the system is done with them. */
  let begun = 0
  const lanes = createLanes<Task>()
  const waiters = new Map<string, Set<Task>>()
  const settlements = new Map<Task, (entry: CommandJournal) => Step>()
  const underWay = new Set<Promise<void>>()
  const ready = new Set<Task>()
  const trouble = createTrouble(() => clock.now(), policy, parts.random)
  const slots = () => trouble.slots(connection.limits.concurrency)
  const places = createPlaces(slots)
  let cancelPause = () => {}

  /** Makes a step durable, then goes on with what is next. */
  async function commit(task: Task, step: Step, more: readonly OutRecord[] = []): Promise<void> {
    const records = [...journal.write(step), ...more]
    task.entry = step.entry
    task.next = step.next
    const final = step.entry.state === 'FINISHED'
    if (final) ready.delete(task)
    const done = final ? [{ topic: task.topic, offset: task.offset }] : []
    await committer.submit({ records, done })
    if (final) end(task)
  }

  function end(task: Task): void {
    task.cancelWait()
    task.cancelDeadline()
    const labels = { connection: connection.id, stream: task.entity }
    const outcome = task.entry.result?.outcome
    if (outcome === 'APPLIED' || outcome === 'PARTIALLY_APPLIED') metrics.recordsSent.inc(labels)
    else if (outcome !== 'VALIDATED')
      metrics.recordsFailed.inc({ ...labels, kind: (outcome ?? 'unknown').toLowerCase() })
    const next = lanes.remove(task.lane, task)
    if (next !== undefined) plan(next)
    if (task.entry.reread_due) parts.onRereadDue(task)
    parts.onFinished(task)
  }

  /** Puts the first of a lane where its next step is due. */
  function plan(task: Task): void {
    task.cancelWait()
    if (closing || task.running || task.next.do === 'nothing' || !lanes.isFirst(task.lane, task)) return
    const wait = task.next.at - clock.now()
    if (wait > 0) task.cancelWait = clock.after(wait, () => plan(task))
    else {
      ready.add(task)
      pump()
    }
  }

  function pump(): void {
    cancelPause()
    if (closing || removed || connection.status !== 'active') return
    const wait = trouble.pausedUntil() - clock.now()
    if (wait > 0 && ready.size > 0) {
      cancelPause = clock.after(wait, pump)
      return
    }
    for (const task of ready) {
      if (begun >= slots() + ahead()) return
      ready.delete(task)
      task.running = true
      begun++
      let counts = true
      const done = () => {
        if (counts) begun--
        counts = false
      }
      const work = run(task, done)
        .catch((error: unknown) => unsaid(task, error))
        .finally(() => {
          done()
          underWay.delete(work)
          task.running = false
          if (task.entry.state !== 'FINISHED') {
            if (removed) void giveUp(task)
            else if (settlements.has(task)) void settleNow(task).then(() => plan(task))
            else plan(task)
          }
          pump()
        })
      underWay.add(work)
    }
  }

  /** Commands that are journaled while others are with the system, so that no place stays empty meanwhile. */
  function ahead(): number {
    const { concurrency } = connection.limits
    return slots() < concurrency ? 0 : Math.ceil(concurrency / 4)
  }

  /** `done` is told as soon as the system is: writing the result down needs no place. */
  async function run(task: Task, done: () => void): Promise<void> {
    if (task.entry.state === 'WAITING' && clock.now() > task.deadline) return expire(task)
    const ended = await (task.next.do === 'look' ? look : attempt)(attemptParts, task, connection)
    done()
    if (parts.signal.aborted || committer.isOver()) return
    pump()
    if (ended.kind === 'depends') {
      const others = waiters.get(ended.on) ?? new Set()
      waiters.set(ended.on, others.add(task))
      task.next = { do: 'nothing' }
      return
    }
    await commit(task, ended.step, ended.records)
  }

  /** What a connector answered cannot be written down: the command stands where it stood, and is looked after again. */
  async function unsaid(task: Task, error: unknown): Promise<void> {
    note(task, error)
    const { entry, tries } = task
    const about = { tries, now: clock.now(), policy, random: parts.random }
    if (entry.state === 'WAITING') return commit(task, failed(entry, error, { ...about, sent: false }))
    const looked = notFound(entry, error, 'none', about)
    task.tries = looked.tries
    await commit(task, entry.state === 'STARTED' ? doubt(entry, error, clock.now()) : looked.step)
  }

  const attemptParts: AttemptParts = {
    ...parts,
    commit,
    enter: () => places.enter(),
    onError: (task, error) => note(task, error),
    onAnswer: () => trouble.answered(),
  }

  function note(task: Task, error: unknown): void {
    if (error instanceof RejectedError) return trouble.answered()
    const news = trouble.failed(error)
    if (error instanceof AuthError) void parts.sessions.close(connection.id)
    const kind = error instanceof Failure ? error.kind : 'bug'
    const about = { connection: connection.id, stream: task.entity, kind, command: task.command.command_id }
    if (kind === 'bug') log.error({ ...about, err: error }, 'bug in the connector or in the writer')
    else if (news) log.warn(about, describeError(error))
  }

  function expire(task: Task): Promise<void> {
    const last = task.entry.result?.errors[0]?.message
    const why = `not started by its deadline${last === undefined ? '' : `; the last try: ${last}`}`
    return commit(task, finish(task.entry, 'EXPIRED', clock.now(), { errors: [issue('SYSTEM_ERROR', why)] }))
  }

  const giveUp = (task: Task) => commit(task, orphaned(task.entry, clock.now()))

  /** A look that is under way comes first: the system knows better. */
  async function settleNow(task: Task): Promise<void> {
    const how = settlements.get(task)
    settlements.delete(task)
    if (how !== undefined && isInDoubt(task.entry)) await commit(task, how(task.entry))
  }

  function onDeadline(task: Task): void {
    if (!closing && !task.running && task.entry.state === 'WAITING') void expire(task)
  }

  return {
    add(task) {
      const left = task.deadline - clock.now()
      if (left >= 0) task.cancelDeadline = clock.after(left + 1, () => onDeadline(task))
      if (removed) return void giveUp(task)
      if (lanes.add(task.lane, task)) plan(task)
    },
    finished(commandId) {
      for (const task of waiters.get(commandId) ?? []) {
        task.next = { do: task.entry.state === 'WAITING' ? 'send' : 'look', at: clock.now() }
        plan(task)
      }
      waiters.delete(commandId)
    },
    changed(now) {
      if (now === undefined) {
        removed = true
        for (const task of lanes.all()) if (!task.running) void giveUp(task)
        return
      }
      removed = false
      connection = now
      trouble.forget()
      places.poke()
      for (const task of lanes.all())
        if (task.entry.state === 'WAITING' && task.next.do === 'send') {
          task.next = { do: 'send', at: clock.now() }
          plan(task)
        }
      pump()
    },
    settle(commandId, how) {
      const task = lanes.all().find(({ command }) => command.command_id === commandId)
      if (task === undefined) return false
      settlements.set(task, how)
      if (!task.running) void settleNow(task)
      return true
    },
    async drain() {
      closing = true
      cancelPause()
      for (const task of lanes.all()) {
        task.cancelWait()
        task.cancelDeadline()
      }
      await Promise.all(underWay)
    },
  }
}
