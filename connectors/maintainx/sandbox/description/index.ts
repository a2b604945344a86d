import { readFileSync } from 'node:fs'
import { type Checked, type Json, type JsonObject, type Problem, schemaCheck } from './schema.ts'

export type { Json, JsonObject, Problem } from './schema.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** One operation of the vendor's description. */
export interface Operation {
  readonly method: Method
  /** `/vendors/{id}/contacts/{contactId}` */
  readonly template: string
  /** First part of the template: `vendors`. */
  readonly resource: string
  readonly parameters: readonly Parameter[]
  /** Null = it has no body. */
  readonly body: ((value: Json) => Checked) | null
  /** The 2xx it answers. */
  readonly status: number
  /** Names of the values the template holds, in order. */
  readonly pathNames: readonly string[]
  /** A query parameter that is not named is taken for a custom field of the records. */
  readonly filtersCustomFields: boolean
  /** What the 2xx holds, where it holds anything. */
  readonly answer: JsonObject | null
  /** Its 400s are `{"errors":[…]}`, not `{"error":…}`. */
  readonly listsErrors: boolean
}

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header'
  readonly isArray: boolean
  readonly type: string
  /** Of a choice, the choices. */
  readonly choices: readonly string[]
  readonly check: (value: Json) => Checked
}

export interface Matched {
  readonly operation: Operation
  readonly path: { readonly [name: string]: string }
}

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: Parameter['in']; readonly schema: JsonObject }[]
  readonly requestBody?: { readonly content: { readonly [type: string]: { readonly schema: JsonObject } } }
  readonly responses: {
    readonly [status: string]: { readonly content?: { readonly [type: string]: { readonly schema: JsonObject } } }
  }
}

const FILE = new URL('generated/openapi.json', import.meta.url)

const whole = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Described } }
}

export const OPERATIONS: readonly Operation[] = Object.entries(whole.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, described]) =>
    operationOf(template, method.toUpperCase() as Method, described),
  ),
)

function operationOf(template: string, method: Method, described: Described): Operation {
  const body = described.requestBody?.content['application/json']?.schema
  const refusal = described.responses['400']?.content?.['application/json']?.schema['properties'] as
    | JsonObject
    | undefined
  const parameters = described.parameters ?? []
  const status = Object.keys(described.responses).find((each) => each.startsWith('2')) ?? '200'
  return {
    method,
    template,
    resource: template.split('/')[1] ?? '',
    pathNames: [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''),
    parameters: parameters.filter(({ name }) => name !== 'customFieldName').map(parameterOf),
    filtersCustomFields: parameters.some(({ name }) => name === 'customFieldName'),
    body: body === undefined ? null : schemaCheck(body, 'refuse'),
    status: Number(status),
    answer: described.responses[status]?.content?.['application/json']?.schema ?? null,
    listsErrors: method !== 'GET' && refusal?.['error'] === undefined,
  }
}

function parameterOf({
  name,
  in: place,
  schema,
}: {
  name: string
  in: Parameter['in']
  schema: JsonObject
}): Parameter {
  const isArray = schema['type'] === 'array'
  const single = isArray ? (schema['items'] as JsonObject) : schema
  return {
    name,
    in: place,
    isArray,
    type: String(single['type'] ?? 'string'),
    choices: (single['enum'] ?? []) as string[],
    check: schemaCheck(schema, 'take'),
  }
}

/** @param path without the root: `/vendors/5`; null = there is no such path, `[]`-like lists of methods are not told */
export function match(method: string, path: string): Matched | 'no-path' | 'no-method' {
  const parts = path.split('/')
  let found: 'no-path' | 'no-method' = 'no-path'
  for (const operation of OPERATIONS) {
    const values = valuesOf(operation.template.split('/'), parts)
    if (values === null) continue
    if (operation.method === method) return { operation, path: values }
    found = 'no-method'
  }
  return found
}

function valuesOf(template: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (template.length !== parts.length) return null
  const values: Record<string, string> = {}
  for (const [at, expected] of template.entries()) {
    const part = parts[at] ?? ''
    if (expected.startsWith('{')) values[expected.slice(1, -1)] = decodeURIComponent(part)
    else if (expected !== part) return null
  }
  return values
}

/** Texts of a query or path as the types that the description gives them. */
export function parametersOf(
  operation: Operation,
  place: Parameter['in'],
  given: (name: string) => readonly string[],
): { readonly values: { readonly [name: string]: Json }; readonly problems: readonly Problem[] } {
  const values: Record<string, Json> = {}
  const problems: Problem[] = []
  for (const parameter of operation.parameters.filter((each) => each.in === place)) {
    const texts = given(parameter.name)
    if (texts.length === 0) continue
    const parsed = texts.map((text) => parse(text, parameter.type))
    const checked = parameter.check(parameter.isArray ? parsed : (parsed[0] ?? null))
    if ('value' in checked) values[parameter.name] = checked.value
    else
      problems.push(
        ...checked.problems.map((problem) => ({
          ...problem,
          error: named(problem.error, parameter.name),
          fieldPath: parameter.name,
        })),
      )
  }
  return { values, problems }
}

const named = (error: string, name: string): string => error.replace(/^(the body|'[^']*')/, `'${name}'`)

function parse(text: string, type: string): Json {
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  // the vendor's words: skipWebhook=true, 1 or yes
  if (type === 'boolean' && /^(true|1|yes)$/i.test(text)) return true
  if (type === 'boolean' && /^(false|0|no)$/i.test(text)) return false
  return text
}
