import type { UnsupportedOperation, WriteOperation } from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { createItem, deleteItem, updateItem } from './items.ts'
import { createMovement } from './movements.ts'
import { deletePurchase, updatePurchase } from './purchase-change.ts'
import { createPurchase } from './purchase-create.ts'
import { setPurchaseStatus } from './purchase-status.ts'
import { createVendor, deleteVendor, updateVendor } from './vendors.ts'

/** What can be written in Tryton (README.md). */
export const operations: readonly WriteOperation<TrytonSession>[] = [
  createVendor,
  updateVendor,
  deleteVendor,
  createItem,
  updateItem,
  deleteItem,
  createPurchase,
  updatePurchase,
  setPurchaseStatus,
  deletePurchase,
  createMovement,
]

export const unsupported: readonly UnsupportedOperation[] = [
  {
    entity: 'inventory_movement',
    operation: 'DELETE',
    reason: 'Tryton takes back no movement of stock: send the opposite movement',
  },
  {
    entity: 'stock_level',
    operation: 'UPDATE',
    reason: 'order points are in a module that is not read; send a COUNT or ADJUSTMENT for quantities',
  },
]
