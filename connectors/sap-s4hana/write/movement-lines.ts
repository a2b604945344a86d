import type { SapSession } from '../session.ts'
import type { Row } from '../values.ts'
import { valuesOf } from './mapped.ts'
import { adjustmentOf, type Posting, postingOf } from './movement-codes.ts'
import { MOVED } from './movement-fields.ts'
import { quantityIn } from './purchase-order-items.ts'
import type { Sent } from './sent.ts'
import { unitIn } from './units-out.ts'
import { decimals, type Findings, type MappingSettings } from '../../../core/index.ts'
import { keyIn, partsIn, type Place, placeIn } from './write-references.ts'

export interface MovedLine {
  readonly body: Row
  readonly posting: Posting | null
}

export interface MovementFacts {
  readonly kind: string
  readonly header: Sent
  /** COUNT: what is to be added to the stock, by line. */
  readonly differences: readonly string[] | null
  readonly mapping: MappingSettings
}

/** Body of one item of the document, posted at the place where the goods are or come to. */
export function movedLine(
  session: SapSession,
  sent: Sent,
  index: number,
  { kind, header, differences, mapping }: MovementFacts,
  findings: Findings,
): MovedLine {
  const { at } = sent
  const material = keyIn(sent, 'item_id', 'item', findings)
  const from = placeIn(sent, 'from_location_id', findings)
  const to = placeIn(sent, 'to_location_id', findings)
  const order = partsIn(sent, 'purchase_order_line_id', 'purchase_order_line', findings)
  const work =
    keyIn(sent, 'work_order_id', 'work_order', findings) ?? keyIn(header, 'work_order_id', 'work_order', findings)
  const unit = unitIn(sent, mapping, findings)
  const quantity = kind === 'COUNT' ? (differences?.[index] ?? null) : quantityIn(sent, 'quantity', findings)
  const isMore = quantity !== null && decimals.compare(quantity, '0') > 0
  const missing = (field: string, message: string) => {
    if (sent.text(field) === null) findings.add(`${at}${field}`, 'REQUIRED', message)
  }
  if (kind !== 'COUNT') {
    missing('quantity', 'must be given')
    if (quantity !== null && !isMore && (kind !== 'ADJUSTMENT' || decimals.compare(quantity, '0') === 0))
      findings.add(`${at}quantity`, 'INVALID_VALUE', kind === 'ADJUSTMENT' ? 'must not be 0' : 'must be more than 0')
  }
  if (order === null || kind !== 'RECEIPT') missing('item_id', 'must be given')
  const posted = (): { readonly posting: Posting | null; readonly place: Place | null; readonly more: Row } => {
    switch (kind) {
      case 'RECEIPT': {
        missing('to_location_id', 'goods are received at a place')
        const posting = postingOf(session, order === null ? 'RECEIPT_WITHOUT_ORDER' : 'RECEIPT')
        return { posting, place: to, more: orderRow(order) }
      }
      case 'VENDOR_RETURN':
        missing('from_location_id', 'goods leave a place')
        missing('purchase_order_line_id', 'goods go back for the order line that they came with')
        return { posting: postingOf(session, kind), place: from, more: orderRow(order) }
      case 'TRANSFER': {
        missing('from_location_id', 'goods leave a place')
        missing('to_location_id', 'goods go to a place')
        if (from !== null && to !== null && from.plant === to.plant && from.storageLocation === to.storageLocation)
          findings.add(`${at}to_location_id`, 'INVALID_VALUE', 'must be another place than from_location_id')
        const isFar = from !== null && to !== null && from.plant !== to.plant
        return {
          posting: postingOf(session, isFar ? 'TRANSFER_BETWEEN_PLANTS' : kind),
          place: from,
          more: otherPlace(to),
        }
      }
      case 'ISSUE':
        missing('from_location_id', 'goods leave a place')
        if (work !== null)
          return { posting: postingOf(session, 'ISSUE_TO_ORDER'), place: from, more: { ManufacturingOrder: work } }
        return { posting: postingOf(session, kind), place: from, more: costCenterRow(session, sent, true, findings) }
      case 'SCRAP':
        missing('from_location_id', 'goods leave a place')
        return { posting: postingOf(session, kind), place: from, more: costCenterRow(session, sent, false, findings) }
      default:
        missing('to_location_id', 'stock is adjusted at a place')
        return {
          posting: quantity === null ? null : adjustmentOf(session, isMore, sent, findings),
          place: to,
          more: costCenterRow(session, sent, false, findings),
        }
    }
  }
  const { posting, place, more } = posted()
  const { reason_code } = session.config
  return {
    posting,
    body: {
      ...(material === null ? {} : { Material: material }),
      ...(place === null ? {} : { Plant: place.plant }),
      ...(place?.storageLocation == null ? {} : { StorageLocation: place.storageLocation }),
      ...(posting === null ? {} : { GoodsMovementType: posting.type }),
      ...(quantity === null ? {} : { QuantityInEntryUnit: decimals.absolute(quantity) }),
      ...(unit === null ? {} : { EntryUnit: unit }),
      ...(reason_code === null ? {} : { GoodsMovementReasonCode: reason_code }),
      ...valuesOf(MOVED, sent),
      ...more,
      ...sent.custom(findings),
    },
  }
}

const orderRow = (order: readonly string[] | null): Row =>
  order === null
    ? {}
    : { GoodsMovementRefDocType: 'B', PurchaseOrder: order[0] ?? '', PurchaseOrderItem: order[1] ?? '' }

const otherPlace = (to: Place | null): Row =>
  to === null
    ? {}
    : {
        IssuingOrReceivingPlant: to.plant,
        ...(to.storageLocation === null ? {} : { IssuingOrReceivingStorageLoc: to.storageLocation }),
      }

function costCenterRow({ config }: SapSession, sent: Sent, isNeeded: boolean, findings: Findings): Row {
  const costCenter = sent.text('cost_center') ?? config.cost_center
  if (costCenter !== null) return { CostCenter: costCenter }
  if (isNeeded)
    findings.add(
      `${sent.at}cost_center`,
      'REQUIRED',
      'goods are issued to a cost center or a work order: give one, or set cost_center',
    )
  return {}
}
