/** What receipts, adjustments, transfers and open orders do to stock. */
import type { StoredRow } from '../store.ts'
import type { Session } from '../system.ts'
import { inBaseUnits, priceOfBaseUnit } from '../units.ts'
import { add, compare, divide, isZero, multiply, round } from './decimals.ts'

export interface Movement {
  readonly item: number
  readonly location: number
  /** Signed decimal text, in these units. */
  readonly quantity: string
  readonly units: StoredRow[string]
  /** Price of one of these units in the base currency; null = at the average. */
  readonly unitCost: string | null
}

const STOCKED = new Set(['InvtPart', 'Assembly'])

export function isStocked(session: Session, item: number): boolean {
  return STOCKED.has(String(session.store.get('item', item)?.['itemtype']))
}

export function moveStock(session: Session, movement: Movement): void {
  const { store } = session
  const { item, location, units } = movement
  const quantity = inBaseUnits(store, units, movement.quantity)
  const unitCost = movement.unitCost === null ? null : priceOfBaseUnit(store, units, movement.unitCost)
  if (isZero(quantity) || !isStocked(session, item)) return
  const row = rowOf(session, item, location)
  const average = String(row['averagecostmli'] ?? store.get('item', item)?.['averagecost'] ?? '0')
  const onHand = add(text(row['quantityonhand']), quantity)
  const value = add(text(row['onhandvaluemli']), multiply(quantity, unitCost ?? average))
  store.update('aggregateitemlocation', [item, location], {
    quantityonhand: onHand,
    quantityavailable: add(text(row['quantityavailable']), quantity),
    onhandvaluemli: round(value, 2),
    averagecostmli: compare(onHand, '0') > 0 && compare(value, '0') > 0 ? divide(value, onHand, 5) : average,
    lastquantityavailablechange: session.now(),
  })
  const total = add(text(store.get('item', item)?.['totalquantityonhand']), quantity)
  store.update('item', item, { totalquantityonhand: total })
  moveBin(session, item, location, quantity)
}

/** Changes what is on order. */
export function moveOnOrder(session: Session, moved: Omit<Movement, 'unitCost'>): void {
  const { item, location, units } = moved
  const quantity = inBaseUnits(session.store, units, moved.quantity)
  if (isZero(quantity) || !isStocked(session, item)) return
  const row = rowOf(session, item, location)
  session.store.update('aggregateitemlocation', [item, location], {
    quantityonorder: add(text(row['quantityonorder']), quantity),
  })
}

/** Where bins are used, the first one takes and gives. */
function moveBin(session: Session, item: number, location: number, quantity: string): void {
  const [bin] = session.store.rows('inventorybalance', { item, location })
  if (bin === undefined) return
  session.store.update('inventorybalance', [item, location, Number(bin['binnumber']), Number(bin['inventorystatus'])], {
    quantityonhand: add(text(bin['quantityonhand']), quantity),
    quantityavailable: add(text(bin['quantityavailable']), quantity),
  })
}

function rowOf(session: Session, item: number, location: number) {
  const { store } = session
  const found = store.get('aggregateitemlocation', [item, location])
  if (found !== null) return found
  store.insert('aggregateitemlocation', {
    item,
    location,
    quantityonhand: '0',
    quantityavailable: '0',
    quantitycommitted: '0',
    quantityonorder: '0',
    quantitybackordered: '0',
    onhandvaluemli: '0',
  })
  return store.get('aggregateitemlocation', [item, location]) ?? {}
}

function text(cell: string | number | null | undefined): string {
  return String(cell ?? '0')
}
