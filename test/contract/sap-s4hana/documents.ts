import type { Activity } from '../../../connectors/sap-s4hana/sandbox/activity/index.ts'
import type { Row } from '../../../connectors/sap-s4hana/sandbox/model.ts'
import type { World } from '../kit/harness.ts'
import { asJson } from './partners.ts'
import { type Names, one, pairOf, type Tables, times, unlessNew } from './table.ts'

export function purchaseOrderWorld(tables: Tables, names: Names, archive: Activity['archive']): World {
  const SERVICE = 'API_PURCHASEORDER_PROCESS_SRV'
  const orderOf = (key: string) =>
    one(tables.find(SERVICE, 'A_PurchaseOrder', { PurchaseOrder: key }), `purchase order ${key}`)
  const world: World = {
    async add(count) {
      const orders = times(count, () => String(4_580_000_000 + names.next()))
      const stamp = tables.stamp()
      const { date } = pairOf(stamp)
      tables.insert(
        SERVICE,
        'A_PurchaseOrder',
        orders.map((PurchaseOrder, at) => ({
          PurchaseOrder,
          PurchaseOrderType: 'NB',
          CompanyCode: '1010',
          PurchasingProcessingStatus: '02',
          Supplier: '10300001',
          DocumentCurrency: 'EUR',
          PurchaseOrderDate: date,
          CreationDate: date,
          ...unlessNew(at, { LastChangeDateTime: stamp }),
        })),
      )
      const items = orders.flatMap((PurchaseOrder) => ['10', '20'].map((item) => ({ PurchaseOrder, item })))
      tables.insert(
        SERVICE,
        'A_PurchaseOrderItem',
        items.map(({ PurchaseOrder, item }) => ({
          PurchaseOrder,
          PurchaseOrderItem: item,
          PurchaseOrderItemText: `Seal ${PurchaseOrder}/${item}`,
          Material: 'SEAL-40',
          Plant: '1010',
          OrderQuantity: '9007199254.741',
          PurchaseOrderQuantityUnit: 'PC',
          OrderPriceUnit: 'PC',
          NetPriceAmount: '0.07',
          NetPriceQuantity: '3',
          DocumentCurrency: 'EUR',
        })),
      )
      tables.insert(
        SERVICE,
        'A_PurchaseOrderScheduleLine',
        items.map(({ PurchaseOrder, item }) => ({
          PurchasingDocument: PurchaseOrder,
          PurchasingDocumentItem: item,
          ScheduleLine: '1',
          ScheduleLineDeliveryDate: date,
          ScheduleLineOrderQuantity: '9007199254.741',
        })),
      )
      return orders
    },
    async change(key) {
      const PurchaseOrderItemText = names.fresh('Line')
      const item = { PurchaseOrder: key, PurchaseOrderItem: '20' }
      tables.update(SERVICE, 'A_PurchaseOrderItem', item, { PurchaseOrderItemText })
      tables.update(SERVICE, 'A_PurchaseOrder', { PurchaseOrder: key }, { LastChangeDateTime: tables.stamp() })
      return asJson(PurchaseOrderItemText)
    },
    async exact() {
      const [key = ''] = await world.add(1)
      const item = (PurchaseOrderItem: string, NetPriceAmount: string) =>
        tables.update(
          SERVICE,
          'A_PurchaseOrderItem',
          { PurchaseOrder: key, PurchaseOrderItem },
          { OrderQuantity: '1', NetPriceAmount, NetPriceQuantity: '1' },
        )
      item('10', '0.1')
      item('20', '0.2')
      return { key, shows: ['"line_amount":"0.1"', '"line_amount":"0.2"', '"subtotal_amount":"0.3"'] }
    },
    remove: async (key) => void archive('A_PurchaseOrder', key),
    spoil: (key) => tables.spoil(SERVICE, 'A_PurchaseOrder', orderOf(key), 'PurchaseOrderDate'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

export function workOrderWorld(tables: Tables, names: Names, archive: Activity['archive']): World {
  const SERVICE = 'API_MAINTENANCEORDER'
  const orderOf = (key: string) =>
    one(tables.find(SERVICE, 'MaintenanceOrder', { MaintenanceOrder: key }), `maintenance order ${key}`)
  const world: World = {
    async add(count) {
      const orders = times(count, () => String(4_800_000 + names.next()))
      const stamp = tables.stamp()
      tables.insert(
        SERVICE,
        'MaintenanceOrder',
        orders.map((MaintenanceOrder, at) => ({
          MaintenanceOrder,
          MaintenanceOrderType: 'YA01',
          MaintenanceOrderDesc: `Replace seal ${MaintenanceOrder}`,
          MaintenancePlant: '1010',
          Equipment: '10000045',
          MaintPriority: '2',
          SystemStatusText: 'REL  MANC PRC  SETC',
          MaintOrdProcessPhaseCode: '05',
          MaintOrdBasicStartDateTime: stamp,
          MaintOrderCreationDateTime: stamp,
          ...unlessNew(at, { LastChangeDateTime: stamp }),
        })),
      )
      tables.insert(
        SERVICE,
        'MaintenanceOrderOperation',
        orders.map((MaintenanceOrder) => ({
          MaintenanceOrder,
          MaintenanceOrderOperation: '0010',
          MaintenanceOrderSubOperation: '',
          OperationDescription: 'Swap seal',
          MaintOrdOperationWorkDuration: '2.0',
          MaintOrdOpWorkDurationUnit: 'H',
          SystemStatusText: 'REL',
        })),
      )
      return orders
    },
    async change(key) {
      const MaintenanceOrderDesc = names.fresh('Renamed')
      const changes = { MaintenanceOrderDesc, LastChangeDateTime: tables.stamp() }
      tables.update(SERVICE, 'MaintenanceOrder', { MaintenanceOrder: key }, changes)
      return asJson(MaintenanceOrderDesc)
    },
    remove: async (key) => void archive('MaintenanceOrder', key),
    spoil: (key) => tables.spoil(SERVICE, 'MaintenanceOrder', orderOf(key), 'MaintOrdBasicStartDateTime'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** Material documents. Nobody changes one: what changes is that another takes it back. */
export function movementWorld(tables: Tables, names: Names): World {
  const SERVICE = 'API_MATERIAL_DOCUMENT_SRV'
  const YEAR = '2026'
  const numberOf = (key: string) => key.split('|')[1] ?? ''
  const headerOf = (MaterialDocument: string) =>
    one(
      tables.find(SERVICE, 'A_MaterialDocumentHeader', { MaterialDocumentYear: YEAR, MaterialDocument }),
      `material document ${MaterialDocument}`,
    )

  function post(numbers: readonly string[], line: Row): void {
    const { date, time } = pairOf(tables.stamp())
    tables.insert(
      SERVICE,
      'A_MaterialDocumentHeader',
      numbers.map((MaterialDocument) => ({
        MaterialDocumentYear: YEAR,
        MaterialDocument,
        DocumentDate: date,
        PostingDate: date,
        CreationDate: date,
        CreationTime: time,
        GoodsMovementCode: '05',
      })),
    )
    tables.insert(
      SERVICE,
      'A_MaterialDocumentItem',
      numbers.map((MaterialDocument) => ({
        MaterialDocumentYear: YEAR,
        MaterialDocument,
        MaterialDocumentItem: '1',
        Material: 'SEAL-40',
        Plant: '1010',
        StorageLocation: '101A',
        EntryUnit: 'PC',
        MaterialBaseUnit: 'PC',
        QuantityInEntryUnit: '0.001',
        QuantityInBaseUnit: '0.001',
        ...line,
      })),
    )
  }

  const world: World = {
    async add(count) {
      const numbers = times(count, () => String(4_980_000_000 + names.next()))
      post(numbers, { GoodsMovementType: '501' })
      return numbers.map((number) => `${YEAR}|${number}`)
    },
    async change(key) {
      const MaterialDocument = numberOf(key)
      post([String(4_980_000_000 + names.next())], {
        GoodsMovementType: '502',
        ReversedMaterialDocumentYear: YEAR,
        ReversedMaterialDocument: MaterialDocument,
        ReversedMaterialDocumentItem: '1',
      })
      const item = { MaterialDocumentYear: YEAR, MaterialDocument, MaterialDocumentItem: '1' }
      tables.update(SERVICE, 'A_MaterialDocumentItem', item, { GoodsMovementIsCancelled: true })
      return '"status":"REVERSED"'
    },
    spoil: (key) => tables.spoil(SERVICE, 'A_MaterialDocumentHeader', headerOf(numberOf(key)), 'PostingDate'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}
