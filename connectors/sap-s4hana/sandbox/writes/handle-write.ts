/**
 * The one entry of everything that changes data: POST to a set (deep insert) or through a navigation, PATCH, MERGE,
 * PUT and DELETE of an entity, function imports. All or nothing: a refusal (SapError) leaves no trace.
 */
import { segmentNotFound } from '../errors.ts'
import type { EntitySet, Navigation, Row } from '../model.ts'
import { change, remove } from './change.ts'
import type { WriteAnswer, WriteContext } from './context.ts'
import { create } from './create.ts'
import { checkEtag } from './etags.ts'
import { callFunction } from './functions.ts'
import { checkLock } from './locks.ts'
import { readCreation } from './payload.ts'
import { refusal, verbDisabled } from './refusals.ts'
import { createWork, type Work } from './work.ts'

/** @throws SapError when the system refuses */
export function handleWrite(context: WriteContext): WriteAnswer {
  const work = createWork(context)
  const answer = context.store.transaction(() => perform(context, work))
  return work.warnings.length === 0 ? answer : { ...answer, warnings: work.warnings }
}

function perform(context: WriteContext, work: Work): WriteAnswer {
  const { target } = context
  switch (target.kind) {
    case 'function':
      if (context.method !== target.function.method) throw methodNotAllowed(context.method)
      return callFunction(work, target.function, target.parameters, context.headers)
    case 'set':
      if (context.method !== 'POST') throw methodNotAllowed(context.method)
      return createIn(work, target.set, context.body, null)
    case 'navigation':
      if (context.method !== 'POST' || !target.navigation.many) throw methodNotAllowed(context.method)
      return createIn(work, target.navigation.target, context.body, {
        row: existing(work, target.set, target.key),
        by: target.navigation,
      })
    case 'entity':
      return writeEntity(context, work, target.set, target.key)
  }
}

function createIn(work: Work, set: EntitySet, body: unknown, parent: { row: Row; by: Navigation } | null): WriteAnswer {
  if (!set.creatable) throw verbDisabled('Creating', work.service, set.name)
  const draft = readCreation(set, body)
  if (parent !== null) checkLock(work, parent.by.target, { ...draft.row, ...foreignKey(parent) })
  else checkLock(work, set, draft.row)
  return { status: 201, entity: create(work, draft, parent) }
}

function foreignKey(parent: { row: Row; by: Navigation }): Row {
  return Object.fromEntries(parent.by.on.map(([own, theirs]) => [theirs, parent.row[own] ?? null]))
}

function writeEntity(context: WriteContext, work: Work, set: EntitySet, key: Row): WriteAnswer {
  switch (context.method) {
    case 'PATCH':
    case 'MERGE':
    case 'PUT': {
      if (!set.updatable) throw verbDisabled('Updating', work.service, set.name)
      const row = existing(work, set, key)
      checkEtag(work, set, row, context.headers['if-match'])
      checkLock(work, set, row)
      change(work, set, row, context.body, context.method === 'PUT')
      return { status: 204 }
    }
    case 'DELETE': {
      if (!set.deletable) throw verbDisabled('Deleting', work.service, set.name)
      const row = existing(work, set, key)
      checkEtag(work, set, row, context.headers['if-match'])
      checkLock(work, set, row)
      remove(work, set, row)
      return { status: 204 }
    }
    default:
      throw methodNotAllowed(context.method)
  }
}

function existing(work: Work, set: EntitySet, key: Row): Row {
  const row = work.store.get(set, key)
  if (row === null) throw segmentNotFound(set.name)
  return row
}

function methodNotAllowed(method: string): Error {
  return refusal(405, '/IWFND/CM_CONSUMER/0405', `Method ${method} is not allowed for this resource`)
}
