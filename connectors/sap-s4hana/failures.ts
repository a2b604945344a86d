import {
  AuthError,
  type Failure,
  type FailureDetails,
  type HttpResponse,
  RejectedError,
  RetryableError,
} from '../../core/index.ts'
import { type Problem, problemOf, wordsOf } from './problems.ts'

/** An answer that says success and cannot be read: cut short, or not JSON. */
export class UnreadableAnswer extends RetryableError {}

/** A refusal with all that SAP said, for writers to name the fields (write/refusals.ts). */
export class Refusal extends RejectedError {
  readonly problem: Problem

  constructor(message: string, problem: Problem, details: FailureDetails) {
    const fields = problem.messages.map(({ text, target }) => ({
      field: null,
      message: target === null || text.includes(target) ? text : `${text} [${target}]`,
    }))
    super(message, fields, details)
    this.name = 'RejectedError'
    this.problem = problem
  }
}

/** Perhaps one row is at fault (a short dump while it is read): the reader then looks for it (read/rows.ts). */
export const isRowsFault = (error: unknown): boolean =>
  error instanceof UnreadableAnswer || (error instanceof RetryableError && error.status === 500)

/** What the request was. */
export interface Doing {
  /** `reading A_Product of API_PRODUCT_SRV`: begins the message. */
  readonly doing: string
  /** null = none: the login. */
  readonly service: string | null
  /** The request was for a list: it is there or the service is another one. */
  readonly isList: boolean
}

/** Communication scenarios that open a service in the cloud, where known. */
const SCENARIOS: { readonly [service: string]: string } = {
  API_BUSINESS_PARTNER: 'SAP_COM_0008',
  API_MATERIAL_DOCUMENT_SRV: 'SAP_COM_0108',
}

/** How to let the user in; `service` with or without version. */
function opening(service: string, problem: Problem): string {
  const [name = service] = service.split(';')
  const scenario = SCENARIOS[name]
  const cloud = `in the cloud, give the communication user ${scenario === undefined ? `an arrangement of the communication scenario that holds ${name}` : `communication scenario ${scenario}`}`
  const activate = isUnauthorized(problem) ? '' : `activate ${service} (transaction /IWFND/MAINT_SERVICE) and `
  return `${cloud}; on-premise, ${activate}give the user a role with S_SERVICE for ${name}`
}

const LOCK_CODES = new Set(['MMPUR_INTEGRATION_PO/002', 'ME/006', 'M3/897', 'M3/024', 'CO/469'])
const LOCK_WORDS = /\blocked\b|being processed|already processing/i

const isLock = ({ messages }: Problem): boolean =>
  messages.some(({ code, text }) => LOCK_CODES.has(code ?? '') || LOCK_WORDS.test(text))

const says = ({ messages, code }: Problem, known: RegExp): boolean =>
  [code, ...messages.map((message) => message.code)].some((each) => known.test(each ?? ''))

/** Codes of the gateway itself: the service is not active, or not for this user. */
const isClosed = (problem: Problem) => says(problem, /^\/IWFND\/(CM_CONSUMER\/101|CM_MGW\/|MED\/)/)
const isUnauthorized = (problem: Problem) => says(problem, /^\/IWFND\/CM_CONSUMER\/101$/)
const isInactive = (problem: Problem) => says(problem, /^\/IWFND\/MED\/170$/)

/** The failure that an answer of 300 to 499 stands for, with SAP's own words. 401 of the login is the login's business. */
export function failureOf(response: HttpResponse, { doing, service, isList }: Doing): Failure {
  const { status, requestId } = response
  const problem = problemOf(response.text())
  const words = wordsOf(problem)
  const said = words === '' ? '' : `: ${words}`
  const details = { status, requestId, vendorCode: problem.code ?? undefined }
  const code = problem.code === null ? '' : ` (${problem.code})`
  if (status >= 300 && status < 400)
    return new AuthError(
      `${doing}: SAP redirects to ${hostOf(response)} instead of answering: a login page; use the address for machines (in the cloud: my…-api.…) and a user with password login`,
      details,
    )
  if (status === 401) return new AuthError(`${doing}: SAP does not accept the login${said}`, details)
  if (service !== null && status === 403 && problem.code !== null && !isClosed(problem))
    return new AuthError(
      `${doing}: SAP does not allow this to the user${said}${code}; give its role the authorization`,
      {
        ...details,
        streamOnly: true,
      },
    )
  if (service !== null && (status === 403 || isClosed(problem)))
    return new AuthError(
      `${doing}: ${isInactive(problem) ? `${service} is not active` : `SAP does not open ${service} to this user`}; ${opening(service, problem)}${said}${code}`,
      { ...details, streamOnly: true },
    )
  if (status === 403) return new AuthError(`${doing}: not allowed${said}${code}`, details)
  if (service !== null && status === 404 && (isList || problem.form === 'html'))
    return new AuthError(
      `${doing}: ${service} is not there; ${opening(service, problem)}. If it is active, this release of SAP has no such list${said}${code}`,
      { ...details, streamOnly: true },
    )
  if (status === 412)
    return new RejectedError(
      `${doing}: somebody else has changed it meanwhile${said}${code}`,
      [{ field: null, message: 'changed by somebody else since it was read' }],
      details,
    )
  if (status === 408 || status === 423 || isLock(problem)) return new RetryableError(`${doing}${said}${code}`, details)
  return new Refusal(`${doing}: ${words === '' ? `refused (HTTP ${status})` : words}${code}`, problem, details)
}

/**
 * The outbound client's failure after its last try, under the name of what was read: of a 5xx the client quotes the
 * beginning of the body, of which SAP's own words are enough. Everything else is handed on.
 */
export function brokenAs(error: unknown, doing: string): unknown {
  if (!(error instanceof RetryableError) || error.status === undefined || error.status < 500) return error
  const { status, requestId, message } = error
  const quoted = /HTTP \d{3}: (.*)$/s.exec(message)?.[1] ?? ''
  const words = quoted.startsWith('{') ? (/"value":"((?:[^"\\]|\\.)*)"/.exec(quoted)?.[1] ?? '') : quoted
  const vendorCode = /^\{"error":\{"code":"([^"]+)"/.exec(quoted)?.[1]
  const said = `${words === '' ? '' : `: ${words}`}${vendorCode === undefined ? '' : ` (${vendorCode})`}`
  return new RetryableError(`${doing}: SAP broke off (HTTP ${status})${said}`, { status, requestId, vendorCode })
}

function hostOf({ headers }: HttpResponse): string {
  const location = headers['location'] ?? ''
  return URL.canParse(location) ? new URL(location).host : 'another address'
}

/** A page that asks a person to log in. */
export const isLoginPage = (html: string): boolean =>
  /^\s*</.test(html) && /type\s*=\s*["']?password|sap-user|SAMLRequest|\b(log|sign)[ -]?(on|in)\b/i.test(html)
