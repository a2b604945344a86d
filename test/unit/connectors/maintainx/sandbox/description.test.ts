import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../../../connectors/maintainx/sandbox/index.ts'
import { type Description, openDescription } from '../openapi.ts'
import { askOver, type Asked, everything } from './scenario.ts'

let sandbox: Sandbox
let description: Description
let asked: Asked[]

beforeAll(async () => {
  description = await openDescription()
  sandbox = await startSandbox({ size: 60, switches: { rateLimit: 0, organizationRateLimit: 0 } })
  asked = await everything(sandbox, askOver(sandbox))
})
afterAll(() => sandbox.close())

test('every answer of every operation is as the description says', () => {
  const wrong = asked.flatMap(({ method, path, body, status, answer }) => {
    const problems = description.answerProblems(
      { method, path, ...(body === undefined ? {} : { body }) },
      status,
      answer,
    )
    return problems === '' ? [] : [`${method} ${path} ${status}: ${problems}`]
  })
  expect(wrong).toEqual([])
})

test('every operation of the description is served', () => {
  const served = asked.filter(({ status }) => status < 300).map(({ method, path }) => `${method} ${path.split('?')[0]}`)
  const missed = description.operations.filter((operation) => {
    const pattern = new RegExp(`^${operation.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    return !served.some((each) => pattern.test(each))
  })
  expect(missed).toEqual([])
})

test('the refusals at the end are the only ones', () => {
  const refused = asked.filter(({ status }) => status >= 400)
  expect(
    refused.map(({ method, path, status }) => `${method} ${path.split('?')[0]?.replaceAll(/\d+/g, 'n')} ${status}`),
  ).toEqual([
    'GET /parts/n 404',
    'GET /vendors 400',
    'GET /workorders 400',
    'GET /assets 400',
    'POST /vendors 400',
    'POST /workorders 400',
    'PATCH /workorders/n 404',
    'PATCH /purchaseorders/n/status 400',
  ])
})

test('a refused write names each field and its value', () => {
  const [refused] = asked.filter(
    ({ method, path, status }) => method === 'POST' && path === '/workorders' && status === 400,
  )
  expect(refused?.answer).toEqual({
    errors: [
      { error: `'dueDate' must match format "date-time"`, fieldPath: 'dueDate', fieldValue: 'tomorrow' },
      {
        error: `'priority' must be equal to one of the allowed values: NONE, LOW, MEDIUM, HIGH`,
        fieldPath: 'priority',
        fieldValue: 'URGENT',
      },
    ],
  })
})

test('an answer that is not as described is noticed', () => {
  const { method, path, answer, status } = asked.find((each) => each.path.startsWith('/vendors?expand')) as Asked
  const broken = { ...(answer as object), vendors: [{ id: 'five', name: 'x' }] }
  expect(description.answerProblems({ method, path }, status, broken)).toContain('id')
  expect(description.answerProblems({ method, path }, status, { nextCursor: null })).toContain('vendors')
})
