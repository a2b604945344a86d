import { compare, divide, subtract } from '../records/decimals.ts'
import { unitsOf } from '../seed/decimals.ts'
import { ACCOUNT } from '../seed/lists.ts'
import { documentColumns } from '../seed/transactions.ts'
import type { Row, StoredRow } from '../store.ts'
import { type Desk, type Done, NothingToDo } from './desk.ts'
import { orderLines, receiveOn } from './order-lines.ts'
import { createStockBook } from './stock-book.ts'

/** Goods in, counts and transfers: a transaction of their own, which `Done.id` names, and the stock that it moves. */
export function goodsActions(desk: Desk) {
  const done = (action: string, id: number): Done => ({ action, table: 'transaction', id })

  return {
    /**
     * Receives what is open of an order (`order`, else some order) on all lines or some, in full or in part. Moves the
     * order with `receiptsTouchOrders`; its lines and status change either way.
     */
    receiveGoods(order?: number, line?: number): Done {
      const source =
        order === undefined
          ? desk.pickTransaction('PurchOrd', `"status" IN ('B', 'D', 'E')`)
          : desk.need('transaction', order)
      if (source['type'] !== 'PurchOrd' || !['B', 'D', 'E', 'F'].includes(String(source['status']))) {
        throw new NothingToDo(`${source['id']} is no order that is open for receiving`)
      }
      const open = orderLines(desk, source).filter(
        (row) =>
          row['item'] !== null &&
          row['isclosed'] !== 'T' &&
          compare(row['quantity'], row['quantityshiprecv']) > 0 &&
          (line === undefined || row['id'] === line),
      )
      const some = open.filter(() => line !== undefined || desk.dice.chance(0.7))
      const lines = some.length > 0 ? some : open.slice(0, 1)
      if (lines.length === 0) throw new NothingToDo(`order ${source['id']} has nothing open`)
      const book = createStockBook(desk)
      const received = lines.map((row) => ({ line: Number(row['id']), row, quantity: partOf(row) }))
      const id = post('ItemRcpt', 'receipt', {
        entity: source['entity'],
        currency: source['currency'],
        exchangerate: source['exchangerate'],
        createdfrom: source['id'],
        subsidiary: source['subsidiary'],
        location: source['location'],
      })
      for (const [at, { row, quantity }] of received.entries()) {
        const place = Number(row['location'] ?? source['location'])
        insertLine(id, at + 1, {
          item: row['item'],
          itemtype: row['itemtype'],
          quantity,
          units: row['units'],
          rate: row['rate'],
          subsidiary: source['subsidiary'],
          entity: source['entity'],
          location: place,
          createdfrom: source['id'],
          orderline: row['id'],
          isinventoryaffecting: true,
        })
        const cost = row['rate'] === null ? null : String(row['rate'])
        book.move({ item: Number(row['item']), location: place, quantity, units: row['units'] ?? null }, cost)
      }
      receiveOn(desk, book, source, received)
      book.write()
      return done('receiveGoods', id)
    },

    /** A count at some place: up or down, never below what is committed. Moves no item. */
    adjustStock(item?: number, location?: number): Done {
      const stock = stockOf(item, location)
      const free = Math.floor(unitsOf(stock['quantityavailable'], 0))
      const change = free > 0 && desk.dice.chance(0.5) ? -desk.dice.int(1, free) : desk.dice.int(1, 40)
      const place = desk.need('location', Number(stock['location']))
      const memo = 'cycle count'
      const id = post('InvAdjst', memo, {
        subsidiary: place['subsidiary'],
        location: place['id'],
        account: ACCOUNT.adjustment,
      })
      const unitcost = stock['averagecostmli'] ?? null
      const quantity = String(change)
      insertLine(id, 1, {
        ...lineOf(stock),
        quantity,
        unitcost,
        subsidiary: place['subsidiary'],
        location: place['id'],
      })
      const book = createStockBook(desk)
      book.move({ item: Number(stock['item']), location: Number(stock['location']), quantity, units: unitOf(stock) })
      book.write()
      return done('adjustStock', id)
    },

    /** Out of one place, into another of the same company. */
    transferStock(): Done {
      const stock = desk.pick('aggregateitemlocation', 'CAST("quantityavailable" AS REAL) >= 1')
      const from = desk.need('location', Number(stock['location']))
      const to = desk.pick('location', `"id" <> ? AND "makeinventoryavailable" = 'T' AND "subsidiary" IS ?`, [
        Number(from['id']),
        from['subsidiary'] ?? null,
      ])
      const quantity = String(desk.dice.int(1, Math.floor(unitsOf(stock['quantityavailable'], 0)) || 1))
      const places = { subsidiary: from['subsidiary'], location: from['id'], transferlocation: to['id'] }
      const id = post('InvTrnfr', null, places)
      const line = { ...lineOf(stock), subsidiary: from['subsidiary'], transferlocation: to['id'] }
      insertLine(id, 1, { ...line, quantity: `-${quantity}`, location: from['id'] })
      insertLine(id, 2, { ...line, quantity, location: to['id'] })
      const book = createStockBook(desk)
      const moved = { item: Number(stock['item']), units: unitOf(stock) }
      book.move({ ...moved, location: Number(from['id']), quantity: `-${quantity}` })
      book.move({ ...moved, location: Number(to['id']), quantity })
      book.write()
      return done('transferStock', id)
    },
  }

  function stockOf(item?: number, location?: number): StoredRow {
    if (item === undefined) return desk.pick('aggregateitemlocation', '"quantityonhand" IS NOT NULL')
    if (location !== undefined) return desk.need('aggregateitemlocation', [item, location])
    const rows = desk.rows('aggregateitemlocation', { item })
    if (rows.length === 0) throw new NothingToDo(`item ${item} lies nowhere`)
    return desk.dice.pick(rows)
  }

  function unitOf(stock: StoredRow) {
    return desk.need('item', Number(stock['item']))['stockunit'] ?? null
  }

  function lineOf(stock: StoredRow): Row {
    const item = desk.need('item', Number(stock['item']))
    return { item: item['id'], itemtype: item['itemtype'], units: item['stockunit'], isinventoryaffecting: true }
  }

  /** All that is open, or half of it. */
  function partOf(line: StoredRow): string {
    const open = subtract(line['quantity'], line['quantityshiprecv'])
    return compare(open, '1') > 0 && desk.dice.chance(0.4) ? divide(open, '2', 0) : open
  }

  function post(type: string, memo: string | null, columns: Row): number {
    const id = desk.nextId('transaction')
    const now = desk.now()
    desk.insert('transaction', {
      id,
      ...documentColumns(type, desk.nextId(`tranid:${type}`)),
      trandate: desk.calendar.day(now),
      memo,
      posting: true,
      voided: false,
      void: false,
      createddate: now,
      lastmodifieddate: now,
      ...columns,
    })
    const { subsidiary, location, entity, createdfrom } = columns
    insertLine(id, 0, { mainline: true, subsidiary, location, entity, createdfrom, memo })
    return id
  }

  function insertLine(transaction: number, id: number, columns: Row): void {
    desk.insert('transactionline', {
      transaction,
      id,
      uniquekey: desk.nextId('uniquekey'),
      linesequencenumber: id,
      mainline: false,
      taxline: false,
      linecreateddate: desk.now(),
      ...columns,
    })
  }
}
