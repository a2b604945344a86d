/** Stock rows of API_MATERIAL_STOCK_SRV: what goods movements add and take. */
import type { Row } from '../model.ts'
import { add, canonical, compare, isZero, subtract } from './decimals.ts'
import { business } from './refusals.ts'
import { textOf, type Work } from './work.ts'

const STOCK = 'API_MATERIAL_STOCK_SRV'
const TYPE_NAMES: Readonly<Record<string, string>> = {
  '01': 'SL Unrestricted-use',
  '02': 'SL Stock in quality inspection',
  '07': 'SL Blocked stock',
}

export interface StockMove {
  readonly material: string
  readonly plant: string
  readonly storageLocation: string
  readonly batch: string
  /** 01, 02, 07. */
  readonly stockType: string
  /** '' or K (consignment), with the supplier who owns it. */
  readonly special: string
  readonly supplier: string
  /** Positive. */
  readonly quantity: string
  readonly unit: string
}

export function receive(work: Work, move: StockMove): void {
  const set = work.store.set(STOCK, 'A_MatlStkInAcctMod')
  const key = keyOf(move)
  const row = work.store.get(set, key)
  if (row !== null) {
    put(work, key, add(textOf(row, 'MatlWrhsStkQtyInMatlBaseUnit') || '0', move.quantity))
    return
  }
  work.store.insert(set, {
    ...key,
    MaterialBaseUnit: move.unit,
    MatlWrhsStkQtyInMatlBaseUnit: canonical(move.quantity),
  })
  const head = work.store.set(STOCK, 'A_MaterialStock')
  if (work.store.get(head, { Material: move.material }) === null)
    work.store.insert(head, { Material: move.material, MaterialBaseUnit: move.unit })
}

/** @throws SapError M7/021 when there is less; negative stocks are not allowed */
export function issue(work: Work, move: StockMove): void {
  const key = keyOf(move)
  const row = work.store.get(work.store.set(STOCK, 'A_MatlStkInAcctMod'), key)
  const there = row === null ? '0' : textOf(row, 'MatlWrhsStkQtyInMatlBaseUnit') || '0'
  if (compare(there, move.quantity) < 0) {
    const kind = TYPE_NAMES[move.stockType] ?? `SL stock type ${move.stockType}`
    const place = [move.material, move.plant, move.storageLocation, move.batch].filter((part) => part !== '').join(' ')
    throw business('M7/021', `Deficit of ${kind} ${subtract(move.quantity, there)} ${move.unit} : ${place}`)
  }
  put(work, key, subtract(there, move.quantity))
}

/** A row that is empty stays as zero or goes (switch `zeroStockRows`). */
function put(work: Work, key: Row, quantity: string): void {
  const set = work.store.set(STOCK, 'A_MatlStkInAcctMod')
  if (isZero(quantity) && !work.switches.zeroStockRows) work.store.remove(set, key)
  else work.store.update(set, key, { MatlWrhsStkQtyInMatlBaseUnit: quantity })
}

function keyOf(move: StockMove): Row {
  return {
    Material: move.material,
    Plant: move.plant,
    StorageLocation: move.storageLocation,
    Batch: move.batch,
    Supplier: move.special === 'K' ? move.supplier : '',
    Customer: '',
    WBSElementInternalID: '0',
    SDDocument: '',
    SDDocumentItem: '0',
    InventorySpecialStockType: move.special,
    InventoryStockType: move.stockType,
  }
}
