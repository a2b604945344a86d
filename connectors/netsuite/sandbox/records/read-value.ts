/** One value of a body as a cell. */
import { invalidContent, invalidValue } from '../errors.ts'
import type { Session } from '../system.ts'
import { type Cell, decimalText } from '../values.ts'
import type { Field } from './fields.ts'
import { choiceOf } from './references.ts'

/** @throws RestError for a value of the wrong kind, or one that refers to nothing */
export function readValue(session: Session, field: Field, value: unknown, path: string): Cell {
  if (value === null) return null
  const wrong = invalidValue(field.name, path)
  switch (field.type) {
    case 'text':
      if (typeof value !== 'string') throw wrong
      return value
    case 'bool':
      if (typeof value !== 'boolean') throw wrong
      return value ? 'T' : 'F'
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong
      return value
    case 'number': {
      const text = typeof value === 'number' && Number.isFinite(value) ? decimalText(value) : null
      if (text === null) throw wrong
      return text
    }
    case 'date':
      if (typeof value !== 'string' || !isDate(value)) throw wrong
      return value
    case 'datetime': {
      const time = typeof value === 'string' && DATE_TIME.test(value) ? Date.parse(value) : Number.NaN
      if (Number.isNaN(time)) throw wrong
      return time
    }
    case 'ref':
      return referred(session, field, value, path)
    case 'refs': {
      const items = (value as { items?: unknown }).items
      if (!Array.isArray(items)) throw wrong
      return items.length === 0 ? null : referred(session, field, items[0], path)
    }
    case 'enum':
      return chosen(field, value, path)
    case 'address':
      throw wrong
  }
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)
}

/** `{"id":"12"}` or `{"externalId":"V-1"}`; inactive records cannot be chosen. */
function referred(session: Session, field: Field, value: unknown, path: string): Cell {
  const wrong = invalidValue(field.name, path)
  if (typeof value !== 'object' || value === null) throw wrong
  const { id, externalId } = value as { id?: unknown; externalId?: unknown }
  const table = session.store.tables.get(field.ref ?? field.name)
  if (table === undefined) throw wrong
  const byId = typeof id === 'string' || typeof id === 'number'
  if (!byId && typeof externalId !== 'string') throw wrong
  const shown = byId ? String(id) : String(externalId)
  const row = byId
    ? /^\d{1,15}$/.test(shown)
      ? session.store.get(table.name, Number(shown))
      : null
    : table.columns.has('externalid')
      ? (session.store.rows(table.name, { externalid: shown })[0] ?? null)
      : null
  if (row === null || row['isinactive'] === 'T') {
    throw invalidContent(
      `You have entered an Invalid Field Value ${shown} for the following field: ${field.name.toLowerCase()}`,
      path,
    )
  }
  return row[table.key[0] ?? 'id'] ?? null
}

function chosen(field: Field, value: unknown, path: string): Cell {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : value
  if (typeof id !== 'string' && typeof id !== 'number') throw invalidValue(field.name, path)
  const known = Object.keys(field.choices ?? {})
  const prefixed = known.some((it) => it.endsWith(`:${id}`))
  if (known.length > 0 && !prefixed && choiceOf(field.choices, id, null) === null) {
    throw invalidContent(
      `You have entered an Invalid Field Value ${id} for the following field: ${field.name.toLowerCase()}`,
      path,
    )
  }
  return String(id)
}

const ADDRESS_COLUMNS: { readonly [property: string]: string } = {
  addressee: 'addressee',
  attention: 'attention',
  addr1: 'addr1',
  addr2: 'addr2',
  addr3: 'addr3',
  city: 'city',
  state: 'state',
  zip: 'zip',
  addrPhone: 'addrphone',
}

/** An address sub-record by column; `country` as `{"id":"DE"}` or `"DE"`. @throws RestError */
export function readAddress(value: unknown, path: string): Record<string, Cell> {
  const name = path.split('.').at(-1) ?? path
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidValue(name, path)
  const cells: Record<string, Cell> = {}
  for (const [property, content] of Object.entries(value)) {
    const column = ADDRESS_COLUMNS[property]
    if (column !== undefined) {
      if (content !== null && typeof content !== 'string') throw invalidValue(property, `${path}.${property}`)
      cells[column] = content
    } else if (property === 'country') {
      const code: unknown = typeof content === 'object' && content !== null ? (content as { id?: unknown }).id : content
      if (typeof code !== 'string' || !/^[A-Z]{2}$/.test(code)) throw invalidValue('country', `${path}.country`)
      cells['country'] = code
    }
  }
  return cells
}
