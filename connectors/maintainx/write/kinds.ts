import type { Collection } from '../client.ts'
import { COLLECTIONS } from '../collections.ts'

/** A kind of record that is written. */
export interface Kind {
  /** For people: `vendor`. */
  readonly title: string
  readonly collection: Collection
  /** `GET /customfields/{entity}`. */
  readonly customFields: string
  /** What single reads and lists show only when asked. */
  readonly expandOne: readonly string[]
  readonly expandMany: readonly string[]
  /** `filter`: lists can be asked for a custom field's value. `scan`: only for the time of creation. */
  readonly search: 'filter' | 'scan'
  /** Properties that `custom_fields` may set beside custom fields, those of unified fields included. */
  readonly natives: readonly string[]
}

export const VENDOR: Kind = {
  title: 'vendor',
  collection: COLLECTIONS.vendors,
  customFields: 'vendors',
  expandOne: [],
  expandMany: ['extra_fields'],
  search: 'filter',
  natives: ['name', 'description', 'emails', 'phoneNumbers'],
}

export const PART: Kind = {
  title: 'part',
  collection: COLLECTIONS.parts,
  customFields: 'parts',
  expandOne: [],
  expandMany: ['extra_fields'],
  search: 'filter',
  natives: ['name', 'description', 'unitCost', 'barcode', 'partTypes', 'vendors', 'assetIds', 'teamIds', 'locations'],
}

export const LOCATION: Kind = {
  title: 'location',
  collection: COLLECTIONS.locations,
  customFields: 'locations',
  expandOne: [],
  expandMany: ['extra_fields'],
  search: 'filter',
  natives: ['name', 'description', 'address', 'barcode', 'parentId', 'vendorIds'],
}

export const ASSET: Kind = {
  title: 'asset',
  collection: COLLECTIONS.assets,
  customFields: 'assets',
  expandOne: [],
  expandMany: ['extra_fields'],
  search: 'filter',
  natives: [
    'name',
    'description',
    'barcode',
    'criticalityId',
    'parentId',
    'locationId',
    'teamIds',
    'assetTypes',
    'vendorIds',
    'serialNumber',
    'depreciation',
    'manufacturer',
    'model',
  ],
}

export const PURCHASE_ORDER: Kind = {
  title: 'purchase order',
  collection: COLLECTIONS.purchaseOrders,
  customFields: 'purchaseOrders',
  expandOne: [],
  expandMany: [],
  search: 'filter',
  natives: [
    'title',
    'note',
    'dueDate',
    'vendorId',
    'overrideNumber',
    'vendorContactIds',
    'shippingAddress',
    'shippingAddressId',
    'billingAddress',
    'billingAddressId',
    'costs',
  ],
}

export const WORK_ORDER: Kind = {
  title: 'work order',
  collection: COLLECTIONS.workOrders,
  customFields: 'workOrders',
  expandOne: ['assignees', 'estimated_time', 'parts', 'extra_fields'],
  expandMany: ['extra_fields'],
  search: 'scan',
  natives: [
    'title',
    'description',
    'priority',
    'type',
    'assetId',
    'locationId',
    'requesterId',
    'dueDate',
    'startDate',
    'estimatedTime',
    'assignees',
    'vendorIds',
    'categories',
    'externalData',
    'procedureTemplateId',
  ],
}
