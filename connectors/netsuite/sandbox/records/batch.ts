/** POST, PATCH and PUT of many records of one type: only as an asynchronous job, one task a record. */
import type { Task } from '../async.ts'
import { invalidContent, invalidHeader, invalidRequest } from '../errors.ts'
import { preferences, type Request } from '../http.ts'
import type { Session } from '../system.ts'
import { bodyOf, change, create, upsert, written } from './handle.ts'
import { idOf } from './load.ts'
import type { RecordType } from './model.ts'
import { isObject } from './payload.ts'

const LARGEST = 100

export function isBatch(request: Request): boolean {
  const type = request.headers['content-type'] ?? ''
  return /application\/vnd\.oracle\.resource\+json/i.test(type) && /type=collection/i.test(type)
}

/** @throws RestError when the whole is refused */
export function batchTasks(session: Session, type: RecordType, request: Request): Task[] {
  if (!preferences(request).has('respond-async')) {
    throw invalidHeader('Prefer', 'Batch operations are only available asynchronously: set Prefer to respond-async.')
  }
  const body = bodyOf(request)
  const items = isObject(body) ? body['items'] : undefined
  if (!Array.isArray(items)) throw invalidRequest('A collection has items.')
  if (items.length === 0 || items.length > LARGEST) {
    throw invalidRequest(`A collection has 1 to ${LARGEST} items, not ${items.length}.`)
  }
  return items.map((item: unknown, at) => ({ run: () => runOne(session, type, item, at, request) }))
}

function runOne(session: Session, type: RecordType, item: unknown, at: number, request: Request) {
  if (!isObject(item)) throw invalidContent('The item is not a JSON object.', `items[${at}]`)
  const { externalId } = item
  switch (request.method) {
    case 'POST':
      return written(session, create(session, type, item, request, null), 'POST')
    case 'PUT': {
      if (typeof externalId !== 'string') throw invalidContent('externalId is needed.', `items[${at}].externalId`)
      const { externalId: _key, ...rest } = item
      return written(session, upsert(session, type, externalId, rest, request), 'PUT')
    }
    case 'PATCH': {
      const given = item['id']
      if (given === undefined && typeof externalId !== 'string') {
        throw invalidContent('id or externalId is needed.', `items[${at}].id`)
      }
      const id = idOf(session, type, given === undefined ? `eid:${String(externalId)}` : String(given))
      const { id: _id, ...rest } = item
      return written(session, change(session, type, id, rest, request), 'PATCH')
    }
    default:
      throw invalidRequest(`The method ${request.method} takes no collection.`)
  }
}
