import type { EnumModel } from './notation.ts'

export const ORIGIN: EnumModel = {
  enum: 'Origin',
  doc: 'How a state was noticed.',
  symbols: ['UNKNOWN', 'SNAPSHOT', 'INCREMENTAL', 'WEBHOOK', 'WRITE', 'SWEEP'],
}

export const OPERATION: EnumModel = {
  enum: 'Operation',
  doc: 'What a change record says. SEEN and SWEEP_* belong to sweeps, which find deletions by absence.',
  symbols: ['UNKNOWN', 'UPSERT', 'DELETE', 'SEEN', 'SWEEP_BEGIN', 'SWEEP_END', 'SWEEP_APPLY'],
}

export const ITEM_TYPE: EnumModel = {
  enum: 'ItemType',
  doc: 'What kind of thing an item is.',
  symbols: ['UNKNOWN', 'INVENTORY', 'NON_INVENTORY', 'SERVICE', 'KIT', 'ASSEMBLY'],
}

export const LOCATION_TYPE: EnumModel = {
  enum: 'LocationType',
  doc: 'Level in the tree of locations, loosely ISA-95.',
  symbols: ['UNKNOWN', 'SITE', 'WAREHOUSE', 'STORAGE', 'BIN', 'AREA', 'VIRTUAL'],
}

export const PURCHASE_ORDER_STATUS: EnumModel = {
  enum: 'PurchaseOrderStatus',
  doc: 'APPROVED = may be received against, sent or not. Billing is separate (billing_status).',
  symbols: [
    'UNKNOWN',
    'DRAFT',
    'PENDING_APPROVAL',
    'REJECTED',
    'APPROVED',
    'PARTIALLY_RECEIVED',
    'RECEIVED',
    'CLOSED',
    'CANCELED',
  ],
}

export const BILLING_STATUS: EnumModel = {
  enum: 'BillingStatus',
  doc: 'How much of an order the vendor has invoiced.',
  symbols: ['UNKNOWN', 'NOT_BILLED', 'PARTIALLY_BILLED', 'BILLED'],
}

export const MOVEMENT_KIND: EnumModel = {
  enum: 'MovementKind',
  doc: 'What a movement of stock was for.',
  symbols: ['UNKNOWN', 'RECEIPT', 'ISSUE', 'TRANSFER', 'ADJUSTMENT', 'COUNT', 'VENDOR_RETURN', 'SCRAP'],
}

export const MOVEMENT_STATUS: EnumModel = {
  enum: 'MovementStatus',
  doc: 'REVERSED = another movement cancels this one (its reverses_id).',
  symbols: ['UNKNOWN', 'DRAFT', 'POSTED', 'REVERSED'],
}

export const WORK_ORDER_STATUS: EnumModel = {
  enum: 'WorkOrderStatus',
  doc: 'OPEN = may be worked on; COMPLETED = work done; CLOSED = administratively final.',
  symbols: [
    'UNKNOWN',
    'DRAFT',
    'PENDING_APPROVAL',
    'OPEN',
    'IN_PROGRESS',
    'ON_HOLD',
    'COMPLETED',
    'CLOSED',
    'CANCELED',
  ],
}

export const PRIORITY: EnumModel = {
  enum: 'Priority',
  doc: 'Urgency; NONE = the source says that there is no priority.',
  symbols: ['UNKNOWN', 'NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'],
}

export const MAINTENANCE_TYPE: EnumModel = {
  enum: 'MaintenanceType',
  doc: 'The split of ISO 14224.',
  symbols: ['UNKNOWN', 'CORRECTIVE', 'PREVENTIVE', 'INSPECTION', 'IMPROVEMENT', 'OTHER'],
}

export const ASSET_KIND: EnumModel = {
  enum: 'AssetKind',
  doc: 'A thing, or the place in the plant where things are built in.',
  symbols: ['UNKNOWN', 'EQUIPMENT', 'FUNCTIONAL_LOCATION'],
}

export const ASSET_STATUS: EnumModel = {
  enum: 'AssetStatus',
  doc: 'DOWN = out of order; INACTIVE = not in use; DISPOSED = gone.',
  symbols: ['UNKNOWN', 'OPERATIONAL', 'DOWN', 'INACTIVE', 'DISPOSED'],
}
