/** Creation, change and deletion, each one unit of work: rows, lines, effects, all or nothing. */
import { invalidContent, refusal, userError } from '../errors.ts'
import type { Session } from '../system.ts'
import { EXTRA } from '../tables.ts'
import { writeAddress } from './addresses.ts'
import type { Field } from './fields.ts'
import { idByExternalId, keyColumn, load } from './load.ts'
import { type Cells, type Draft, isOn, type LineDraft, type Loaded, type RecordType, type Sublist } from './model.ts'
import { newId } from './numbers.ts'

export interface Written {
  readonly type: RecordType
  readonly id: number
  readonly warnings: readonly string[]
}

/** @throws RestError */
export function insertRecord(session: Session, type: RecordType, draft: Draft): Written {
  const { store } = session
  return store.transaction(() => {
    refuseDuplicate(session, type, draft, null)
    type.rules.prepare?.(session, draft, null)
    needAll(session, type, draft)
    refuseSameName(session, type, draft)
    const key = keyColumn(session, type)
    const id = newId(session, type.table, type.sequence)
    const addresses = writeAddresses(session, type, draft, null)
    const extra = Object.keys(draft.extra).length === 0 ? {} : { [EXTRA]: JSON.stringify(draft.extra) }
    store.insert(type.table, { ...draft.row, ...addresses, ...type.where, ...extra, [key]: id })
    if (type.table === 'transaction') insertMainLine(session, type, id, draft.main)
    const fresh = load(session, type, id)
    for (const [sublist, lines] of draft.lines) {
      for (const line of lines) addLine(session, fresh, sublist, line)
    }
    settle(session, type, id, true)
    return { type, id, warnings: [] }
  })
}

/** The main line is there before `saved` completes it. */
function insertMainLine(session: Session, type: RecordType, id: number, cells: Cells): void {
  session.store.insert('transactionline', {
    ...cells,
    transaction: id,
    id: 0,
    uniquekey: newId(session, 'transactionline', 'uniquekey'),
    linesequencenumber: 0,
    mainline: 'T',
    taxline: 'F',
    itemtype: cells['item'] === undefined ? null : type.title,
    linecreateddate: session.now(),
    linelastmodifieddate: session.now(),
  })
}

export interface Change {
  /** Sublists whose lines are replaced, and fields that may be cleared with `selected`. */
  readonly replace: ReadonlySet<string>
  /** `replaceSelectedFields=true`: only what `replace` names is cleared. */
  readonly selected: boolean
}

/** @throws RestError */
export function changeRecord(session: Session, type: RecordType, id: number, draft: Draft, change: Change): Written {
  const { store } = session
  return store.transaction(() => {
    const before = load(session, type, id)
    if (session.switches.recordChanged > 0) {
      session.switches.recordChanged--
      throw refusal(400, 'RCRD_HAS_BEEN_CHANGED', 'Record has been changed')
    }
    refuseDuplicate(session, type, draft, id)
    if (change.selected) keepUnselected(type, draft, change.replace)
    type.rules.prepare?.(session, draft, before)
    refuseCleared(session, type, draft)
    type.rules.effects?.(session, before, -1)
    const addresses = writeAddresses(session, type, draft, before)
    const extra =
      Object.keys(draft.extra).length === 0 ? {} : { [EXTRA]: JSON.stringify({ ...before.extra, ...draft.extra }) }
    store.update(type.table, id, { ...draft.row, ...addresses, ...extra, ...stamp(session, type) })
    if (before.main !== null) store.update('transactionline', [id, 0], draft.main)
    for (const [sublist, lines] of draft.lines) changeLines(session, before, sublist, lines, change)
    settle(session, type, id, false)
    return { type, id, warnings: [] }
  })
}

/** DELETE: the row goes, its effects go back, and deletedrecord remembers it. @throws RestError */
export function removeRecord(session: Session, type: RecordType, id: number): void {
  const { store } = session
  store.transaction(() => {
    const record = load(session, type, id)
    type.rules.mayDelete?.(session, record)
    type.rules.effects?.(session, record, -1)
    for (const sublist of type.sublists.values()) {
      if (sublist.readOnly) continue
      for (const row of sublist.rows(session, record)) sublist.remove(session, record, row)
    }
    store.remove(type.table, id)
    if (!session.switches.recordDeletions) return
    const isCustom = type.table.startsWith('customrecord')
    const display = store.tables.get(type.table)?.display ?? null
    store.insert('deletedrecord', {
      _number: newId(session, 'deletedrecord', 'deletedrecord'),
      recordid: id,
      type: type.title,
      scriptid: type.name.toLowerCase(),
      name: display === null ? null : (record.row[display] ?? null),
      context: 'REST Web Services',
      deleteddate: session.now(),
      iscustomrecord: isCustom ? 'T' : 'F',
      iscustomlist: 'F',
      iscustomtransaction: 'F',
    })
  })
}

/** Derived columns first, then the record's effects as it is now. */
function settle(session: Session, type: RecordType, id: number, isNew: boolean): void {
  const script = session.switches.scriptRefusal
  if (script?.recordType === type.name.toLowerCase()) throw userError(script.text)
  type.rules.saved?.(session, load(session, type, id), isNew)
  type.rules.effects?.(session, load(session, type, id), 1)
}

function changeLines(
  session: Session,
  owner: Loaded,
  sublist: Sublist,
  lines: readonly LineDraft[],
  { replace }: Change,
): void {
  if (sublist.readOnly) return
  const fresh = load(session, owner.type, owner.id)
  const rows = sublist.rows(session, fresh)
  const key = sublist.key
  const kept = new Set<unknown>()
  const wanted = lines.map((line) => {
    const value = key === null ? undefined : line.cells[key.column]
    const row = value === undefined ? undefined : rows.find((it) => it[key?.column ?? ''] === value)
    if (row !== undefined) kept.add(row)
    else if (value !== undefined && !session.switches.unmatchedLinesAreAdded) {
      throw invalidContent(
        `You have entered an Invalid Field Value ${String(value)} for the following field: ${key?.name ?? ''}`,
        `${line.path}.${key?.name ?? ''}`,
      )
    }
    return { line, row }
  })
  if (replace.has(sublist.name)) {
    for (const row of rows) if (!kept.has(row)) sublist.remove(session, fresh, row)
  }
  for (const { line, row } of wanted) {
    if (row === undefined) addLine(session, fresh, sublist, line)
    else sublist.update(session, fresh, row, line)
  }
}

function addLine(session: Session, owner: Loaded, sublist: Sublist, line: LineDraft): void {
  if (sublist.readOnly) return
  const missing = [...sublist.fields.values()].filter(
    (field) => field.required && isOn(session, field) && (line.cells[field.column] ?? null) === null,
  )
  if (missing.length > 0) throw pleaseEnter(session, missing)
  const { id: _given, ...cells } = line.cells
  sublist.insert(session, owner, { ...line, cells: sublist.key?.column === 'id' ? cells : line.cells })
}

function writeAddresses(session: Session, type: RecordType, draft: Draft, before: Loaded | null): Cells {
  const cells: Cells = {}
  for (const [name, address] of draft.addresses) {
    const column = type.fields.get(name)?.column ?? name
    const key = before?.row[column] ?? null
    cells[column] = writeAddress(session, key === null ? null : Number(key), address)
  }
  return cells
}

function needAll(session: Session, type: RecordType, draft: Draft): void {
  const missing = [...type.fields.values()].filter((field) => {
    if (!field.required || !isOn(session, field)) return false
    const cells = field.place === 'row' ? draft.row : field.place === 'main' ? draft.main : draft.extra
    return (cells[field.column] ?? null) === null
  })
  if (missing.length > 0) throw pleaseEnter(session, missing)
}

function refuseCleared(session: Session, type: RecordType, draft: Draft): void {
  const cleared = [...type.fields.values()].filter(
    (field) => field.required && field.place === 'row' && isOn(session, field) && draft.row[field.column] === null,
  )
  if (cleared.length > 0) throw pleaseEnter(session, cleared)
}

function pleaseEnter(session: Session, fields: readonly Field[]): Error {
  const text = `Please enter value(s) for: ${fields.map((field) => field.label).join(', ')}.`
  return session.switches.missingFieldCode === 'USER_ERROR' ? userError(text) : invalidContent(text)
}

function refuseDuplicate(session: Session, type: RecordType, draft: Draft, id: number | null): void {
  const externalId = draft.row['externalid']
  if (typeof externalId !== 'string') return
  const other = idByExternalId(session, type, externalId)
  if (other === null || other === id) return
  throw refusal(
    400,
    session.switches.duplicateCode,
    `Error while accessing resource: A ${type.title} record with the external ID '${externalId}' already exists.`,
    { 'o:errorPath': 'externalId' },
  )
}

function refuseSameName(session: Session, type: RecordType, { row }: Draft): void {
  const column = type.sequence === 'entity' ? 'entityid' : type.table === 'item' ? 'itemid' : null
  const name = column === null ? null : row[column]
  if (column === null || typeof name !== 'string') return
  if (session.store.count(type.table, { [column]: name }) > 0) {
    throw userError(type.table === 'item' ? 'An item with this name already exists.' : 'This entity already exists.')
  }
}

function keepUnselected(type: RecordType, draft: Draft, replace: ReadonlySet<string>): void {
  for (const field of type.fields.values()) {
    const cells = field.place === 'row' ? draft.row : field.place === 'main' ? draft.main : draft.extra
    if (cells[field.column] === null && !replace.has(field.name)) delete cells[field.column]
  }
}

function stamp(session: Session, type: RecordType): Cells {
  const column = session.store.tables.get(type.table)?.modified ?? null
  return column === null ? {} : { [column]: session.now() }
}
