import { type Issue, issue, type IssueCode, RejectedError, RetryableError } from '../../../core/index.ts'
import { Refusal } from '../failures.ts'
import type { Message } from '../problems.ts'
import { refuse } from './issues.ts'

/** Native property → unified field, for the header and for lines by their native number. */
export interface Names {
  readonly header: { readonly [native: string]: string }
  /** Field of a line's record, by native property. */
  readonly line?: { readonly [native: string]: string }
  /** Native number of each line sent → where it stands in the command (`lines[2].`). */
  readonly lines?: ReadonlyMap<string, string>
}

/** SAP's refusal in terms of the command. Everything but a refusal is handed on. */
export function inUnifiedTerms(error: unknown, doing: string, names: Names): unknown {
  if (!(error instanceof Refusal)) return error
  const { status, requestId, vendorCode, problem } = error
  const issues = problem.messages.map((message) => issueOf(message, status, names))
  if (issues.length === 0) issues.push(issue(null, codeOf(null, '', status), `refused (HTTP ${status})`))
  try {
    return refuse(doing, issues, { status, requestId, vendorCode, cause: error })
  } catch (refusal) {
    return refusal
  }
}

function issueOf({ code, text, target }: Message, status: number | undefined, names: Names): Issue {
  const native = propertyOf(target) ?? propertyIn(text, names)
  const field = native === null ? null : fieldOf(native, `${target ?? ''} ${text}`, names)
  return issue(field, codeOf(code, text, status), text, {
    vendorCode: code,
    vendorMessage: text,
    nativeField: native ?? target,
  })
}

/** `to_PurchaseOrderItem(PurchaseOrderItem='10')/NetPriceAmount` → `NetPriceAmount` */
const propertyOf = (target: string | null): string | null => /([A-Za-z]\w*)$/.exec(target ?? '')?.[1] ?? null

/** A property that SAP names in its text only. */
function propertyIn(text: string, { header, line = {} }: Names): string | null {
  const words = new Set(text.match(/[A-Za-z]\w{4,}/g) ?? [])
  return [...Object.keys(line), ...Object.keys(header)].find((native) => words.has(native)) ?? null
}

function fieldOf(native: string, told: string, { header, line = {}, lines = new Map() }: Names): string | null {
  const ofLine = line[native]
  if (ofLine === undefined) return header[native] ?? null
  const number = /(?:item\D{0,20}|\()'?0*(\d{1,6})\b/i.exec(told)?.[1]
  const only = lines.size === 1 ? [...lines.values()][0] : undefined
  const at = (number === undefined ? undefined : lines.get(number)) ?? only
  if (at !== undefined) return `${at}${ofLine}`
  return header[native] ?? `lines[].${ofLine}`
}

const CODES: readonly (readonly [RegExp, IssueCode])[] = [
  [/^M7\/053$/, 'PERIOD_CLOSED'],
  [/^MMPUR_POHANDLER_TECH\/010$|^MM_IM_ODATA_API_MDOC\/011$/, 'NOT_WRITABLE'],
  [/CUD_DISABLED|^API_PRD_MSG\/009$/, 'UNSUPPORTED_OPERATION'],
]

const WORDS: readonly (readonly [RegExp, IssueCode])[] = [
  [/posting period|period .* (is )?(closed|not open)/i, 'PERIOD_CLOSED'],
  [/already exists|duplicate/i, 'DUPLICATE'],
  [/does not exist|not (be )?(found|defined|maintained)|unknown|no such/i, 'INVALID_REFERENCE'],
  [/^enter |required|mandatory|is missing|must be (given|specified|entered|filled)|specify/i, 'REQUIRED'],
  [/too long|exceeds .*length|max(imum)? ?length/i, 'TOO_LONG'],
  [/status|not (allowed|permitted|possible)/i, 'STATE_NOT_ALLOWED'],
  [/invalid|not valid|malformed|syntax/i, 'INVALID_VALUE'],
]

function codeOf(code: string | null, text: string, status: number | undefined): IssueCode {
  if (status === 404) return 'NOT_FOUND'
  if (status === 405) return 'UNSUPPORTED_OPERATION'
  return (
    CODES.find(([known]) => known.test(code ?? ''))?.[1] ??
    WORDS.find(([known]) => known.test(text))?.[1] ??
    'BUSINESS_RULE'
  )
}

/** True = somebody else changed the record after it was read. */
export const isStale = (error: unknown): boolean => error instanceof RejectedError && error.status === 412

/**
 * A stale ETag: a conflict where the client said which version it means; otherwise the record moved between our own
 * reading and writing, and trying again reads it anew.
 */
export function staleAs(error: RejectedError, conflict: () => Error, expected: string | null): Error {
  return expected === null ? new RetryableError(error.message, { cause: error, status: 412 }) : conflict()
}
