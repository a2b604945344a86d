import { errorJson, errorXml, transactionId } from './error-body.ts'
import { badRequest, SapError } from './errors.ts'
import { type Answer, JSON_TYPE, type Request, wantsJson } from './http.ts'
import type { Model } from './model.ts'

export interface ErrorContext {
  readonly model: Model | null
  /** Two letters. */
  readonly language: string
  readonly xmlErrors: boolean
  readonly now: number
}

/** A refusal in the format the request asked for. Anything else that was thrown looks like a short dump: 500. */
export function errorAnswer(error: unknown, request: Request, context: ErrorContext): Answer {
  const refusal = error instanceof SapError ? error : shortDump(error)
  const format = new URLSearchParams(request.query).get('$format') ?? undefined
  const json = wantsJson(request.headers['accept'], format) && !context.xmlErrors
  const body = (json ? errorJson : errorXml)(refusal, context.model, context.language.toLowerCase(), context.now)
  return {
    status: refusal.status,
    headers: {
      ...refusal.headers,
      'content-type': json ? JSON_TYPE : 'application/xml; charset=utf-8',
      dataserviceversion: '1.0',
    },
    body,
  }
}

function shortDump(error: unknown): SapError {
  const message = error instanceof Error ? error.message : String(error)
  if (/Expression tree is too large|too many SQL variables/.test(message)) {
    return badRequest('/IWBEP/CM_MGW_RT/181', 'The filter expression is too complex')
  }
  const stack = error instanceof Error ? error.stack : undefined
  process.emitWarning(`the sandbox met a defect (transaction ${transactionId()}): ${stack ?? message}`)
  return new SapError({ status: 500, code: '/IWFND/CM_BEC/026', message: `An exception was raised: ${message}` })
}
