/** Which rules belong to which entity set. */
import type { EntitySet } from '../model.ts'
import { businessPartners, partnerRoles } from './business-partners.ts'
import { components, operations, orderDetails } from './maintenance-operations.ts'
import { maintenanceOrders } from './maintenance-orders.ts'
import { materialDocuments } from './material-documents.ts'
import {
  notificationActivities,
  notificationCauses,
  notificationItems,
  notificationPartners,
  notifications,
} from './notifications.ts'
import { addressUsages, emailAddresses, partnerAddresses, partnerDetails, phoneNumbers } from './partner-details.ts'
import { products, productTexts, productViews } from './products.ts'
import { purchaseOrderItems } from './purchase-order-items.ts'
import { accountAssignments, orderTexts, scheduleLines } from './purchase-order-lines.ts'
import { purchaseOrders } from './purchase-orders.ts'
import type { EntityRules } from './rules.ts'
import { supplierCompanies, supplierPurchasing, suppliers } from './suppliers.ts'
import { equipment, functionalLocations, technicalDetails } from './technical-objects.ts'

const RULES: Readonly<Record<string, EntityRules>> = {
  A_PurchaseOrder: purchaseOrders,
  A_PurchaseOrderItem: purchaseOrderItems,
  A_PurchaseOrderScheduleLine: scheduleLines,
  A_PurOrdAccountAssignment: accountAssignments,
  A_PurchaseOrderNote: orderTexts,
  A_PurchaseOrderItemNote: orderTexts,

  A_BusinessPartner: businessPartners,
  A_BusinessPartnerRole: partnerRoles,
  A_BusinessPartnerAddress: partnerAddresses,
  A_BuPaAddressUsage: addressUsages,
  A_AddressEmailAddress: emailAddresses,
  A_AddressPhoneNumber: phoneNumbers,
  A_BusinessPartnerTaxNumber: partnerDetails,
  A_BusinessPartnerBank: partnerDetails,
  A_BuPaIdentification: partnerDetails,
  A_BuPaIndustry: partnerDetails,
  A_Supplier: suppliers,
  A_SupplierCompany: supplierCompanies,
  A_SupplierPurchasingOrg: supplierPurchasing,

  A_Product: products,
  A_ProductDescription: productTexts,
  A_ProductBasicText: productTexts,
  A_ProductPurchaseText: productTexts,
  A_ProductInspectionText: productTexts,
  A_ProductUnitsOfMeasure: productTexts,
  A_ProductPlant: productViews,
  A_ProductStorageLocation: productViews,
  A_ProductValuation: productViews,
  A_ProductSupplyPlanning: productViews,
  A_ProductPlantProcurement: productViews,

  MaintenanceOrder: maintenanceOrders,
  MaintenanceOrderOperation: operations,
  MaintOrderOpComponent: components,
  MaintenanceOrderLongText: orderDetails,
  MaintenanceOrderPartner: orderDetails,
  MaintOrderObjectListItem: orderDetails,
  MaintOrderOpLongText: orderDetails,

  MaintenanceNotification: notifications,
  MaintenanceNotificationItem: notificationItems,
  MaintenanceNotificationPartner: notificationPartners,
  MaintNotificationItemCause: notificationCauses,
  MaintNotificationItemActivity: notificationActivities,

  Equipment: equipment,
  EquipmentLongText: technicalDetails,
  EquipmentPartner: technicalDetails,
  EquipmentWarranty: technicalDetails,
  FunctionalLocation: functionalLocations,
  FunctionalLocationLongText: technicalDetails,
  FunctionalLocationPartner: technicalDetails,
  FunctionalLocationWarranty: technicalDetails,

  A_MaterialDocumentHeader: materialDocuments,
}

const NONE: EntityRules = {}

export function rulesOf(set: EntitySet): EntityRules {
  return RULES[set.name] ?? NONE
}
