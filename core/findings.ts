import type { IssueCode } from '../schemas/generated/commands.ts'
import { type FailureDetails, type FieldProblem, RejectedError } from './errors.ts'
import type { Issue } from './write.ts'

/** What is wrong with a command, or worth knowing about it, by unified field; null = the whole record. */
export function issue(field: string | null, code: IssueCode, message: string, vendor: Partial<Issue> = {}): Issue {
  return { field, code, message, vendorCode: null, vendorMessage: null, nativeField: null, ...vendor }
}

/** All of them as one refusal. `doing` begins its message: `changing vendor 7`; null = the issues alone. */
export function rejection(doing: string | null, issues: readonly Issue[], details: FailureDetails = {}): RejectedError {
  const words = issues.map(({ field, message }) => (field === null ? message : `${field}: ${message}`)).join('; ')
  return new RejectedError(doing === null ? words : `${doing}: ${words}`, issues.map(problemOf), details)
}

const problemOf = ({ field, code, message, vendorCode, vendorMessage, nativeField }: Issue): FieldProblem => ({
  field,
  code,
  message,
  ...(vendorCode === null ? {} : { vendorCode }),
  ...(vendorMessage === null ? {} : { vendorMessage }),
  ...(nativeField === null ? {} : { nativeField }),
})

/** Problems of one command, told all at once. */
export interface Findings {
  add(field: string | null, code: IssueCode, message: string): void
  /** @throws RejectedError when there are any */
  settle(doing?: string): void
}

export function createFindings(): Findings {
  const issues: Issue[] = []
  return {
    add(field, code, message) {
      issues.push(issue(field, code, message))
    },
    settle(doing) {
      if (issues.length > 0) throw rejection(doing ?? null, issues)
    },
  }
}
