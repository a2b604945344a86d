import { Failure, issue, OutcomeUnknownError } from '../../../core/index.ts'
import type { Query } from '../addresses.ts'
import { type BatchRequest, LARGEST_CHANGESET, type PartAnswer } from '../batch.ts'
import { failureOf } from '../failures.ts'
import type { SapSession } from '../session.ts'
import { isRow } from '../values.ts'
import { refuse } from './issues.ts'

/** Changes made together or not at all: one request, or one changeset. @throws as `client.send` */
export async function change(
  { client }: SapSession,
  service: string,
  requests: readonly BatchRequest[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [only] = requests
  if (only === undefined) return []
  if (requests.length > LARGEST_CHANGESET)
    refuse(`changing ${service}`, [
      issue(
        null,
        'BUSINESS_RULE',
        `SAP makes at most ${LARGEST_CHANGESET} changes at once, these are ${requests.length}`,
      ),
    ])
  if (requests.length === 1) {
    const { method, path, body, ifMatch } = only
    const options = { once: true, signal, ...(ifMatch === undefined ? {} : { ifMatch }) }
    return (await client.send(service, method, path, body, options)).warnings
  }
  const [answer] = await client.batch(service, [{ changes: requests }], signal)
  if (answer?.kind === 'done') return []
  if (answer?.kind === 'refused') throw refusedAs(answer.answer, `changing ${service}`, service)
  throw new OutcomeUnknownError(`changing ${service}: the answer tells nothing about the changes`)
}

function refusedAs({ status, headers, body }: PartAnswer, doing: string, service: string): Failure {
  if (status >= 500)
    return new OutcomeUnknownError(`${doing}: SAP broke off (HTTP ${status}), it may have done it`, { status })
  const response = {
    status,
    headers,
    body: Buffer.from(body),
    text: () => body,
    json: () => JSON.parse(body),
    requestId: '',
  }
  return failureOf(response as never, { doing, service, isList: false })
}

/** A function import: parameters are literals, and the body is empty. */
export interface Call {
  readonly name: string
  readonly query: Query
  readonly ifMatch?: string
}

/** @throws as `client.send`, and RejectedError when SAP answers that the call is invalid */
export async function call(
  { client }: SapSession,
  service: string,
  { name, query, ifMatch }: Call,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { body, warnings } = await client.send(service, 'POST', name, null, {
    query,
    once: true,
    signal,
    ...(ifMatch === undefined ? {} : { ifMatch }),
  })
  const result = isRow(body) && isRow(body[name]) ? body[name] : body
  if (isRow(result) && result['IsInvalid'] === true)
    refuse(name, [issue(null, 'STATE_NOT_ALLOWED', 'SAP says that it is not possible in the state of the record')])
  return warnings
}

/**
 * Reads what a change that SAP confirmed has made of the record.
 * @throws OutcomeUnknownError when it cannot be read: the change is made, and nobody has seen it
 */
export async function proof<T>(doing: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new OutcomeUnknownError(
      `${doing}: SAP confirmed the change, but it could not be read back: ${error.message}`,
      {
        cause: error,
      },
    )
  }
}
