/** `POST /query/v1/suiteql` */
import { invalidHeader, invalidParameter, invalidRequest, refusal } from './errors.ts'
import { type Answer, json, parametersOf, preferences, type Request } from './http.ts'
import { pageOf, pagingOf } from './paging.ts'
import { bodyOf } from './records/handle.ts'
import { isObject } from './records/payload.ts'
import { need } from './records/registry.ts'
import { executeSuiteQl } from './suiteql/index.ts'
import type { Session } from './system.ts'

/** @throws RestError, SuiteQlError */
export function runQuery(session: Session, request: Request): Answer {
  if (request.method !== 'POST') {
    throw refusal(405, 'METHOD_NOT_ALLOWED', `The method ${request.method} is not allowed for this resource.`)
  }
  if (!preferences(request).has('transient')) {
    throw invalidHeader('Prefer', "The required request header 'Prefer' is missing or is not set to 'transient'.")
  }
  need(session, { name: 'SuiteAnalytics Workbook', path: 'Reports -> SuiteAnalytics Workbook' })
  const paging = pagingOf(parametersOf(request.query))
  const { q, params } = statementOf(bodyOf(request))
  const ceiling = session.switches.rowCeiling
  if (paging.offset >= ceiling) {
    throw invalidParameter('offset', `Paging reaches the first ${ceiling} results of a query only.`)
  }
  const limit = Math.min(paging.limit, ceiling - paging.offset)
  const { store, account, role, switches } = session
  const result = executeSuiteQl(store, account, { q, params, limit, offset: paging.offset, role })
  const items = result.items.map((row) => shown(row, switches.badDateColumn))
  const totalResults = Math.min(result.totalResults, ceiling)
  return json(200, pageOf(`${request.origin}${request.path}?${request.query}`, paging, { items, totalResults }))
}

function statementOf(body: unknown): { q: string; params: readonly string[] } {
  if (!isObject(body) || typeof body['q'] !== 'string' || body['q'].trim() === '') {
    throw invalidRequest("The request body must have a 'q' with the statement.")
  }
  const params = body['params'] ?? []
  if (!Array.isArray(params) || !params.every((it) => typeof it === 'string' || typeof it === 'number')) {
    throw invalidParameter('params', 'The params are a list of texts.')
  }
  return { q: body['q'], params: params.map(String) }
}

function shown(row: Readonly<Record<string, string>>, badColumn: string | null): object {
  if (badColumn === null || row[badColumn] === undefined) return { links: [], ...row }
  return { links: [], ...row, [badColumn]: '0026-13-45' }
}
