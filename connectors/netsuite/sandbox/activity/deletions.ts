import { add, compare, negate } from '../records/decimals.ts'
import { deletionRow } from '../seed/deletions.ts'
import type { StoredRow } from '../store.ts'
import { type Desk, type Done, NothingToDo } from './desk.ts'
import { isOpenStatus, moveOpen, receiveOn } from './order-lines.ts'
import { createStockBook } from './stock-book.ts'

const TABLES = [
  'transaction',
  'transaction',
  'vendor',
  'item',
  'employee',
  'supportcase',
  'task',
  'customrecord_asset',
  'customrecord_maintenance',
] as const

export type Deletable = (typeof TABLES)[number]

/** Rows that go with the row of a table. */
const CHILDREN: { readonly [table: string]: readonly (readonly [table: string, column: string])[] } = {
  vendor: [
    ['itemvendor', 'vendor'],
    ['vendoraddressbook', 'entity'],
  ],
  item: [
    ['itemvendor', 'item'],
    ['aggregateitemlocation', 'item'],
    ['inventorybalance', 'item'],
  ],
  transaction: [['transactionline', 'transaction']],
}

const TRIES = 8

export function deletionActions(desk: Desk) {
  return {
    /**
     * Deletes a record that nothing depends on, and takes back what it did to stock and orders. Leaves a row in
     * deletedrecord with `recordDeletions`, and nothing without.
     */
    deleteRecord(table?: Deletable, id?: number): Done {
      const from = table ?? desk.dice.pick(TABLES)
      if (id !== undefined) return remove(from, id)
      for (let tries = 0; tries < TRIES; tries++) {
        const row = from === 'transaction' ? desk.pickTransaction(desk.dice.pick(TYPES)) : desk.pick(from)
        if (refusal(desk, from, row) === null) return remove(from, Number(row['id']))
      }
      throw new NothingToDo(`everything in ${from} has dependent records`)
    },
  }

  function remove(table: Deletable, id: number): Done {
    const row = desk.need(table, id)
    const reason = refusal(desk, table, row)
    if (reason !== null) throw new NothingToDo(reason)
    if (table === 'transaction') takeBack(desk, row)
    erase(desk, table, id)
    return { action: 'deleteRecord', table, id }
  }
}

const TYPES = ['PurchOrd', 'PurchOrd', 'ItemRcpt', 'InvAdjst', 'InvTrnfr', 'WorkOrd'] as const

/** Why it cannot go, or null. */
function refusal(desk: Desk, table: string, row: StoredRow): string | null {
  const id = Number(row['id'])
  for (const [from, column] of desk.referring(table)) {
    const isChild = CHILDREN[table]?.some(([child, key]) => child === from && key === column) === true
    if (!isChild && desk.isReferred(from, column, id)) return `${from}.${column} names ${table} ${id}`
  }
  if (table === 'item' && Number(row['totalquantityonhand'] ?? 0) !== 0) return `item ${id} is in stock`
  return null
}

/** Removes the row and its children; deletedrecord remembers it. */
export function erase(desk: Desk, table: string, id: number): void {
  const row = desk.need(table, id)
  for (const [child, column] of CHILDREN[table] ?? []) {
    if (child === 'transactionline') continue // they go with their transaction
    for (const it of desk.rows(child, { [column]: id })) {
      desk.remove(child, desk.keyOf(child, it))
    }
  }
  desk.remove(table, id)
  if (!desk.switches.recordDeletions) return
  const named = row['trandisplayname'] ?? row['itemid'] ?? row['entityid'] ?? row['title'] ?? row['name'] ?? null
  desk.insert('deletedrecord', {
    ...deletionRow(kindOf(table, row), id, named === null ? null : String(named), desk.now()),
    _number: desk.nextId('deletedrecord'),
  })
}

function kindOf(table: string, row: StoredRow): string {
  if (table === 'transaction') return String(row['type'])
  if (table !== 'item') return table
  return row['subtype'] === null ? String(row['itemtype']) : `${row['itemtype']} ${row['subtype']}`
}

/** What the transaction did to stock and to its order. */
function takeBack(desk: Desk, transaction: StoredRow): void {
  const id = Number(transaction['id'])
  const lines = desk.rows('transactionline', { transaction: id, mainline: 'F', taxline: 'F' })
  const book = createStockBook(desk)
  switch (transaction['type']) {
    case 'PurchOrd':
      if (isOpenStatus(transaction)) moveOpen(book, transaction, lines, -1)
      break
    case 'ItemRcpt':
    case 'InvAdjst':
    case 'InvTrnfr':
      for (const line of lines) {
        if (line['item'] === null || line['location'] === null) continue
        const { item, location, units = null } = line
        book.move({ item: Number(item), location: Number(location), quantity: negate(line['quantity']), units })
      }
  }
  if (transaction['type'] === 'ItemRcpt') {
    const received = lines.map((line) => ({
      line: Number(line['orderline']),
      quantity: negate(line['quantity']),
    }))
    const order = desk.need('transaction', Number(transaction['createdfrom']))
    for (const { line, quantity } of received) {
      const ordered = desk.get('transactionline', [Number(order['id']), line])
      if (compare(add(ordered?.['quantityshiprecv'], quantity), ordered?.['quantitybilled']) < 0) {
        throw new NothingToDo(`order ${order['id']} is billed`)
      }
    }
    receiveOn(desk, book, order, received)
  }
  book.write()
}
