/** What all transactions share: numbers, dates, the main line, closed periods. */
import { userError } from '../errors.ts'
import type { Session } from '../system.ts'
import type { Cells, Draft, Loaded } from './model.ts'
import { documentNumber, nextUniqueKey } from './numbers.ts'

export interface TransactionKind {
  /** `PurchOrd` */
  readonly type: string
  /** `PO` */
  readonly prefix: string
  /** `Purchase Order` */
  readonly title: string
}

/** Defaults of a new one; refuses dates in closed periods. */
export function prepareTransaction(session: Session, kind: TransactionKind, draft: Draft, before: Loaded | null): void {
  const { row } = draft
  if (before === null) {
    row['tranid'] ??= documentNumber(session, kind.type, kind.prefix)
    row['trandate'] ??= today(session)
    row['transactionnumber'] ??= row['tranid']
    row['abbrevtype'] = kind.type.toUpperCase()
    row['recordtype'] = kind.title.toLowerCase().replaceAll(' ', '')
    row['voided'] = 'F'
    row['void'] = 'F'
  }
  if (row['tranid'] !== undefined) row['trandisplayname'] = `${kind.title} #${row['tranid']}`
  for (const date of [before?.row['trandate'], row['trandate']]) {
    if (typeof date === 'string' && isClosed(session, date)) {
      throw userError('The transaction date you specified is not within the date range of your accounting period.')
    }
  }
}

/** Writes the line 0, or keeps it in step with the header. */
export function writeMainLine(session: Session, record: Loaded, changes: Cells): void {
  const { store } = session
  const mirrored: Cells = {}
  for (const column of ['subsidiary', 'location', 'department', 'entity', 'memo'] as const) {
    mirrored[column] = record.row[column] ?? null
  }
  if (record.main !== null) {
    store.update('transactionline', [record.id, 0], { ...mirrored, ...changes })
    return
  }
  store.insert('transactionline', {
    ...mirrored,
    ...changes,
    transaction: record.id,
    id: 0,
    uniquekey: nextUniqueKey(session),
    linesequencenumber: 0,
    mainline: 'T',
    taxline: 'F',
    linecreateddate: session.now(),
    linelastmodifieddate: session.now(),
  })
}

/** Moves the modification date, and what goes with it. */
export function touch(session: Session, transaction: number, changes: Cells = {}): void {
  session.store.update('transaction', transaction, { ...changes, lastmodifieddate: session.now() })
}

/** The date in the account's zone. */
export function today(session: Session): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: session.account.timeZone }).format(session.now())
  return parts.slice(0, 10)
}

function isClosed(session: Session, date: string): boolean {
  if (session.switches.closedPeriods.has(date.slice(0, 7))) return true
  return session.store
    .rows('accountingperiod', { closed: 'T' })
    .filter((period) => period['isquarter'] !== 'T' && period['isyear'] !== 'T')
    .some((period) => String(period['startdate']) <= date && date <= String(period['enddate']))
}
