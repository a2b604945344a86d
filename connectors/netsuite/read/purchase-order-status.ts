import {
  type BillingStatus,
  decimals,
  fromVocabulary,
  type MappingSettings,
  type PurchaseOrderLine,
  type PurchaseOrderStatus,
  VOCABULARIES,
} from '../../../core/index.ts'
import { type Row, text } from '../values.ts'

/** unified-model.md 4.2. */
const BY_LETTER: { readonly [letter: string]: PurchaseOrderStatus } = {
  A: 'PENDING_APPROVAL',
  B: 'APPROVED',
  C: 'REJECTED',
  D: 'PARTIALLY_RECEIVED',
  E: 'PARTIALLY_RECEIVED',
  F: 'RECEIVED',
  G: 'RECEIVED',
  H: 'CLOSED',
}

/** The same by name, in English: public sources disagree on what C to E stand for. */
const BY_NAME: { readonly [name: string]: PurchaseOrderStatus } = {
  'pending supervisor approval': 'PENDING_APPROVAL',
  'pending receipt': 'APPROVED',
  'rejected by supervisor': 'REJECTED',
  'partially received': 'PARTIALLY_RECEIVED',
  'pending billing/partially received': 'PARTIALLY_RECEIVED',
  'pending bill': 'RECEIVED',
  'pending billing': 'RECEIVED',
  'fully billed': 'RECEIVED',
  closed: 'CLOSED',
}

/** `B` of `B` and of `PurchOrd:B`: both are seen. */
export const letterOf = (order: Row): string | null => text(order['status'])?.split(':').at(-1)?.trim() ?? null

/** `pending receipt` of `Purchase Order : Pending Receipt`. */
export const nameOf = (order: Row): string | null =>
  text(order['statusname'])?.split(' : ').at(-1)?.trim().toLowerCase() ?? null

export function statusOf(order: Row, settings: MappingSettings): PurchaseOrderStatus {
  const letter = letterOf(order)
  const named = BY_NAME[nameOf(order) ?? '']
  const known = letter === null || named === undefined ? BY_LETTER : { ...BY_LETTER, [letter]: named }
  return fromVocabulary(settings, 'purchase_order.status', letter, known, VOCABULARIES.PurchaseOrderStatus)
}

/** By the status where it tells, else by what the lines say was billed. */
export function billingStatusOf(order: Row, lines: readonly PurchaseOrderLine[]): BillingStatus {
  const letter = letterOf(order)
  if (nameOf(order) === 'fully billed' || letter === 'G') return 'BILLED'
  const counted = lines.filter((line) => line.quantity_ordered !== null && decimals.signOf(line.quantity_ordered) !== 0)
  if (counted.length > 0 && counted.every((line) => line.quantity_billed !== null)) {
    if (counted.every(isBilled)) return 'BILLED'
    return counted.some((line) => decimals.signOf(line.quantity_billed ?? '0') !== 0)
      ? 'PARTIALLY_BILLED'
      : 'NOT_BILLED'
  }
  if (letter === 'E') return 'PARTIALLY_BILLED'
  return letter !== null && 'ABC'.includes(letter) ? 'NOT_BILLED' : 'UNKNOWN'
}

const isBilled = ({ quantity_billed: billed, quantity_ordered: ordered }: PurchaseOrderLine): boolean =>
  decimals.compare(decimals.absolute(billed ?? '0'), decimals.absolute(ordered ?? '0')) >= 0
