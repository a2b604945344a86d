import { defineConnector } from '../../core/index.ts'
import { type MaintainXConfig, maintainxConfig } from './config.ts'
import { assets } from './read/assets.ts'
import { items } from './read/items.ts'
import { locations } from './read/locations.ts'
import { purchaseOrders } from './read/purchase-orders.ts'
import { stockLevels } from './read/stock-levels.ts'
import { users } from './read/users.ts'
import { vendors } from './read/vendors.ts'
import { workOrders } from './read/work-orders.ts'
import { type MaintainXSession, openSession } from './session.ts'
import { webhook } from './webhook.ts'
import { operations, unsupported } from './write/index.ts'

/** MaintainX over its REST API (README.md). */
export const maintainx = defineConnector<MaintainXConfig, MaintainXSession>({
  id: 'maintainx',
  title: 'MaintainX',
  config: maintainxConfig,
  connect: openSession,
  clock: (session, signal) => session.clock(signal),
  streams: {
    vendor: vendors,
    item: items,
    location: locations,
    stock_level: stockLevels,
    purchase_order: purchaseOrders,
    work_order: workOrders,
    asset: assets,
    user: users,
  },
  operations,
  unsupported,
  webhook,
})
