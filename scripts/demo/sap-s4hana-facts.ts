import type { Sample, SystemFacts } from './facts.ts'
import { type Entry, type OData, openOData } from './odata.ts'

/** A part of a table, and where its records come from. */
interface Source {
  readonly table: string
  /** Service and entity set. */
  readonly set: string
  readonly filter?: string
  /** Newest first. Without it nothing is sampled. */
  readonly newest?: string
  readonly expand?: string
  readonly sample?: (entry: Entry) => Omit<Sample, 'table'>
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** `/Date(1795478400000)/` → `2026-11-24`. */
const day = (value: unknown): string | null => {
  const ms = /^\/Date\((-?\d+)/.exec(text(value) ?? '')?.[1]
  return ms === undefined ? null : new Date(Number(ms)).toISOString().slice(0, 10)
}

/** Nothing where there is no English text: which of the others counts is not said here. */
const inEnglish = (column: string, rows: unknown, field: string): Sample['columns'] => {
  const { results = [] } = (rows ?? {}) as { results?: Entry[] }
  const english = text(results.find((row) => row['Language'] === 'EN')?.[field])
  return english === null ? {} : { [column]: english }
}

const UNLIMITED = "ValidityEndDate eq datetime'9999-12-31T00:00:00'"

const sources = (id: (entity: string, key: unknown) => string | null): readonly Source[] => [
  {
    table: 'vendor',
    set: 'API_BUSINESS_PARTNER/A_BusinessPartner',
    filter: "Supplier ne ''",
    newest: 'LastChangeDate desc,LastChangeTime desc',
    expand: 'to_Supplier',
    sample: (entry) => ({
      sourceId: String(entry['Supplier']),
      columns: {
        vendor_number: text(entry['Supplier']),
        name: text((entry['to_Supplier'] as Entry)['SupplierName']),
      },
    }),
  },
  {
    table: 'item',
    set: 'API_PRODUCT_SRV/A_Product',
    newest: 'LastChangeDateTime desc',
    expand: 'to_Description',
    sample: (entry) => ({
      sourceId: String(entry['Product']),
      columns: {
        ...inEnglish('name', entry['to_Description'], 'ProductDescription'),
        source_item_type: text(entry['ProductType']),
        category: text(entry['ProductGroup']),
        is_active: entry['IsMarkedForDeletion'] !== true,
      },
    }),
  },
  {
    table: 'location',
    set: 'API_PLANT_SRV/A_Plant',
    newest: 'Plant asc',
    sample: (entry) => ({
      sourceId: `plant|${String(entry['Plant'])}`,
      columns: { name: text(entry['PlantName']), location_type: 'SITE' },
    }),
  },
  { table: 'location', set: 'API_STORAGELOCATION_SRV/StorageLocation' },
  {
    table: 'purchase_order',
    set: 'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrder',
    newest: 'LastChangeDateTime desc',
    sample: (entry) => ({
      sourceId: String(entry['PurchaseOrder']),
      columns: {
        vendor_id: id('vendor', entry['Supplier']),
        currency: text(entry['DocumentCurrency']),
        order_date: day(entry['PurchaseOrderDate']),
        payment_terms: text(entry['PaymentTerms']),
      },
    }),
  },
  { table: 'purchase_order_line', set: 'API_PURCHASEORDER_PROCESS_SRV/A_PurchaseOrderItem' },
  {
    table: 'inventory_movement',
    set: 'API_MATERIAL_DOCUMENT_SRV/A_MaterialDocumentHeader',
    newest: 'CreationDate desc,CreationTime desc',
    sample: (entry) => ({
      sourceId: `${String(entry['MaterialDocumentYear'])}|${String(entry['MaterialDocument'])}`,
      columns: { posting_date: day(entry['PostingDate']), reference: text(entry['ReferenceDocument']) },
    }),
  },
  {
    table: 'work_order',
    set: 'API_MAINTENANCEORDER;v=0002/MaintenanceOrder',
    newest: 'LastChangeDateTime desc',
    sample: (entry) => ({
      sourceId: String(entry['MaintenanceOrder']),
      columns: {
        title: text(entry['MaintenanceOrderDesc']) ?? text(entry['MaintenanceOrder']),
        source_type: text(entry['MaintenanceOrderType']),
        source_priority: text(entry['MaintPriority']),
        team: text(entry['MainWorkCenter']),
      },
    }),
  },
  {
    table: 'asset',
    set: 'API_EQUIPMENT/Equipment',
    filter: UNLIMITED,
    newest: 'LastChangeDateTime desc',
    sample: (entry) => ({
      sourceId: `equip|${String(entry['Equipment'])}`,
      columns: { name: text(entry['EquipmentName']) ?? text(entry['Equipment']), kind: 'EQUIPMENT' },
    }),
  },
  { table: 'asset', set: 'API_FUNCTIONALLOCATION/FunctionalLocation' },
  { table: 'user', set: 'API_BUSINESS_PARTNER/A_BusinessPartnerRole', filter: "BusinessPartnerRole eq 'BUP003'" },
]

const NEWEST = 10
const OLDEST = 10

/** What the OData services at `root` hold, as Tributary's tables should show it for that connection. */
export async function sapFacts(
  root: string,
  login: { readonly user: string; readonly password: string },
  connectionId: string,
): Promise<SystemFacts> {
  const odata = openOData(root, login)
  const id = (entity: string, key: unknown) => (text(key) === null ? null : `${connectionId}:${entity}:${String(key)}`)
  const counts = new Map<string, number>()
  const samples: Sample[] = []
  for (const source of sources(id)) {
    counts.set(source.table, (counts.get(source.table) ?? 0) + (await odata.count(source.set, source.filter)))
    samples.push(...(await samplesOf(odata, source)))
  }
  const levels = await stockLevels(odata)
  counts.set('stock_level', levels.length)
  samples.push(...levels.slice(0, NEWEST), ...levels.slice(-OLDEST))
  return { counts, samples }
}

/** The newest records and the oldest. */
async function samplesOf(odata: OData, { table, set, filter, newest, expand, sample }: Source) {
  if (newest === undefined || sample === undefined) return []
  const query = {
    ...(filter === undefined ? {} : { $filter: filter }),
    ...(expand === undefined ? {} : { $expand: expand }),
  }
  const oldest = newest.replaceAll(' desc', ' asc')
  const entries = [
    ...(await odata.list(set, { ...query, $orderby: newest, $top: String(NEWEST) })),
    ...(await odata.list(set, { ...query, $orderby: oldest, $top: String(OLDEST) })),
  ]
  return entries.map((entry): Sample => ({ table, ...sample(entry) }))
}

const IN_TRANSIT = ['04', '05', '06']

/** Own stock, summed by material, plant and storage location; quantities of demo data are whole thousandths. */
async function stockLevels(odata: OData): Promise<Sample[]> {
  const rows = await odata.list('API_MATERIAL_STOCK_SRV/A_MatlStkInAcctMod', {
    $filter: "InventorySpecialStockType eq ''",
    $orderby: 'Material,Plant,StorageLocation',
  })
  const levels = Map.groupBy(rows, (row) => [row['Material'], row['Plant'], row['StorageLocation']].join('|'))
  return [...levels].map(([sourceId, level]) => {
    const inHand = level.filter((row) => !IN_TRANSIT.includes(String(row['InventoryStockType'])))
    const thousandths = inHand.reduce(
      (sum, row) => sum + Math.round(Number(row['MatlWrhsStkQtyInMatlBaseUnit']) * 1000),
      0,
    )
    return { table: 'stock_level', sourceId, columns: { quantity_on_hand: thousandths / 1000 } }
  })
}
