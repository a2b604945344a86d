import { type Issue, REQUIRED_TO_CREATE, type WritableEntity } from '../../core/index.ts'
import { type Fields, isLines, issue } from './command.ts'

/** What every system needs to create a record: the rules of the model, beside those of the operation. */
export function createProblems(entity: WritableEntity, payload: Fields): Issue[] {
  const issues = required(payload, REQUIRED_TO_CREATE[entity] ?? [], '')
  if (entity === 'item' && !has(payload, 'unit') && !has(payload, 'source_unit'))
    issues.push(issue('REQUIRED', 'an item needs unit or source_unit', 'unit'))
  if (entity === 'purchase_order') issues.push(...eachLine(payload, orderLineProblems))
  if (entity === 'inventory_movement') issues.push(...eachLine(payload, movementLineProblems))
  return issues
}

const has = (fields: Fields, name: string): boolean => fields[name] !== null && fields[name] !== undefined

const required = (fields: Fields, names: readonly string[], prefix: string): Issue[] =>
  names.filter((name) => !has(fields, name)).map((name) => issue('REQUIRED', `${name} is required`, `${prefix}${name}`))

type LineRule = (line: Fields, prefix: string, payload: Fields) => Issue[]

function eachLine(payload: Fields, rule: LineRule): Issue[] {
  const lines = isLines(payload.lines) ? payload.lines : []
  if (lines.length === 0) return [issue('REQUIRED', 'at least one line is required', 'lines')]
  return lines.flatMap((line, at) => rule(line, `lines[${at}].`, payload))
}

const orderLineProblems: LineRule = (line, prefix) => {
  const issues = number(line, 'quantity_ordered', prefix, 'greater than 0', (sign) => sign > 0)
  if (!has(line, 'item_id') && !has(line, 'description'))
    issues.push(issue('REQUIRED', 'a line needs item_id or description', `${prefix}item_id`))
  return issues
}

const movementLineProblems: LineRule = (line, prefix, { kind }) => {
  const issues: Issue[] = []
  if (kind === 'RECEIPT' && !has(line, 'purchase_order_line_id'))
    issues.push(...required(line, ['item_id', 'to_location_id'], prefix))
  if (kind === 'ISSUE' || kind === 'SCRAP' || kind === 'VENDOR_RETURN' || kind === 'TRANSFER')
    issues.push(...required(line, ['from_location_id'], prefix))
  if (kind === 'TRANSFER' || kind === 'ADJUSTMENT' || kind === 'COUNT')
    issues.push(...required(line, ['to_location_id'], prefix))
  if (kind === 'TRANSFER' && has(line, 'to_location_id') && line.from_location_id === line.to_location_id)
    issues.push(issue('INVALID_VALUE', 'a transfer needs two different locations', `${prefix}to_location_id`))
  if (kind === 'COUNT') issues.push(...number(line, 'quantity_counted', prefix, '0 or more', (sign) => sign >= 0))
  else if (kind === 'ADJUSTMENT') issues.push(...number(line, 'quantity', prefix, 'not 0', (sign) => sign !== 0))
  else issues.push(...number(line, 'quantity', prefix, 'greater than 0', (sign) => sign > 0))
  return issues
}

function number(line: Fields, name: string, prefix: string, what: string, allowed: (sign: number) => boolean): Issue[] {
  const value = line[name]
  if (typeof value !== 'string') return required(line, [name], prefix)
  return allowed(signOf(value)) ? [] : [issue('INVALID_VALUE', `${name} must be ${what}`, `${prefix}${name}`)]
}

/** Of decimal text, exactly: a tiny quantity is not 0. */
const signOf = (decimal: string): number => (/[1-9]/.test(decimal) ? (decimal.startsWith('-') ? -1 : 1) : 0)
