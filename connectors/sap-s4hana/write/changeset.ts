import { type Failure, OutcomeUnknownError, RejectedError, RetryableError } from '../../../core/index.ts'
import type { BatchRequest, PartAnswer } from '../batch.ts'
import { failureOf } from '../failures.ts'
import type { SapSession } from '../session.ts'

/** Changes made together or not at all: one request, or one changeset. @throws as `client.send` */
export async function change(
  { client }: SapSession,
  service: string,
  requests: readonly BatchRequest[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [only] = requests
  if (only === undefined) return []
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

/**
 * Reads what a change that SAP confirmed has made of the record.
 * @throws OutcomeUnknownError when it cannot be read: the change is made, and nobody has seen it
 */
export async function proof<T>(doing: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof RetryableError) && !(error instanceof RejectedError)) throw error
    throw new OutcomeUnknownError(
      `${doing}: SAP confirmed the change, but it could not be read back: ${error.message}`,
      {
        cause: error,
      },
    )
  }
}
