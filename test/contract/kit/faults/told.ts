import type { Harness } from '../harness.ts'
import { CONNECTOR_RULES, OPERATION_RULES } from '../rule-book.ts'
import { nameOf, type OperationName } from '../writing.ts'
import type { WRITING_FAULTS } from './writing.ts'

const complaintOf = (check: Promise<void>): Promise<string> =>
  check.then(
    () => 'nothing',
    (error: unknown) => String(error),
  )

/** What the rule that is there for a mistake in writing says when it is planted, by operation. */
export async function toldOfWriting(
  fault: (typeof WRITING_FAULTS)[number],
  harness: Harness,
  operations: readonly OperationName[],
): Promise<{ [operation: string]: string }> {
  const [id] = fault.finds
  const faulty = fault.plant(harness)
  const ofConnector = CONNECTOR_RULES.find((rule) => rule.id === id)
  if (ofConnector !== undefined) return { [harness.connector.id]: await complaintOf(ofConnector.check(faulty)) }
  const rule = OPERATION_RULES.find((each) => each.id === id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  const found: { [operation: string]: string } = {}
  for (const operation of harness.connector.operations ?? []) {
    const name = nameOf(operation)
    if (!operations.includes(name) || rule.appliesTo?.(operation) === false) continue
    if (fault.creates === true && operation.operation !== 'CREATE') continue
    found[name] = await complaintOf(rule.check(faulty, operation))
  }
  return found
}
