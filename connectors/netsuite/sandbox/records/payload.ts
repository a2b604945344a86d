/** Bodies: property names and values checked against the type, all problems collected. */
import { type ErrorDetail, invalidRequest, invalidValue, RestError, refusal } from '../errors.ts'
import type { Request } from '../http.ts'
import type { Session } from '../system.ts'
import type { Field } from './fields.ts'
import { type Cells, type Draft, isOn, type LineDraft, type RecordType, type Sublist } from './model.ts'
import { readAddress, readValue } from './read-value.ts'

type Level = 'ignore' | 'warning' | 'error'

export interface Reading {
  readonly draft: Draft
  /** For the answer's headers. */
  readonly warnings: readonly string[]
}

interface Problems {
  readonly details: ErrorDetail[]
  readonly warnings: string[]
  readonly names: Level
  readonly values: Level
}

/** @throws RestError with every problem in it */
export function readBody(session: Session, type: RecordType, body: unknown, request: Request): Reading {
  if (!isObject(body)) throw invalidRequest('The request body is not a JSON object.')
  const problems: Problems = {
    details: [],
    warnings: [],
    names: levelOf(request, 'x-netsuite-propertynamevalidation', session.switches.propertyNames),
    values: levelOf(request, 'x-netsuite-propertyvaluevalidation', 'error'),
  }
  const draft: Draft = { row: {}, main: {}, extra: {}, addresses: new Map(), lines: new Map() }
  for (const [name, value] of Object.entries(body)) {
    const field = type.fields.get(name)
    const sublist = type.sublists.get(name)
    if (sublist !== undefined) draft.lines.set(sublist, readLines(session, sublist, value, problems))
    else if (field !== undefined && isOn(session, field)) take(session, type, field, value, draft, problems)
    else if (name !== 'links' && name !== 'id') unknown(name, problems)
  }
  if (problems.details.length > 0) throw new RestError(400, problems.details)
  return { draft, warnings: problems.warnings }
}

function take(
  session: Session,
  type: RecordType,
  field: Field,
  value: unknown,
  draft: Draft,
  problems: Problems,
): void {
  // Read-only properties may be sent back as they were read: they change nothing.
  if (field.readOnly || session.switches.silentNoOpFields.has(`${type.name}.${field.name}`.toLowerCase())) return
  attempt(problems, () => {
    if (field.type === 'address') draft.addresses.set(field.name, readAddress(value, field.name))
    else {
      const cells = field.place === 'row' ? draft.row : field.place === 'main' ? draft.main : draft.extra
      cells[field.column] = readValue(session, field, value, field.name)
    }
  })
}

function readLines(session: Session, sublist: Sublist, value: unknown, problems: Problems): LineDraft[] {
  const items = isObject(value) ? value['items'] : undefined
  if (!Array.isArray(items)) {
    problems.details.push(...invalidValue(sublist.name, sublist.name).details)
    return []
  }
  if (sublist.readOnly) return []
  return items.map((item: unknown, at) => {
    const path = `${sublist.name}.items[${at}]`
    const cells: Cells = {}
    let address: Cells | null = null
    if (!isObject(item)) problems.details.push(...invalidValue(sublist.name, path).details)
    else {
      for (const [name, content] of Object.entries(item)) {
        const field = sublist.fields.get(name)
        if (field === undefined || !isOn(session, field)) {
          if (name !== 'links') unknown(`${path}.${name}`, problems)
          continue
        }
        if (field.readOnly && field !== sublist.key) continue
        attempt(problems, () => {
          if (field.type === 'address') address = readAddress(content, `${path}.${name}`)
          else cells[field.column] = readValue(session, field, content, `${path}.${name}`)
        })
      }
    }
    return { path, cells, address }
  })
}

function unknown(path: string, { names, details, warnings }: Problems): void {
  const name = path.split('.').at(-1)
  if (names === 'warning') warnings.push(`Unknown property '${name}' was ignored.`)
  if (names !== 'error') return
  details.push(
    ...refusal(400, 'INVALID_CONTENT', `Error while accessing resource: Unknown property '${name}'.`, {
      'o:errorPath': path,
    }).details,
  )
}

function attempt({ values, details, warnings }: Problems, read: () => void): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof RestError)) throw error
    if (values === 'error') details.push(...error.details)
    if (values === 'warning') warnings.push(error.message)
  }
}

function levelOf(request: Request, header: string, otherwise: Level): Level {
  const level = request.headers[header]?.toLowerCase()
  return level === 'ignore' || level === 'warning' || level === 'error' ? level : otherwise
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
