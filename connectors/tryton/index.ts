import { defineConnector } from '../../core/index.ts'
import { type TrytonConfig, trytonConfig } from './config.ts'
import { inventoryMovements } from './read/inventory-movements.ts'
import { items } from './read/items.ts'
import { locations } from './read/locations.ts'
import { purchaseOrders } from './read/purchase-orders.ts'
import { stockLevels } from './read/stock-levels.ts'
import { users } from './read/users.ts'
import { vendors } from './read/vendors.ts'
import { openSession, type TrytonSession } from './session.ts'
import { operations, unsupported } from './write/index.ts'

/** Tryton 6.0 over JSON-RPC (README.md). */
export const tryton = defineConnector<TrytonConfig, TrytonSession>({
  id: 'tryton',
  title: 'Tryton',
  config: trytonConfig,
  connect: openSession,
  clock: (session, signal) => session.clock(signal),
  disconnect: (session) => session.close(),
  streams: {
    vendor: vendors,
    item: items,
    location: locations,
    stock_level: stockLevels,
    purchase_order: purchaseOrders,
    inventory_movement: inventoryMovements,
    user: users,
  },
  operations,
  unsupported,
})
