import { describeError, OutcomeUnknownError } from '../../../core/index.ts'

/** A question about what was just written: when it fails, the write may stand all the same. */
export const afterWrite = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((cause: unknown) => {
    throw new OutcomeUnknownError(`written, but not confirmed: ${describeError(cause)}`, { cause })
  })
