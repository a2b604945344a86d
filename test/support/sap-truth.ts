import type { EntityName } from '../../core/index.ts'
import type { Row } from '../../connectors/sap-s4hana/sandbox/model.ts'
import type { Store } from '../../connectors/sap-s4hana/sandbox/store.ts'
import type { Facts, Truth } from './facts.ts'

/**
 * What the sandbox of S/4HANA really holds, read from its tables: the business facts of every record, under the names
 * of the unified model. Shares no code with the connector.
 */
export const SAP_ENTITIES: readonly EntityName[] = [
  'vendor',
  'item',
  'location',
  'stock_level',
  'purchase_order',
  'inventory_movement',
  'work_order',
  'asset',
  'user',
]

/** Unified id of an entity or line by its native key. */
type Id = (entity: string, ...key: string[]) => string

/** The organizations whose terms the connection reads. */
const COMPANY = '1010'
const PURCHASING = '1010'

export function readSapTruth(store: Store, id: Id): Truth {
  const rows = (service: string, set: string): Row[] => store.select(store.set(service, set))
  const partners = (set: string) => rows('API_BUSINESS_PARTNER', set)
  return {
    vendor: vendors(partners, id),
    item: items((set) => rows('API_PRODUCT_SRV', set), id),
    location: locations(rows('API_PLANT_SRV', 'A_Plant'), rows('API_STORAGELOCATION_SRV', 'StorageLocation'), id),
    stock_level: stock(rows('API_MATERIAL_STOCK_SRV', 'A_MatlStkInAcctMod'), id),
    purchase_order: orders((set) => rows('API_PURCHASEORDER_PROCESS_SRV', set), id),
    inventory_movement: movements((set) => rows('API_MATERIAL_DOCUMENT_SRV', set), id),
    work_order: workOrders((set) => rows('API_MAINTENANCEORDER', set), id),
    asset: assets(rows('API_EQUIPMENT', 'Equipment'), rows('API_FUNCTIONALLOCATION', 'FunctionalLocation'), id),
    user: users(partners, id),
  }
}

type Rows = (set: string) => Row[]

const text = (value: Row[string] | undefined): string => (typeof value === 'string' ? value : '')
const some = (value: Row[string] | undefined): string | null => text(value).trim() || null
const day = (value: Row[string] | undefined): string | null =>
  typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : null

function grouped(rows: readonly Row[], ...by: string[]): (...key: Row[string][]) => Row[] {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const key = JSON.stringify(by.map((name) => row[name]))
    found.set(key, [...(found.get(key) ?? []), row])
  }
  return (...key) => found.get(JSON.stringify(key)) ?? []
}

const keyed = (rows: readonly Row[], key: (row: Row) => string, facts: (row: Row) => Facts) =>
  new Map(rows.map((row) => [key(row), facts(row)]))

/** Without leading zeros, as people say it. */
const bare = (number: string) => number.replace(/^0+(?=\d)/, '')

/** Decimal texts added without a float in between. */
function total(texts: readonly string[]): string {
  const digits = Math.max(0, ...texts.map((each) => each.split('.')[1]?.length ?? 0))
  const scaled = texts.map((each) => {
    const [whole = '0', fraction = ''] = each.split('.')
    return BigInt(`${whole}${fraction.padEnd(digits, '0')}`)
  })
  const sum = scaled.reduce((all, each) => all + each, 0n)
  const unsigned = (sum < 0n ? -sum : sum).toString().padStart(digits + 1, '0')
  const cut = unsigned.length - digits
  return `${sum < 0n ? '-' : ''}${unsigned.slice(0, cut)}${digits === 0 ? '' : `.${unsigned.slice(cut)}`}`
}

function vendors(rows: Rows, id: Id): Map<string, Facts> {
  const supplier = grouped(rows('A_Supplier'), 'Supplier')
  const terms = grouped(rows('A_SupplierPurchasingOrg'), 'Supplier', 'PurchasingOrganization')
  const company = grouped(rows('A_SupplierCompany'), 'Supplier', 'CompanyCode')
  const addresses = grouped(rows('A_BusinessPartnerAddress'), 'BusinessPartner')
  const suppliers = rows('A_BusinessPartner').filter((partner) => partner['Supplier'] !== '')
  return keyed(
    suppliers,
    (partner) => id('vendor', text(partner['Supplier'])),
    (partner) => {
      const number = text(partner['Supplier'])
      const [own = {}] = supplier(number)
      const [ordering = {}] = terms(number, PURCHASING)
      const [accounting = {}] = company(number, COMPANY)
      const places = addresses(partner['BusinessPartner'] ?? '')
      const only = places.length === 1 ? places[0] : undefined
      return {
        vendor_number: number,
        name: some(own['SupplierName']) ?? number,
        currency: some(ordering['PurchaseOrderCurrency']),
        payment_terms: some(ordering['PaymentTerms']) ?? some(accounting['PaymentTerms']),
        is_active: own['DeletionIndicator'] !== true && partner['IsMarkedForArchiving'] !== true,
        is_blocked:
          own['PurchasingIsBlocked'] === true ||
          partner['BusinessPartnerIsBlocked'] === true ||
          ordering['PurchasingIsBlockedForSupplier'] === true,
        ...(only === undefined
          ? {}
          : { city: some(only['CityName']), postal_code: some(only['PostalCode']), country: some(only['Country']) }),
      }
    },
  )
}

function items(rows: Rows, id: Id): Map<string, Facts> {
  const described = grouped(rows('A_ProductDescription'), 'Product', 'Language')
  return keyed(
    rows('A_Product'),
    (product) => id('item', text(product['Product'])),
    (product) => {
      const [english] = described(product['Product'] ?? '', 'EN')
      return {
        item_number: product['Product'],
        ...(english === undefined ? {} : { name: some(english['ProductDescription']) ?? product['Product'] }),
        category: some(product['ProductGroup']),
        source_unit: some(product['BaseUnit']),
        source_item_type: some(product['ProductType']),
        barcode: some(product['ProductStandardID']),
        is_lot_tracked: product['IsBatchManagementRequired'],
        is_active: product['IsMarkedForDeletion'] !== true,
      }
    },
  )
}

function locations(plants: readonly Row[], storage: readonly Row[], id: Id): Map<string, Facts> {
  const plantId = (row: Row) => id('location', 'plant', text(row['Plant']))
  return new Map([
    ...keyed(plants, plantId, (row) => ({
      location_code: row['Plant'],
      name: some(row['PlantName']) ?? row['Plant'],
      location_type: 'SITE',
      parent_id: null,
      holds_stock: false,
    })),
    ...keyed(
      storage,
      (row) => id('location', 'sloc', text(row['Plant']), text(row['StorageLocation'])),
      (row) => ({
        location_code: row['StorageLocation'],
        name: some(row['StorageLocationName']) ?? row['StorageLocation'],
        location_type: 'STORAGE',
        parent_id: plantId(row),
        holds_stock: true,
      }),
    ),
  ])
}

function place(row: Row, id: Id): string | null {
  const [plant, storage] = [text(row['Plant']), text(row['StorageLocation'])]
  if (plant === '') return null
  return storage === '' ? id('location', 'plant', plant) : id('location', 'sloc', plant, storage)
}

function stock(rows: readonly Row[], id: Id): Map<string, Facts> {
  const own = rows.filter((row) => row['InventorySpecialStockType'] === '')
  const level = ['Material', 'Plant', 'StorageLocation'] as const
  const levels = grouped(own, ...level)
  return keyed(
    own,
    (row) => id('stock_level', ...level.map((name) => text(row[name]))),
    (row) => {
      const of = (...types: string[]) =>
        total(
          levels(...level.map((name) => row[name] ?? ''))
            .filter((each) => types.includes(text(each['InventoryStockType'])))
            .map((each) => text(each['MatlWrhsStkQtyInMatlBaseUnit'])),
        )
      return {
        item_id: id('item', text(row['Material'])),
        location_id: place(row, id),
        source_unit: row['MaterialBaseUnit'],
        quantity_unrestricted: of('01'),
        quantity_inspection: of('02'),
        quantity_blocked: of('07'),
      }
    },
  )
}

const CODES: Record<string, string> = { '03': 'PENDING_APPROVAL', '08': 'REJECTED' }

function orderStatus(order: Row, items: readonly Row[]): string {
  const live = items.filter((item) => item['PurchasingDocumentDeletionCode'] !== 'L')
  if (order['PurchasingDocumentDeletionCode'] === 'L' || (items.length > 0 && live.length === 0)) return 'CANCELED'
  if (order['PurchasingCompletenessStatus'] === true) return 'DRAFT'
  const told = CODES[text(order['PurchasingProcessingStatus'])]
  if (told === 'REJECTED') return told
  if (order['ReleaseIsNotCompleted'] === true || told !== undefined) return 'PENDING_APPROVAL'
  const delivered = live.filter((item) => item['IsCompletelyDelivered'] === true)
  if (delivered.length === 0) return 'APPROVED'
  if (delivered.length < live.length) return 'PARTIALLY_RECEIVED'
  return live.every((item) => item['IsFinallyInvoiced'] === true) ? 'CLOSED' : 'RECEIVED'
}

function orders(rows: Rows, id: Id): Map<string, Facts> {
  const itemsOf = grouped(rows('A_PurchaseOrderItem'), 'PurchaseOrder')
  const deliveries = grouped(rows('A_PurchaseOrderScheduleLine'), 'PurchasingDocument', 'PurchasingDocumentItem')
  return keyed(
    rows('A_PurchaseOrder'),
    (order) => id('purchase_order', text(order['PurchaseOrder'])),
    (order) => {
      const number = text(order['PurchaseOrder'])
      const items = itemsOf(number).sort(
        (a, b) => Number(a['PurchaseOrderItem'] ?? 0) - Number(b['PurchaseOrderItem'] ?? 0),
      )
      return {
        order_number: number,
        vendor_id: some(order['Supplier']) === null ? null : id('vendor', text(order['Supplier'])),
        status: orderStatus(order, items),
        order_date: day(order['PurchaseOrderDate']),
        currency: some(order['DocumentCurrency']),
        payment_terms: some(order['PaymentTerms']),
        organization: some(order['CompanyCode']),
        lines: items.map((item) => ({
          line_id: id('purchase_order_line', number, bare(text(item['PurchaseOrderItem']))),
          line_number: bare(text(item['PurchaseOrderItem'])),
          item_id: some(item['Material']) === null ? null : id('item', text(item['Material'])),
          description: some(item['PurchaseOrderItemText']),
          quantity_ordered: item['OrderQuantity'],
          source_unit: some(item['PurchaseOrderQuantityUnit']),
          location_id: place(item, id),
          expected_date:
            deliveries(number, item['PurchaseOrderItem'] ?? '')
              .flatMap((line) => day(line['ScheduleLineDeliveryDate']) ?? [])
              .sort()[0] ?? null,
          is_closed: item['IsCompletelyDelivered'],
          is_canceled: item['PurchasingDocumentDeletionCode'] === 'L',
        })),
      }
    },
  )
}

function movements(rows: Rows, id: Id): Map<string, Facts> {
  const itemsOf = grouped(rows('A_MaterialDocumentItem'), 'MaterialDocumentYear', 'MaterialDocument')
  return keyed(
    rows('A_MaterialDocumentHeader'),
    (document) => id('inventory_movement', text(document['MaterialDocumentYear']), text(document['MaterialDocument'])),
    (document) => {
      const items = itemsOf(document['MaterialDocumentYear'] ?? '', document['MaterialDocument'] ?? '')
      const types = new Set(
        items.filter((item) => text(item['IsAutomaticallyCreated']) === '').map((item) => item['GoodsMovementType']),
      )
      return {
        movement_number: document['MaterialDocument'],
        ...(types.size === 1 && items.length === 1 ? { source_kind: [...types][0] } : {}),
        document_date: day(document['DocumentDate']),
        posting_date: day(document['PostingDate']),
        reference: some(document['ReferenceDocument']),
        notes: some(document['MaterialDocumentHeaderText']),
        status:
          items.length > 0 && items.every((item) => item['GoodsMovementIsCancelled'] === true) ? 'REVERSED' : 'POSTED',
      }
    },
  )
}

const STAGES: readonly (readonly [string, string])[] = [
  ['DLFL', 'CANCELED'],
  ['NCMP', 'CANCELED'],
  ['CLSD', 'CLOSED'],
  ['TECO', 'COMPLETED'],
  ['LKD', 'ON_HOLD'],
  ['PCNF', 'IN_PROGRESS'],
  ['REL', 'OPEN'],
]

function workOrders(rows: Rows, id: Id): Map<string, Facts> {
  const operationsOf = grouped(rows('MaintenanceOrderOperation'), 'MaintenanceOrder')
  return keyed(
    rows('MaintenanceOrder'),
    (order) => id('work_order', text(order['MaintenanceOrder'])),
    (order) => {
      const number = text(order['MaintenanceOrder'])
      const codes = text(order['SystemStatusText']).split(/\s+/)
      const stage = STAGES.find(([code]) => codes.includes(code))
      const equipment = some(order['Equipment'])
      const floc = some(order['FunctionalLocation'])
      return {
        order_number: number,
        title: some(order['MaintenanceOrderDesc']) ?? number,
        source_priority: some(order['MaintPriority']),
        source_type: some(order['MaintenanceOrderType']),
        ...(stage === undefined || codes.includes('CNF') ? {} : { status: stage[1] }),
        asset_id:
          equipment === null ? (floc === null ? null : id('asset', 'floc', floc)) : id('asset', 'equip', equipment),
        team: some(order['MainWorkCenter']),
        tasks: operationsOf(number)
          .sort((a, b) => (taskKey(a) < taskKey(b) ? -1 : 1))
          .map((operation) => ({
            task_id: id(
              'work_order_task',
              number,
              text(operation['MaintenanceOrderOperation']),
              text(operation['MaintenanceOrderSubOperation']),
            ),
            description: some(operation['OperationDescription']),
          })),
      }
    },
  )
}

const taskKey = (operation: Row) =>
  `${text(operation['MaintenanceOrderOperation'])}|${text(operation['MaintenanceOrderSubOperation'])}`

const UNLIMITED = Date.UTC(9999, 11, 31)

function assets(equipment: readonly Row[], places: readonly Row[], id: Id): Map<string, Facts> {
  return new Map([
    ...keyed(
      equipment.filter((row) => row['ValidityEndDate'] === UNLIMITED),
      (row) => id('asset', 'equip', text(row['Equipment'])),
      (row) => ({
        kind: 'EQUIPMENT',
        asset_number: row['Equipment'],
        name: some(row['EquipmentName']) ?? row['Equipment'],
        manufacturer: some(row['AssetManufacturerName']),
        serial_number: some(row['ManufacturerSerialNumber']),
        is_active: row['EquipmentIsMarkedForDeletion'] !== true && row['EquipmentIsInactive'] !== true,
      }),
    ),
    ...keyed(
      places,
      (row) => id('asset', 'floc', text(row['FunctionalLocation'])),
      (row) => ({
        kind: 'FUNCTIONAL_LOCATION',
        asset_number: some(row['FunctionalLocationLabelName']) ?? row['FunctionalLocation'],
        parent_id:
          some(row['SuperiorFunctionalLocation']) === null
            ? null
            : id('asset', 'floc', text(row['SuperiorFunctionalLocation'])),
      }),
    ),
  ])
}

function users(rows: Rows, id: Id): Map<string, Facts> {
  const roles = grouped(rows('A_BusinessPartnerRole'), 'BusinessPartner')
  const isEmployee = (person: Row) =>
    roles(person['BusinessPartner'] ?? '').some((role) => text(role['BusinessPartnerRole']) === 'BUP003')
  return keyed(
    rows('A_BusinessPartner').filter((partner) => partner['BusinessPartnerCategory'] === '1' && isEmployee(partner)),
    (person) => id('user', text(person['BusinessPartner'])),
    (person) => ({
      user_number: person['BusinessPartner'],
      first_name: some(person['FirstName']),
      last_name: some(person['LastName']),
      is_active: person['BusinessPartnerIsBlocked'] !== true && person['IsMarkedForArchiving'] !== true,
    }),
  )
}
