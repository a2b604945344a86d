/**
 * What SAP wants of new records and commands need not say. A field of the command goes first, then `custom_fields`,
 * then these; what is missing then is refused as REQUIRED with the name of the setting.
 */
export const writeDefaults = {
  purchase_order_type: {
    kind: 'text',
    title: 'Order type',
    help: 'Of new purchase orders.',
    default: 'NB',
  },
  purchasing_group: {
    kind: 'text',
    title: 'Purchasing group',
    help: 'Of new purchase orders; SAP wants one for each.',
  },
  purchase_order_anchor: {
    kind: 'choice',
    title: 'Anchor of purchase orders',
    help: 'Field of a new order that holds the mark by which a lost order is found again.',
    options: ['CorrespncInternalReference', 'PurchasingCollectiveNumber', 'SupplierRespSalesPersonName'],
    default: 'CorrespncInternalReference',
  },
  material_group: {
    kind: 'text',
    title: 'Material group',
    help: 'Of order lines without item, and of new items without category.',
  },
  tax_code: {
    kind: 'text',
    title: 'Tax code',
    help: 'Of new order lines. Empty: as SAP determines it.',
  },
  gl_account: {
    kind: 'text',
    title: 'G/L account',
    help: 'Of order lines that are charged to a cost center or an order. Empty: as SAP determines it.',
  },
  cost_center: {
    kind: 'text',
    title: 'Cost center',
    help: 'Charged for order lines without item, for goods issues and scrap that name none.',
  },
  bp_grouping: {
    kind: 'text',
    title: 'Grouping of suppliers',
    help: 'Business partner grouping of new vendors: decides their number range.',
  },
  bp_roles: {
    kind: 'list',
    title: 'Roles of suppliers',
    help: 'Roles of new vendors: FLVN00 accounting, FLVN01 purchasing.',
    default: ['FLVN00', 'FLVN01'],
  },
  reconciliation_account: {
    kind: 'text',
    title: 'Reconciliation account',
    help: 'Of new vendors in the company code.',
  },
  vendor_currency: {
    kind: 'text',
    title: 'Currency of suppliers',
    help: 'Order currency of new vendors that name none.',
  },
  vendor_payment_terms: {
    kind: 'text',
    title: 'Payment terms of suppliers',
    help: 'Of new vendors that name none.',
  },
  vendor_country: {
    kind: 'text',
    title: 'Country of suppliers',
    help: 'Two letters; of new vendors that name none.',
  },
  product_type: {
    kind: 'text',
    title: 'Product type',
    help: 'Of new items whose type is INVENTORY, e.g. ERSA or HAWA.',
  },
  industry_sector: {
    kind: 'text',
    title: 'Industry sector',
    help: 'Of new items, e.g. M.',
  },
  valuation_class: {
    kind: 'text',
    title: 'Valuation class',
    help: 'Of new items in the plants of this connection. Empty: items are made without valuation.',
  },
  maintenance_order_types: {
    kind: 'list',
    title: 'Types of maintenance orders',
    help: 'Of new work orders by maintenance type, e.g. CORRECTIVE=YA01, PREVENTIVE=YA02. A type alone is for all others.',
    default: ['CORRECTIVE=YA01', 'PREVENTIVE=YA02'],
  },
  planning_plant: {
    kind: 'text',
    title: 'Planning plant',
    help: 'Maintenance planning plant of new work orders.',
  },
  main_work_center: {
    kind: 'text',
    title: 'Work center',
    help: 'Main work center of new work orders that name no team.',
  },
  operation_control_key: {
    kind: 'text',
    title: 'Control key',
    help: 'Of operations of new work orders.',
    default: 'YBM1',
  },
  complete_as: {
    kind: 'choice',
    title: 'COMPLETED means',
    help: 'What a work order becomes: technically completed, or main work completed.',
    options: ['technically-completed', 'main-work-completed'],
    default: 'technically-completed',
  },
  cancel_as: {
    kind: 'choice',
    title: 'CANCELED means',
    help: 'What a work order becomes: not to be executed, or marked for deletion.',
    options: ['do-not-execute', 'marked-for-deletion'],
    default: 'do-not-execute',
  },
  movement_types: {
    kind: 'list',
    title: 'Movement types',
    help: "Own types by kind, e.g. SCRAP=551, ISSUE=201, ISSUE_TO_ORDER=261. Kinds that are not named use SAP's own.",
    default: [],
  },
  adjustment_up: {
    kind: 'text',
    title: 'Adjustment, more',
    help: 'Goods movement code and type for stock that was found, e.g. 05/501. Empty: adjustments are refused.',
  },
  adjustment_down: {
    kind: 'text',
    title: 'Adjustment, less',
    help: 'Goods movement code and type for stock that is missing, e.g. 03/551. Empty: adjustments are refused.',
  },
  reason_code: {
    kind: 'text',
    title: 'Reason code',
    help: 'Of goods movements that name no reason.',
  },
  posting_date_policy: {
    kind: 'choice',
    title: 'Posting date',
    help: 'Of goods movements that name none: the day of the command, or its document date.',
    options: ['today', 'document-date'],
    default: 'today',
  },
} as const

export interface WriteDefaults {
  readonly purchase_order_type: string
  readonly purchasing_group: string | null
  readonly purchase_order_anchor:
    | 'CorrespncInternalReference'
    | 'PurchasingCollectiveNumber'
    | 'SupplierRespSalesPersonName'
  readonly material_group: string | null
  readonly tax_code: string | null
  readonly gl_account: string | null
  readonly cost_center: string | null
  readonly bp_grouping: string | null
  readonly bp_roles: readonly string[]
  readonly reconciliation_account: string | null
  readonly vendor_currency: string | null
  readonly vendor_payment_terms: string | null
  readonly vendor_country: string | null
  readonly product_type: string | null
  readonly industry_sector: string | null
  readonly valuation_class: string | null
  readonly maintenance_order_types: readonly string[]
  readonly planning_plant: string | null
  readonly main_work_center: string | null
  readonly operation_control_key: string
  readonly complete_as: 'technically-completed' | 'main-work-completed'
  readonly cancel_as: 'do-not-execute' | 'marked-for-deletion'
  readonly movement_types: readonly string[]
  readonly adjustment_up: string | null
  readonly adjustment_down: string | null
  readonly reason_code: string | null
  readonly posting_date_policy: 'today' | 'document-date'
}
