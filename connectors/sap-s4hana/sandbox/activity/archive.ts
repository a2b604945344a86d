import type { Row } from '../model.ts'
import { type Desk, type Done, NothingToDo, text } from './desk.ts'

/** The sets whose objects can be archived: their service, and the columns that make up the key of the object. */
const OBJECTS = {
  A_PurchaseOrder: { service: 'API_PURCHASEORDER_PROCESS_SRV', key: ['PurchaseOrder'] },
  A_BusinessPartner: { service: 'API_BUSINESS_PARTNER', key: ['BusinessPartner'] },
  A_Product: { service: 'API_PRODUCT_SRV', key: ['Product'] },
  A_MaterialDocumentHeader: { service: 'API_MATERIAL_DOCUMENT_SRV', key: ['MaterialDocumentYear', 'MaterialDocument'] },
  MaintenanceOrder: { service: 'API_MAINTENANCEORDER', key: ['MaintenanceOrder'] },
  Equipment: { service: 'API_EQUIPMENT', key: ['Equipment'] },
  FunctionalLocation: { service: 'API_FUNCTIONALLOCATION', key: ['FunctionalLocation'] },
} as const

export type Archivable = keyof typeof OBJECTS

/**
 * Removes an object and all that hangs below it, as archiving does: the rows are gone, and no change stamp tells.
 * `key`: its key, parts joined by `|` (`2026|4900000001`). What refers to it keeps its reference.
 */
export function createArchive(desk: Desk): (set: Archivable, key: string) => Done {
  return (name, key) => {
    const { service, key: columns } = OBJECTS[name]
    const parts = key.split('|')
    const equal: Row = Object.fromEntries(columns.map((column, at) => [column, parts[at] ?? '']))
    const [object] = desk.find(service, name, equal)
    if (!object) throw new NothingToDo(`${name} has no ${key}`)
    desk.store.transaction(() => {
      if (name === 'A_BusinessPartner') removePartnerDetails(object)
      if (name === 'A_PurchaseOrder') removeWhere(service, 'A_PurchaseOrderScheduleLine', { PurchasingDocument: key })
      if (name === 'A_Product')
        for (const set of ['A_MatlStkInAcctMod', 'A_MaterialStock'])
          removeWhere('API_MATERIAL_STOCK_SRV', set, { Material: key })
      removeByKey(service, equal)
    })
    return { action: `archive ${name}`, key }
  }

  /** Every row of the service whose own key holds the key of the object: its children, and itself. */
  function removeByKey(service: string, equal: Row): void {
    const [first] = Object.keys(OBJECTS).filter((name) => OBJECTS[name as Archivable].service === service)
    const { sets } = desk.set(service, first as string).model
    for (const set of sets.values()) {
      if (Object.keys(equal).every((column) => set.type.keys.includes(column))) removeWhere(service, set.name, equal)
    }
  }

  /** Supplier, its organizations and the communication data carry other keys than the partner's. */
  function removePartnerDetails(partner: Row): void {
    const service = 'API_BUSINESS_PARTNER'
    const Supplier = text(partner, 'Supplier')
    if (Supplier !== '') removeByKey(service, { Supplier })
    for (const address of desk.find(service, 'A_BusinessPartnerAddress', {
      BusinessPartner: text(partner, 'BusinessPartner'),
    })) {
      const AddressID = text(address, 'AddressID')
      for (const set of [
        'A_AddressEmailAddress',
        'A_AddressPhoneNumber',
        'A_AddressFaxNumber',
        'A_AddressHomePageURL',
      ]) {
        removeWhere(service, set, { AddressID })
      }
    }
  }

  function removeWhere(service: string, name: string, equal: Row): void {
    const set = desk.set(service, name)
    for (const row of desk.find(service, name, equal)) {
      desk.remove(service, name, Object.fromEntries(set.type.keys.map((column) => [column, row[column] ?? ''])))
    }
  }
}
