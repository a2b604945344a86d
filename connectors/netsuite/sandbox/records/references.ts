/** What a reference shows, and where its link leads. */
import type { Session } from '../system.ts'
import type { Cell } from '../values.ts'

export interface Reference {
  readonly links: readonly { readonly rel: string; readonly href: string }[]
  readonly id: string
  readonly refName?: string
}

const PATHS: { readonly [table: string]: string } = {
  vendor: 'vendor',
  employee: 'employee',
  location: 'location',
  subsidiary: 'subsidiary',
  currency: 'currency',
  term: 'term',
  department: 'department',
  classification: 'classification',
  account: 'account',
  unitstype: 'unitsType',
  vendorcategory: 'vendorCategory',
  supportcase: 'supportCase',
  bin: 'bin',
}

const ITEM_PATHS: { readonly [type: string]: string } = {
  InvtPart: 'inventoryItem',
  Assembly: 'assemblyItem',
  NonInvtPart: 'nonInventoryPurchaseItem',
  Service: 'servicePurchaseItem',
}

const TRANSACTION_PATHS: { readonly [type: string]: string } = {
  PurchOrd: 'purchaseOrder',
  ItemRcpt: 'itemReceipt',
  InvAdjst: 'inventoryAdjustment',
  InvTrnfr: 'inventoryTransfer',
  WorkOrd: 'workOrder',
}

export function referenceTo(session: Session, table: string, id: Cell): Reference {
  const key = Number(id)
  const row = session.store.get(table, key)
  const display = session.store.tables.get(table)?.display ?? null
  const name = display === null ? null : (row?.[display] ?? null)
  const path =
    table === 'item'
      ? (ITEM_PATHS[String(row?.['itemtype'])] ?? 'inventoryItem')
      : table === 'transaction'
        ? TRANSACTION_PATHS[String(row?.['type'])]
        : table === 'entity'
          ? PATHS[String(row?.['type'] ?? 'vendor').toLowerCase()]
          : table.startsWith('customrecord')
            ? table
            : PATHS[table]
  return {
    links: path === undefined ? [] : [{ rel: 'self', href: `${session.root}/record/v1/${path}/${key}` }],
    id: String(id),
    ...(name === null ? {} : { refName: String(name) }),
  }
}

/** `PurchOrd:B` of a transaction's status, else the value itself. */
export function choiceOf(
  choices: Readonly<Record<string, string>> | null,
  value: Cell,
  transactionType: Cell,
): string | null {
  const name = choices?.[String(value)] ?? choices?.[`${transactionType}:${value}`] ?? null
  return name === null ? null : name.replace(/^.* : /, '')
}
