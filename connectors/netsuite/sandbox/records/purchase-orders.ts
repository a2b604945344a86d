import { userError } from '../errors.ts'
import type { StoredRow } from '../store.ts'
import type { Session } from '../system.ts'
import { add, compare, divide, isZero, multiply, negate, round, subtract } from './decimals.ts'
import { defineRecord, type Tables } from './define.ts'
import type { Draft, LineDraft, Loaded, RecordType } from './model.ts'
import { moveOnOrder } from './stock.ts'
import { linesOf, transactionLines } from './sublists.ts'
import { prepareTransaction, type TransactionKind, touch, writeMainLine } from './transactions.ts'
import { hasDependents } from './vendors.ts'

const KIND: TransactionKind = { type: 'PurchOrd', prefix: 'PO', title: 'Purchase Order' }

const FIELDS = `
  tranId
  externalId
  tranDate
  dueDate
  entity as ref:vendor !Vendor
  subsidiary
  location
  department
  currency
  exchangeRate
  orderStatus=status ro
  status ro
  approvalStatus
  nextApprover
  memo
  otherRefNum
  terms
  employee
  subtotal ro
  taxTotal ro
  total=foreigntotal ro
  createdDate ro
  lastModifiedDate ro`

const LINE_FIELDS = `
  line=id
  uniqueKey ro
  item !
  description=memo
  quantity
  rate=rateamount
  amount=foreignamount
  units
  location
  department
  class
  expectedReceiptDate
  isClosed
  quantityReceived=quantityshiprecv ro
  quantityBilled ro
  vendorName`

export function purchaseOrderType(tables: Tables): RecordType {
  const item = transactionLines(tables, { name: 'item', fields: LINE_FIELDS, prepare: prepareLine, shown })
  const expense = transactionLines(tables, {
    name: 'expense',
    fields: 'line=id\nuniqueKey ro\naccount=expenseaccount !\namount=foreignamount\nmemo\nlocation\ndepartment\nclass',
    isLine: (row) => row['item'] === null && row['expenseaccount'] !== null,
  })
  return defineRecord(tables, {
    name: 'purchaseOrder',
    title: 'Purchase Order',
    table: 'transaction',
    where: { type: 'PurchOrd' },
    permission: { name: 'Purchase Order', path: 'Transactions -> Purchase Order' },
    feature: 'PURCHASEORDERS',
    fields: FIELDS,
    sublists: [item, expense],
    rules: {
      prepare,
      effects: moveOrdered,
      saved(session, record) {
        const status = statusOf(session, record)
        const subtotal = linesOf(session, record.id).reduce((sum, line) => add(sum, line['foreignamount']), '0')
        const total = add(subtotal, record.row['taxtotal'])
        const base = round(multiply(total, record.row['exchangerate'] ?? '1'), 2)
        session.store.update('transaction', record.id, { subtotal, foreigntotal: total, total: base, status })
        writeMainLine(session, record, { foreignamount: total, netamount: base })
      },
      mayDelete(session, record) {
        if (session.store.count('transactionline', { createdfrom: record.id }) > 0) throw hasDependents()
      },
    },
  })
}

function prepare(session: Session, draft: Draft, before: Loaded | null): void {
  prepareTransaction(session, KIND, draft, before)
  const { row } = draft
  if (before !== null) {
    if (row['entity'] !== undefined && row['entity'] !== before.row['entity'] && hasReceipts(session, before)) {
      throw userError('You cannot change the vendor of an order that has been received.')
    }
    return
  }
  const vendor = session.store.get('vendor', Number(row['entity'] ?? 0))
  row['subsidiary'] ??= vendor?.['subsidiary'] ?? null
  row['currency'] ??= vendor?.['currency'] ?? null
  row['terms'] ??= vendor?.['terms'] ?? null
  row['exchangerate'] ??= session.store.get('currency', Number(row['currency'] ?? 0))?.['exchangerate'] ?? '1'
  row['approvalstatus'] ??= '2'
}

/** Price and amount follow each other; the price in the base currency follows the exchange rate. */
function prepareLine(session: Session, owner: Loaded, { cells }: LineDraft, row: StoredRow | null): void {
  const item = session.store.get('item', Number(cells['item'] ?? row?.['item'] ?? 0))
  const exchange = owner.row['exchangerate'] ?? '1'
  if (row === null) {
    cells['quantity'] ??= '1'
    cells['quantityshiprecv'] = '0'
    cells['quantitybilled'] = '0'
    cells['isclosed'] ??= 'F'
    cells['memo'] ??= item?.['purchasedescription'] ?? item?.['description'] ?? null
    cells['units'] ??= item?.['purchaseunit'] ?? item?.['stockunit'] ?? null
    cells['isinventoryaffecting'] = 'F'
  }
  const touched = ['quantity', 'rateamount', 'foreignamount'].some((column) => cells[column] !== undefined)
  if (!touched) return
  const quantity = cells['quantity'] ?? row?.['quantity'] ?? '1'
  const priced = cells['rateamount'] !== undefined || cells['foreignamount'] === undefined
  if (priced) {
    const cost = round(divide(item?.['cost'] ?? '0', exchange, 8), 2)
    const price = cells['rateamount'] ?? (row === null ? cost : priceOf(row)) ?? '0'
    cells['rateamount'] = price
    cells['foreignamount'] = round(multiply(quantity, price), 2)
  } else {
    const amount = cells['foreignamount'] ?? '0'
    cells['rateamount'] = isZero(quantity) ? '0' : divide(amount, quantity, 6)
  }
  cells['rate'] = round(multiply(cells['rateamount'], exchange), 6)
  cells['netamount'] = round(multiply(cells['foreignamount'] ?? '0', exchange), 2)
}

function priceOf(row: StoredRow): string | null {
  if (row['rateamount'] !== null && row['rateamount'] !== undefined) return String(row['rateamount'])
  const quantity = row['quantity'] ?? '0'
  return isZero(quantity) ? null : divide(row['foreignamount'], quantity, 6)
}

/** Lines that were not priced here have no price in the order's currency. */
function shown(_session: Session, row: StoredRow): StoredRow {
  return { ...row, rateamount: priceOf(row), quantityshiprecv: row['quantityshiprecv'] ?? '0' }
}

/** Open quantities are on order. */
function moveOrdered(session: Session, record: Loaded, direction: 1 | -1): void {
  if (['A', 'C', 'H'].includes(String(record.row['status']))) return
  for (const line of linesOf(session, record.id)) {
    const place = line['location'] ?? record.row['location'] ?? null
    if (line['item'] === null || place === null || line['isclosed'] === 'T') continue
    const open = subtract(line['quantity'], line['quantityshiprecv'])
    if (compare(open, '0') <= 0) continue
    const quantity = direction === 1 ? open : negate(open)
    moveOnOrder(session, {
      item: Number(line['item']),
      location: Number(place),
      quantity,
      units: line['units'] ?? null,
    })
  }
}

/** The status that lines and approval give; B to H as in the reference, F and G by what is billed. */
export function statusOf(session: Session, order: Loaded): string {
  const lines = linesOf(session, order.id)
  const approval = String(order.row['approvalstatus'] ?? '2')
  if (lines.length > 0 && lines.every((line) => line['isclosed'] === 'T')) return 'H'
  if (approval === '1') return 'A'
  if (approval === '3') return 'C'
  const open = lines.filter((line) => line['isclosed'] !== 'T')
  const received = lines.some((line) => compare(line['quantityshiprecv'], '0') > 0)
  const all = open.every((line) => compare(line['quantityshiprecv'], line['quantity']) >= 0)
  const unbilled = lines.some((line) => compare(line['quantitybilled'], line['quantityshiprecv']) < 0)
  if (!received) return 'B'
  if (!all) return unbilled ? 'E' : 'D'
  return open.some((line) => compare(line['quantitybilled'], line['quantity']) < 0) ? 'F' : 'G'
}

/** Adds to what was received on a line; on-order quantity and status follow. */
export function receiveOn(session: Session, order: Loaded, line: number, quantity: string): void {
  const row = session.store.get('transactionline', [order.id, line])
  if (row === null) return
  moveOrdered(session, order, -1)
  const received = add(row['quantityshiprecv'], quantity)
  session.store.update('transactionline', [order.id, line], {
    quantityshiprecv: received,
    isfullyshipped: compare(received, row['quantity']) >= 0 ? 'T' : 'F',
  })
  const after = { ...order, row: { ...order.row, status: statusOf(session, order) } }
  if (session.switches.receiptsTouchOrders) touch(session, order.id, { status: after.row.status })
  else session.store.update('transaction', order.id, { status: after.row.status })
  moveOrdered(session, after, 1)
}

function hasReceipts(session: Session, order: Loaded): boolean {
  return session.store.count('transactionline', { createdfrom: order.id }) > 0
}
