import { add, compare, multiply, negate, round, subtract } from '../records/decimals.ts'
import { unitsOf } from '../seed/decimals.ts'
import { isOnOrder, statusOf } from '../seed/order-status.ts'
import type { Row, StoredRow } from '../store.ts'
import type { Desk } from './desk.ts'
import type { StockBook } from './stock-book.ts'

/** Lines of an order without main and tax lines. */
export function orderLines(desk: Desk, order: StoredRow): StoredRow[] {
  return desk.rows('transactionline', { transaction: Number(order['id']), mainline: 'F', taxline: 'F' })
}

export function isOpenStatus(order: StoredRow): boolean {
  return isOnOrder(String(order['status']))
}

/** Puts what is open on the lines on order (1), or takes it off (−1). */
export function moveOpen(book: StockBook, order: StoredRow, lines: readonly StoredRow[], direction: 1 | -1): void {
  for (const line of lines) {
    const place = line['location'] ?? order['location'] ?? null
    if (line['item'] === null || place === null || line['isclosed'] === 'T') continue
    const open = subtract(line['quantity'], line['quantityshiprecv'])
    if (compare(open, '0') <= 0) continue
    const quantity = direction === 1 ? open : negate(open)
    book.order({ item: Number(line['item']), location: Number(place), quantity, units: line['units'] ?? null })
  }
}

export interface Settlement {
  readonly before: readonly StoredRow[]
  /** With lines that were added. */
  readonly after: readonly StoredRow[]
  /** Further columns of the header. */
  readonly header?: Row
  /** Whether the header's modification date moves. */
  readonly touch: boolean
}

/** Brings totals, status and quantities on order in line with the lines. */
export function settleOrder(desk: Desk, book: StockBook, order: StoredRow, change: Settlement): void {
  const { before, after, header = {}, touch } = change
  const approval = String(header['approvalstatus'] ?? order['approvalstatus'] ?? '2')
  const status = statusOf(approval, after.map(progressOf))
  if (isOpenStatus(order)) moveOpen(book, order, before, -1)
  if (isOnOrder(status)) moveOpen(book, order, after, 1)
  const subtotal = after.reduce((sum, line) => add(sum, line['foreignamount']), '0')
  const foreigntotal = add(subtotal, order['taxtotal'])
  const total = round(multiply(foreigntotal, order['exchangerate'] ?? '1'), 2)
  const id = Number(order['id'])
  const stamp = touch ? { lastmodifieddate: desk.now() } : {}
  desk.update('transaction', id, { ...header, status, subtotal, foreigntotal, total, ...stamp })
  desk.update('transactionline', [id, 0], { foreignamount: foreigntotal, netamount: total })
}

/** Adds to what was received on lines of the order. */
export function receiveOn(
  desk: Desk,
  book: StockBook,
  order: StoredRow,
  received: readonly { readonly line: number; readonly quantity: string }[],
): void {
  const before = orderLines(desk, order)
  const after = before.map((line) => {
    const own = received.find((it) => it.line === line['id'])
    if (own === undefined) return line
    const quantityshiprecv = add(line['quantityshiprecv'], own.quantity)
    const isfullyshipped = compare(quantityshiprecv, line['quantity']) >= 0 ? 'T' : 'F'
    const changes = { quantityshiprecv, isfullyshipped }
    desk.update('transactionline', [Number(order['id']), own.line], changes)
    return { ...line, ...changes }
  })
  settleOrder(desk, book, order, { before, after, touch: desk.switches.receiptsTouchOrders })
}

const progressOf = (line: StoredRow) => ({
  ordered: unitsOf(line['quantity'], 3),
  received: unitsOf(line['quantityshiprecv'], 3),
  billed: unitsOf(line['quantitybilled'], 3),
  isClosed: line['isclosed'] === 'T',
})
