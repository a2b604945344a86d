import type { Row } from '../store.ts'
import { PREFIXES } from './ids.ts'
import { periodOf } from './lists.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

export const TITLES: { readonly [type: string]: string } = {
  PurchOrd: 'Purchase Order',
  ItemRcpt: 'Item Receipt',
  InvAdjst: 'Inventory Adjustment',
  InvTrnfr: 'Inventory Transfer',
  WorkOrd: 'Work Order',
  VendBill: 'Vendor Bill',
  SalesOrd: 'Sales Order',
}

/** Numbers that run through all transactions, and the form they share: a header and its main line. */
export interface Ledger {
  readonly world: World
  /** Keys for transactions whose number is not known before. */
  nextId(): number
  nextDocument(type: string): number
  header(type: string, id: number, number: number, at: { created: number; changed: number }, columns: Row): void
  /** Line 0. */
  main(transaction: number, columns: Row): void
  line(transaction: number, id: number, columns: Row): void
}

export function createLedger(world: World, { write }: Writer, firstId: number): Ledger {
  let lastId = firstId - 1
  let uniqueKey = 0
  const documents = new Map<string, number>()
  const line = (transaction: number, id: number, columns: Row): void =>
    write('transactionline', {
      transaction,
      id,
      uniquekey: ++uniqueKey,
      linesequencenumber: id,
      mainline: false,
      taxline: false,
      ...columns,
    })
  return {
    world,
    nextId: () => ++lastId,
    nextDocument(type) {
      const number = (documents.get(type) ?? 0) + 1
      documents.set(type, number)
      return number
    },
    header(type, id, number, { created, changed }, columns) {
      write('transaction', {
        id,
        ...documentColumns(type, number),
        trandate: world.calendar.day(created),
        postingperiod: periodOf(world.calendar.day(created)),
        voided: false,
        void: false,
        createddate: created,
        lastmodifieddate: changed,
        ...columns,
      })
    },
    main: (transaction, columns) => line(transaction, 0, { mainline: true, ...columns }),
    line,
  }
}

/** What a transaction's type and number say about it. */
export function documentColumns(type: string, number: number) {
  const tranid = `${PREFIXES[type]}${number}`
  const title = TITLES[type] ?? type
  return {
    type,
    recordtype: title.toLowerCase().replaceAll(' ', ''),
    abbrevtype: type.toUpperCase(),
    tranid,
    transactionnumber: tranid,
    trandisplayname: `${title} #${tranid}`,
  }
}
