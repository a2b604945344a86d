/** How many objects of each kind the seed makes; their children (lines, addresses, stock, receipts) come on top. */
export interface Size {
  vendors: number
  items: number
  locations: number
  employees: number
  purchaseOrders: number
  adjustments: number
  transfers: number
  workOrders: number
  /** Transactions of other kinds, which no reader should take for its own. */
  otherTransactions: number
  cases: number
  tasks: number
  assets: number
  maintenance: number
  /** Deleted objects of each kind. */
  deletions: number
}

const DEFAULT_ORDERS = 2000

/** A number is the number of purchase orders, with the rest in proportion; a part of a size is completed the same way. */
export function sizeOf(wanted: Partial<Size> | number = DEFAULT_ORDERS): Size {
  const given = typeof wanted === 'number' ? {} : wanted
  const orders = typeof wanted === 'number' ? wanted : (wanted.purchaseOrders ?? DEFAULT_ORDERS)
  return complete({ ...inProportion(orders), ...given })
}

function inProportion(orders: number): Size {
  const share = (part: number, least: number): number => (orders === 0 ? 0 : Math.max(least, Math.round(orders * part)))
  return {
    vendors: share(1 / 20, 16),
    items: share(1 / 10, 40),
    locations: Math.min(40, share(1 / 250, 8)),
    employees: share(1 / 100, 10),
    purchaseOrders: orders,
    adjustments: share(1 / 8, 12),
    transfers: share(1 / 10, 12),
    workOrders: share(1 / 8, 12),
    otherTransactions: share(1 / 50, 6),
    cases: share(1 / 8, 12),
    tasks: share(1 / 8, 12),
    assets: share(1 / 10, 20),
    maintenance: share(1 / 8, 16),
    deletions: share(1 / 200, 4),
  }
}

/** A transaction needs a vendor, an item, a location and a person to point at. */
function complete(size: Size): Size {
  const atLeastOne = (value: number, needed: boolean): number => Math.max(value, needed ? 1 : 0)
  const movements = size.purchaseOrders + size.adjustments + size.transfers + size.workOrders + size.otherTransactions
  const service = size.cases + size.tasks + size.assets + size.maintenance
  const vendors = atLeastOne(size.vendors, size.purchaseOrders + size.otherTransactions + service > 0)
  const items = atLeastOne(size.items, movements + service > 0)
  const locations = atLeastOne(size.locations, items > 0)
  const employees = atLeastOne(size.employees, movements + service > 0)
  return { ...size, vendors, items, locations, employees }
}
