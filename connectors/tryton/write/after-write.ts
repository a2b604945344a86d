import { describeError, OutcomeUnknownError, RateLimitedError } from '../../../core/index.ts'

/** A question about what was just written: when it fails, the write may stand all the same. */
export const afterWrite = <T>(answer: Promise<T>): Promise<T> => answer.catch(asUnknown)

/** The same within a write that is taken on where an earlier attempt left it: it may wait, and go on. */
export const betweenSteps = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((error: unknown) => {
    if (error instanceof RateLimitedError) throw error
    return asUnknown(error)
  })

function asUnknown(cause: unknown): never {
  throw new OutcomeUnknownError(`written, but not confirmed: ${describeError(cause)}`, { cause })
}
