import {
  type BillingStatus,
  fromVocabulary,
  type MappingSettings,
  type PurchaseOrderStatus,
  VOCABULARIES,
} from '../../../core/index.ts'
import { flag, type Row, text } from '../values.ts'

/** PurchasingProcessingStatus. */
const PROCESSING = { '02': 'APPROVED', '03': 'PENDING_APPROVAL', '05': 'APPROVED', '08': 'REJECTED' } as const

/** L = deleted (DELETE of an item leaves its row with this); S = blocked, which is no cancellation. */
export const isDeleted = (row: Row): boolean => text(row['PurchasingDocumentDeletionCode']) === 'L'

/**
 * First of CANCELED, DRAFT, REJECTED, PENDING_APPROVAL, CLOSED, RECEIVED, PARTIALLY_RECEIVED, APPROVED that holds
 * (unified-model.md 4.2). What was received is known only by the items' "delivery completed". A processing status that
 * nobody knows hides all that follows from approval.
 */
export function statusOf(order: Row, items: readonly Row[], settings: MappingSettings): PurchaseOrderStatus {
  const live = items.filter((item) => !isDeleted(item))
  if (isDeleted(order) || (items.length > 0 && live.length === 0)) return 'CANCELED'
  if (flag(order['PurchasingCompletenessStatus']) === true) return 'DRAFT'
  const processing = text(order['PurchasingProcessingStatus'])
  const stage =
    processing === null
      ? 'APPROVED'
      : fromVocabulary(settings, 'purchase_order.status', processing, PROCESSING, VOCABULARIES.PurchaseOrderStatus)
  if (stage === 'REJECTED') return 'REJECTED'
  if (flag(order['ReleaseIsNotCompleted']) === true) return 'PENDING_APPROVAL'
  return stage === 'APPROVED' ? receiptStatus(live) : stage
}

function receiptStatus(live: readonly Row[]): PurchaseOrderStatus {
  const delivered = live.filter((item) => flag(item['IsCompletelyDelivered']) === true)
  if (delivered.length === 0) return 'APPROVED'
  if (delivered.length < live.length) return 'PARTIALLY_RECEIVED'
  return live.every(isInvoiced) ? 'CLOSED' : 'RECEIVED'
}

/** Processing status and deletion code as they came: `02`, `02/L`. */
export const sourceStatusOf = (order: Row): string | null =>
  [text(order['PurchasingProcessingStatus']), text(order['PurchasingDocumentDeletionCode'])]
    .filter((each) => each !== null)
    .join('/') || null

/** An item says only when its last invoice is in: none said so = nobody knows whether something was billed. */
export function billingStatusOf(items: readonly Row[]): BillingStatus {
  const live = items.filter((item) => !isDeleted(item))
  if (live.length === 0 || !live.some(isInvoiced)) return 'UNKNOWN'
  return live.every(isInvoiced) ? 'BILLED' : 'PARTIALLY_BILLED'
}

const isInvoiced = (item: Row): boolean => flag(item['IsFinallyInvoiced']) === true
