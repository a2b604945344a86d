import { ConflictError, type Json, RetryableError } from '../../../core/index.ts'
import { StaleRecord } from '../failures.ts'
import type { TrytonSession } from '../session.ts'
import { type Row, text } from '../values.ts'
import { rowsById } from '../read/rows.ts'
import { refuse } from './issues.ts'
import { nativeId } from './natives.ts'
import { type Call, type Names, send } from './refusals.ts'

/**
 * Tryton compares versions itself: a call whose context names a record's `_timestamp` fails when the record has
 * another one. The stamp just read is sent where the client names none, so that what was decided on what was read is
 * never written over something else.
 */
export interface Target {
  readonly id: number
  readonly row: Row
  /** For the context of the call that writes it first. */
  readonly context: Row
  /** What a stale stamp means: the client's conflict, or our own bad luck. */
  stale(error: unknown): unknown
}

interface Wanted {
  readonly model: string
  readonly fields: readonly string[]
  readonly key: string | null
  readonly expectedVersion: string | null
}

/** The record that a command is about. @throws RejectedError NOT_FOUND, ConflictError */
export async function targetOf(session: TrytonSession, wanted: Wanted, signal: AbortSignal): Promise<Target> {
  const { model, fields, key, expectedVersion } = wanted
  const id = nativeId(key ?? '')
  const found = id === null ? null : await rowOf(session, model, id, [...fields, '_timestamp'], signal)
  if (id === null || found === null) return refuse('target_id', 'NOT_FOUND', `there is no ${model} ${key}`)
  const stamp = text(found['_timestamp']) ?? ''
  const conflict = (now: string | null) =>
    new ConflictError(`${model},${id} is not at version ${expectedVersion}: somebody has changed it`, now)
  if (expectedVersion !== null && expectedVersion !== `ts:${stamp}`) throw conflict(`ts:${stamp}`)
  return {
    id,
    row: found,
    context: { _timestamp: { [`${model},${id}`]: stamp } },
    stale(error) {
      if (!(error instanceof StaleRecord)) return error
      return expectedVersion === null ? new RetryableError(error.message, { cause: error }) : conflict(null)
    },
  }
}

export async function rowOf(
  session: TrytonSession,
  model: string,
  id: number,
  fields: readonly string[],
  signal: AbortSignal,
): Promise<Row | null> {
  const { rows } = await rowsById(session, { model, fields }, [id], signal)
  return rows[0] ?? null
}

/** The first call that writes a target. @throws ConflictError when it is not what it was */
export async function sendTo(
  session: TrytonSession,
  target: Target,
  call: Omit<Call, 'context'>,
  names: Names,
  signal: AbortSignal,
): Promise<Json> {
  try {
    return await send(session, { ...call, context: target.context }, names, signal)
  } catch (error) {
    throw target.stale(error)
  }
}
