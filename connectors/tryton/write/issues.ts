import {
  type FailureDetails,
  type FieldProblem,
  type Issue,
  type IssueCode,
  issue,
  type RejectedError,
  rejection,
} from '../../../core/index.ts'

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
  throw rejection(null, [issue(field, code, message)], details)
}
