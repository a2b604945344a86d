import { compare, subtract } from '../../../../../connectors/netsuite/sandbox/records/decimals.ts'
import type { Store, StoredRow } from '../../../../../connectors/netsuite/sandbox/store.ts'
import { everything } from './seeded.ts'

/** References to rows that are not there, as `table.column -> id`. */
export function danglingReferences(store: Store): string[] {
  const all = everything(store)
  const keys = new Map<string, Set<unknown>>()
  for (const table of store.tables.values()) {
    const column = table.key[0] ?? 'id'
    const rows = table.view === null ? (all.get(table.name) ?? []) : store.rows(table.name)
    keys.set(table.name, new Set(rows.map((row) => row[column])))
  }
  const found: string[] = []
  for (const [name, rows] of all) {
    for (const column of store.tables.get(name)?.columns.values() ?? []) {
      if (column.ref === null) continue
      for (const row of rows) {
        const value = row[column.name] ?? null
        if (value !== null && keys.get(column.ref)?.has(value) !== true)
          found.push(`${name}.${column.name} -> ${value}`)
      }
    }
  }
  return found
}

/** What the account's own books contradict, in words. */
export function contradictions(store: Store): string[] {
  const found: string[] = []
  const lines = groupBy(store.rows('transactionline'), 'transaction')
  const items = new Map(store.rows('item').map((row) => [row['id'], row]))
  const onOrder = new Map<string, number>()
  for (const order of store.rows('transaction')) {
    const own = lines.get(order['id']) ?? []
    if (own.filter((line) => line['mainline'] === 'T' && line['id'] === 0).length !== 1) {
      found.push(`${order['trandisplayname']} has no main line`)
    }
    if (order['type'] !== 'PurchOrd') continue
    const real = own.filter((line) => line['mainline'] === 'F' && line['taxline'] === 'F')
    const expected = statusOf(order, real)
    if (expected !== order['status'])
      found.push(`order ${order['id']} is ${order['status']}, its lines say ${expected}`)
    const sum = real.reduce((total, line) => total + Number(line['foreignamount']), Number(order['taxtotal'] ?? 0))
    if (Math.abs(sum - Number(order['foreigntotal'])) > 0.005) found.push(`order ${order['id']} totals ${sum}`)
    for (const line of real) {
      const received = (
        store.rows('transactionline', { createdfrom: order['id'], orderline: line['id'] }) as StoredRow[]
      )
        .map((row) => Number(row['quantity']))
        .reduce((total, quantity) => total + quantity, 0)
      if (Math.abs(received - Number(line['quantityshiprecv'])) > 1e-6) {
        found.push(`line ${order['id']}/${line['id']}: received ${line['quantityshiprecv']}, receipts say ${received}`)
      }
      const item = items.get(line['item'] ?? 0)
      const isStocked = item?.['itemtype'] === 'InvtPart' || item?.['itemtype'] === 'Assembly'
      const open = Number(subtract(line['quantity'], line['quantityshiprecv']))
      if (!isStocked || line['isclosed'] === 'T' || 'ACH'.includes(String(order['status'])) || open <= 0) continue
      const place = `${line['item']} ${line['location']}`
      const rate = Number(store.get('unitstypeuom', Number(line['units'] ?? 0))?.['conversionrate'] ?? 1)
      onOrder.set(place, (onOrder.get(place) ?? 0) + open * rate)
    }
  }
  return [...found, ...stockContradictions(store, items, onOrder)]
}

function stockContradictions(
  store: Store,
  items: ReadonlyMap<string | number | null | undefined, StoredRow>,
  onOrder: Map<string, number>,
): string[] {
  const found: string[] = []
  const onHand = new Map<unknown, number>()
  const bins = new Map<string, number>()
  for (const bin of store.rows('inventorybalance')) {
    const place = `${bin['item']} ${bin['location']}`
    bins.set(place, (bins.get(place) ?? 0) + Number(bin['quantityonhand']))
    if (compare(bin['quantityonhand'], '0') < 0) found.push(`bin ${bin['binnumber']} of ${place} below zero`)
  }
  for (const row of store.rows('aggregateitemlocation')) {
    const place = `${row['item']} ${row['location']}`
    const lies = Number(row['quantityonhand'] ?? 0)
    onHand.set(row['item'], (onHand.get(row['item']) ?? 0) + lies)
    if (lies < 0) found.push(`${place}: ${lies} on hand`)
    if (Math.abs(Number(row['quantityonorder'] ?? 0) - (onOrder.get(place) ?? 0)) > 1e-6) {
      found.push(`${place}: ${row['quantityonorder']} on order, orders say ${onOrder.get(place) ?? 0}`)
    }
    onOrder.delete(place)
    const inBins = bins.get(place)
    if (inBins !== undefined && Math.abs(inBins - lies) > 1e-6) found.push(`${place}: ${lies}, in bins ${inBins}`)
  }
  for (const place of onOrder.keys()) found.push(`${place}: on order, and no row`)
  for (const [id, item] of items) {
    const total = item['totalquantityonhand'] ?? null
    if (total !== null && Math.abs(Number(total) - (onHand.get(id) ?? 0)) > 1e-6)
      found.push(`item ${id ?? ''}: ${total} in all`)
  }
  return found
}

/** The reference's letters, read off the lines anew. */
function statusOf(order: StoredRow, lines: readonly StoredRow[]): string {
  const open = lines.filter((line) => line['isclosed'] !== 'T')
  if (open.length === 0) return 'H'
  if (order['approvalstatus'] === '1') return 'A'
  if (order['approvalstatus'] === '3') return 'C'
  const isAny = lines.some((line) => compare(line['quantityshiprecv'], '0') > 0)
  const isAll = open.every((line) => compare(line['quantityshiprecv'], line['quantity']) >= 0)
  const isToBill = lines.some((line) => compare(line['quantitybilled'], line['quantityshiprecv']) < 0)
  if (!isAny) return 'B'
  if (!isAll) return isToBill ? 'E' : 'D'
  return open.every((line) => compare(line['quantitybilled'], line['quantity']) >= 0) ? 'G' : 'F'
}

function groupBy(rows: readonly StoredRow[], column: string): Map<unknown, StoredRow[]> {
  const groups = new Map<unknown, StoredRow[]>()
  for (const row of rows) {
    const group = groups.get(row[column])
    if (group === undefined) groups.set(row[column], [row])
    else group.push(row)
  }
  return groups
}
