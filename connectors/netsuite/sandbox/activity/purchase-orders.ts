import { add, multiply, round, subtract } from '../records/decimals.ts'
import { priceText, unitsOf } from '../seed/decimals.ts'
import { DAY } from '../seed/times.ts'
import { documentColumns } from '../seed/transactions.ts'
import type { Row, StoredRow } from '../store.ts'
import { type Desk, type Done, NothingToDo } from './desk.ts'
import { orderLines, settleOrder } from './order-lines.ts'
import { createStockBook } from './stock-book.ts'

const EDITABLE = `"status" IN ('A', 'B', 'D', 'E')`

/** `id`: an order; without it some order that suits. `line`: id of a line. Every action moves the order. */
export function purchaseOrderActions(desk: Desk) {
  const done = (action: string, id: unknown): Done => ({ action, table: 'transaction', id: Number(id) })

  function orderOf(id: number | undefined, condition = EDITABLE): StoredRow {
    if (id === undefined) return desk.pickTransaction('PurchOrd', condition)
    const order = desk.need('transaction', id)
    if (order['type'] !== 'PurchOrd') throw new NothingToDo(`${id} is no purchase order`)
    return order
  }

  function pickLine(lines: readonly StoredRow[], line: number | undefined, suits: (row: StoredRow) => boolean) {
    const found = lines.filter((row) => row['item'] !== null && (line === undefined ? suits(row) : row['id'] === line))
    if (found.length === 0) throw new NothingToDo('the order has no such line')
    return desk.dice.pick(found)
  }

  /** Changes of lines by their id, lines that go, lines that come. */
  function change(
    order: StoredRow,
    changes: ReadonlyMap<number, Row>,
    further: { gone?: number; come?: readonly Row[]; header?: Row; touch?: boolean } = {},
  ): void {
    const id = Number(order['id'])
    const before = orderLines(desk, order)
    const kept = before.filter((row) => row['id'] !== further.gone)
    const after = kept.map((row) => ({ ...row, ...changes.get(Number(row['id'])) }) as StoredRow)
    for (const [line, columns] of changes) {
      desk.update('transactionline', [id, line], { ...columns, linelastmodifieddate: desk.now() })
    }
    if (further.gone !== undefined) desk.remove('transactionline', [id, further.gone])
    const come = further.come ?? []
    for (const row of come) desk.insert('transactionline', row)
    const book = createStockBook(desk)
    const touch = further.touch ?? true
    settleOrder(desk, book, order, {
      before,
      after: [...after, ...(come as readonly StoredRow[])],
      touch,
      ...(further.header === undefined ? {} : { header: further.header }),
    })
    book.write()
  }

  return {
    newPurchaseOrder(): Done {
      const vendor = desk.pick('vendor', `"isinactive" = 'F'`)
      const location = desk.pick('location', `"makeinventoryavailable" = 'T'`)
      const id = desk.nextId('transaction')
      const currency = vendor['currency'] === null ? null : desk.get('currency', Number(vendor['currency']))
      const now = desk.now()
      const needsApproval = desk.dice.chance(0.3)
      const header: Row = {
        id,
        ...documentColumns('PurchOrd', desk.nextId('tranid:PurchOrd')),
        entity: vendor['id'],
        trandate: desk.calendar.day(now),
        memo: desk.dice.chance(0.3) ? 'dringend "heute"' : null,
        currency: currency?.['id'] ?? null,
        exchangerate: currency?.['exchangerate'] ?? '1',
        terms: vendor['terms'],
        approvalstatus: needsApproval ? '1' : '2',
        status: needsApproval ? 'A' : 'B',
        posting: false,
        voided: false,
        void: false,
        subsidiary: location['subsidiary'],
        location: location['id'],
        createddate: now,
        lastmodifieddate: now,
      }
      const lines = Array.from({ length: desk.dice.int(1, 4) }, (_, at) => newLine(header as StoredRow, at + 1, at + 1))
      const subtotal = lines.reduce((sum, line) => add(sum, String(line['foreignamount'])), '0')
      const total = round(multiply(subtotal, String(header['exchangerate'])), 2)
      desk.insert('transaction', { ...header, subtotal, foreigntotal: subtotal, total })
      desk.insert('transactionline', {
        transaction: id,
        id: 0,
        uniquekey: desk.nextId('uniquekey'),
        linesequencenumber: 0,
        mainline: true,
        taxline: false,
        entity: vendor['id'],
        subsidiary: location['subsidiary'],
        location: location['id'],
        memo: header['memo'],
        foreignamount: subtotal,
        netamount: total,
      })
      for (const line of lines) desk.insert('transactionline', line)
      const book = createStockBook(desk)
      for (const line of needsApproval ? [] : lines) {
        const { item, location, quantity, units } = line
        book.order({
          item: Number(item),
          location: Number(location),
          quantity: String(quantity),
          units: Number(units ?? 0),
        })
      }
      book.write()
      return done('newPurchaseOrder', id)
    },

    changeLine(id?: number, line?: number): Done {
      const order = orderOf(id)
      const row = pickLine(orderLines(desk, order), line, (it) => it['isclosed'] !== 'T')
      const least = Math.max(1, Math.ceil(unitsOf(row['quantityshiprecv'], 0)))
      const quantity = String(desk.dice.int(least, least + 200))
      const price = desk.dice.chance(0.5) ? priceText(desk.dice.int(1, 900_000)) : String(row['rateamount'] ?? '1')
      change(order, new Map([[Number(row['id']), { quantity, ...priced(order, quantity, price) }]]))
      return done('changeLine', order['id'])
    },

    addLine(id?: number): Done {
      const order = orderOf(id)
      const all = desk.rows('transactionline', { transaction: Number(order['id']) })
      const highest = (column: string): number => Math.max(...all.map((row) => Number(row[column] ?? 0)))
      const number = Math.max(highest('id') + 1, desk.nextId(`lines of ${order['id']}`, highest('id') + 1))
      change(order, new Map(), { come: [newLine(order, number, highest('linesequencenumber') + 1)] })
      return done('addLine', order['id'])
    },

    /** The row is gone; only the order's modification date tells. */
    removeLine(id?: number, line?: number): Done {
      const order = orderOf(id)
      const lines = orderLines(desk, order)
      if (lines.length < 2) throw new NothingToDo(`order ${order['id']} would have no lines`)
      const row = pickLine(lines, line, (it) => unitsOf(it['quantityshiprecv'], 3) === 0)
      const all = desk.rows('transactionline', { transaction: Number(order['id']) })
      // so that the line's id is not given again
      const highest = Math.max(...all.map((it) => Number(it['id'])))
      desk.nextId(`lines of ${order['id']}`, highest)
      change(order, new Map(), { gone: Number(row['id']) })
      return done('removeLine', order['id'])
    },

    approveOrder(id?: number): Done {
      const order = orderOf(id, `"status" = 'A'`)
      if (order['status'] !== 'A') throw new NothingToDo(`order ${order['id']} does not wait for approval`)
      change(order, new Map(), { header: { approvalstatus: '2', nextapprover: null } })
      return done('approveOrder', order['id'])
    },

    rejectOrder(id?: number): Done {
      const order = orderOf(id, `"status" = 'A'`)
      if (order['status'] !== 'A') throw new NothingToDo(`order ${order['id']} does not wait for approval`)
      change(order, new Map(), { header: { approvalstatus: '3', nextapprover: null } })
      return done('rejectOrder', order['id'])
    },

    /** Closes what is open of an order that is received in part. */
    closeOrder: (id?: number): Done => close('closeOrder', orderOf(id, `"status" IN ('D', 'E')`)),

    /** Closes all lines of an order of which nothing came. */
    cancelOrder(id?: number): Done {
      const order = orderOf(id, `"status" IN ('A', 'B', 'C')`)
      if (orderLines(desk, order).some((line) => unitsOf(line['quantityshiprecv'], 3) > 0)) {
        throw new NothingToDo(`order ${order['id']} is received in part`)
      }
      return close('cancelOrder', order)
    },

    /** Bills what was received. Moves the order only with `receiptsTouchOrders`. */
    billOrder(id?: number): Done {
      const order = orderOf(id, `"status" IN ('E', 'F')`)
      const changes = new Map<number, Row>()
      for (const line of orderLines(desk, order)) {
        if (Number(subtract(line['quantityshiprecv'], line['quantitybilled'])) <= 0) continue
        changes.set(Number(line['id']), { quantitybilled: line['quantityshiprecv'] })
      }
      if (changes.size === 0) throw new NothingToDo(`order ${order['id']} has nothing to bill`)
      change(order, changes, { touch: desk.switches.receiptsTouchOrders })
      return done('billOrder', order['id'])
    },
  }

  function close(action: string, order: StoredRow): Done {
    const lines = orderLines(desk, order).filter((line) => line['isclosed'] !== 'T')
    if (lines.length === 0) throw new NothingToDo(`order ${order['id']} is closed`)
    const changes = new Map(lines.map((line) => [Number(line['id']), { isclosed: 'T' }]))
    change(order, changes, { header: { closedate: desk.calendar.day(desk.now()) } })
    return done(action, order['id'])
  }

  function newLine(order: StoredRow, id: number, sequence: number): Row {
    const item = desk.pick('item', `"itemtype" IN ('InvtPart', 'NonInvtPart') AND "matrixtype" IS NOT 'PARENT'`)
    const location = order['location'] ?? desk.pick('location', `"makeinventoryavailable" = 'T'`)['id']
    const quantity = String(desk.dice.int(2, 100))
    return {
      transaction: order['id'],
      id,
      uniquekey: desk.nextId('uniquekey'),
      linesequencenumber: sequence,
      mainline: false,
      taxline: false,
      item: item['id'],
      itemtype: item['itemtype'],
      memo: item['description'],
      quantity,
      quantityshiprecv: '0',
      quantitybilled: '0',
      units: item['purchaseunit'] ?? item['stockunit'],
      ...priced(order, quantity, priceText(desk.dice.int(1, 900_000))),
      subsidiary: order['subsidiary'],
      location,
      entity: order['entity'],
      isclosed: 'F',
      isfullyshipped: false,
      isinventoryaffecting: false,
      expectedreceiptdate: desk.calendar.day(desk.now() + desk.dice.int(3, 60) * DAY),
      linecreateddate: desk.now(),
      linelastmodifieddate: desk.now(),
    }
  }

  function priced(order: StoredRow, quantity: string, price: string) {
    const exchange = order['exchangerate'] ?? '1'
    const foreignamount = round(multiply(quantity, price), 2)
    return {
      rateamount: price,
      rate: round(multiply(price, exchange), 6),
      foreignamount,
      netamount: round(multiply(foreignamount, exchange), 2),
    }
  }
}
