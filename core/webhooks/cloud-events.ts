import { ENTITY_NAMES, type EntityName } from '../../schemas/generated/entities.ts'
import type { WebhookHint } from '../webhook.ts'

type Fields = { readonly [field: string]: unknown }

/**
 * Business objects of S/4HANA events (`sap.s4.beh.purchaseorder.v1.PurchaseOrder.Changed.v1`) that have another name
 * here. Names of types are from memory (unverified). `key`: field of `data` that is our native key too.
 */
const OBJECTS: { readonly [name: string]: { readonly entity: EntityName; readonly key?: string } } = {
  purchase_order: { entity: 'purchase_order', key: 'PurchaseOrder' },
  product: { entity: 'item', key: 'Product' },
  supplier: { entity: 'vendor', key: 'Supplier' },
  // The number of the partner need not be the number of the supplier.
  business_partner: { entity: 'vendor' },
  maintenance_order: { entity: 'work_order' },
  equipment: { entity: 'asset' },
  functional_location: { entity: 'asset' },
}

/** @param body fields of a JSON body; null = none */
export function isCloudEvent(headers: { readonly [name: string]: string }, body: Fields | null): boolean {
  return headers['ce-type'] !== undefined || (typeof body?.['specversion'] === 'string' && body['type'] !== undefined)
}

/**
 * What a CloudEvent (binary or structured) says: the entity is a part of its `type`, the key its `subject`, or the field
 * of `data` with the object's name. Types that name no entity: nothing. No key: the entity's increment is read.
 */
export function cloudEventHints(headers: { readonly [name: string]: string }, body: Fields | null): WebhookHint[] {
  const binary = headers['ce-type'] !== undefined
  const type = binary ? headers['ce-type'] : body?.['type']
  const subject = binary ? headers['ce-subject'] : body?.['subject']
  const data = (binary ? body : body?.['data']) as Fields | null | undefined
  if (typeof type !== 'string') return []
  for (const part of type.split(/[./]/)) {
    const name = snake(part)
    const isEntity = (ENTITY_NAMES as readonly string[]).includes(name)
    const object = Object.hasOwn(OBJECTS, name) ? OBJECTS[name] : undefined
    if (!isEntity && object === undefined) continue
    const inData = object?.key === undefined ? undefined : data?.[object.key]
    // Subjects of SAP's events are not said to be keys: only those of types that name our entity are taken for one.
    const key = typeof inData === 'string' ? inData : isEntity && typeof subject === 'string' ? subject : ''
    return [{ entity: object?.entity ?? (name as EntityName), key: key === '' ? null : key }]
  }
  return []
}

/** `PurchaseOrder`, `purchase-order` → `purchase_order`. */
const snake = (text: string): string =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
