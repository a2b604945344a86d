import type { UnsupportedOperation, WriteOperation } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { createItem } from './item-create.ts'
import { deleteItem, updateItem } from './item-update.ts'
import { cancelMovement } from './movement-cancel.ts'
import { createMovement } from './movement-create.ts'
import { createPurchaseOrder } from './purchase-order-create.ts'
import { deletePurchaseOrder, setPurchaseOrderStatus } from './purchase-order-status.ts'
import { updatePurchaseOrder } from './purchase-order-update.ts'
import { createVendor } from './vendor-create.ts'
import { deleteVendor, updateVendor } from './vendor-update.ts'
import { createWorkOrder } from './work-order-create.ts'
import { deleteWorkOrder, setWorkOrderStatus } from './work-order-status.ts'
import { updateWorkOrder } from './work-order-update.ts'

/** What can be written to SAP (README.md). */
export const operations: readonly WriteOperation<SapSession>[] = [
  createPurchaseOrder,
  updatePurchaseOrder,
  setPurchaseOrderStatus,
  deletePurchaseOrder,
  createMovement,
  cancelMovement,
  createVendor,
  updateVendor,
  deleteVendor,
  createWorkOrder,
  updateWorkOrder,
  setWorkOrderStatus,
  deleteWorkOrder,
  createItem,
  updateItem,
  deleteItem,
]

export const unsupported: readonly UnsupportedOperation[] = [
  {
    entity: 'location',
    operation: 'CREATE',
    reason: 'plants and storage locations are customizing: no service makes them',
  },
  {
    entity: 'location',
    operation: 'UPDATE',
    reason: 'plants and storage locations are customizing: no service changes them',
  },
  {
    entity: 'location',
    operation: 'DELETE',
    reason: 'plants and storage locations are customizing: no service deletes them',
  },
  {
    entity: 'inventory_movement',
    operation: 'UPDATE',
    reason: 'a posted document is never changed; reverse it and post another',
  },
  { entity: 'user', operation: 'CREATE', reason: 'persons come from HR; no released service creates them' },
]
