import { defineConnector } from '../../core/index.ts'
import { type SapConfig, sapConfig } from './config.ts'
import { assets } from './read/assets.ts'
import { inventoryMovements } from './read/inventory-movements.ts'
import { items } from './read/items.ts'
import { locations } from './read/locations.ts'
import { purchaseOrders } from './read/purchase-orders.ts'
import { stockLevels } from './read/stock-levels.ts'
import { users } from './read/users.ts'
import { vendors } from './read/vendors.ts'
import { workOrders } from './read/work-orders.ts'
import { openSession, type SapSession } from './session.ts'
import { operations, unsupported } from './write/index.ts'

/** SAP S/4HANA over its OData V2 services (README.md). */
export const sapS4Hana = defineConnector<SapConfig, SapSession>({
  id: 'sap-s4hana',
  title: 'SAP S/4HANA',
  config: sapConfig,
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
  operations,
  unsupported,
})
