import type { Role } from './account.ts'
import { createJobs, type Jobs, type Task } from './async.ts'
import type { Auth } from './auth/index.ts'
import { TOKEN_PATH } from './auth/tokens.ts'
import { governanceLimits } from './concurrency.ts'
import { errorAnswer, invalidHeader, invalidParameter, RestError, refusal, unexpectedError } from './errors.ts'
import { type Answer, json, preferences, type Request } from './http.ts'
import { isWrite } from './interference.ts'
import { runQuery } from './query.ts'
import { batchTasks, isBatch } from './records/batch.ts'
import { handleRecord } from './records/handle.ts'
import { need, type RecordTypes, recordType, recordTypes } from './records/registry.ts'
import { SuiteQlError } from './suiteql/errors.ts'
import type { Session, System } from './system.ts'

/** From request to answer; never throws. */
export interface Router {
  (request: Request): Answer
  close(): void
}

const ROOT = '/services/rest'

export function createRouter(system: System, auth: Auth): Router {
  const types = recordTypes(system.store.tables)
  const jobs = createJobs(system.switches, system.now)

  function route(request: Request): Answer {
    try {
      if (request.path === TOKEN_PATH) return auth.token(request)
      const caller = auth.authenticate(request)
      if (!('role' in caller)) return caller
      return serve(request, sessionOf(system, caller.role, request), types, jobs)
    } catch (error) {
      if (error instanceof SuiteQlError) {
        return errorAnswer(invalidParameter(error.parameter, error.detail), system.switches.errorLinks)
      }
      if (error instanceof RestError) return errorAnswer(error, system.switches.errorLinks)
      // A defect of the sandbox: it shows, and the caller sees what a defect of the system would look like.
      console.error(error)
      return unexpectedError(system.now(), system.switches.errorLinks)
    }
  }

  return Object.assign(route, { close: () => jobs.close() })
}

function serve(request: Request, session: Session, types: RecordTypes, jobs: Jobs): Answer {
  checkHeaders(session, request)
  const segments = request.path
    .slice(ROOT.length + 1)
    .split('/')
    .map(decoded)
  const [service, version, ...rest] = segments
  if (!request.path.startsWith(`${ROOT}/`) || version !== 'v1') throw notFound(request)
  switch (service) {
    case 'record':
      return record(request, session, types, jobs, rest)
    case 'query':
      if (rest.join('/') !== 'suiteql') throw notFound(request)
      return runQuery(session, request)
    case 'async':
      if (request.method !== 'GET') throw notFound(request)
      return jobs.read(request, rest)
    case 'system':
      return systemService(request, session, rest.join('/'))
    default:
      throw notFound(request)
  }
}

function record(
  request: Request,
  session: Session,
  types: RecordTypes,
  jobs: Jobs,
  segments: readonly string[],
): Answer {
  const wantsJob = preferences(request).has('respond-async')
  if (isBatch(request) && isWrite(request) && segments.length === 1) {
    const type = recordType(session, types, segments[0] ?? '')
    return jobs.submit(request, batchTasks(session, type, request))
  }
  if (!wantsJob) return handleRecord(session, types, segments, request)
  const task: Task = { run: () => handleRecord(session, types, segments, request) }
  return jobs.submit(request, [task])
}

function systemService(request: Request, session: Session, name: string): Answer {
  if (request.method !== 'GET') throw notFound(request)
  if (name === 'serverTime') return json(200, { serverTime: new Date(session.now()).toISOString() })
  if (name !== 'governanceLimits') throw notFound(request)
  if (!isAdministrator(session.role)) need(session, { name: 'Administrator', path: 'Setup -> Administrator' })
  return json(200, governanceLimits(session.account))
}

/** Of every request but a login. @throws RestError */
function checkHeaders(session: Session, request: Request): void {
  if (!request.path.endsWith('/system/v1/serverTime')) {
    need(session, { name: 'REST Web Services', path: 'Setup -> REST Web Services' })
  }
  const languages = request.headers['accept-language']
  if (languages === undefined || languages === '*') return
  const [first = ''] = languages.split(/[,;]/)
  if (!session.switches.languages.has(first.trim().toLowerCase())) {
    throw invalidHeader(
      'Accept-Language',
      `Invalid language. REST web services do not support the language '${first.trim()}' in this account.`,
    )
  }
}

function sessionOf(system: System, role: Role, request: Request): Session {
  return { ...system, role, root: `${request.origin}${ROOT}` }
}

function isAdministrator(role: Role): boolean {
  return role.id === 3
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function notFound(request: Request): RestError {
  return refusal(404, 'NOT_FOUND', 'The requested resource does not exist.', { 'o:errorUrl': request.path })
}
