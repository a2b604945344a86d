/** Suppliers with their company-code and purchasing data. */
import { hasRole, movePartner, PARTNERS, partnerLock, partnerOfSupplier, SUPPLIER_ROLES } from './business-partners.ts'
import { business, enter } from './refusals.ts'
import type { EntityRules } from './rules.ts'
import { fill, find, rowsWhere, textOf, type Work } from './work.ts'

/** Created by the business partner's roles only; blocks and flags are changed here. */
export const suppliers: EntityRules = {
  changed: (work, _before, after) => moveSupplier(work, textOf(after, 'Supplier')),
  lock: (row) => partnerLock(textOf(row, 'Supplier')),
}

export const supplierCompanies: EntityRules = {
  prepare: (work, draft) => {
    const { row } = draft
    const company = textOf(row, 'CompanyCode')
    if (company === '') throw enter('Company Code', 'CompanyCode')
    const supplier = checkRole(work, textOf(row, 'Supplier'), SUPPLIER_ROLES.company, 'company code')
    const [plant] = rowsWhere(work, 'API_PLANT_SRV', 'A_Plant', { CompanyCode: company })
    if (plant === undefined) throw business('F2/100', `Company code ${company} is not defined`, 'CompanyCode')
    if (textOf(row, 'ReconciliationAccount') === '') throw enter('Reconciliation Account', 'ReconciliationAccount')
    row['CompanyCodeName'] = textOf(plant, 'CompanyCodeName')
    fill(row, { SupplierAccountGroup: supplier })
  },
  created: (work, draft, top) => {
    if (top) moveSupplier(work, textOf(draft.row, 'Supplier'))
  },
  changed: (work, _before, after) => moveSupplier(work, textOf(after, 'Supplier')),
  lock: (row) => partnerLock(textOf(row, 'Supplier')),
}

export const supplierPurchasing: EntityRules = {
  prepare: (work, draft) => {
    const { row } = draft
    if (textOf(row, 'PurchasingOrganization') === '') throw enter('Purch. Organization', 'PurchasingOrganization')
    if (textOf(row, 'PurchaseOrderCurrency') === '') throw enter('Order Currency', 'PurchaseOrderCurrency')
    const group = checkRole(work, textOf(row, 'Supplier'), SUPPLIER_ROLES.purchasing, 'purchasing')
    fill(row, { SupplierAccountGroup: group })
  },
  created: (work, draft, top) => {
    if (top) moveSupplier(work, textOf(draft.row, 'Supplier'))
  },
  changed: (work, _before, after) => moveSupplier(work, textOf(after, 'Supplier')),
  lock: (row) => partnerLock(textOf(row, 'Supplier')),
}

/** The supplier's account group, if its partner has the role. */
function checkRole(work: Work, supplier: string, role: string, side: string): string {
  const row = find(work, PARTNERS, 'A_Supplier', { Supplier: supplier })
  if (row === null) throw business('F2/161', `Supplier ${supplier} has not been created`, 'Supplier')
  if (!hasRole(work, partnerOfSupplier(work, supplier), role))
    throw business('CVI_API/004', `Supplier ${supplier}: ${side} data need role ${role}`, 'Supplier')
  return textOf(row, 'SupplierAccountGroup')
}

function moveSupplier(work: Work, supplier: string): void {
  movePartner(work, partnerOfSupplier(work, supplier))
}
