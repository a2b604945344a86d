import type { Store } from '../store.ts'
import type { Size } from './size.ts'

/** Ids of the objects by index. Those of deleted objects come before the living, so that none is ever given again. */
export interface Ids {
  readonly employee: IdOf
  readonly vendor: IdOf
  readonly item: IdOf
  readonly order: IdOf
  readonly asset: IdOf
  readonly deleted: { readonly vendor: IdOf; readonly item: IdOf; readonly order: IdOf }
}

type IdOf = (index: number) => number

const FIRST = { entity: 11, item: 101, transaction: 1001 } as const

export function idsOf(size: Size): Ids {
  const gap = size.deletions
  return {
    employee: (index) => FIRST.entity + index,
    vendor: (index) => FIRST.entity + size.employees + gap + index,
    item: (index) => FIRST.item + gap + index,
    order: (index) => FIRST.transaction + gap + index,
    asset: (index) => 1 + gap + index,
    deleted: {
      vendor: (index) => FIRST.entity + size.employees + index,
      item: (index) => FIRST.item + index,
      order: (index) => FIRST.transaction + index,
    },
  }
}

/** The persistent sequences and the tables whose keys they count; the record services count on. */
const SEQUENCES: { readonly [sequence: string]: readonly (readonly [table: string, column: string])[] } = {
  entity: [
    ['employee', 'id'],
    ['vendor', 'id'],
  ],
  item: [['item', 'id']],
  location: [['location', 'id']],
  bin: [['bin', 'id']],
  entityaddress: [['entityaddress', 'nkey']],
  vendoraddressbook: [['vendoraddressbook', 'internalid']],
  transaction: [['transaction', 'id']],
  uniquekey: [['transactionline', 'uniquekey']],
  deletedrecord: [['deletedrecord', '_number']],
  supportcase: [['supportcase', 'id']],
  casenumber: [['supportcase', 'id']],
  task: [['task', 'id']],
  customrecord_asset: [['customrecord_asset', 'id']],
  customrecord_maintenance: [['customrecord_maintenance', 'id']],
}

export const PREFIXES: { readonly [type: string]: string } = {
  PurchOrd: 'PO',
  ItemRcpt: 'IR',
  InvAdjst: 'IA',
  InvTrnfr: 'IT',
  WorkOrd: 'WO',
  VendBill: 'BILL',
  SalesOrd: 'SO',
}

/** Tells the sequences what the seed has used. */
export function takeNumbers(store: Store): void {
  for (const [sequence, keys] of Object.entries(SEQUENCES)) {
    take(sequence, Math.max(...keys.map(([table, column]) => number(`SELECT max("${column}") FROM "${table}"`))))
  }
  for (const type of Object.keys(PREFIXES)) {
    take(`tranid:${type}`, number(`SELECT count(*) FROM "transaction" WHERE "type" = '${type}'`))
  }

  function number(sql: string): number {
    return Number(store.sql(sql, [])[0]?.[0] ?? 0)
  }
  function take(sequence: string, last: number): void {
    // The first call gives its argument and remembers it as the last number given.
    if (last > 0) store.nextId(sequence, last)
  }
}
