import { type FailureDetails, type Issue, rejection } from '../../../core/index.ts'

/** @throws RejectedError with all of them */
export function refuse(doing: string, issues: readonly Issue[], details: FailureDetails = {}): never {
  throw rejection(doing, issues, details)
}
