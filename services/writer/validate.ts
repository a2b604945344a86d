import {
  type AnyConnector,
  type Connection,
  type Issue,
  parseUnifiedId,
  type WritableEntity,
  type WriteField,
  type WriteOperationName,
  type WriteShape,
  writeShapeOf,
} from '../../core/index.ts'
import {
  type AnyOperation,
  type Command,
  type Fields,
  isCommandId,
  isLines,
  isOperationName,
  issue,
} from './command.ts'
import { isReference } from './references.ts'
import { createProblems } from './rules.ts'

export type Verdict =
  | { readonly ok: true; readonly operation: AnyOperation }
  | { readonly ok: false; readonly outcome: 'REJECTED' | 'UNSUPPORTED'; readonly issues: readonly Issue[] }

export interface Given {
  readonly entity: WritableEntity
  readonly command: Command
  /** The Kafka key. */
  readonly key: string
  /** Undefined = there is no such connection, or it was removed. */
  readonly connection: Connection | undefined
  readonly connector: AnyConnector | undefined
}

/** Everything that is wrong with a command, at once. Nothing is called. */
export function validate(given: Given): Verdict {
  const { entity, command, connection, connector } = given
  const name = command.operation
  const issues = envelopeProblems(given)
  const rejected = (): Verdict => ({ ok: false, outcome: 'REJECTED', issues })
  if (!isOperationName(name) || connection === undefined) return rejected()
  const operation = connector?.operations?.find((one) => one.entity === entity && one.operation === name)
  if (operation === undefined) {
    if (issues.length > 0) return rejected()
    return { ok: false, outcome: 'UNSUPPORTED', issues: [unsupported(given, name)] }
  }
  issues.push(...versionProblems(command, operation), ...payloadProblems(given, operation, connection))
  return issues.length === 0 ? { ok: true, operation } : rejected()
}

function unsupported({ entity, connection, connector }: Given, operation: WriteOperationName): Issue {
  const known = connector?.unsupported?.find((one) => one.entity === entity && one.operation === operation)
  return issue(
    'UNSUPPORTED_OPERATION',
    known?.reason ?? `${connection?.system ?? 'this system'} does not take ${operation} of ${entity}`,
  )
}

function envelopeProblems({ entity, command, key, connection }: Given): Issue[] {
  const { command_id, connection_id, operation, target_id, payload } = command
  const issues: Issue[] = []
  const bad = (message: string, field: string) => void issues.push(issue('INVALID_COMMAND', message, field))
  if (!isCommandId(command_id)) bad('command_id must be 8 to 64 of A-Z a-z 0-9 . _ -', 'command_id')
  if (key !== connection_id)
    bad(
      `the key of the Kafka record is "${key}": it must be the connection id, else the order is lost`,
      'connection_id',
    )
  else if (connection === undefined)
    issues.push(issue('NOT_FOUND', `there is no connection ${connection_id}`, 'connection_id'))
  if (operation === 'UNKNOWN') bad('operation must be CREATE, UPDATE, DELETE or SET_STATUS', 'operation')
  else if (operation === 'CREATE') {
    if (target_id !== null) bad('CREATE takes no target_id', 'target_id')
  } else if (target_id === null) issues.push(issue('REQUIRED', `${operation} needs target_id`, 'target_id'))
  else issues.push(...idProblems(target_id, entity, connection_id, 'target_id'))
  if (operation === 'DELETE') {
    if (payload !== null) bad('DELETE takes no payload', 'payload')
  } else if (payload === null && operation !== 'UNKNOWN')
    issues.push(issue('REQUIRED', `${operation} needs a payload`, 'payload'))
  return issues
}

function versionProblems({ expected_version }: Command, operation: AnyOperation): Issue[] {
  if (expected_version === null) return []
  if (operation.operation === 'CREATE')
    return [issue('INVALID_COMMAND', 'CREATE takes no expected_version', 'expected_version')]
  if (operation.conflicts !== 'none') return []
  return [issue('UNSUPPORTED_FIELD', 'this operation cannot compare versions', 'expected_version')]
}

function idProblems(id: string, entity: string | null, connectionId: string, field: string): Issue[] {
  const wrong = (message: string) => [issue('INVALID_REFERENCE', message, field)]
  try {
    const parsed = parseUnifiedId(id)
    if (parsed.connectionId !== connectionId)
      return wrong(`${id} belongs to connection ${parsed.connectionId}, the command to ${connectionId}`)
    if (entity !== null && parsed.entity !== entity) return wrong(`${id} is no ${entity}`)
    return parsed.parts === null ? wrong(`${id} holds only a hash of the key: it cannot be written to`) : []
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
}

const ABOUT_THE_LINE = new Set(['line_id', 'line_ref', 'action', 'clear_fields', 'custom_fields'])
const OF_A_STATUS = new Set(['status', 'status_reason', 'effective_at'])

function payloadProblems({ entity, command }: Given, operation: AnyOperation, connection: Connection): Issue[] {
  if (command.payload === null) return []
  const payload = command.payload as unknown as Fields
  const check = createFieldCheck(operation, connection)
  const issues = check.fields(payload, '', '')
  const arrays = Object.entries(payload).filter((entry): entry is [string, readonly Fields[]] => isLines(entry[1]))
  const lines = arrays.filter(([name]) => name !== 'clear_fields')
  for (const [name, some] of lines)
    for (const [at, line] of some.entries()) {
      const prefix = `${name}[${at}].`
      issues.push(...check.fields(line, prefix, `${name}[].`), ...lineProblems(line, prefix, command))
    }
  const says = Object.entries(payload).some(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== null))
  if (!says) issues.push(issue('REQUIRED', 'the payload says nothing', 'payload'))
  if (operation.operation === 'CREATE') {
    // one message for a field, the operation's own first: it knows the default
    const own = check.missing(payload, lines)
    const named = new Set(own.map(({ field }) => field))
    issues.push(...own, ...createProblems(entity, payload).filter(({ field }) => !named.has(field)))
  }
  if (operation.operation === 'SET_STATUS') issues.push(...statusProblems(payload, operation))
  return issues
}

function statusProblems(payload: Fields, { transitions }: AnyOperation): Issue[] {
  const others = Object.entries(payload)
    .filter(([name, value]) => !OF_A_STATUS.has(name) && (Array.isArray(value) ? value.length > 0 : value !== null))
    .map(([name]) => issue('NOT_WRITABLE', 'SET_STATUS carries the status only; send an UPDATE for the rest', name))
  const { status } = payload
  if (typeof status !== 'string') return [...others, issue('REQUIRED', 'SET_STATUS needs a status', 'status')]
  if (transitions === undefined || transitions.some(({ to }) => to === status)) return others
  const known = [...new Set(transitions.map(({ to }) => to))].join(', ')
  return [...others, issue('STATE_NOT_ALLOWED', `no transition leads to ${status}; known: ${known}`, 'status')]
}

function lineProblems(line: Fields, prefix: string, { operation, connection_id }: Command): Issue[] {
  const { line_id, action } = line
  const issues: Issue[] = []
  if (action === 'UNKNOWN') issues.push(issue('INVALID_VALUE', 'action must be UPSERT or DELETE', `${prefix}action`))
  if (operation === 'CREATE' && (line_id !== null || action === 'DELETE'))
    issues.push(issue('INVALID_COMMAND', 'on CREATE every line must be new', `${prefix}line_id`))
  else if (action === 'DELETE' && line_id === null)
    issues.push(issue('REQUIRED', 'removing a line needs its line_id', `${prefix}line_id`))
  if (typeof line_id === 'string') issues.push(...idProblems(line_id, null, connection_id, `${prefix}line_id`))
  return issues
}

/** The rules of the operation's fields, for the record and for its lines alike. */
function createFieldCheck(operation: AnyOperation, connection: Connection) {
  const name = operation.operation
  const rules = new Map<string, WriteField>()
  const enums = enumsOf(operation.entity)
  for (const field of operation.fields) if (field.on.includes(name)) rules.set(field.path, field)

  const byDefault = ({ default: key }: WriteField) => {
    const value = key === undefined ? undefined : connection.settings[key]
    return value !== undefined && value !== null && value !== ''
  }

  function value(given: unknown, rule: WriteField, path: string): Issue[] {
    const issues: Issue[] = []
    if (given === 'UNKNOWN' && enums.has(rule.path)) issues.push(issue('INVALID_VALUE', 'UNKNOWN is no value', path))
    for (const one of Array.isArray(given) ? (given as unknown[]) : [given]) {
      if (typeof one !== 'string') continue
      if (rule.values !== undefined && !rule.values.includes(one))
        issues.push(issue('INVALID_VALUE', `${one} is not one of ${rule.values.join(', ')}`, path))
      if (rule.maxLength !== undefined && charactersOf(one) > rule.maxLength)
        issues.push(issue('TOO_LONG', `at most ${rule.maxLength} characters (${rule.source})`, path))
      if (rule.scale !== undefined && digitsAfterPoint(one) > rule.scale)
        issues.push(issue('PRECISION_LOSS', `at most ${rule.scale} digits after the point (${rule.source})`, path))
      if (rule.reference !== undefined && !isReference(one))
        issues.push(...idProblems(one, rule.reference, connection.id, path))
    }
    return issues
  }

  function cleared(fields: Fields, prefix: string, rulePrefix: string): Issue[] {
    const names = Array.isArray(fields.clear_fields) ? (fields.clear_fields as string[]) : []
    return names.flatMap((cleared) => {
      const path = `${prefix}clear_fields`
      const wrong = (code: Issue['code'], message: string) => [issue(code, message, path)]
      if (!(cleared in fields) || ABOUT_THE_LINE.has(cleared) || isLinesField(fields, cleared))
        return wrong('INVALID_COMMAND', `${cleared} is no field that can be cleared`)
      const held = fields[cleared]
      if (held !== null && !(Array.isArray(held) && held.length === 0))
        return wrong('INVALID_COMMAND', `${cleared} is both set and cleared`)
      return rules.has(`${rulePrefix}${cleared}`) ? [] : wrong('NOT_WRITABLE', `${cleared} cannot be written`)
    })
  }

  return {
    fields(fields: Fields, prefix: string, rulePrefix: string): Issue[] {
      const issues = cleared(fields, prefix, rulePrefix)
      for (const [field, given] of Object.entries(fields)) {
        if (given === null || ABOUT_THE_LINE.has(field)) continue
        if (Array.isArray(given) && (given.length === 0 || isLines(given))) continue
        const rule = rules.get(`${rulePrefix}${field}`)
        const path = `${prefix}${field}`
        if (rule !== undefined) issues.push(...value(given, rule, path))
        else issues.push(issue('NOT_WRITABLE', notWritable(field, name, connection.system), path))
      }
      if (typeof fields.custom_fields === 'string' && !isObject(fields.custom_fields))
        issues.push(issue('INVALID_VALUE', 'custom_fields must be a JSON object', `${prefix}custom_fields`))
      return issues
    },
    /** Required fields that neither the payload nor the connection gives. */
    missing(payload: Fields, lines: readonly (readonly [string, readonly Fields[]])[]): Issue[] {
      const issues: Issue[] = []
      const ask = (fields: Fields, rule: WriteField, field: string, path: string) => {
        if ((fields[field] ?? null) !== null || byDefault(rule)) return
        const or = rule.default === undefined ? '' : `; give it, or set ${rule.default} of the connection`
        issues.push(issue('REQUIRED', `${field} is required (${rule.source})${or}`, path))
      }
      for (const rule of rules.values()) {
        if (rule.required !== true) continue
        const [array, field] = rule.path.split('[].')
        if (field === undefined) ask(payload, rule, rule.path, rule.path)
        else
          for (const [owner, some] of lines)
            if (owner === array)
              for (const [at, line] of some.entries()) ask(line, rule, field, `${owner}[${at}].${field}`)
      }
      return issues
    },
  }
}

const enumsByEntity = new Map<WritableEntity, ReadonlySet<string>>()

/** Paths of the fields that take a word of a vocabulary: UNKNOWN is what readers make of what they do not know. */
function enumsOf(entity: WritableEntity): ReadonlySet<string> {
  let paths = enumsByEntity.get(entity)
  if (paths === undefined) {
    const pathsIn = (shapes: readonly WriteShape[], prefix: string): string[] =>
      shapes.flatMap(({ name, kind, items = [] }) =>
        kind === 'enum' ? [`${prefix}${name}`] : pathsIn(items, `${name}[].`),
      )
    enumsByEntity.set(entity, (paths = new Set(pathsIn(writeShapeOf(entity), ''))))
  }
  return paths
}

const isLinesField = (fields: Fields, name: string) => {
  const held = fields[name]
  return Array.isArray(held) && held.length > 0 && isLines(held)
}

const notWritable = (field: string, operation: string, system: string) =>
  field === 'status' && operation === 'UPDATE'
    ? 'a change of status is a SET_STATUS of its own'
    : `${system} does not take ${field} on ${operation}`

/** Code points, as databases count. */
const charactersOf = (text: string): number => Array.from(text).length

/** Trailing zeros say nothing; an exponent moves the point. */
function digitsAfterPoint(decimal: string): number {
  const [, whole = '', fraction = '', exponent = '0'] = /^[+-]?(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(decimal) ?? []
  const digits = (whole + fraction).replace(/0+$/, '')
  return digits === '' ? 0 : Math.max(0, digits.length - whole.length - Number(exponent))
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
