import { defineConnector } from '../../core/index.ts'
import { type NetSuiteConfig, netsuiteConfig } from './config.ts'
import { assets } from './read/assets.ts'
import { inventoryMovements } from './read/inventory-movements.ts'
import { items } from './read/items.ts'
import { locations } from './read/locations.ts'
import { purchaseOrders } from './read/purchase-orders.ts'
import { stockLevels } from './read/stock-levels.ts'
import { users } from './read/users.ts'
import { vendors } from './read/vendors.ts'
import { workOrders } from './read/work-orders.ts'
import { type NetSuiteSession, openSession } from './session.ts'
import { createItem, deleteItem, updateItem } from './write/item.ts'
import { createMovement, deleteMovement } from './write/movement.ts'
import { createPurchaseOrder } from './write/purchase-order-create.ts'
import { setPurchaseOrderStatus } from './write/purchase-order-status.ts'
import { deletePurchaseOrder, updatePurchaseOrder } from './write/purchase-order-update.ts'
import { createVendor, deleteVendor, updateVendor } from './write/vendor.ts'

/** Oracle NetSuite over SuiteQL, REST web services (README.md). */
export const netsuite = defineConnector<NetSuiteConfig, NetSuiteSession>({
  id: 'netsuite',
  title: 'Oracle NetSuite',
  config: netsuiteConfig,
  connect: openSession,
  clock: (session, signal) => session.clock(signal),
  streams: {
    vendor: vendors,
    item: items,
    location: locations,
    stock_level: stockLevels,
    purchase_order: purchaseOrders,
    inventory_movement: inventoryMovements,
    work_order: workOrders,
    asset: assets,
    user: users,
  },
  operations: [
    createVendor,
    updateVendor,
    deleteVendor,
    createItem,
    updateItem,
    deleteItem,
    createPurchaseOrder,
    updatePurchaseOrder,
    setPurchaseOrderStatus,
    deletePurchaseOrder,
    createMovement,
    deleteMovement,
  ],
})
