import type { Item } from './units.ts'

const BY_SALE: { readonly [type: string]: string } = {
  NonInvtPart: 'nonInventory',
  Service: 'service',
  OthCharge: 'otherCharge',
}

/** Record type of an item that is there; null = none that Record REST is asked for. */
export function recordTypeOf({ type, subtype, isLot, isSerial }: Item): string | null {
  if (type === 'InvtPart') return tracked('inventoryItem', 'InventoryItem', isLot, isSerial)
  if (type === 'Assembly') return tracked('assemblyItem', 'AssemblyItem', isLot, isSerial)
  if (type === 'Kit') return 'kitItem'
  const prefix = BY_SALE[type ?? '']
  return prefix === undefined ? null : `${prefix}${subtype ?? 'Purchase'}Item`
}

/** Record type of a new item. Goods without stock and services are for purchase. */
export function newRecordType(itemType: string | null, isLot: boolean, isSerial: boolean): string {
  if (itemType === 'ASSEMBLY') return tracked('assemblyItem', 'AssemblyItem', isLot, isSerial)
  if (itemType === 'NON_INVENTORY') return 'nonInventoryPurchaseItem'
  if (itemType === 'SERVICE') return 'servicePurchaseItem'
  return tracked('inventoryItem', 'InventoryItem', isLot, isSerial)
}

export const isStocked = (recordType: string): boolean => /(?:inventory|assembly)Item$/i.test(recordType)

const tracked = (plain: string, suffix: string, isLot: boolean, isSerial: boolean): string =>
  isLot ? `lotNumbered${suffix}` : isSerial ? `serialized${suffix}` : plain
