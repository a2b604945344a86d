/** Checks against the rows of other services that several objects share: plants, materials, suppliers. */
import type { Row } from '../model.ts'
import { business } from './refusals.ts'
import { find, textOf, type Work } from './work.ts'

export function plantOf(work: Work, plant: string): Row {
  const row = find(work, 'API_PLANT_SRV', 'A_Plant', { Plant: plant })
  if (row === null) throw business('M7/001', `Plant ${plant} does not exist`, 'Plant')
  return row
}

export function checkStorageLocation(work: Work, plant: string, location: string, target = 'StorageLocation'): void {
  if (find(work, 'API_STORAGELOCATION_SRV', 'StorageLocation', { Plant: plant, StorageLocation: location }) === null)
    throw business('M3/018', `Storage location ${location} in plant ${plant} does not exist`, target)
}

/** The product, which must be extended to the plant. */
export function materialIn(work: Work, material: string, plant: string): Row {
  const product = find(work, 'API_PRODUCT_SRV', 'A_Product', { Product: material })
  if (product === null) throw business('M3/305', `Material ${material} does not exist or is not activated`, 'Material')
  if (product['IsMarkedForDeletion'] === true)
    throw business('ME/084', `Material ${material} is flagged for deletion`, 'Material')
  const extended = find(work, 'API_PRODUCT_SRV', 'A_ProductPlant', { Product: material, Plant: plant })
  if (extended === null) throw business('M3/351', `Material ${material} not maintained in plant ${plant}`, 'Material')
  return product
}

/** In the logon language, else in English, else ''. */
export function materialText(work: Work, material: string): string {
  for (const language of [work.language, 'EN']) {
    const row = find(work, 'API_PRODUCT_SRV', 'A_ProductDescription', { Product: material, Language: language })
    if (row !== null) return textOf(row, 'ProductDescription')
  }
  return ''
}

/** The purchasing data of a supplier that may be ordered from. */
export function supplierFor(work: Work, supplier: string, companyCode: string, organization: string): Row {
  const row = find(work, 'API_BUSINESS_PARTNER', 'A_Supplier', { Supplier: supplier })
  if (row === null) throw business('06/284', `Supplier ${supplier} does not exist`, 'Supplier')
  const key = { Supplier: supplier }
  if (find(work, 'API_BUSINESS_PARTNER', 'A_SupplierCompany', { ...key, CompanyCode: companyCode }) === null)
    throw business('F2/163', `Supplier ${supplier} is not defined in company code ${companyCode}`, 'Supplier')
  const purchasing = find(work, 'API_BUSINESS_PARTNER', 'A_SupplierPurchasingOrg', {
    ...key,
    PurchasingOrganization: organization,
  })
  if (purchasing === null)
    throw business('06/321', `Supplier ${supplier} not created for purchasing organization ${organization}`, 'Supplier')
  if (row['DeletionIndicator'] === true || purchasing['DeletionIndicator'] === true)
    throw business('06/023', `Supplier ${supplier} is flagged for deletion`, 'Supplier')
  if (row['PurchasingIsBlocked'] === true || purchasing['PurchasingIsBlockedForSupplier'] === true)
    throw business('06/024', `Supplier ${supplier} is blocked for purchasing`, 'Supplier')
  return purchasing
}
