import { type Issue, issue, type IssueCode, rejection } from '../../../core/index.ts'
import { Refusal } from '../changes.ts'
import type { Detail } from '../problems.ts'

/** Native property → unified field. */
export interface Names {
  readonly fields: { readonly [native: string]: string }
  readonly lines?: {
    readonly fields: { readonly [native: string]: string }
    /** For each line of the body, where it stands in the command: `lines[2].`. */
    readonly at: readonly string[]
  }
}

/** Settings that fill a property in. */
const SETTINGS: { readonly [native: string]: string } = {
  subsidiary: 'subsidiary',
  customForm: 'custom_forms',
  location: 'location',
  department: 'department',
  class: 'class',
  taxCode: 'tax_code',
  assetAccount: 'asset_account',
  cogsAccount: 'cogs_account',
  incomeAccount: 'income_account',
  taxSchedule: 'tax_schedule',
  unitsType: 'units_type',
  account: 'adjustment_account',
  postingPeriod: 'posting_period',
}

/** What forms call properties whose label is not their name. */
const LABELS: { readonly [label: string]: string } = {
  itemnamenumber: 'itemId',
  adjustmentaccount: 'account',
  vendor: 'entity',
  fromlocation: 'location',
  tolocation: 'transferLocation',
  primarysubsidiary: 'subsidiary',
}

/** NetSuite's refusal in terms of the command. Everything but a refusal is handed on. */
export function inUnifiedTerms(error: unknown, doing: string, names: Names): unknown {
  if (!(error instanceof Refusal)) return error
  const { status, requestId, vendorCode, problem } = error
  const issues = problem.details.flatMap((detail) => issuesOf(detail, status, names))
  if (issues.length === 0) issues.push(issue(null, codeOf('', null, status), error.message))
  return rejection(doing, issues, { status, requestId, vendorCode, cause: error })
}

function issuesOf({ text, code, where }: Detail, status: number | undefined, names: Names): Issue[] {
  const words = text.replace(/^Error while accessing resource: /, '')
  const vendor = { vendorCode: code, vendorMessage: text }
  const missing = /enter value\(s\) for:? (.+?)\.?$/i.exec(words)?.[1]
  if (missing !== undefined)
    return missing.split(/\s*,\s*/).map((label) => {
      const native = nativeOf(label, names)
      const setting = native === null ? undefined : SETTINGS[native]
      const hint = setting === undefined ? '' : `; the setting ${setting} of the connection can fill it in`
      return issue(fieldOf(native, where, names), 'REQUIRED', `${label} must be given${hint}`, {
        ...vendor,
        nativeField: where ?? native,
      })
    })
  const named = where === null ? /following field: (\w+)/i.exec(words)?.[1] : undefined
  const native = named === undefined ? lastOf(where) : (nativeOf(named, names) ?? named)
  return [
    issue(fieldOf(native, where, names), codeOf(words, code, status), words, {
      ...vendor,
      nativeField: where ?? native,
    }),
  ]
}

/** `item.items[0].rate` → `rate` */
const lastOf = (where: string | null): string | null => /(\w+)(?:\[\d+\])?$/.exec(where ?? '')?.[1] ?? null

/** Property that a form calls so. */
function nativeOf(label: string, { fields, lines }: Names): string | null {
  const squeezed = label.replace(/\W/g, '').toLowerCase()
  const known = [...Object.keys(fields), ...Object.keys(lines?.fields ?? {}), ...Object.keys(SETTINGS)]
  return LABELS[squeezed] ?? known.find((native) => native.toLowerCase() === squeezed) ?? null
}

function fieldOf(native: string | null, where: string | null, { fields, lines }: Names): string | null {
  if (native === null) return null
  const index = /^(?:item|inventory)\.items\[(\d+)\]/.exec(where ?? '')?.[1]
  const at = index === undefined ? undefined : lines?.at[Number(index)]
  if (at !== undefined) return `${at}${lines?.fields[native] ?? 'custom_fields'}`
  if (fields[native] !== undefined) return fields[native]
  const ofLine = lines?.fields[native]
  if (ofLine !== undefined) return `${lines?.at.length === 1 ? lines.at[0] : 'lines[].'}${ofLine}`
  return null
}

const WORDS: readonly (readonly [RegExp, IssueCode])[] = [
  [/accounting period|period .*closed|closed period/i, 'PERIOD_CLOSED'],
  [/already exists|duplicate|already been used/i, 'DUPLICATE'],
  [/unknown property|unknown field/i, 'UNSUPPORTED_FIELD'],
  [
    /dependent records|cannot be deleted|cannot change|not open|invalid initialize reference|not allowed/i,
    'STATE_NOT_ALLOWED',
  ],
  [/invalid field value|invalid .*reference|does not exist|was not found/i, 'INVALID_REFERENCE'],
  [/too long|maximum (number of characters|length)|exceed/i, 'TOO_LONG'],
  [/required|mandatory|missing/i, 'REQUIRED'],
  [/invalid/i, 'INVALID_VALUE'],
]

function codeOf(words: string, code: string | null, status: number | undefined): IssueCode {
  if (code === 'INSUFFICIENT_PERMISSION' || status === 403) return 'PERMISSION'
  if (code === 'DUP_RCRD') return 'DUPLICATE'
  if (code === 'NONEXISTENT_ID' || status === 404) return 'NOT_FOUND'
  if (code === 'INVALID_VALUE') return 'INVALID_VALUE'
  return WORDS.find(([known]) => known.test(words))?.[1] ?? 'BUSINESS_RULE'
}

/** NetSuite has a record with this external id already. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof Refusal &&
  error.problem.details.some(
    ({ text, code, where }) => code === 'DUP_RCRD' || where === 'externalId' || /external id/i.test(text),
  )
