import { describe, expect, test } from 'vitest'
import { createClient } from '../../../../../connectors/tryton/client.ts'
import { StaleRecord } from '../../../../../connectors/tryton/failures.ts'
import { OutcomeUnknownError, RejectedError, RetryableError } from '../../../../../core/index.ts'
import { type Answer, createWire } from '../../../../contract/kit/wire.ts'

const signal = new AbortController().signal
const settings = { base_url: 'http://erp.example/', database: 'works', username: 'writer', password: 'hidden-secret' }

/** What becomes of a write that is answered like this. */
async function failureOf(answer: () => Partial<Answer>) {
  const wire = createWire()
  const retries: unknown[] = []
  wire.before = ({ body, retry }) => {
    if (String(body).includes('common.db.login')) return { body: '{"id":1,"result":[7,"s"]}' }
    retries.push(retry)
    return answer()
  }
  const client = await createClient(settings, wire, signal)
  const error: unknown = await client.call('model.a.write', [[1], {}], signal, 'write').catch((each: unknown) => each)
  return { error, retries }
}

const fault = (text: string) => ({ body: JSON.stringify({ id: 1, error: [text, 'Traceback'] }) })

describe('a write to Tryton', () => {
  test('is sent once, and where no answer came nobody knows', async () => {
    const { error, retries } = await failureOf(() => ({ status: 502, body: 'bad gateway' }))
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(retries).toEqual([false])
    const page = await failureOf(() => ({ body: '<html>' }))
    expect(page.error).toBeInstanceOf(OutcomeUnknownError)
  })

  test('that never left was not applied', async () => {
    const { error } = await failureOf(() => {
      throw new RetryableError('requesting', { cause: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }) })
    })
    expect(error).toBeInstanceOf(RetryableError)
  })

  test('that broke off on its way may have been applied', async () => {
    const { error } = await failureOf(() => {
      throw new RetryableError('requesting', { cause: Object.assign(new Error('no'), { code: 'ECONNRESET' }) })
    })
    expect(error).toBeInstanceOf(OutcomeUnknownError)
  })

  test('that makes the server fail was rolled back: tried again only where the trouble passes', async () => {
    const lock = await failureOf(() => fault('could not obtain lock on row in relation "purchase_purchase"'))
    expect(lock.error).toBeInstanceOf(RetryableError)
    const bug = await failureOf(() => fault("'foo' is not a field"))
    expect(bug.error).toMatchObject({ fields: [{ code: 'SYSTEM_ERROR', message: "'foo' is not a field" }] })
    expect(bug.error).toBeInstanceOf(RejectedError)
  })

  test('under a stamp that is not the record’s any more is told apart', async () => {
    const error = ['ConcurrencyException', 'Records were modified in the meanwhile']
    expect((await failureOf(() => ({ body: JSON.stringify({ id: 1, error }) }))).error).toBeInstanceOf(StaleRecord)
  })
})
