import type { EntityName } from '../../core/index.ts'
import type { Doc, Resource } from '../../connectors/maintainx/sandbox/index.ts'
import type { Facts, Truth } from './facts.ts'

/** Resources that the facts are made of. */
export const TRUTH_RESOURCES = [
  'workorders',
  'assets',
  'assetstatuses',
  'locations',
  'parts',
  'purchaseorders',
  'users',
  'vendors',
] as const satisfies readonly Resource[]

export type Docs = { readonly [R in (typeof TRUTH_RESOURCES)[number]]: readonly Doc[] }

/** What the system holds, in the words of the unified model, made from its records and not by the connector. */
export function maintainxTruth(docs: Docs, connectionId: string): Truth {
  const id = (entity: EntityName, key: unknown): string | null =>
    key === null || key === undefined ? null : `${connectionId}:${entity}:${String(key)}`
  const facts = (entity: EntityName, from: readonly Doc[], of: (doc: Doc) => Facts): Map<string, Facts> =>
    new Map(from.map((doc) => [id(entity, doc.id) ?? '', of(doc)]))
  const version = ({ updatedAt }: Doc): Facts => ({ version: `ts:${updatedAt}`, updated_at: Date.parse(updatedAt) })
  const at = (value: unknown): number | null => (typeof value === 'string' ? Date.parse(value) : null)
  const statuses = new Map(docs.assetstatuses.map((doc) => [doc.id, doc['status']]))
  return {
    work_order: facts('work_order', docs.workorders, (doc) => ({
      ...version(doc),
      order_number: String(doc['sequentialId']),
      title: doc['title'],
      description: doc['description'],
      source_status: doc['status'],
      source_priority: doc['priority'],
      asset_id: id('asset', doc['assetId']),
      location_id: id('location', doc['locationId']),
      due_at: at(doc['dueDate']),
      completed_at: at(doc['completedAt']),
    })),
    purchase_order: facts('purchase_order', docs.purchaseorders, (doc) => ({
      ...version(doc),
      vendor_id: id('vendor', doc['vendorId']),
      source_status: doc['status'],
      lines: (doc['items'] as unknown as readonly Facts[]).map((item) => ({
        item_id: id('item', item['partId']),
        quantity_ordered: item['quantityOrdered'],
        quantity_received: item['quantityReceived'],
      })),
    })),
    item: facts('item', docs.parts, (doc) => ({ ...version(doc), name: doc['name'], barcode: doc['barcode'] })),
    stock_level: new Map(
      docs.parts.flatMap((doc) =>
        (doc['locations'] as unknown as readonly Facts[]).map((level) => [
          id('stock_level', `${doc.id}|${String(level['locationId'])}`) ?? '',
          { ...version(doc), quantity_on_hand: level['availableQuantity'], minimum_quantity: level['minimumQuantity'] },
        ]),
      ),
    ),
    asset: facts('asset', docs.assets, (doc) => ({
      ...version(doc),
      name: doc['name'],
      source_status: statuses.get(doc['statusId'] as number),
    })),
    location: facts('location', docs.locations, (doc) => ({
      name: doc['name'],
      parent_id: id('location', doc['parentId']),
    })),
    vendor: facts('vendor', docs.vendors, (doc) => ({ name: doc['name'] })),
    user: facts('user', docs.users, (doc) => ({ first_name: doc['firstName'], email: doc['email'] })),
  }
}
