import type { Session } from '../system.ts'
import { defineRecord, type Tables } from './define.ts'
import type { Cells, Draft, Loaded, RecordType } from './model.ts'
import { childRows } from './sublists.ts'
import { hasDependents } from './vendors.ts'

const COMMON = `
  itemId !Item Name/Number
  displayName
  description
  purchaseDescription
  isInactive
  itemType as enum ro
  class
  department
  location
  subsidiary as refs
  unitsType
  stockUnit
  purchaseUnit
  cost
  lastPurchasePrice ro
  manufacturer
  mpn
  upcCode
  vendorName
  parent
  expenseAccount
  externalId
  createdDate ro
  lastModifiedDate ro`

const STOCKED = `
  costingMethod
  averageCost ro
  totalQuantityOnHand ro
  leadTime
  reorderPoint
  preferredStockLevel
  assetAccount
  cogsAccount
  useBins`

interface Kind {
  readonly name: string
  readonly title: string
  readonly where: Readonly<Cells>
  readonly stocked: boolean
}

const KINDS: readonly Kind[] = [
  { name: 'inventoryItem', title: 'Inventory Item', where: { itemtype: 'InvtPart' }, stocked: true },
  { name: 'assemblyItem', title: 'Assembly/Bill of Materials', where: { itemtype: 'Assembly' }, stocked: true },
  ...nonInventory('nonInventory', 'Non-inventory Item', 'NonInvtPart'),
  ...nonInventory('service', 'Service Item', 'Service'),
]

function nonInventory(prefix: string, title: string, itemtype: string): Kind[] {
  return ['Purchase', 'Resale', 'Sale'].map((subtype) => ({
    name: `${prefix}${subtype}Item`,
    title: `${title} for ${subtype}`,
    where: { itemtype, subtype },
    stocked: false,
  }))
}

export function itemTypes(tables: Tables): RecordType[] {
  return KINDS.map((kind) =>
    defineRecord(tables, {
      name: kind.name,
      title: kind.title,
      table: 'item',
      where: kind.where,
      permission: { name: 'Items', path: 'Lists -> Items' },
      fields: kind.stocked ? `${COMMON}${STOCKED}` : COMMON,
      sublists: [vendors(tables), ...(kind.stocked ? [places(tables)] : [])],
      rules: { prepare, mayDelete },
    }),
  )
}

const vendors = (tables: Tables) =>
  childRows(tables, {
    name: 'itemVendor',
    table: 'itemvendor',
    parent: 'item',
    key: 'vendor',
    fields: 'vendor\npreferredVendor\nvendorCode\npurchasePrice\nvendorCurrency',
  })

const places = (tables: Tables) =>
  childRows(tables, {
    name: 'locations',
    table: 'aggregateitemlocation',
    parent: 'item',
    key: 'location',
    readOnly: true,
    fields: `
      location
      quantityOnHand
      quantityAvailable
      quantityCommitted
      quantityOnOrder
      quantityBackOrdered=quantitybackordered
      reorderPoint
      preferredStockLevel
      leadTime
      averageCostMli`,
  })

function prepare(_session: Session, { row }: Draft, before: Loaded | null): void {
  if (before === null) {
    row['isinactive'] ??= 'F'
    row['totalquantityonhand'] ??= '0'
  }
  if (typeof row['itemid'] === 'string') row['fullname'] = row['itemid']
}

function mayDelete(session: Session, record: Loaded): void {
  if (session.store.count('transactionline', { item: record.id }) > 0) throw hasDependents()
}
