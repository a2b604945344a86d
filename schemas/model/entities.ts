import { ASSET, WORK_ORDER } from './maintenance.ts'
import type { EntityModel } from './notation.ts'
import { USER, VENDOR } from './partners.ts'
import { PURCHASE_ORDER } from './purchasing.ts'
import { INVENTORY_MOVEMENT, ITEM, LOCATION, STOCK_LEVEL } from './stock.ts'

/** Every unified entity, in the order in which dependants like to see them. */
export const ENTITIES: readonly EntityModel[] = [
  VENDOR,
  ITEM,
  LOCATION,
  STOCK_LEVEL,
  PURCHASE_ORDER,
  WORK_ORDER,
  ASSET,
  USER,
  INVENTORY_MOVEMENT,
]
