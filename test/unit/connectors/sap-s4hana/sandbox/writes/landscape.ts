/** A small system in memory: one plant, one supplier, a few materials and technical objects, and ways to write to it. */
import { readModel } from '../../../../../../connectors/sap-s4hana/sandbox/edmx.ts'
import { SapError } from '../../../../../../connectors/sap-s4hana/sandbox/errors.ts'
import { createSwitches, type Switches } from '../../../../../../connectors/sap-s4hana/sandbox/faults.ts'
import { type Row, SERVICES } from '../../../../../../connectors/sap-s4hana/sandbox/model.ts'
import { createStore } from '../../../../../../connectors/sap-s4hana/sandbox/store.ts'
import type {
  WriteAnswer,
  WriteContext,
  WriteTarget,
} from '../../../../../../connectors/sap-s4hana/sandbox/writes/context.ts'
import { handleWrite } from '../../../../../../connectors/sap-s4hana/sandbox/writes/handle-write.ts'

export const PO = 'API_PURCHASEORDER_PROCESS_SRV'
export const BP = 'API_BUSINESS_PARTNER'
export const PRODUCT = 'API_PRODUCT_SRV'
export const ORDER = 'API_MAINTENANCEORDER'
export const NOTIFICATION = 'API_MAINTNOTIFICATION'
export const EQUIPMENT = 'API_EQUIPMENT'
export const LOCATION = 'API_FUNCTIONALLOCATION'
export const STOCK = 'API_MATERIAL_STOCK_SRV'
export const DOCUMENT = 'API_MATERIAL_DOCUMENT_SRV'

/** 2026-01-15T10:00:00.750Z: change fields must show it without the fraction. */
export const START = Date.UTC(2026, 0, 15, 10, 0, 0, 750)
export const START_SECOND = Date.UTC(2026, 0, 15, 10, 0, 0)
export const UNLIMITED = 253402214400000

type Headers = WriteContext['headers']

export function createLandscape(changed: Partial<Switches> = {}) {
  const switches = createSwitches(changed)
  const models = SERVICES.map(readModel)
  let now = START
  const store = createStore({ models, now: () => now })
  const put = (service: string, set: string, row: Row): void => store.insert(store.set(service, set), row)

  put('API_PLANT_SRV', 'A_Plant', { Plant: '1010', PlantName: 'Hamburg', CompanyCode: '1010', CompanyCodeName: 'AG' })
  put('API_PLANT_SRV', 'A_Plant', { Plant: '2010', PlantName: 'Wien', CompanyCode: '2010', CompanyCodeName: 'GmbH' })
  for (const StorageLocation of ['101A', '101B'])
    put('API_STORAGELOCATION_SRV', 'StorageLocation', { Plant: '1010', StorageLocation })
  for (const Product of ['SEAL-40', 'OIL-1']) {
    put(PRODUCT, 'A_Product', {
      Product,
      ProductType: 'ERSA',
      BaseUnit: 'PC',
      ProductGroup: 'L001',
      LastChangeDateTime: 0,
    })
    put(PRODUCT, 'A_ProductDescription', { Product, Language: 'EN', ProductDescription: `${Product} text` })
    put(PRODUCT, 'A_ProductPlant', { Product, Plant: '1010' })
    put(PRODUCT, 'A_ProductUnitsOfMeasure', {
      Product,
      AlternativeUnit: 'BOX',
      QuantityNumerator: '10',
      QuantityDenominator: '1',
    })
  }
  put(BP, 'A_BusinessPartner', { BusinessPartner: '10300001', Supplier: '10300001', LastChangeDate: 0 })
  for (const BusinessPartnerRole of ['FLVN00', 'FLVN01'])
    put(BP, 'A_BusinessPartnerRole', { BusinessPartner: '10300001', BusinessPartnerRole })
  put(BP, 'A_Supplier', { Supplier: '10300001', SupplierName: 'Nordhafen' })
  put(BP, 'A_SupplierCompany', { Supplier: '10300001', CompanyCode: '1010' })
  put(BP, 'A_SupplierPurchasingOrg', {
    Supplier: '10300001',
    PurchasingOrganization: '1010',
    PurchaseOrderCurrency: 'EUR',
    PaymentTerms: '0004',
  })
  put(EQUIPMENT, 'Equipment', {
    Equipment: '10000045',
    ValidityEndDate: UNLIMITED,
    ValidityStartDate: Date.UTC(2025, 0, 1),
    EquipmentName: 'Pump 3',
    MaintenancePlant: '1010',
    EquipUsagePeriodSequenceNumber: '001',
    LastChangeDateTime: Date.UTC(2026, 0, 2),
  })
  put(LOCATION, 'FunctionalLocation', {
    FunctionalLocation: '1010-PUMPS',
    FunctionalLocationLabelName: '1010-PUMPS',
    FunctionalLocationName: 'Pump house',
    LastChangeDateTime: Date.UTC(2026, 0, 2),
  })

  function write(
    service: string,
    method: string,
    target: WriteTarget,
    body: unknown,
    headers: Headers = {},
  ): WriteAnswer {
    return handleWrite({
      store,
      model: readModel(service),
      target,
      method,
      headers,
      body,
      user: 'TRIBUTARY',
      now,
      timeZone: 'UTC',
      language: 'EN',
      switches,
    })
  }

  return {
    store,
    switches,
    put,
    /** Lets time pass. */
    wait: (ms: number): void => {
      now += ms
    },
    post: (service: string, set: string, body: unknown): WriteAnswer =>
      write(service, 'POST', { kind: 'set', set: store.set(service, set) }, body),
    postBelow: (service: string, set: string, key: Row, navigation: string, body: unknown): WriteAnswer => {
      const entitySet = store.set(service, set)
      const found = entitySet.type.navigations.get(navigation)
      if (found === undefined) throw new Error(`no navigation ${navigation}`)
      return write(service, 'POST', { kind: 'navigation', set: entitySet, key, navigation: found }, body)
    },
    patch: (service: string, set: string, key: Row, body: unknown, headers: Headers = {}): WriteAnswer =>
      write(service, 'PATCH', { kind: 'entity', set: store.set(service, set), key }, body, headers),
    send: (method: string, service: string, set: string, key: Row, body: unknown, headers: Headers = {}): WriteAnswer =>
      write(service, method, { kind: 'entity', set: store.set(service, set), key }, body, headers),
    call: (service: string, name: string, parameters: Row, headers: Headers = { 'if-match': '*' }): WriteAnswer => {
      const imported = readModel(service).functions.get(name)
      if (imported === undefined) throw new Error(`no function ${name}`)
      return write(service, 'POST', { kind: 'function', function: imported, parameters }, undefined, headers)
    },
    row: (service: string, set: string, key: Row): Row => {
      const found = store.get(store.set(service, set), key)
      if (found === null) throw new Error(`${set} has no row ${JSON.stringify(key)}`)
      return found
    },
    has: (service: string, set: string, key: Row): boolean => store.get(store.set(service, set), key) !== null,
    rows: (service: string, set: string): Row[] => store.select(store.set(service, set)),
    stock: (StorageLocation: string, further: Row = {}): string | null => {
      const key = {
        Material: 'SEAL-40',
        Plant: '1010',
        StorageLocation,
        Batch: '',
        Supplier: '',
        Customer: '',
        WBSElementInternalID: '0',
        SDDocument: '',
        SDDocumentItem: '0',
        InventorySpecialStockType: '',
        InventoryStockType: '01',
        ...further,
      }
      const found = store.get(store.set(STOCK, 'A_MatlStkInAcctMod'), key)
      return found === null ? null : String(found['MatlWrhsStkQtyInMatlBaseUnit'])
    },
  }
}

export type Landscape = ReturnType<typeof createLandscape>

/** The refusal that the run ends in. @throws when it is not refused, or fails otherwise */
export function refusalOf(run: () => unknown): { status: number; code: string; message: string; codes: string[] } {
  try {
    run()
  } catch (error) {
    if (!(error instanceof SapError)) throw error
    const { status, code, message, details } = error
    return { status, code, message, codes: details.map((detail) => detail.code) }
  }
  throw new Error('the system accepted what it should have refused')
}

export const ORDER_BODY = {
  PurchaseOrderType: 'NB',
  CompanyCode: '1010',
  PurchasingOrganization: '1010',
  PurchasingGroup: '001',
  Supplier: '10300001',
  DocumentCurrency: 'EUR',
}

export const ITEM_BODY = {
  PurchaseOrderItem: '10',
  Material: 'SEAL-40',
  Plant: '1010',
  StorageLocation: '101A',
  OrderQuantity: '12',
  PurchaseOrderQuantityUnit: 'PC',
  NetPriceAmount: '9.50',
  NetPriceQuantity: '1',
  OrderPriceUnit: 'PC',
}

/** Creates an order with the given items (default: one) and answers its number. */
export function order(landscape: Landscape, items: readonly object[] = [ITEM_BODY]): string {
  const { entity } = landscape.post(PO, 'A_PurchaseOrder', { ...ORDER_BODY, to_PurchaseOrderItem: items })
  return String(entity?.row['PurchaseOrder'])
}
