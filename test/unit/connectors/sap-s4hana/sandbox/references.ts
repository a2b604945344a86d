import type { Row } from '../../../../../connectors/sap-s4hana/sandbox/model.ts'
import type { Store } from '../../../../../connectors/sap-s4hana/sandbox/store.ts'
import { everything } from './seeded.ts'

/** Columns of one set that name a row of another. An empty first column is no reference. */
interface Reference {
  from: string
  columns: readonly string[]
  to: string
  /** Default: the same names. */
  keys?: readonly string[]
}

/** References to rows that do not exist, as `set.column -> value`. */
export function danglingReferences(store: Store): string[] {
  const all = everything(store)
  const found: string[] = []
  for (const { from, columns, to, keys = columns } of REFERENCES) {
    const targets = new Set((all.get(to) ?? []).map((row) => keyOf(row, keys)))
    for (const row of all.get(from) ?? []) {
      if (row[columns[0] ?? ''] === '') continue
      if (!targets.has(keyOf(row, columns))) found.push(`${from}.${columns.join()} -> ${keyOf(row, columns)}`)
    }
  }
  return found
}

function keyOf(row: Row, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => row[column]))
}

const PO = 'API_PURCHASEORDER_PROCESS_SRV'
const BP = 'API_BUSINESS_PARTNER'
const PRODUCT = 'API_PRODUCT_SRV'
const WORK = 'API_MAINTENANCEORDER'
const DOCUMENT = 'API_MATERIAL_DOCUMENT_SRV'
const STOCK = 'API_MATERIAL_STOCK_SRV'
const PLANT = 'API_PLANT_SRV/A_Plant'
const SLOC = 'API_STORAGELOCATION_SRV/StorageLocation'
const EQUIPMENT = 'API_EQUIPMENT/Equipment'
const PLACE = 'API_FUNCTIONALLOCATION/FunctionalLocation'

const REFERENCES: readonly Reference[] = [
  { from: `${PO}/A_PurchaseOrder`, columns: ['Supplier'], to: `${BP}/A_Supplier` },
  { from: `${PO}/A_PurchaseOrder`, columns: ['CompanyCode'], to: PLANT },
  { from: `${PO}/A_PurchaseOrderItem`, columns: ['PurchaseOrder'], to: `${PO}/A_PurchaseOrder` },
  { from: `${PO}/A_PurchaseOrderItem`, columns: ['Plant'], to: PLANT },
  { from: `${PO}/A_PurchaseOrderItem`, columns: ['StorageLocation', 'Plant'], to: SLOC },
  {
    from: `${PO}/A_PurchaseOrderItem`,
    columns: ['Material', 'Plant'],
    to: `${PRODUCT}/A_ProductPlant`,
    keys: ['Product', 'Plant'],
  },
  {
    from: `${PO}/A_PurchaseOrderScheduleLine`,
    columns: ['PurchasingDocument', 'PurchasingDocumentItem'],
    to: `${PO}/A_PurchaseOrderItem`,
    keys: ['PurchaseOrder', 'PurchaseOrderItem'],
  },
  {
    from: `${PO}/A_PurOrdAccountAssignment`,
    columns: ['PurchaseOrder', 'PurchaseOrderItem'],
    to: `${PO}/A_PurchaseOrderItem`,
  },
  {
    from: `${PO}/A_PurOrdAccountAssignment`,
    columns: ['OrderID'],
    to: `${WORK}/MaintenanceOrder`,
    keys: ['MaintenanceOrder'],
  },
  { from: `${PO}/A_PurchaseOrderNote`, columns: ['PurchaseOrder'], to: `${PO}/A_PurchaseOrder` },
  {
    from: `${PO}/A_PurchaseOrderItemNote`,
    columns: ['PurchaseOrder', 'PurchaseOrderItem'],
    to: `${PO}/A_PurchaseOrderItem`,
  },
  { from: `${BP}/A_BusinessPartner`, columns: ['Supplier'], to: `${BP}/A_Supplier` },
  { from: `${BP}/A_Supplier`, columns: ['Supplier'], to: `${BP}/A_BusinessPartner` },
  { from: `${BP}/A_SupplierCompany`, columns: ['Supplier'], to: `${BP}/A_Supplier` },
  { from: `${BP}/A_SupplierCompany`, columns: ['CompanyCode'], to: PLANT },
  { from: `${BP}/A_SupplierPurchasingOrg`, columns: ['Supplier'], to: `${BP}/A_Supplier` },
  { from: `${BP}/A_BusinessPartnerAddress`, columns: ['BusinessPartner'], to: `${BP}/A_BusinessPartner` },
  { from: `${BP}/A_BuPaAddressUsage`, columns: ['BusinessPartner', 'AddressID'], to: `${BP}/A_BusinessPartnerAddress` },
  { from: `${BP}/A_AddressEmailAddress`, columns: ['AddressID', 'Person'], to: `${BP}/A_BusinessPartnerAddress` },
  { from: `${BP}/A_AddressPhoneNumber`, columns: ['AddressID', 'Person'], to: `${BP}/A_BusinessPartnerAddress` },
  { from: `${BP}/A_BusinessPartnerRole`, columns: ['BusinessPartner'], to: `${BP}/A_BusinessPartner` },
  { from: `${BP}/A_BusinessPartnerTaxNumber`, columns: ['BusinessPartner'], to: `${BP}/A_BusinessPartner` },
  { from: `${PRODUCT}/A_ProductDescription`, columns: ['Product'], to: `${PRODUCT}/A_Product` },
  { from: `${PRODUCT}/A_Product`, columns: ['Product'], to: `${PRODUCT}/A_ProductDescription` },
  { from: `${PRODUCT}/A_Product`, columns: ['ManufacturerNumber'], to: `${BP}/A_Supplier`, keys: ['Supplier'] },
  { from: `${PRODUCT}/A_ProductBasicText`, columns: ['Product'], to: `${PRODUCT}/A_Product` },
  { from: `${PRODUCT}/A_ProductUnitsOfMeasure`, columns: ['Product'], to: `${PRODUCT}/A_Product` },
  { from: `${PRODUCT}/A_ProductPlant`, columns: ['Product'], to: `${PRODUCT}/A_Product` },
  { from: `${PRODUCT}/A_ProductPlant`, columns: ['Plant'], to: PLANT },
  { from: `${PRODUCT}/A_ProductSupplyPlanning`, columns: ['Product', 'Plant'], to: `${PRODUCT}/A_ProductPlant` },
  {
    from: `${PRODUCT}/A_ProductValuation`,
    columns: ['Product', 'ValuationArea'],
    to: `${PRODUCT}/A_ProductPlant`,
    keys: ['Product', 'Plant'],
  },
  { from: SLOC, columns: ['Plant'], to: PLANT },
  {
    from: `${STOCK}/A_MatlStkInAcctMod`,
    columns: ['Material', 'Plant'],
    to: `${PRODUCT}/A_ProductPlant`,
    keys: ['Product', 'Plant'],
  },
  { from: `${STOCK}/A_MatlStkInAcctMod`, columns: ['Material'], to: `${STOCK}/A_MaterialStock` },
  { from: `${STOCK}/A_MatlStkInAcctMod`, columns: ['StorageLocation', 'Plant'], to: SLOC },
  { from: `${STOCK}/A_MatlStkInAcctMod`, columns: ['Supplier'], to: `${BP}/A_Supplier` },
  {
    from: `${STOCK}/A_MaterialSerialNumber`,
    columns: ['Material', 'Plant'],
    to: `${PRODUCT}/A_ProductPlant`,
    keys: ['Product', 'Plant'],
  },
  {
    from: `${DOCUMENT}/A_MaterialDocumentItem`,
    columns: ['MaterialDocument', 'MaterialDocumentYear'],
    to: `${DOCUMENT}/A_MaterialDocumentHeader`,
  },
  {
    from: `${DOCUMENT}/A_MaterialDocumentHeader`,
    columns: ['MaterialDocument', 'MaterialDocumentYear'],
    to: `${DOCUMENT}/A_MaterialDocumentItem`,
  },
  {
    from: `${DOCUMENT}/A_MaterialDocumentItem`,
    columns: ['Material', 'Plant'],
    to: `${PRODUCT}/A_ProductPlant`,
    keys: ['Product', 'Plant'],
  },
  { from: `${DOCUMENT}/A_MaterialDocumentItem`, columns: ['StorageLocation', 'Plant'], to: SLOC },
  {
    from: `${DOCUMENT}/A_MaterialDocumentItem`,
    columns: ['PurchaseOrder', 'PurchaseOrderItem'],
    to: `${PO}/A_PurchaseOrderItem`,
  },
  { from: `${DOCUMENT}/A_MaterialDocumentItem`, columns: ['Supplier'], to: `${BP}/A_Supplier` },
  {
    from: `${DOCUMENT}/A_MaterialDocumentItem`,
    columns: ['ManufacturingOrder'],
    to: `${WORK}/MaintenanceOrder`,
    keys: ['MaintenanceOrder'],
  },
  { from: PLACE, columns: ['SuperiorFunctionalLocation'], to: PLACE, keys: ['FunctionalLocation'] },
  { from: PLACE, columns: ['MaintenancePlant'], to: PLANT, keys: ['Plant'] },
  { from: EQUIPMENT, columns: ['FunctionalLocation', 'FunctionalLocationLabelName'], to: PLACE },
  { from: EQUIPMENT, columns: ['SuperordinateEquipment'], to: EQUIPMENT, keys: ['Equipment'] },
  { from: EQUIPMENT, columns: ['MaintenancePlant'], to: PLANT, keys: ['Plant'] },
  { from: EQUIPMENT, columns: ['Material'], to: `${PRODUCT}/A_Product`, keys: ['Product'] },
  { from: 'API_EQUIPMENT/EquipmentPartner', columns: ['Equipment'], to: EQUIPMENT },
  { from: 'API_EQUIPMENT/EquipmentPartner', columns: ['Partner'], to: `${BP}/A_Supplier`, keys: ['Supplier'] },
  { from: 'API_EQUIPMENT/EquipmentWarranty', columns: ['Equipment'], to: EQUIPMENT },
  { from: 'API_EQUIPMENT/EquipmentLongText', columns: ['Equipment'], to: EQUIPMENT },
  { from: 'API_FUNCTIONALLOCATION/FunctionalLocationLongText', columns: ['FunctionalLocation'], to: PLACE },
  { from: `${WORK}/MaintenanceOrder`, columns: ['Equipment'], to: EQUIPMENT },
  { from: `${WORK}/MaintenanceOrder`, columns: ['FunctionalLocation'], to: PLACE },
  { from: `${WORK}/MaintenanceOrder`, columns: ['MaintenancePlanningPlant'], to: PLANT, keys: ['Plant'] },
  {
    from: `${WORK}/MaintenanceOrder`,
    columns: ['MaintenanceNotification'],
    to: 'API_MAINTNOTIFICATION/MaintenanceNotification',
  },
  {
    from: `${WORK}/MaintenanceOrder`,
    columns: ['MaintOrdPersonResponsible'],
    to: `${BP}/A_BusinessPartner`,
    keys: ['BusinessPartner'],
  },
  { from: `${WORK}/MaintenanceOrderOperation`, columns: ['MaintenanceOrder'], to: `${WORK}/MaintenanceOrder` },
  {
    from: `${WORK}/MaintenanceOrderOperation`,
    columns: ['OperationSupplier'],
    to: `${BP}/A_Supplier`,
    keys: ['Supplier'],
  },
  {
    from: `${WORK}/MaintOrderOpComponent`,
    columns: ['MaintenanceOrder', 'MaintenanceOrderOperation', 'MaintenanceOrderSubOperation'],
    to: `${WORK}/MaintenanceOrderOperation`,
  },
  { from: `${WORK}/MaintOrderOpComponent`, columns: ['Product', 'Plant'], to: `${PRODUCT}/A_ProductPlant` },
  { from: `${WORK}/MaintenanceOrderLongText`, columns: ['MaintenanceOrder'], to: `${WORK}/MaintenanceOrder` },
  {
    from: 'API_MAINTNOTIFICATION/MaintenanceNotification',
    columns: ['MaintenanceOrder'],
    to: `${WORK}/MaintenanceOrder`,
  },
]
