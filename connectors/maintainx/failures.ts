import { AuthError, type Failure, type HttpResponse, RateLimitedError, RejectedError } from '../../core/index.ts'
import { type Problem, problemsOf, wordsOf } from './problems.ts'

/** What a request was. */
export interface Doing {
  /** `reading work orders`: begins the message. */
  readonly doing: string
  /** What the user may not see, should it be forbidden: `work orders`; null = the whole connection is concerned. */
  readonly what: string | null
}

/** MaintainX refused; nothing was changed. */
export class Refusal extends RejectedError {
  readonly problems: readonly Problem[]

  constructor(message: string, problems: readonly Problem[], details: ConstructorParameters<typeof RejectedError>[2]) {
    const fields = problems.map(({ text, where }) => ({
      field: null,
      message: text,
      vendorMessage: text,
      nativeField: where,
    }))
    super(message, fields, details)
    this.problems = problems
  }
}

export const KEY_ADVICE = 'make a new key in MaintainX, Settings > Integrations > API Keys, and set it as api_key'

/** The failure that an answer of 300 to 499 stands for, with MaintainX's own words. */
export function failureOf(response: HttpResponse, { doing, what }: Doing): Failure {
  const { status, requestId } = response
  const problems = problemsOf(response.text())
  const words = wordsOf(problems)
  const said = words === '' ? '' : `: ${words}`
  const details = { status, requestId }
  if (status < 400) return new AuthError(`${doing}: MaintainX redirects instead of answering; check base_url`, details)
  if (status === 401)
    return new AuthError(`${doing}: MaintainX does not accept the API key${said}; ${KEY_ADVICE}`, details)
  if (status === 429) return new RateLimitedError(`${doing}: too many requests${said}`, waitMs(response), details)
  if ((status === 403 || status === 404) && problems.length === 0)
    return new AuthError(
      `${doing}: HTTP ${status}, and not from MaintainX: check base_url and what is between`,
      details,
    )
  if (status === 403)
    return new AuthError(
      `${doing}: the user of the API key may not${said}; give its role the right to ${what ?? 'use the API'}, or the plan does not include it`,
      { ...details, streamOnly: what !== null },
    )
  if (status === 400 && problems.some(({ text, where }) => where === null && /organi[sz]ation.?id/i.test(text)))
    return new AuthError(
      `${doing}: the API key is good for several organizations${said}; set organization_id to the one that is meant`,
      details,
    )
  return new Refusal(`${doing}: ${words === '' ? `refused (HTTP ${status})` : words}`, problems, details)
}

/** How long to wait, ms: `Retry-After`, else what the limit's own header says; 0 = not told. */
function waitMs({ headers }: HttpResponse): number {
  const seconds = Number(headers['retry-after'] ?? headers['x-rate-limit-reset'] ?? 0)
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds * 1000) : 0
}
