import { type Issue, type IssueCode, issue, rejection } from '../../../core/index.ts'
import { Refusal } from '../failures.ts'

/** Native property → unified field. */
export interface Names {
  readonly fields: { readonly [native: string]: string }
  readonly lines?: {
    /** Property that holds the lines: `items`. */
    readonly native: string
    readonly fields: { readonly [native: string]: string }
    /** For each line of the body, where it stands in the command: `lines[2].`; null = it was not in it. */
    readonly at: readonly (string | null)[]
  }
}

/** MaintainX's refusal in terms of the command. Everything but a refusal is handed on. */
export function inUnifiedTerms(error: unknown, doing: string, names: Names): unknown {
  if (!(error instanceof Refusal)) return error
  const { status, requestId, problems } = error
  const issues = problems.map(({ text, where }) =>
    issue(fieldOf(where, names), codeOf(text, status), text, { vendorMessage: text, nativeField: where }),
  )
  if (issues.length === 0) issues.push(issue(null, codeOf('', status), error.message))
  return rejection(doing, issues, { status, requestId, cause: error })
}

/** Paths come as `items[0].unitCost`, `items.0.unitCost` or `body.items…` (unverified which). */
function fieldOf(where: string | null, { fields, lines }: Names): string | null {
  if (where === null) return null
  const parts = where.split(/[.[\]/]+/).filter((part) => part !== '' && part !== 'body')
  const [first = '', ...rest] = parts
  if (first === 'extraFields') return 'custom_fields'
  if (lines !== undefined && first === lines.native) {
    const at = lines.at[Number(rest.find((part) => /^\d+$/.test(part)))]
    const native = rest.findLast((part) => !/^\d+$/.test(part)) ?? ''
    return at === undefined || at === null ? 'lines' : `${at}${lines.fields[native] ?? 'custom_fields'}`
  }
  return fields[first] ?? null
}

const WORDS: readonly (readonly [RegExp, IssueCode])[] = [
  [/permission|not allowed to|forbidden/i, 'PERMISSION'],
  [/already exists|duplicate|must be unique|already in use/i, 'DUPLICATE'],
  [/transition|status .*(not|cannot)|(not|cannot) .*status|cannot be (modified|deleted|updated)/i, 'STATE_NOT_ALLOWED'],
  [/not found|does not exist|\b\w+Ids? is not valid|invalid \w*id\b/i, 'INVALID_REFERENCE'],
  [/too long|at most \d+ char|longer than|maxLength/i, 'TOO_LONG'],
  [/required|missing/i, 'REQUIRED'],
  [/additional propert|unknown (property|field|key)/i, 'UNSUPPORTED_FIELD'],
  [/invalid|must be|should/i, 'INVALID_VALUE'],
]

function codeOf(words: string, status: number | undefined): IssueCode {
  if (status === 403) return 'PERMISSION'
  if (status === 404) return 'NOT_FOUND'
  return WORDS.find(([known]) => known.test(words))?.[1] ?? 'BUSINESS_RULE'
}

/** The change was taken, and the record does not show it. */
export const ignored = (field: string | null, native: string): Issue =>
  issue(field, 'NOT_WRITABLE', `MaintainX accepted the change and does not show it in ${native}`, {
    nativeField: native,
  })
