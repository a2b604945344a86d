import { add, compare, divide, isZero, multiply, round } from '../records/decimals.ts'
import type { StoredRow } from '../store.ts'
import { inBaseUnits, priceOfBaseUnit } from '../units.ts'
import { type Desk, NothingToDo } from './desk.ts'

/** What an action does to stock, gathered by item and location and written once. */
export interface StockBook {
  move(line: Moved, unitCost?: string | null): void
  order(line: Moved): void
  /** @throws NothingToDo when more would go out than is there */
  write(): void
}

/** What a line says of one item at one place. */
export interface Moved {
  readonly item: number
  readonly location: number
  /** Signed decimal text, in these units. */
  readonly quantity: string
  readonly units: StoredRow[string]
}

interface Change {
  readonly item: number
  readonly location: number
  quantity: string
  value: string
  atAverage: string
  onOrder: string
}

export function createStockBook(desk: Desk): StockBook {
  const changes = new Map<string, Change>()
  const changeOf = (item: number, location: number): Change => {
    const key = `${item} ${location}`
    let change = changes.get(key)
    if (change === undefined) {
      change = { item, location, quantity: '0', value: '0', atAverage: '0', onOrder: '0' }
      changes.set(key, change)
    }
    return change
  }
  const isStocked = (item: number): boolean => {
    const row = desk.get('item', item)
    return (row?.['itemtype'] === 'InvtPart' || row?.['itemtype'] === 'Assembly') && row['matrixtype'] !== 'PARENT'
  }

  return {
    move({ item, location, quantity: moved, units }, unitCost = null) {
      if (!isStocked(item)) return
      const change = changeOf(item, location)
      const quantity = inBaseUnits(desk, units, moved)
      change.quantity = add(change.quantity, quantity)
      if (unitCost === null) change.atAverage = add(change.atAverage, quantity)
      else change.value = add(change.value, multiply(quantity, priceOfBaseUnit(desk, units, unitCost)))
    },
    order({ item, location, quantity, units }) {
      if (!isStocked(item)) return
      const change = changeOf(item, location)
      change.onOrder = add(change.onOrder, inBaseUnits(desk, units, quantity))
    },
    write() {
      const totals = new Map<number, string>()
      for (const change of changes.values()) {
        if (isZero(change.quantity) && isZero(change.onOrder)) continue
        write(change)
        totals.set(change.item, add(totals.get(change.item), change.quantity))
      }
      for (const [item, quantity] of totals) {
        if (isZero(quantity)) continue
        const before = desk.get('item', item)?.['totalquantityonhand']
        desk.update('item', item, { totalquantityonhand: add(before, quantity) })
      }
    },
  }

  function write(change: Change): void {
    const { item, location, quantity } = change
    const row = desk.get('aggregateitemlocation', [item, location])
    const onHand = add(row?.['quantityonhand'], quantity)
    const available = add(row?.['quantityavailable'], quantity)
    if (compare(quantity, '0') < 0 && compare(available, '0') < 0) {
      throw new NothingToDo(`item ${item} has not enough at location ${location}`)
    }
    const average = row?.['averagecostmli'] ?? desk.get('item', item)?.['averagecost'] ?? '0'
    const value = add(row?.['onhandvaluemli'], add(change.value, multiply(change.atAverage, average)))
    const moved = isZero(quantity)
      ? {}
      : {
          quantityonhand: onHand,
          quantityavailable: available,
          onhandvaluemli: round(value, 2),
          averagecostmli: compare(onHand, '0') > 0 && compare(value, '0') > 0 ? divide(value, onHand, 5) : average,
          lastquantityavailablechange: desk.now(),
        }
    const after = { ...moved, quantityonorder: add(row?.['quantityonorder'], change.onOrder) }
    if (row === null) {
      const nothing = { quantityonhand: '0', quantityavailable: '0', quantitycommitted: '0', quantitybackordered: '0' }
      desk.insert('aggregateitemlocation', { item, location, ...nothing, ...after })
    } else {
      desk.update('aggregateitemlocation', [item, location], after)
    }
    if (!isZero(quantity)) moveBin(item, location, quantity)
  }

  /** Where bins are used, the first one that has enough gives, and the first one takes. */
  function moveBin(item: number, location: number, quantity: string): void {
    const bins = desk.rows('inventorybalance', { item, location })
    const bin = bins.find((it) => compare(add(it['quantityavailable'], quantity), '0') >= 0)
    if (bin === undefined) {
      if (bins.length > 0) throw new NothingToDo(`no bin of location ${location} has enough of item ${item}`)
      return
    }
    desk.update('inventorybalance', [item, location, Number(bin['binnumber']), Number(bin['inventorystatus'])], {
      quantityonhand: add(bin['quantityonhand'], quantity),
      quantityavailable: add(bin['quantityavailable'], quantity),
    })
  }
}
