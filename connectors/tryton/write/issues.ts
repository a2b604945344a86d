import {
  type FailureDetails,
  type FieldProblem,
  type Issue,
  type IssueCode,
  RejectedError,
} from '../../../core/index.ts'

/** Something worth knowing about a write that was done, or done half. */
export const issue = (field: string | null, code: IssueCode, message: string): Issue => ({
  field,
  code,
  message,
  vendorCode: null,
  vendorMessage: null,
  nativeField: null,
})

/** What a DELETE that only takes the record out of use says. */
export const INACTIVE = issue(
  null,
  'UNSUPPORTED_OPERATION',
  'Tryton keeps the record: it was made inactive, not deleted',
)

/** What a refusal says, as issues. */
export const issuesOf = (refusal: RejectedError): Issue[] =>
  (refusal.fields.length === 0 ? [{ field: null, message: refusal.message }] : refusal.fields).map(
    (problem: FieldProblem) => ({
      field: problem.field,
      code: problem.code ?? 'BUSINESS_RULE',
      message: problem.message,
      vendorCode: problem.vendorCode ?? null,
      vendorMessage: problem.vendorMessage ?? null,
      nativeField: problem.nativeField ?? null,
    }),
  )

/** @throws RejectedError with this one problem */
export function refuse(field: string | null, code: IssueCode, message: string, details: FailureDetails = {}): never {
  throw new RejectedError(field === null ? message : `${field}: ${message}`, [{ field, code, message }], details)
}

/** Problems of one command, told all at once. */
export interface Findings {
  add(field: string | null, code: IssueCode, message: string): void
  /** @throws RejectedError when there are any */
  settle(): void
}

export function createFindings(): Findings {
  const problems: FieldProblem[] = []
  return {
    add: (field, code, message) => void problems.push({ field, code, message }),
    settle() {
      if (problems.length === 0) return
      const words = problems.map(({ field, message }) => (field === null ? message : `${field}: ${message}`))
      throw new RejectedError(words.join('; '), problems)
    },
  }
}
