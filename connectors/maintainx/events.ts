import type { EntityName, Json, WebhookHint } from '../../core/index.ts'
import { isId, isRow, type Row } from './values.ts'

/** A kind of event, and what is asked of MaintainX beside its name. */
export interface EventKind {
  /** Entities whose records it tells about. */
  readonly entities: readonly EntityName[]
  /** More than ids, where ids alone do not name every record. */
  readonly options?: Row
}

/**
 * The events that are subscribed to, by MaintainX's names. None tells of a change of a location or vendor, of an asset
 * but its status, or that one of them or a purchase order is deleted: polls and key sweeps find those.
 */
export const EVENTS: { readonly [type: string]: EventKind } = {
  NEW_WORK_ORDER: { entities: ['work_order'] },
  WORK_ORDER_CHANGE: { entities: ['work_order'] },
  WORK_ORDER_STATUS_CHANGE: { entities: ['work_order'] },
  // its body would else be the one of a change in the same moment, and taken for the same delivery
  WORK_ORDER_DELETE: { entities: ['work_order'], options: { serializeEntity: true } },
  NEW_ASSET: { entities: ['asset'] },
  ASSET_STATUS_CHANGE: { entities: ['asset'] },
  NEW_LOCATION: { entities: ['location'] },
  NEW_VENDOR: { entities: ['vendor'] },
  // a new part has stock from the beginning
  NEW_PART: { entities: ['item', 'stock_level'], options: { serializeEntity: true } },
  PART_CHANGE: { entities: ['item', 'stock_level'] },
  // afterwards nobody can say where it was
  PART_DELETE: { entities: ['item', 'stock_level'], options: { serializeEntity: true } },
  PART_QUANTITY_CHANGE: { entities: ['stock_level'] },
  NEW_PURCHASE_ORDER: { entities: ['purchase_order'] },
  PURCHASE_ORDER_CHANGE: { entities: ['purchase_order'] },
  PURCHASE_ORDER_STATUS_CHANGE: { entities: ['purchase_order'] },
  USER_INVITED: { entities: ['user'] },
  USER_ACTIVATED: { entities: ['user'] },
  USER_ROLE_CHANGED: { entities: ['user'] },
  USER_REMOVED: { entities: ['user'] },
}

/**
 * The records that a body is about. Bodies do not name their event, so it is told by their ids; what has none that is
 * known (comments of conversations, tokens, meters, requests) is about nothing that is read here.
 */
export function hintsIn(body: Json): readonly WebhookHint[] {
  if (!isRow(body)) throw new TypeError('the body is no JSON object')
  const one = (entity: EntityName, id: Json | undefined) => {
    const key = idText(id)
    return key === null ? [] : [{ entity, key }]
  }
  if (has(body, 'workOrderId')) return one('work_order', body['workOrderId'])
  // with the vendor's id beside it
  if (has(body, 'purchaseOrderId')) return one('purchase_order', body['purchaseOrderId'])
  if (has(body, 'partId')) return partHints(body)
  if (has(body, 'assetId')) return one('asset', body['assetId'])
  if (has(body, 'locationId')) return one('location', body['locationId'])
  if (has(body, 'vendorId')) return one('vendor', body['vendorId'])
  if (has(body, 'targetUserId')) return one('user', body['targetUserId'])
  return [...transferHints(body['sourceData']), ...transferHints(body['destinationData'])]
}

/** The part, and its stock where the body says which; else the stock of all parts changed lately is read. */
function partHints(body: Row): readonly WebhookHint[] {
  const part = idText(body['partId'])
  if (part === null) return []
  const whole = [body['newPart'], body['deletedPart']].find(isRow)
  const places = placesIn(whole === undefined ? body['locations'] : whole['locations'])
  const stock = places.map((place) => ({ entity: 'stock_level' as const, key: `${part}|${place}` }))
  return [
    { entity: 'item', key: part },
    ...(stock.length > 0 ? stock : [{ entity: 'stock_level' as const, key: null }]),
  ]
}

/** One side of a transfer between organizations. */
function transferHints(side: Json | undefined): readonly WebhookHint[] {
  if (!isRow(side)) return []
  const [part, place] = [idText(side['partId']), idText(side['locationId'])]
  if (part === null) return []
  const places = [...(place === null ? [] : [place]), ...placesIn(side['locations'])]
  return places.map((each) => ({ entity: 'stock_level', key: `${part}|${each}` }))
}

const placesIn = (locations: Json | undefined): readonly string[] => {
  const rows = Array.isArray(locations) ? (locations as readonly Json[]).filter(isRow) : []
  return rows.map(({ locationId }) => idText(locationId)).filter((id) => id !== null)
}

const has = (body: Row, name: string): boolean => (body[name] ?? null) !== null

function idText(value: Json | undefined): string | null {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : ''
  return isId(text) ? text : null
}
