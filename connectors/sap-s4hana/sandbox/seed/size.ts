/** How many objects of each kind the seed makes; their children come on top. */
export interface Size {
  vendors: number
  items: number
  plants: number
  purchaseOrders: number
  materialDocuments: number
  equipment: number
  functionalLocations: number
  maintenanceOrders: number
  users: number
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
    vendors: share(1 / 20, 12),
    items: share(1 / 10, 24),
    plants: Math.min(12, share(1 / 1000, 2)),
    purchaseOrders: orders,
    materialDocuments: share(1, 20),
    equipment: share(1 / 10, 12),
    functionalLocations: share(1 / 20, 10),
    maintenanceOrders: share(1 / 4, 20),
    users: share(1 / 100, 6),
  }
}

/** An order needs a supplier, a material and a plant to point at. */
function complete(size: Size): Size {
  const atLeastOne = (value: number, needed: boolean): number => Math.max(value, needed ? 1 : 0)
  const vendors = atLeastOne(size.vendors, size.purchaseOrders > 0)
  const items = atLeastOne(size.items, size.purchaseOrders + size.materialDocuments > 0)
  const functionalLocations = atLeastOne(size.functionalLocations, size.equipment + size.maintenanceOrders > 0)
  const plants = atLeastOne(size.plants, items + functionalLocations > 0)
  return { ...size, vendors, items, functionalLocations, plants }
}
