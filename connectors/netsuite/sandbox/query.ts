/** `POST /query/v1/suiteql` */
import { invalidHeader, invalidParameter, invalidRequest, refusal } from './errors.ts'
import type { Switches } from './faults.ts'
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
  if (paging.offset + paging.limit > ceiling) {
    throw invalidParameter('offset', `Paging reaches the first ${ceiling} results of a query only.`)
  }
  const { store, account, role, switches } = session
  const result = executeSuiteQl(store, account, { q, params, ...paging, role })
  const items = result.items.map((row) => shown(row, result.columns, switches))
  // Beyond the ceiling nothing is said to exist.
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

function shown(
  row: Readonly<Record<string, string>>,
  columns: readonly string[],
  { sendNulls, badDateColumn, badRow }: Switches,
): object {
  const isBad = badRow !== null && Object.entries(badRow.where).every(([column, text]) => row[column] === text)
  const item: Record<string, unknown> = { links: [] }
  for (const column of columns) {
    const value = isBad && column === badRow.column ? badRow.value : (row[column] ?? null)
    if (value === null && !sendNulls) continue
    item[column] = column === badDateColumn && value !== null ? '0026-13-45' : value
  }
  return item
}
