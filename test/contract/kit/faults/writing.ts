import { OutcomeUnknownError, RateLimitedError, RejectedError, RetryableError } from '../../../../core/index.ts'
import type { Harness } from '../harness.ts'
import type { Operation } from '../writing.ts'
import { type Fault, withConnector } from './plant.ts'

type Execute = Operation['execute']

/** Changes what every operation does. */
const withOperations = (harness: Harness, change: (operation: Operation) => Partial<Operation>): Harness =>
  withConnector(harness, {
    operations: (harness.connector.operations ?? []).map((operation) => ({ ...operation, ...change(operation) })),
  })

const withExecute = (harness: Harness, change: (execute: Execute) => Execute): Harness =>
  withOperations(harness, (operation) => ({ execute: change((...asked) => operation.execute(...asked)) }))

/** What `execute` throws, told in another way. */
const withFailures = (harness: Harness, told: (error: unknown) => unknown): Harness =>
  withExecute(harness, (execute) => async (...asked) => {
    try {
      return await execute(...asked)
    } catch (error) {
      throw told(error)
    }
  })

/** Found by the rules of writing. */
export const WRITING_FAULTS: readonly (Fault & {
  /** It shows only when records are made. */
  readonly creates?: true
})[] = [
  {
    title: 'takes another command of the same content for the one it knows',
    creates: true,
    finds: ['W1'],
    complaint: /another command of the same content is taken for the first/,
    plant(harness) {
      const known = new WeakMap<object, Map<string, ReturnType<Execute>>>()
      return withExecute(harness, (execute) => (session, request, signal) => {
        if (request.operation !== 'CREATE') return execute(session, request, signal)
        const mine = known.get(session as object) ?? new Map<string, ReturnType<Execute>>()
        known.set(session as object, mine)
        const content = JSON.stringify(request.payload)
        const made = mine.get(content)
        if (made !== undefined) return made
        const making = execute(session, request, signal)
        making.then(
          () => mine.set(content, making),
          () => {},
        )
        return making
      })
    },
  },
  {
    title: 'takes a lost answer for a lost request',
    // a change sent again may find that nothing is left to change
    creates: true,
    finds: ['W2'],
    complaint: /times in the system|written again|not found/,
    plant: (harness) =>
      withFailures(harness, (error) =>
        error instanceof OutcomeUnknownError ? new RetryableError(error.message, { cause: error }) : error,
      ),
  },
  {
    title: 'does not find what it has written',
    finds: ['W2', 'W1'],
    complaint: /times in the system|written again|not found/,
    plant: (harness) => withOperations(harness, () => ({ find: async () => 'not-applied' })),
  },
  {
    title: 'cannot tell that nothing was written',
    finds: ['W3', 'W1', 'W8'],
    complaint: /waited in vain|not applied: IN_DOUBT/,
    plant: (harness) =>
      withOperations(harness, (operation) => ({
        find: async (...asked) => {
          const found = await operation.find(...asked)
          return found === 'not-applied' ? 'unknown' : found
        },
      })),
  },
  {
    title: "keeps the system's words to itself",
    finds: ['W4'],
    complaint: /is not in REJECTED/,
    plant: (harness) =>
      withFailures(harness, (error) =>
        error instanceof RejectedError
          ? new RejectedError(
              error.message,
              error.fields.map((problem) => ({ ...problem, vendorMessage: null })),
            )
          : error,
      ),
  },
  {
    title: 'does not say which field was refused',
    finds: ['W4'],
    complaint: /is not in REJECTED/,
    plant: (harness) =>
      withFailures(harness, (error) =>
        error instanceof RejectedError
          ? new RejectedError(
              error.message,
              error.fields.map((problem) => ({ ...problem, field: 'somewhere' })),
            )
          : error,
      ),
  },
  {
    title: 'takes "too many requests" for any failure',
    finds: ['W5'],
    complaint: /attempts|instead of 7 s/,
    plant: (harness) =>
      withFailures(harness, (error) =>
        error instanceof RateLimitedError ? new RetryableError(error.message, { cause: error }) : error,
      ),
  },
  {
    title: 'refuses everything after one refusal',
    finds: ['W6'],
    complaint: /bad one: not applied: REJECTED/,
    plant(harness) {
      const refused = new WeakMap<object, Error>()
      return withExecute(harness, (execute) => async (session, request, signal) => {
        const before = refused.get(session as object)
        if (before !== undefined) throw before
        try {
          return await execute(session, request, signal)
        } catch (error) {
          if (error instanceof RejectedError) refused.set(session as object, error)
          throw error
        }
      })
    },
  },
  {
    title: 'gives a reason why it cannot do what it does',
    finds: ['W7'],
    complaint: /both listed and said to be unsupported/,
    plant: (harness) =>
      withConnector(harness, {
        unsupported: (harness.connector.operations ?? []).map(({ entity, operation }) => ({
          entity,
          operation,
          reason: 'nobody knows',
        })),
      }),
  },
  {
    title: 'sends what was first asked for a record',
    finds: ['W8'],
    complaint: /the last of three changes: it is 0 times/,
    plant(harness) {
      const first = new WeakMap<object, Map<string, unknown>>()
      return withExecute(harness, (execute) => (session, request, signal) => {
        const mine = first.get(session as object) ?? new Map<string, unknown>()
        first.set(session as object, mine)
        const about = `${request.operation} ${request.target ?? request.commandId}`
        const payload = mine.get(about) ?? request.payload
        mine.set(about, payload)
        return execute(session, { ...request, payload: payload as typeof request.payload }, signal)
      })
    },
  },
]
