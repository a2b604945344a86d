/** Which rules belong to which entity set. */
import type { EntitySet } from '../model.ts'
import { purchaseOrderItems } from './purchase-order-items.ts'
import { accountAssignments, orderTexts, scheduleLines } from './purchase-order-lines.ts'
import { purchaseOrders } from './purchase-orders.ts'
import type { EntityRules } from './rules.ts'

const RULES: Readonly<Record<string, EntityRules>> = {
  A_PurchaseOrder: purchaseOrders,
  A_PurchaseOrderItem: purchaseOrderItems,
  A_PurchaseOrderScheduleLine: scheduleLines,
  A_PurOrdAccountAssignment: accountAssignments,
  A_PurchaseOrderNote: orderTexts,
  A_PurchaseOrderItemNote: orderTexts,
}

const NONE: EntityRules = {}

export function rulesOf(set: EntitySet): EntityRules {
  return RULES[set.name] ?? NONE
}
