import { expect, test } from 'vitest'
import { RetryableError } from '../../../core/errors.ts'
import { createLogger, type LogLevel } from '../../../core/log.ts'
import { hideSecret } from '../../../core/redact.ts'

function capture(level: LogLevel = 'info') {
  const lines: string[] = []
  const log = createLogger({ service: 'sync', level, destination: { write: (line) => void lines.push(line) } })
  return { log, lines, last: () => JSON.parse(lines.at(-1)!) as { [field: string]: unknown } }
}

test('a line holds time, level, service, message and what the call adds', () => {
  const { log, last } = capture()
  log.info({ connection: 'erp' }, 'reading')
  expect(last()).toMatchObject({ level: 'info', service: 'sync', connection: 'erp', msg: 'reading' })
  expect(Date.parse(last()['time'] as string)).not.toBeNaN()
})

test('an error is one line with its causes; the stack comes at debug level only', () => {
  const error = new RetryableError('reading vendors', { cause: new Error('ECONNRESET') })
  const { log, lines, last } = capture()
  log.error({ err: error }, 'failed')
  expect(lines).toHaveLength(1)
  expect(last()['err']).toEqual({
    message: 'reading vendors: ECONNRESET',
    type: 'RetryableError',
    kind: 'retryable',
  })
  const verbose = capture('debug')
  verbose.log.error({ err: error }, 'failed')
  expect(verbose.last()['err']).toHaveProperty('stack')
})

test('credentials never reach a line: by field name, spelling of headers, or as a known secret', () => {
  const forget = hideSecret('hunter2-hunter2')
  const { log, lines } = capture()
  log.info({ password: 'one-pw', headers: { Authorization: 'Basic YQ==', cookie: 'sid=1' } }, 'a')
  log.info({ request: { headers: { authorization: 'Basic Yg==' } } }, 'b')
  log.error({ err: new Error('login with hunter2-hunter2 failed') }, 'told hunter2-hunter2')
  expect(lines.join('')).not.toMatch(/one-pw|Basic|sid=1|hunter2/)
  forget()
})
