/** How many records of a kind are made. */
export interface Size {
  readonly workOrders: number
  readonly assets: number
  readonly parts: number
  readonly vendors: number
  readonly users: number
  readonly purchaseOrders: number
}

const PLANT = 500

/** @param size number of work orders with the rest in proportion, or single numbers; 0 = people and lists alone */
export function sizeOf(size: Partial<Size> | number | undefined): Size {
  const given = typeof size === 'object' ? size : {}
  const workOrders = typeof size === 'number' ? size : (given.workOrders ?? PLANT)
  const share = (part: number): number => Math.ceil(workOrders * part)
  const defaults = {
    workOrders,
    assets: share(0.15),
    parts: share(0.2),
    vendors: workOrders === 0 ? 0 : Math.max(4, share(0.03)),
    users: Math.max(4, share(0.02)),
    purchaseOrders: share(0.2),
  }
  return { ...defaults, ...given }
}
