/** Requests below `/record/v1`. */
import { invalidRequest, refusal } from '../errors.ts'
import { type Answer, noContent, parametersOf, type Request } from '../http.ts'
import type { Session } from '../system.ts'
import { idByExternalId, idOf, load } from './load.ts'
import { readMetadata } from './metadata.ts'
import type { RecordType } from './model.ts'
import { readBody } from './payload.ts'
import { listRecords, readRecord, readSublist } from './read.ts'
import { type RecordTypes, recordType } from './registry.ts'
import { transform } from './transform.ts'
import { type Change, changeRecord, insertRecord, removeRecord, type Written } from './write.ts'

/** `segments`: what follows `/record/v1/`, decoded. @throws RestError */
export function handleRecord(
  session: Session,
  types: RecordTypes,
  segments: readonly string[],
  request: Request,
): Answer {
  const [name = '', segment, ...below] = segments
  if (name === 'metadata-catalog') return readMetadata(session, types, segment, request)
  const type = recordType(session, types, name)
  if (segment === undefined) return handleCollection(session, type, request)
  if (below[0] === '!transform' && below.length === 2) {
    if (request.method !== 'POST') throw notAllowed(request)
    const target = recordType(session, types, below[1] ?? '')
    const id = idOf(session, type, segment)
    return written(session, transform(session, type, id, target, bodyOf(request), request), 'POST')
  }
  if (below.length > 0) {
    if (request.method !== 'GET') throw notAllowed(request)
    return readSublist(session, type, segment, below, request)
  }
  return handleOne(session, type, segment, request)
}

function handleCollection(session: Session, type: RecordType, request: Request): Answer {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return listRecords(session, type, request)
    case 'POST':
      return written(session, create(session, type, bodyOf(request), request, null), 'POST')
    case 'DELETE': {
      const ids = parametersOf(request.query).get('ids')
      if (ids === null) throw notAllowed(request)
      session.store.transaction(() => {
        for (const it of ids.split(',')) removeRecord(session, type, idOf(session, type, it.trim()))
      })
      return noContent()
    }
    default:
      throw notAllowed(request)
  }
}

function handleOne(session: Session, type: RecordType, segment: string, request: Request): Answer {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readRecord(session, type, segment, request)
    case 'PATCH': {
      const id = idOf(session, type, segment)
      return written(session, change(session, type, id, bodyOf(request), request), 'PATCH')
    }
    case 'PUT':
      if (!segment.startsWith('eid:')) throw invalidRequest('PUT is for external ids: …/eid:<external id>.')
      return written(session, upsert(session, type, segment.slice(4), bodyOf(request), request), 'PUT')
    case 'DELETE':
      refuseReadOnly(type, request)
      removeRecord(session, type, idOf(session, type, segment))
      return noContent()
    default:
      throw notAllowed(request)
  }
}

/** @throws RestError */
export function create(
  session: Session,
  type: RecordType,
  body: unknown,
  request: Request,
  externalId: string | null,
): Written {
  refuseReadOnly(type, request)
  if (type.rules.createdBy !== undefined) {
    throw invalidRequest(`A ${type.title} cannot be created without a ${type.rules.createdBy}: transform one.`)
  }
  const { draft, warnings } = readBody(session, type, body, request)
  if (externalId !== null) draft.row['externalid'] = externalId
  return { ...insertRecord(session, type, draft), warnings }
}

/** @throws RestError */
export function change(session: Session, type: RecordType, id: number, body: unknown, request: Request): Written {
  refuseReadOnly(type, request)
  load(session, type, id)
  const { draft, warnings } = readBody(session, type, body, request)
  return { ...changeRecord(session, type, id, draft, changeOf(request)), warnings }
}

/** By external id: a change when there is such a record, else a creation. @throws RestError */
export function upsert(
  session: Session,
  type: RecordType,
  externalId: string,
  body: unknown,
  request: Request,
): Written {
  const id = idByExternalId(session, type, externalId)
  return id === null ? create(session, type, body, request, externalId) : change(session, type, id, body, request)
}

function changeOf(request: Request): Change {
  const parameters = parametersOf(request.query)
  const names = (parameters.get('replace') ?? '').split(',').map((it) => it.trim())
  return {
    replace: new Set(names.filter((it) => it !== '')),
    selected: parameters.get('replaceSelectedFields') === 'true',
  }
}

export function written(session: Session, { type, id, warnings }: Written, method: 'POST' | 'PATCH' | 'PUT'): Answer {
  const { noLocation, createdStatus } = session.switches
  const hidden = noLocation === 'always' || (noLocation === 'put' && method === 'PUT')
  const headers = {
    ...(hidden ? {} : { location: `${session.root}/record/v1/${type.name}/${id}` }),
    ...(warnings.length === 0 ? {} : { warning: warnings.map((it) => `299 NetSuite "${it}"`).join(', ') }),
  }
  return method === 'POST' && createdStatus === 201 ? { status: 201, headers, body: '' } : noContent(headers)
}

/** @throws RestError */
export function bodyOf(request: Request): unknown {
  const type = request.headers['content-type'] ?? ''
  if (!/json/i.test(type)) {
    throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'The content type must be application/json.', {
      'o:errorHeader': 'Content-Type',
    })
  }
  // A transform needs no body.
  if (request.body.length === 0) return {}
  try {
    return JSON.parse(request.body.toString('utf8'))
  } catch {
    throw invalidRequest('The request body is not valid JSON.')
  }
}

function refuseReadOnly(type: RecordType, request: Request): void {
  if (type.readOnly) throw notAllowed(request)
}

function notAllowed(request: Request) {
  return refusal(405, 'METHOD_NOT_ALLOWED', `The method ${request.method} is not allowed for this resource.`)
}
