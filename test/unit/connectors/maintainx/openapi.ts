/**
 * The vendor's description, read by a library that shares nothing with the sandbox's own reading (openapi-enforcer has
 * its own schemas, not ajv's): whether requests and answers are as described.
 */
import { readFileSync } from 'node:fs'
import Enforcer from 'openapi-enforcer'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

export interface Exchange {
  readonly method: string
  /** Below the root, with query: `/vendors?limit=1`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Parsed; undefined = none. */
  readonly body?: unknown
}

export interface Description {
  /** What is wrong with a request; empty = nothing. */
  requestProblems(exchange: Exchange): string
  /** What is wrong with an answer to it. */
  answerProblems(exchange: Exchange, status: number, body: unknown): string
  /** `GET /vendors/{id}` of every operation. */
  readonly operations: readonly string[]
}

const FILE = new URL('../../../../connectors/maintainx/sandbox/description/generated/openapi.json', import.meta.url)

const DATE_TIME = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$'

/** What OpenAPI does not allow where the vendor put it, and has no meaning there. */
function repaired(value: Json): Json {
  if (Array.isArray(value)) return unique(value.map(repaired))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => {
    if (key === 'uniqueItems') return value['type'] === 'array'
    if (key === 'required' && Array.isArray(value['required'])) return value['type'] === 'object'
    // what only the system writes is in what it sends
    return key !== 'format' && key !== 'readOnly'
  })
  // as a pattern, for the validator wants Date objects in answers
  const pattern = value['format'] === 'date-time' ? { pattern: DATE_TIME } : {}
  return {
    ...Object.fromEntries(
      kept.map(([key, each]) => [key, key === 'properties' ? repairedProperties(each) : repaired(each)]),
    ),
    ...pattern,
  }
}

const repairedProperties = (properties: Json): Json =>
  Object.fromEntries(Object.entries(properties as JsonObject).map(([name, schema]) => [name, repaired(schema)]))

/** The same parameter is described twice in one place. */
const unique = (list: Json[]): Json[] => {
  const seen = new Set<string>()
  return list.filter((each) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each) || !('in' in each)) return true
    const name = `${String(each['in'])} ${String(each['name'])}`
    return seen.size < seen.add(name).size
  })
}

/** Values of a path that the vendor forgot to describe are ids. */
function withPathParameters(paths: { [path: string]: JsonObject }): { [path: string]: JsonObject } {
  const operation = (path: string, described: JsonObject): JsonObject => {
    const parameters = (described['parameters'] ?? []) as JsonObject[]
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
    const missing = names.filter((name) => !parameters.some((each) => each['name'] === name && each['in'] === 'path'))
    const added = missing.map((name) => ({ name, in: 'path', required: true, schema: { type: 'integer' } }))
    return { ...described, parameters: [...parameters, ...added] }
  }
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, each]) => [method, operation(path, each as JsonObject)]),
      ),
    ]),
  )
}

interface Problems {
  toString(): string
}
interface EnforcedRequest {
  response(status: number, body: unknown, headers: Record<string, string>): [unknown, Problems | undefined]
}
interface Enforced {
  request(request: object): [EnforcedRequest | undefined, Problems | undefined]
}

// the description is the vendor's: to check it takes longer than all else
const OPTIONS = { hideWarnings: true, componentOptions: { production: true } }

/** What is wrong with the payload of an event; empty = nothing. */
export type PayloadProblems = (event: string, body: unknown) => string

const read = (): JsonObject => repaired(JSON.parse(readFileSync(FILE, 'utf8')) as Json) as JsonObject

/** An event is checked as the request that it is. */
export async function openEvents(): Promise<PayloadProblems> {
  const whole = read()
  const events = whole['x-webhooks'] as { [event: string]: { post: JsonObject } }
  const paths = Object.fromEntries(
    Object.entries(events).map(([event, { post }]) => [
      `/${event}`,
      { post: { ...post, responses: { 200: { description: '' } } } },
    ]),
  )
  const description = { ...whole, paths, 'x-webhooks': {} }
  const openapi = (await Enforcer(description, OPTIONS)) as unknown as Enforced
  return (event, body) => {
    const headers = { 'content-type': 'application/json' }
    const [, problems] = openapi.request({ method: 'POST', path: `/${event}`, headers, body: body as object })
    return problems === undefined ? '' : problems.toString()
  }
}

export async function openDescription(): Promise<Description> {
  const whole = read()
  const paths = withPathParameters(whole['paths'] as { [path: string]: JsonObject })
  const description = { ...whole, paths, 'x-webhooks': {} }
  const openapi = (await Enforcer(description, OPTIONS)) as unknown as Enforced

  const request = ({ method, path, headers = {}, body }: Exchange) =>
    openapi.request({
      method,
      path,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
    })

  return {
    operations: Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
    requestProblems(exchange) {
      const [, problems] = request(exchange)
      return problems === undefined ? '' : problems.toString()
    },
    answerProblems(exchange, status, body) {
      const [asked, problems] = request(exchange)
      // a request that is refused is none of the description's, its answer is
      if (asked === undefined) return status >= 400 ? '' : String(problems)
      const [, wrong] = asked.response(
        status,
        body ?? undefined,
        body === null ? {} : { 'content-type': 'application/json' },
      )
      return wrong === undefined ? '' : wrong.toString()
    },
  }
}
