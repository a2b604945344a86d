import type { Session } from '../system.ts'
import { defineRecord, type Tables } from './define.ts'
import type { Draft, Loaded, RecordType } from './model.ts'
import { transactionLines } from './sublists.ts'
import { prepareTransaction, writeMainLine } from './transactions.ts'

const KIND = { type: 'WorkOrd', prefix: 'WO', title: 'Work Order' }

/** Production orders: the main line carries what is built. */
export function workOrderType(tables: Tables): RecordType {
  const components = transactionLines(tables, {
    name: 'item',
    fields: 'line=id\nuniqueKey ro\nitem !\nquantity\nunits\ndescription=memo\nlocation\nquantityCommitted ro',
  })
  return defineRecord(tables, {
    name: 'workOrder',
    title: KIND.title,
    table: 'transaction',
    where: { type: KIND.type },
    permission: { name: 'Work Order', path: 'Transactions -> Work Order' },
    feature: 'WORKORDERS',
    fields: `
      tranId
      externalId
      tranDate
      startDate
      endDate
      subsidiary !
      location
      department
      entity
      assemblyItem=main.item !Assembly
      quantity=main.quantity !Quantity
      built=main.quantityshiprecv ro
      units=main.units
      billOfMaterials=extra.billofmaterials
      isWip=extra.iswip as bool
      orderStatus=status
      status ro
      memo
      createdDate ro
      lastModifiedDate ro`,
    sublists: [components],
    rules: { prepare, saved: (session, record) => writeMainLine(session, record, {}) },
  })
}

function prepare(session: Session, draft: Draft, before: Loaded | null): void {
  prepareTransaction(session, KIND, draft, before)
  if (before !== null) return
  draft.row['status'] ??= 'B'
  draft.main['quantityshiprecv'] ??= '0'
  draft.extra['iswip'] ??= 'F'
}
