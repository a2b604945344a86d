import { invalidContent, userError } from '../errors.ts'
import type { StoredRow } from '../store.ts'
import type { Session } from '../system.ts'
import { compare, multiply, negate } from './decimals.ts'
import { defineRecord, type Tables } from './define.ts'
import { load } from './load.ts'
import type { LineDraft, Loaded, RecordType } from './model.ts'
import { receiveOn } from './purchase-orders.ts'
import { moveStock } from './stock.ts'
import { linesOf, transactionLines } from './sublists.ts'
import { prepareTransaction, type TransactionKind, writeMainLine } from './transactions.ts'

const KIND: TransactionKind = { type: 'ItemRcpt', prefix: 'IR', title: 'Item Receipt' }

/** Receipts only come from an order (`!transform`), and go back to it when they change. */
export function itemReceiptType(tables: Tables, purchaseOrder: RecordType): RecordType {
  const item = transactionLines(tables, {
    name: 'item',
    fields: `
      line=id
      uniqueKey ro
      orderLine
      item ro
      description=memo
      quantity
      rate ro
      units ro
      location
      itemReceive=isinventoryaffecting ro
      inventoryNumber
      binNumber`,
    prepare: prepareLine,
  })
  return defineRecord(tables, {
    name: 'itemReceipt',
    title: 'Item Receipt',
    table: 'transaction',
    where: { type: 'ItemRcpt' },
    permission: { name: 'Item Receipt', path: 'Transactions -> Item Receipt' },
    feature: 'RECEIVING',
    fields: `
      tranId
      externalId
      tranDate
      createdFrom ro
      entity as ref:vendor ro
      subsidiary ro
      location
      currency ro
      exchangeRate ro
      memo
      createdDate ro
      lastModifiedDate ro`,
    sublists: [item],
    rules: {
      createdBy: 'purchaseOrder',
      prepare: (session, draft, before) => prepareTransaction(session, KIND, draft, before),
      saved: (session, record) => writeMainLine(session, record, { createdfrom: record.row['createdfrom'] ?? null }),
      effects(session, record, direction) {
        const source = record.row['createdfrom'] ?? null
        const order = source === null ? null : session.store.get('transaction', Number(source))
        for (const line of linesOf(session, record.id)) {
          const quantity = direction === 1 ? String(line['quantity']) : negate(line['quantity'])
          const place = line['location'] ?? record.row['location'] ?? null
          if (line['item'] !== null && place !== null) {
            const unitCost = line['rate'] === null ? null : String(line['rate'])
            const { item, units = null } = line
            moveStock(session, { item: Number(item), location: Number(place), quantity, units, unitCost })
          }
          if (order?.['type'] !== 'PurchOrd' || line['orderline'] === null) continue
          // Loaded anew for every line: the one before it may have moved the status.
          receiveOn(session, load(session, purchaseOrder, Number(source)), Number(line['orderline']), quantity)
        }
      },
    },
  })
}

function prepareLine(session: Session, owner: Loaded, line: LineDraft, row: StoredRow | null): void {
  const { cells, path } = line
  const orderLine = cells['orderline'] ?? row?.['orderline'] ?? null
  const source = owner.row['createdfrom'] ?? null
  const ordered =
    source === null || orderLine === null
      ? null
      : session.store.get('transactionline', [Number(source), Number(orderLine)])
  if (ordered === null) {
    throw invalidContent(
      `You have entered an Invalid Field Value ${orderLine} for the following field: orderline`,
      `${path}.orderLine`,
    )
  }
  const quantity = cells['quantity'] ?? row?.['quantity'] ?? '0'
  if (compare(quantity, '0') <= 0) throw userError('Please enter a quantity greater than zero for the received items.')
  if (row !== null) return
  cells['item'] = ordered['item'] ?? null
  cells['units'] = ordered['units'] ?? null
  cells['rate'] = ordered['rate'] ?? null
  cells['memo'] ??= ordered['memo'] ?? null
  cells['location'] ??= ordered['location'] ?? owner.row['location'] ?? null
  cells['createdfrom'] = source
  cells['isinventoryaffecting'] = 'T'
  cells['netamount'] = multiply(quantity, ordered['rate'])
}
