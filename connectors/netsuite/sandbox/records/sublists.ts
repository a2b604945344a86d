import { userError } from '../errors.ts'
import type { StoredRow } from '../store.ts'
import type { Session } from '../system.ts'
import type { Table } from '../tables.ts'
import { writeAddress } from './addresses.ts'
import { fieldsOf } from './fields.ts'
import type { Cells, LineDraft, Loaded, Sublist } from './model.ts'
import { newId, nextUniqueKey } from './numbers.ts'

interface TransactionLines {
  readonly name: string
  /** See fieldsOf; `line=id` is the key. */
  readonly fields: string
  readonly readOnly?: boolean
  /** Default: all lines but the main line and tax. */
  readonly isLine?: (row: StoredRow) => boolean
  /** Completes a line before it is written. `row`: null for a new one. */
  readonly prepare?: (session: Session, owner: Loaded, line: LineDraft, row: StoredRow | null) => void
  /** What else has to be written with it, and to go with it. */
  readonly written?: (session: Session, owner: Loaded, id: number) => void
  readonly removed?: (session: Session, owner: Loaded, row: StoredRow) => void
  /** What a row shows that no column holds. */
  readonly shown?: (session: Session, row: StoredRow, owner: Loaded) => StoredRow
}

/** A sublist of transactionline, keyed by `line`. */
export function transactionLines(tables: ReadonlyMap<string, Table>, options: TransactionLines): Sublist {
  const table = tables.get('transactionline')
  if (table === undefined) throw new Error('there is no table transactionline')
  const fields = fieldsOf(table, null, options.fields)
  const isLine = options.isLine ?? ((row) => row['item'] !== null)
  return {
    name: options.name,
    fields,
    key: fields.get('line') ?? null,
    readOnly: options.readOnly ?? false,
    rows(session, owner) {
      const rows = linesOf(session, owner.id).filter(isLine)
      return options.shown === undefined ? rows : rows.map((row) => options.shown?.(session, row, owner) ?? row)
    },
    insert(session, owner, line) {
      options.prepare?.(session, owner, line, null)
      const id = insertLine(session, owner, line.cells)
      options.written?.(session, owner, id)
    },
    update(session, owner, row, line) {
      options.prepare?.(session, owner, line, row)
      const { id: _key, ...changes } = line.cells
      const stamp = { linelastmodifieddate: session.now() }
      session.store.update('transactionline', [owner.id, Number(row['id'])], { ...changes, ...stamp })
      options.written?.(session, owner, Number(row['id']))
    },
    remove(session, owner, row) {
      session.store.remove('transactionline', [owner.id, Number(row['id'])])
      options.removed?.(session, owner, row)
    },
  }
}

/** Lines of a transaction without main and tax lines, in their order. */
export function linesOf(session: Session, transaction: number): StoredRow[] {
  return session.store
    .rows('transactionline', { transaction, mainline: 'F', taxline: 'F' })
    .sort((a, b) => Number(a['linesequencenumber'] ?? a['id']) - Number(b['linesequencenumber'] ?? b['id']))
}

/** @returns the line's id */
export function insertLine(session: Session, owner: Loaded, cells: Cells): number {
  const { store } = session
  const rows = store.rows('transactionline', { transaction: owner.id })
  const highest = rows.reduce((max, row) => Math.max(max, Number(row['id'])), 0)
  // Line ids of removed lines are not given again.
  const kept = store.nextId(`lines of ${owner.id}`, highest + 1)
  const id = Math.max(kept, highest + 1)
  const sequence = rows.reduce((max, row) => Math.max(max, Number(row['linesequencenumber'] ?? 0)), 0) + 1
  const item = cells['item'] ?? null
  const itemRow = item === null ? null : store.get('item', Number(item))
  store.insert('transactionline', {
    ...cells,
    transaction: owner.id,
    id,
    uniquekey: nextUniqueKey(session),
    linesequencenumber: sequence,
    mainline: 'F',
    taxline: 'F',
    itemtype: itemRow?.['itemtype'] ?? null,
    subsidiary: cells['subsidiary'] ?? owner.row['subsidiary'] ?? null,
    location: cells['location'] ?? owner.row['location'] ?? null,
    linecreateddate: session.now(),
    linelastmodifieddate: session.now(),
  })
  return id
}

interface ChildRows {
  readonly name: string
  readonly table: string
  /** Column with the owner's id. */
  readonly parent: string
  readonly fields: string
  /** Property lines are matched by. */
  readonly key: string
  readonly readOnly?: boolean
  /** Number range of the key when it is counted. */
  readonly sequence?: string
  readonly addressColumn?: string
}

/** A sublist with a table of its own. */
export function childRows(tables: ReadonlyMap<string, Table>, options: ChildRows): Sublist {
  const table = tables.get(options.table)
  if (table === undefined) throw new Error(`there is no table ${options.table}`)
  const fields = fieldsOf(table, null, options.fields)
  const key = fields.get(options.key) ?? null
  const keyOf = (owner: Loaded, row: StoredRow) =>
    table.key.map((column) => (column === options.parent ? owner.id : Number(row[column])))

  function withAddress(session: Session, line: LineDraft, row: StoredRow | null): Cells {
    if (line.address === null || options.addressColumn === undefined) return line.cells
    const before = row?.[options.addressColumn] ?? null
    const address = writeAddress(session, before === null ? null : Number(before), line.address)
    return { ...line.cells, [options.addressColumn]: address }
  }

  return {
    name: options.name,
    fields,
    key,
    readOnly: options.readOnly ?? false,
    rows: (session, owner) => session.store.rows(options.table, { [options.parent]: owner.id }),
    insert(session, owner, line) {
      const cells = withAddress(session, line, null)
      const counted =
        options.sequence === undefined || key === null
          ? {}
          : { [key.column]: newId(session, options.table, options.sequence) }
      if (options.sequence === undefined && key !== null && (cells[key.column] ?? null) === null) {
        throw userError(`Please enter value(s) for: ${key.label}.`)
      }
      session.store.insert(options.table, { ...cells, ...counted, [options.parent]: owner.id })
    },
    update(session, owner, row, line) {
      const cells = { ...withAddress(session, line, row) }
      if (key !== null) delete cells[key.column]
      session.store.update(options.table, keyOf(owner, row), cells)
    },
    remove(session, owner, row) {
      session.store.remove(options.table, keyOf(owner, row))
    },
  }
}
