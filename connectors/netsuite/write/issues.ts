import {
  type FailureDetails,
  type FieldProblem,
  type Issue,
  type IssueCode,
  RejectedError,
} from '../../../core/index.ts'

/** What is wrong with a command, by unified field. */
export function issue(field: string | null, code: IssueCode, message: string, vendor: Partial<Issue> = {}): Issue {
  return { field, code, message, vendorCode: null, vendorMessage: null, nativeField: null, ...vendor }
}

export const rejection = (doing: string, issues: readonly Issue[], details: FailureDetails = {}): RejectedError =>
  new RejectedError(`${doing}: ${issues.map(inWords).join('; ')}`, issues satisfies readonly FieldProblem[], details)

const inWords = ({ field, message }: Issue): string => (field === null ? message : `${field}: ${message}`)

/** Problems of one command, told all at once. */
export interface Findings {
  add(field: string | null, code: IssueCode, message: string): void
  /** @throws RejectedError when there are any */
  settle(doing: string): void
}

export function createFindings(): Findings {
  const issues: Issue[] = []
  return {
    add(field, code, message) {
      issues.push(issue(field, code, message))
    },
    settle(doing) {
      if (issues.length > 0) throw rejection(doing, issues)
    },
  }
}
