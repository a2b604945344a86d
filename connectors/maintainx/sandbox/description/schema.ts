import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** One thing that is wrong with a request, in the form of the vendor's `errors` lists. */
export interface Problem {
  readonly error: string
  readonly fieldPath?: string
  readonly fieldValue?: string | number | boolean
}

/** A value as the schema wants it (numbers of a query parsed), or what is wrong with it. */
export type Checked = { readonly value: Json } | { readonly problems: readonly Problem[] }

const DATE_TIME =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?$/

const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, verbose: true, validateFormats: true })
ajv.addFormat('date-time', DATE_TIME)
for (const format of ['integer', 'decimal']) ajv.addFormat(format, true)

/** @param unknownProperties whether fields that the description does not name are taken */
export function schemaCheck(schema: JsonObject, unknownProperties: 'take' | 'refuse'): (value: Json) => Checked {
  let check: ValidateFunction | null = null
  return (value) => {
    check ??= ajv.compile(jsonSchemaOf(schema, unknownProperties === 'refuse') as object)
    return check(value) ? { value } : { problems: problemsOf(check.errors ?? []) }
  }
}

/** OpenAPI 3.0 says `nullable`, JSON schema says "or null". */
function jsonSchemaOf(schema: Json, closed: boolean): Json {
  if (Array.isArray(schema)) return schema.map((each) => jsonSchemaOf(each as Json, closed))
  if (typeof schema !== 'object' || schema === null) return schema
  const { nullable, properties, ...rest } = schema as JsonObject
  const converted: Record<string, Json> = {}
  for (const [key, each] of Object.entries(rest)) converted[key] = key === 'enum' ? each : jsonSchemaOf(each, closed)
  if (typeof properties === 'object' && properties !== null) {
    const entries = Object.entries(properties as JsonObject)
    converted['properties'] = Object.fromEntries(entries.map(([name, each]) => [name, jsonSchemaOf(each, closed)]))
    if (closed && converted['additionalProperties'] === undefined) converted['additionalProperties'] = false
  }
  return nullable === true ? { anyOf: [{ type: 'null' }, converted] } : converted
}

function problemsOf(errors: readonly ErrorObject[]): Problem[] {
  const problems = new Map<string, Problem>()
  // the errors inside an alternative say less than the one that none of them fits
  const alternatives = errors.filter(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf')
  const nullables = alternatives.filter(({ schema }) => isNullable(schema))
  for (const error of errors) {
    const isInside = alternatives.some(
      (outer) => outer !== error && error.schemaPath.startsWith(`${outer.schemaPath}/`),
    )
    if (isInside && !isOfNullable(error, nullables)) continue
    if (nullables.includes(error) && errors.some((inner) => inner !== error && isOfNullable(inner, [error]))) continue
    const problem = problemOf(error)
    problems.set(`${problem.fieldPath ?? ''} ${problem.error}`, problem)
  }
  return [...problems.values()]
}

const isNullable = (schema: unknown): boolean =>
  Array.isArray(schema) && schema.length === 2 && (schema[0] as JsonObject | null)?.['type'] === 'null'

/** Of "null or this", what is wrong with "this". */
const isOfNullable = (error: ErrorObject, nullables: readonly ErrorObject[]): boolean =>
  nullables.some(({ schemaPath }) => error.schemaPath.startsWith(`${schemaPath}/1/`))

function problemOf({ instancePath, keyword, message, params, data }: ErrorObject): Problem {
  const at = instancePath.split('/').slice(1)
  const named =
    (params as { missingProperty?: string; additionalProperty?: string }).missingProperty ??
    params['additionalProperty']
  const path = [...at, ...(named === undefined ? [] : [String(named)])].join('.')
  const shown = path === '' ? 'the body' : `'${path}'`
  const fieldPath = path === '' ? {} : { fieldPath: path }
  if (keyword === 'required') return { error: `${shown} is required`, ...fieldPath }
  if (keyword === 'additionalProperties') return { error: `${shown} is not a known field`, ...fieldPath }
  const fieldValue = ['string', 'number', 'boolean'].includes(typeof data) ? { fieldValue: data as string } : {}
  const allowed = keyword === 'enum' ? `: ${(params['allowedValues'] as unknown[]).join(', ')}` : ''
  const text = keyword === 'oneOf' || keyword === 'anyOf' ? 'has none of the allowed forms' : message
  return { error: `${shown} ${text}${allowed}`, ...fieldPath, ...fieldValue }
}
