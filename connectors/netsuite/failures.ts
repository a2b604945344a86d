import {
  AuthError,
  type Failure,
  type HttpResponse,
  RateLimitedError,
  RejectedError,
  RetryableError,
} from '../../core/index.ts'
import { permissionFor } from './permissions.ts'
import { type Problem, problemOf, wordsOf } from './problems.ts'

/** The statement took too long: ask for less. */
export class TooMuch extends RetryableError {}

/** NetSuite does not know a column: no such field, feature off, no OneWorld, or no permission. */
export class UnknownColumn extends RejectedError {
  readonly identifier: string

  constructor(message: string, identifier: string) {
    super(message)
    this.identifier = identifier
  }
}

/** NetSuite does not know a table, or does not show it to this role: it tells neither from the other. */
export class UnknownTable extends AuthError {
  readonly table: string

  constructor(message: string, table: string) {
    super(message, { streamOnly: true })
    this.table = table
  }
}

/** The parser dislikes the statement; perhaps a function that this account does not have. */
export class UnsupportedStatement extends RejectedError {}

/** What the request was. */
export interface Doing {
  /** `reading purchase orders`: begins the message. */
  readonly doing: string
  /** Table or record type that it was about; null = none in particular. */
  readonly table: string | null
}

const CONCURRENCY_CODES = new Set(['CONCURRENCY_LIMIT_EXCEEDED', 'SSS_REQUEST_LIMIT_EXCEEDED'])
const SLOW = /tim(?:ed?|ing)[ -]?out|time[ -]limit|TIME_EXCEEDED|took too long/i

/** Means: what was asked for is too much for one answer. */
export const isSlow = (error: RetryableError): boolean =>
  error instanceof TooMuch ||
  error.status === 504 ||
  error.status === 408 ||
  isTimeout(error) ||
  SLOW.test(error.message)

function isTimeout(error: Error): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if (at.name === 'TimeoutError') return true
  return false
}

/** The failure that an answer of 300 to 499 stands for, with NetSuite's own words. */
export function failureOf(response: HttpResponse, what: Doing): Failure {
  const { status, requestId } = response
  const { doing, table } = what
  const problem = problemOf(response.text())
  const words = wordsOf(problem)
  const said = words === '' ? '' : `: ${words}`
  const code = problem.code === null ? '' : ` (${problem.code})`
  const details = { status, requestId, vendorCode: problem.code ?? undefined }
  if (status >= 300 && status < 400)
    return new AuthError(`${doing}: NetSuite redirects instead of answering; check account_id and base_url`, details)
  if (status === 401) return new AuthError(`${doing}: NetSuite does not accept the login${said}${code}`, details)
  if (status === 429 || CONCURRENCY_CODES.has(problem.code ?? ''))
    return new RateLimitedError(`${doing}: too many requests at once for this account${code}`, 0, details)
  if (problem.form === 'other' && (status === 403 || status === 404))
    return new AuthError(
      `${doing}: HTTP ${status}, and not from NetSuite: check account_id and base_url, and what is between`,
      details,
    )
  if (status === 408 || SLOW.test(`${words} ${problem.code}`)) return new TooMuch(`${doing}${said}${code}`, details)
  if (/only available as a beta record|enable the .{1,80} feature/i.test(words))
    return new AuthError(`${doing}: a feature of the account is off${said}${code}; Setup > Company > Enable Features`, {
      ...details,
      streamOnly: table !== null,
    })
  if (status === 403 || problem.code === 'INSUFFICIENT_PERMISSION') return forbidden(what, `${said}${code}`, details)
  if (status === 409 || problem.code === 'RCRD_HAS_BEEN_CHANGED')
    return new RetryableError(`${doing}: somebody else is changing it${said}${code}`, details)
  return (
    statementProblem(problem, what) ??
    new RejectedError(
      `${doing}: ${words === '' ? `refused (HTTP ${status})` : words}${code}`,
      problem.details.map(({ text, where }) => ({
        field: null,
        message: where === null || text.includes(where) ? text : `${text} [${where}]`,
      })),
      details,
    )
  )
}

function forbidden({ doing, table }: Doing, said: string, details: ConstructorParameters<typeof AuthError>[1]) {
  const need =
    table === null
      ? 'Setup > REST Web Services: Full, Setup > Log in using OAuth 2.0 Access Tokens (or Access Tokens) and Reports > SuiteAnalytics Workbook'
      : permissionFor(table)
  return new AuthError(`${doing}: the role may not${said}; give it ${need} (Setup > Users/Roles > Manage Roles)`, {
    ...details,
    streamOnly: table !== null,
  })
}

/** Refusals of SuiteQL, told by their words. */
function statementProblem(problem: Problem, { doing, table }: Doing): Failure | null {
  const words = wordsOf(problem)
  const column = /Unknown identifier '([^']{1,100})'/i.exec(words)?.[1]
  if (column !== undefined) return new UnknownColumn(`${doing}: ${words}`, column)
  const unknown = /Invalid search type: ([\w$]{1,100})|Record '([^']{1,100})' was not found/i.exec(words)
  const name = unknown?.[1] ?? unknown?.[2]
  if (name !== undefined)
    return new UnknownTable(
      `${doing}: NetSuite shows no table ${name.toLowerCase()} to this role: give it ${permissionFor(name)} (Setup > Users/Roles > Manage Roles), or the feature is off (Setup > Company > Enable Features)`,
      name.toLowerCase(),
    )
  const isStatement = /Invalid or unsupported search|Invalid search query|Parse of date\/time/i.test(words)
  return isStatement && table !== null ? new UnsupportedStatement(`${doing}: ${words}`) : null
}
