/** Business partners and their roles: the supplier roles make the supplier. */
import type { Row } from '../model.ts'
import { assignNumber } from './number-ranges.ts'
import { below, createDraft, type Draft } from './payload.ts'
import { business, enter, inputNotProcessed } from './refusals.ts'
import type { EntityRules, Lock } from './rules.ts'
import { fill, find, rowsWhere, textOf, type Work } from './work.ts'

export const PARTNERS = 'API_BUSINESS_PARTNER'
/** Company-code side and purchasing side of a supplier. */
export const SUPPLIER_ROLES = { company: 'FLVN00', purchasing: 'FLVN01' } as const
const UNLIMITED = 253402214400000

export const businessPartners: EntityRules = {
  prepare: (work, draft) => {
    const { row, set } = draft
    checkPartner(row)
    row['BusinessPartner'] = assignNumber(work.store, 'businessPartner', set, 'BusinessPartner')
    nameIt(row)
    Object.assign(row, {
      BusinessPartnerUUID: `00000000-0000-4000-8000-${textOf(row, 'BusinessPartner').padStart(12, '0')}`,
      CreatedByUser: work.user,
      CreationDate: work.today,
      CreationTime: work.time,
      IsNaturalPerson: row['BusinessPartnerCategory'] === '1' ? 'X' : '',
      Supplier: '',
      Customer: '',
    })
    if (!work.switches.changeDateNullUntilChange) Object.assign(row, changeStamp(work))
    addSupplier(work, draft)
  },
  change: (work, current, changes) => {
    for (const field of ['BusinessPartnerCategory', 'BusinessPartnerGrouping'])
      if (field in changes && changes[field] !== current[field]) throw fixedField(field)
    const after = { ...current, ...changes }
    checkPartner(after)
    nameIt(after)
    const names = ['BusinessPartnerFullName', 'BusinessPartnerName', 'PersonFullName'] as const
    return { ...changes, ...Object.fromEntries(names.map((name) => [name, after[name] ?? ''])), ...changeStamp(work) }
  },
  changed: (work, _before, after) => {
    const supplier = find(work, PARTNERS, 'A_Supplier', { Supplier: textOf(after, 'Supplier') })
    if (supplier === null) return
    const name = textOf(after, 'BusinessPartnerFullName')
    work.store.update(
      work.store.set(PARTNERS, 'A_Supplier'),
      { Supplier: supplier['Supplier'] ?? '' },
      { SupplierName: name.slice(0, 80), SupplierFullName: name },
    )
  },
  lock: (row) => partnerLock(textOf(row, 'BusinessPartner')),
}

export const partnerRoles: EntityRules = {
  prepare: (_work, draft) => {
    const role = textOf(draft.row, 'BusinessPartnerRole')
    if (role === '') throw enter('BP Role', 'BusinessPartnerRole')
    fill(draft.row, { ValidFrom: _work.today, ValidTo: UNLIMITED })
  },
  created: (work, draft, top) => {
    if (!top) return
    const partner = find(work, PARTNERS, 'A_BusinessPartner', { BusinessPartner: draft.row['BusinessPartner'] ?? '' })
    if (partner !== null && isSupplierRole(draft.row) && textOf(partner, 'Supplier') === '') makeSupplier(work, partner)
    movePartner(work, draft.row['BusinessPartner'])
  },
  changed: (work, _before, after) => movePartner(work, after['BusinessPartner']),
  lock: (row) => partnerLock(textOf(row, 'BusinessPartner')),
}

/** Date and time of change, in the two columns the entity has for it. */
function changeStamp(work: Work): Row {
  return { LastChangeDate: work.today, LastChangeTime: work.time, LastChangedByUser: work.user }
}

/** A change below the partner shows in its change date, or does not (unverified: a switch). */
export function movePartner(work: Work, partner: Row[string] | undefined): void {
  if (!work.switches.headerMovesWithItems) return
  const set = work.store.set(PARTNERS, 'A_BusinessPartner')
  work.store.update(set, { BusinessPartner: partner ?? '' }, changeStamp(work))
}

export function partnerLock(partner: string): Lock {
  return { name: partner, code: 'R11/126', message: `Business partner ${partner} is currently being processed` }
}

export function hasRole(work: Work, partner: string, role: string): boolean {
  return find(work, PARTNERS, 'A_BusinessPartnerRole', { BusinessPartner: partner, BusinessPartnerRole: role }) !== null
}

export function partnerOfSupplier(work: Work, supplier: string): string {
  const [partner] = rowsWhere(work, PARTNERS, 'A_BusinessPartner', { Supplier: supplier })
  return partner === undefined ? supplier : textOf(partner, 'BusinessPartner')
}

function checkPartner(row: Row): void {
  const category = textOf(row, 'BusinessPartnerCategory')
  const name = { '1': 'LastName', '2': 'OrganizationBPName1', '3': 'GroupBusinessPartnerName1' }[category]
  if (name === undefined)
    throw business('R11/405', `Business partner category '${category}' does not exist`, 'BusinessPartnerCategory')
  if (textOf(row, name) === '') throw enter(name === 'LastName' ? 'Last Name' : 'Name', name)
}

function nameIt(row: Row): void {
  const person = row['BusinessPartnerCategory'] === '1'
  const parts = person
    ? ['FirstName', 'LastName']
    : ['OrganizationBPName1', 'OrganizationBPName2', 'GroupBusinessPartnerName1', 'GroupBusinessPartnerName2']
  const name = parts
    .map((part) => textOf(row, part))
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 81)
  Object.assign(row, {
    BusinessPartnerFullName: name,
    BusinessPartnerName: name,
    PersonFullName: person ? name.slice(0, 80) : '',
  })
}

function fixedField(field: string): Error {
  return inputNotProcessed(field, 'Business Partner')
}

function isSupplierRole(row: Row): boolean {
  return textOf(row, 'BusinessPartnerRole') === SUPPLIER_ROLES.company || row['BusinessPartnerRole'] === 'FLVN01'
}

/** In a deep insert: a supplier role asks for the supplier, supplier data without a role are refused. */
function addSupplier(work: Work, draft: Draft): void {
  const roles = below(draft, 'to_BusinessPartnerRole')
  const suppliers = below(draft, 'to_Supplier')
  const wanted = roles.some((role) => isSupplierRole(role.row))
  if (below(draft, 'to_Customer').length > 0)
    throw business('CVI_API/004', 'Customer data cannot be created in this system', 'to_Customer')
  if (!wanted && suppliers.length > 0)
    throw business('CVI_API/004', 'Supplier data need role FLVN00 or FLVN01', 'to_BusinessPartnerRole')
  if (!wanted) return
  const target = draft.set.type.navigations.get('to_Supplier')?.target
  if (suppliers.length === 0 && target !== undefined) suppliers.push(createDraft(target))
  // Normally the same number (unverified).
  draft.row['Supplier'] = draft.row['BusinessPartner'] ?? ''
  const [supplier] = suppliers
  if (supplier !== undefined) Object.assign(supplier.row, supplierRow(work, draft.row))
  // Roles first: company and purchasing rows ask for them.
  draft.nested.delete('to_Supplier')
  draft.nested.set('to_Supplier', suppliers)
}

function makeSupplier(work: Work, partner: Row): void {
  const number = textOf(partner, 'BusinessPartner')
  work.store.insert(work.store.set(PARTNERS, 'A_Supplier'), { ...supplierRow(work, partner), Supplier: number })
  work.store.update(work.store.set(PARTNERS, 'A_BusinessPartner'), { BusinessPartner: number }, { Supplier: number })
}

function supplierRow(work: Work, partner: Row): Row {
  const name = textOf(partner, 'BusinessPartnerFullName')
  return {
    Supplier: textOf(partner, 'BusinessPartner'),
    SupplierAccountGroup: 'SUPL',
    SupplierName: name.slice(0, 80),
    SupplierFullName: name,
    CreatedByUser: work.user,
    CreationDate: work.today,
    IsNaturalPerson: textOf(partner, 'IsNaturalPerson'),
  }
}
