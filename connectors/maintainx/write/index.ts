import type { UnsupportedOperation, WriteOperation } from '../../../core/index.ts'
import type { MaintainXSession } from '../session.ts'
import { createAsset, deleteAsset, updateAsset } from './asset.ts'
import { setAssetStatus } from './asset-status.ts'
import { createItem, deleteItem, updateItem } from './item.ts'
import { createLocation, deleteLocation, updateLocation } from './location.ts'
import { createMovement } from './movement.ts'
import { createPurchaseOrder, deletePurchaseOrder, updatePurchaseOrder } from './purchase-order.ts'
import { setPurchaseOrderStatus } from './purchase-order-status.ts'
import { updateStockLevel } from './stock-level.ts'
import { createVendor, deleteVendor, updateVendor } from './vendor.ts'
import { createWorkOrder, deleteWorkOrder, updateWorkOrder } from './work-order.ts'
import { setWorkOrderStatus } from './work-order-status.ts'

export const operations: readonly WriteOperation<MaintainXSession>[] = [
  createVendor,
  updateVendor,
  deleteVendor,
  createItem,
  updateItem,
  deleteItem,
  createLocation,
  updateLocation,
  deleteLocation,
  createAsset,
  updateAsset,
  setAssetStatus,
  deleteAsset,
  updateStockLevel,
  createMovement,
  createPurchaseOrder,
  updatePurchaseOrder,
  setPurchaseOrderStatus,
  deletePurchaseOrder,
  createWorkOrder,
  updateWorkOrder,
  setWorkOrderStatus,
  deleteWorkOrder,
]

export const unsupported: readonly UnsupportedOperation[] = [
  {
    entity: 'inventory_movement',
    operation: 'DELETE',
    reason: 'MaintainX keeps no movements, only what is there: post one the other way round',
  },
  {
    entity: 'stock_level',
    operation: 'CREATE',
    reason: 'a part is put at a location by a movement: post a COUNT or an ADJUSTMENT there',
  },
  {
    entity: 'stock_level',
    operation: 'DELETE',
    reason: 'MaintainX keeps the places of a part with the part: post a COUNT of 0',
  },
  {
    entity: 'user',
    operation: 'CREATE',
    reason: 'users are invited by an administrator in MaintainX, who pays for their seats',
  },
]
