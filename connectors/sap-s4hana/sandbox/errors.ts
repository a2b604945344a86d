/** One message of the system, as `errordetails` lists it. */
export interface ErrorDetail {
  readonly code: string
  readonly message: string
  readonly severity: string
  /** The property at fault; '' when none. */
  readonly target: string
}

export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly target?: string
  /** Default: the message itself. */
  readonly details?: readonly ErrorDetail[]
  /** Extra answer headers, e.g. `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A request refused in the system's words; the server writes it as JSON or XML (error-body.ts). */
export class SapError extends Error {
  override readonly name = 'SapError'
  readonly status: number
  readonly code: string
  readonly target: string
  readonly details: readonly ErrorDetail[]
  readonly headers: Readonly<Record<string, string>>

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.status = refusal.status
    this.code = refusal.code
    this.target = refusal.target ?? ''
    this.headers = refusal.headers ?? {}
    this.details = refusal.details ?? [
      { code: refusal.code, message: refusal.message, severity: 'error', target: this.target },
    ]
  }
}

/** 400 for a query the system cannot read. */
export function badRequest(code: string, message: string): SapError {
  return new SapError({ status: 400, code, message })
}

/** 404 for a part of the address that names nothing. */
export function segmentNotFound(segment: string): SapError {
  return new SapError({
    status: 404,
    code: '/IWBEP/CM_MGW_RT/020',
    message: `Resource not found for segment '${segment}'`,
  })
}
