import { invalidParameter, refusal } from '../errors.ts'
import { type Answer, json, parametersOf, RECORD_TYPE, type Request } from '../http.ts'
import { LARGEST_PAGE, pageOf, pagingOf } from '../paging.ts'
import type { Session } from '../system.ts'
import type { Cell } from '../values.ts'
import { compileFilter } from './filter.ts'
import { idOf, keyColumn, load } from './load.ts'
import type { RecordType } from './model.ts'
import { type Rendering, renderLine, renderRecord, renderSublist } from './render.ts'

/** `GET /record/v1/vendor?limit=&offset=&q=`: ids; `expandRecords=true&ids=1,2,eid:x`: whole records. */
export function listRecords(session: Session, type: RecordType, request: Request): Answer {
  const parameters = parametersOf(request.query)
  const ids = parameters.get('ids')
  if (ids !== null && parameters.get('expandRecords') === 'true') return readMany(session, type, request, ids)
  const paging = pagingOf(parameters)
  const conditions = ['1']
  const values: Cell[] = []
  for (const [column, value] of Object.entries(type.where)) {
    conditions.push(`"${column}" IS ?`)
    values.push(value)
  }
  const q = parameters.get('q')
  if (q !== null && q.trim() !== '') {
    const filter = compileFilter(session, type, q)
    conditions.push(filter.sql)
    values.push(...filter.params)
  }
  const seenAt = session.store.visibleAsOf()
  if (seenAt !== null) {
    conditions.push('"_visible_at" <= ?')
    values.push(seenAt)
  }
  const key = keyColumn(session, type)
  const from = `FROM "${type.table}" WHERE ${conditions.join(' AND ')}`
  const total = Number(session.store.sql(`SELECT count(*) ${from}`, values)[0]?.[0] ?? 0)
  const page = `SELECT "${key}" ${from} ORDER BY "${key}" LIMIT ${paging.limit} OFFSET ${paging.offset}`
  const items = session.store.sql(page, values).map(([id]) => ({
    links: [{ rel: 'self', href: `${session.root}/record/v1/${type.name}/${id}` }],
    id: String(id),
  }))
  return json(200, pageOf(addressOf(request), paging, { items, totalResults: total }))
}

function readMany(session: Session, type: RecordType, request: Request, ids: string): Answer {
  const segments = ids.split(',').map((it) => it.trim())
  if (segments.length > LARGEST_PAGE) throw invalidParameter('ids', 'Too many ids.')
  const how = { ...renderingOf(type, parametersOf(request.query)), only: null }
  const items = segments.map((it) => renderRecord(session, load(session, type, idOf(session, type, it)), how))
  return json(200, { links: [], count: items.length, hasMore: false, items, offset: 0, totalResults: items.length })
}

export function readRecord(session: Session, type: RecordType, segment: string, request: Request): Answer {
  const how = renderingOf(type, parametersOf(request.query))
  const record = load(session, type, idOf(session, type, segment))
  return json(200, renderRecord(session, record, how), { 'content-type': RECORD_TYPE })
}

/** `GET /record/v1/purchaseOrder/647/item` and `…/item/1`. */
export function readSublist(
  session: Session,
  type: RecordType,
  segment: string,
  below: readonly string[],
  request: Request,
): Answer {
  const [name = '', key] = below
  const how = renderingOf(type, parametersOf(request.query))
  const record = load(session, type, idOf(session, type, segment))
  const sublist = type.sublists.get(name)
  if (sublist === undefined || below.length > 2) {
    throw refusal(404, 'NOT_FOUND', `The sub-resource '${name}' does not exist.`, { 'o:errorUrl': request.path })
  }
  if (key === undefined) return json(200, renderSublist(session, record, sublist, how))
  const row = sublist.rows(session, record).find((it) => String(it[sublist.key?.column ?? '']) === key)
  if (row === undefined)
    throw refusal(404, 'NONEXISTENT_ID', 'The line does not exist.', { 'o:errorUrl': request.path })
  return json(200, renderLine(session, record, sublist, row, how), { 'content-type': RECORD_TYPE })
}

function renderingOf(type: RecordType, parameters: URLSearchParams): Rendering {
  const fields = parameters.get('fields')
  const only = fields === null ? null : fields.split(',').map((it) => it.trim())
  for (const name of only ?? []) {
    if (name !== 'id' && !type.fields.has(name)) {
      throw invalidParameter('fields', `The record type '${type.name}' has no body field '${name}'.`)
    }
  }
  return {
    expand: parameters.get('expandSubResources') === 'true',
    simpleEnums: parameters.get('simpleEnumFormat') === 'true',
    only: only === null ? null : new Set(only),
  }
}

function addressOf(request: Request): string {
  return `${request.origin}${request.path}${request.query === '' ? '' : `?${request.query}`}`
}
