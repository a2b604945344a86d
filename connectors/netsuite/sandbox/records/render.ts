/** Records and lines as answers show them. */
import type { StoredRow } from '../store.ts'
import type { Session } from '../system.ts'
import type { Cell } from '../values.ts'
import type { Field } from './fields.ts'
import { cellOf, isOn, type Loaded, type Sublist } from './model.ts'
import { choiceOf, referenceTo } from './references.ts'

export interface Rendering {
  /** `expandSubResources=true` */
  readonly expand: boolean
  /** `simpleEnumFormat=true` */
  readonly simpleEnums: boolean
  /** `fields=…`: only these body fields. */
  readonly only: ReadonlySet<string> | null
}

type Shown = Record<string, unknown>

const self = (href: string) => [{ rel: 'self', href }]

export function renderRecord(session: Session, record: Loaded, how: Rendering): Shown {
  const href = `${session.root}/record/v1/${record.type.name}/${record.id}`
  const shown: Shown = { links: self(href) }
  if (how.only === null || how.only.has('id')) shown['id'] = String(record.id)
  for (const field of record.type.fields.values()) {
    if (!isOn(session, field) || (how.only !== null && !how.only.has(field.name))) continue
    const value = renderValue(session, field, cellOf(record, field), {
      how,
      href: `${href}/${field.name}`,
      transactionType: record.row['type'] ?? null,
    })
    if (value !== null) shown[field.name] = value
    else if (session.switches.sendNulls) shown[field.name] = null
  }
  if (how.only !== null) return shown
  for (const sublist of record.type.sublists.values()) {
    const below = `${href}/${sublist.name}`
    shown[sublist.name] = how.expand ? renderSublist(session, record, sublist, how) : { links: self(below) }
  }
  return shown
}

/** All lines of a sublist, inlined or as links. */
export function renderSublist(session: Session, record: Loaded, sublist: Sublist, how: Rendering): Shown {
  const href = `${session.root}/record/v1/${record.type.name}/${record.id}/${sublist.name}`
  const rows = sublist.rows(session, record)
  const items = rows.map((row) =>
    how.expand ? renderLine(session, record, sublist, row, how) : { links: self(lineHref(href, sublist, row)) },
  )
  return { links: self(href), items, count: items.length, hasMore: false, offset: 0, totalResults: items.length }
}

export function renderLine(session: Session, record: Loaded, sublist: Sublist, row: StoredRow, how: Rendering): Shown {
  const href = `${session.root}/record/v1/${record.type.name}/${record.id}/${sublist.name}`
  const shown: Shown = { links: self(lineHref(href, sublist, row)) }
  for (const field of sublist.fields.values()) {
    if (!isOn(session, field)) continue
    const value = renderValue(session, field, row[field.column] ?? null, {
      how,
      href: `${lineHref(href, sublist, row)}/${field.name}`,
      transactionType: null,
    })
    if (value !== null) shown[field.name] = value
  }
  return shown
}

function lineHref(href: string, sublist: Sublist, row: StoredRow): string {
  const key = sublist.key === null ? null : row[sublist.key.column]
  return `${href}/${key ?? ''}`
}

interface Around {
  readonly how: Rendering
  readonly href: string
  readonly transactionType: Cell
}

function renderValue(session: Session, field: Field, cell: Cell, { how, href, transactionType }: Around): unknown {
  if (cell === null) return null
  switch (field.type) {
    case 'text':
    case 'date':
      return field.column === session.switches.badDateColumn ? '0026-13-45' : cell
    case 'bool':
      return cell === 'T' || cell === 'true'
    case 'integer':
      return Number(cell)
    case 'number':
      return exactNumber(String(cell))
    case 'datetime':
      return new Date(Number(cell)).toISOString().replace('.000Z', 'Z')
    case 'ref':
      return referenceTo(session, field.ref ?? field.name, cell)
    case 'refs': {
      if (!how.expand) return { links: self(href) }
      const items = [referenceTo(session, field.ref ?? field.name, cell)]
      return { links: self(href), items, count: 1, hasMore: false, offset: 0, totalResults: 1 }
    }
    case 'enum': {
      if (how.simpleEnums) return String(cell)
      const name = choiceOf(field.choices, cell, transactionType)
      return { id: String(cell), ...(name === null ? {} : { refName: name }) }
    }
    case 'address':
      return how.expand ? renderAddress(session, Number(cell), href) : { links: self(href) }
  }
}

const ADDRESS_FIELDS = [
  ['addressee', 'addressee'],
  ['attention', 'attention'],
  ['addr1', 'addr1'],
  ['addr2', 'addr2'],
  ['addr3', 'addr3'],
  ['city', 'city'],
  ['state', 'state'],
  ['zip', 'zip'],
  ['addrPhone', 'addrphone'],
  ['addrText', 'addrtext'],
] as const

function renderAddress(session: Session, key: number, href: string): Shown {
  const row = session.store.get('entityaddress', key)
  const shown: Shown = { links: self(href) }
  for (const [name, column] of ADDRESS_FIELDS) {
    if (row?.[column] !== null && row?.[column] !== undefined) shown[name] = row[column]
  }
  const country = row?.['country'] ?? null
  if (country !== null) shown['country'] = { id: country, refName: countryName(String(country)) }
  return shown
}

function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}

/** Every digit, and a fraction even where it is none: `12.0`. */
function exactNumber(text: string): unknown {
  const shown = text.includes('.') ? text : `${text}.0`
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(shown)
}
