/** Inventory adjustments and transfers. */
import { userError } from '../errors.ts'
import type { StoredRow } from '../store.ts'
import type { Session } from '../system.ts'
import { compare, negate } from './decimals.ts'
import { defineRecord, type Tables } from './define.ts'
import type { LineDraft, Loaded, RecordType } from './model.ts'
import { moveStock } from './stock.ts'
import { insertLine, linesOf, transactionLines } from './sublists.ts'
import { prepareTransaction, writeMainLine } from './transactions.ts'

export function inventoryAdjustmentType(tables: Tables): RecordType {
  const kind = { type: 'InvAdjst', prefix: 'IA', title: 'Inventory Adjustment' }
  const inventory = transactionLines(tables, {
    name: 'inventory',
    fields: 'line=id\nuniqueKey ro\nitem !\nlocation\nadjustQtyBy=quantity !\nunitCost\nunits\nmemo\ndepartment',
    prepare(session, owner, { cells }, row) {
      if (row !== null) return
      cells['location'] ??= owner.row['location'] ?? null
      if (cells['location'] === null) throw userError('Please enter value(s) for: Location.')
      cells['unitcost'] ??= costAt(session, cells['item'], cells['location'])
      cells['isinventoryaffecting'] = 'T'
    },
  })
  return defineRecord(tables, {
    name: 'inventoryAdjustment',
    title: kind.title,
    table: 'transaction',
    where: { type: kind.type },
    permission: { name: 'Adjust Inventory', path: 'Transactions -> Adjust Inventory' },
    feature: 'INVENTORY',
    fields: `
      tranId
      externalId
      tranDate
      account !Adjustment Account
      adjLocation=location
      subsidiary !
      department
      memo
      createdDate ro
      lastModifiedDate ro`,
    sublists: [inventory],
    rules: {
      prepare: (session, draft, before) => prepareTransaction(session, kind, draft, before),
      saved: (session, record) => writeMainLine(session, record, {}),
      effects(session, record, direction) {
        for (const line of linesOf(session, record.id)) {
          if (line['item'] === null || line['location'] === null) continue
          moveStock(session, {
            item: Number(line['item']),
            location: Number(line['location']),
            quantity: direction === 1 ? String(line['quantity']) : negate(line['quantity']),
            units: line['units'] ?? null,
            unitCost: line['unitcost'] === null ? null : String(line['unitcost']),
          })
        }
      },
    },
  })
}

/** Each line of the record is two lines in the ledger: out of one place, into the other. */
export function inventoryTransferType(tables: Tables): RecordType {
  const kind = { type: 'InvTrnfr', prefix: 'IT', title: 'Inventory Transfer' }
  const inventory = transactionLines(tables, {
    name: 'inventory',
    fields: 'line=id\nuniqueKey ro\nitem !\nadjustQtyBy=quantity !\nunits\nmemo',
    isLine: (row) => row['item'] !== null && compare(row['quantity'], '0') < 0,
    shown: (_session, row) => ({ ...row, quantity: negate(row['quantity']) }),
    prepare: prepareTransferLine,
    written: writeOtherLine,
    removed(session, owner, row) {
      session.store.remove('transactionline', [owner.id, Number(row['id']) + 1])
    },
  })
  return defineRecord(tables, {
    name: 'inventoryTransfer',
    title: kind.title,
    table: 'transaction',
    where: { type: kind.type },
    permission: { name: 'Transfer Inventory', path: 'Transactions -> Transfer Inventory' },
    feature: 'MULTILOCINVT',
    fields: `
      tranId
      externalId
      tranDate
      subsidiary !
      location !From Location
      transferLocation !To Location
      department
      memo
      createdDate ro
      lastModifiedDate ro`,
    sublists: [inventory],
    rules: {
      prepare(session, draft, before) {
        prepareTransaction(session, kind, draft, before)
        const from = draft.row['location'] ?? before?.row['location'] ?? null
        const to = draft.row['transferlocation'] ?? before?.row['transferlocation'] ?? null
        if (from !== null && from === to) throw userError('The From Location and the To Location cannot be the same.')
      },
      saved: (session, record) => writeMainLine(session, record, {}),
      effects(session, record, direction) {
        for (const line of linesOf(session, record.id)) {
          if (line['item'] === null || line['location'] === null) continue
          const quantity = direction === 1 ? String(line['quantity']) : negate(line['quantity'])
          const item = Number(line['item'])
          const { location, units = null } = line
          moveStock(session, { item, location: Number(location), quantity, units, unitCost: null })
        }
      },
    },
  })
}

function prepareTransferLine(_session: Session, owner: Loaded, { cells }: LineDraft, row: StoredRow | null): void {
  if (cells['quantity'] !== undefined) {
    if (compare(cells['quantity'], '0') <= 0) throw userError('Please enter a quantity to transfer above zero.')
    cells['quantity'] = negate(cells['quantity'])
  }
  if (row !== null) return
  cells['location'] = owner.row['location'] ?? null
  cells['transferlocation'] = owner.row['transferlocation'] ?? null
  cells['isinventoryaffecting'] = 'T'
}

function writeOtherLine(session: Session, owner: Loaded, id: number): void {
  const out = session.store.get('transactionline', [owner.id, id])
  if (out === null) return
  const mirrored = {
    item: out['item'] ?? null,
    quantity: negate(out['quantity']),
    units: out['units'] ?? null,
    memo: out['memo'] ?? null,
    location: out['transferlocation'] ?? null,
    transferlocation: out['transferlocation'] ?? null,
    isinventoryaffecting: 'T',
  }
  const other = session.store.get('transactionline', [owner.id, id + 1])
  if (other === null) insertLine(session, owner, mirrored)
  else session.store.update('transactionline', [owner.id, id + 1], mirrored)
}

function costAt(session: Session, item: unknown, location: unknown): string | null {
  const row = session.store.get('aggregateitemlocation', [Number(item), Number(location)])
  const cost = row?.['averagecostmli'] ?? session.store.get('item', Number(item))?.['averagecost'] ?? null
  return cost === null ? null : String(cost)
}
