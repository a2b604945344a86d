import type { Sandbox } from '../../../connectors/sap-s4hana/sandbox/index.ts'
import type { Row } from '../../../connectors/sap-s4hana/sandbox/model.ts'
import { type EntityName, unifiedId } from '../../../core/index.ts'
import type { Answer } from '../kit/wire.ts'
import type { WriteSide, WriteWorld } from '../kit/writing.ts'
import { createPoster } from './poster.ts'
import { createTables, one } from './table.ts'

const ORDERS = 'API_PURCHASEORDER_PROCESS_SRV'
const DOCUMENTS = 'API_MATERIAL_DOCUMENT_SRV'
const PARTNERS = 'API_BUSINESS_PARTNER'
const PRODUCTS = 'API_PRODUCT_SRV'
const WORK = 'API_MAINTENANCEORDER'

/** What a connection needs in order to write. */
const SETTINGS = {
  company_code: '1010',
  purchasing_organization: '1010',
  purchasing_group: '001',
  plants: ['1010'],
  material_group: 'L001',
  cost_center: '10101101',
  bp_grouping: 'BP02',
  vendor_country: 'DE',
  vendor_currency: 'EUR',
  reconciliation_account: '21100000',
  product_type: 'ERSA',
  industry_sector: 'M',
  planning_plant: '1010',
  main_work_center: 'RES-0100',
}

const asBatch = /\/\$batch(\?|$)/

/** Commands for a sandbox of some size, whose effects are counted in its store. */
export async function sapWrites(
  sandbox: Sandbox,
  basic: { readonly [field: string]: unknown },
  connectionId: string,
): Promise<WriteSide> {
  const tables = createTables(sandbox.store, () => Date.now())
  const post = await createPoster(sandbox.origin, String(basic['username']), String(basic['password']))
  const id = (entity: EntityName, ...key: string[]) => unifiedId(connectionId, entity, key)
  const count = (service: string, set: string, equal: Row) => async () => tables.find(service, set, equal).length
  let counter = 0
  const mark = (what: string) => `${what} ${++counter}-${process.pid}`

  const supplier = String(
    one(
      tables.find(PARTNERS, 'A_SupplierPurchasingOrg', { PurchasingOrganization: '1010' }).filter(isOpen),
      'supplier that can be ordered from',
    )['Supplier'],
  )
  const item = one(tables.find(ORDERS, 'A_PurchaseOrderItem', { Plant: '1010' }).filter(isStocked), 'item for stock')
  const [material, storage] = [String(item['Material']), String(item['StorageLocation'])]
  const other = String(
    one(
      tables
        .find('API_STORAGELOCATION_SRV', 'StorageLocation', { Plant: '1010' })
        .filter((row) => row['StorageLocation'] !== storage),
      'other storage location',
    )['StorageLocation'],
  )
  const equipment = String(
    one(
      tables
        .find('API_EQUIPMENT', 'Equipment', { MaintenancePlant: '1010' })
        .filter((row) => row['EquipmentIsMarkedForDeletion'] !== true),
      'equipment',
    )['Equipment'],
  )
  const place = (storageLocation: string) => id('location', 'sloc', '1010', storageLocation)

  const newOrder = async () =>
    String(
      (
        await post(ORDERS, 'A_PurchaseOrder', {
          CompanyCode: '1010',
          PurchaseOrderType: 'NB',
          Supplier: supplier,
          PurchasingOrganization: '1010',
          PurchasingGroup: '001',
          DocumentCurrency: 'EUR',
          to_PurchaseOrderItem: [
            {
              PurchaseOrderItem: '10',
              Material: material,
              OrderQuantity: '10',
              NetPriceAmount: '2',
              Plant: '1010',
              StorageLocation: storage,
              to_ScheduleLine: [{ ScheduleLineDeliveryDate: '/Date(1797292800000)/', ScheduleLineOrderQuantity: '10' }],
            },
          ],
        })
      )['PurchaseOrder'],
    )
  const newVendor = async () =>
    String(
      (
        await post(PARTNERS, 'A_BusinessPartner', {
          BusinessPartnerCategory: '2',
          BusinessPartnerGrouping: 'BP02',
          OrganizationBPName1: mark('Nordhafen'),
          to_BusinessPartnerRole: [{ BusinessPartnerRole: 'FLVN00' }, { BusinessPartnerRole: 'FLVN01' }],
          to_BusinessPartnerAddress: [{ Language: 'EN', CityName: 'Kiel', Country: 'DE' }],
        })
      )['Supplier'],
    )
  const newWork = async () =>
    String(
      (
        await post(`${WORK};v=0002`, 'MaintenanceOrder', {
          MaintenanceOrderType: 'YA01',
          MaintenanceOrderDesc: mark('Pump'),
          MaintenancePlanningPlant: '1010',
          MainWorkCenter: 'RES-0100',
          MainWorkCenterPlant: '1010',
          Equipment: equipment,
        })
      )['MaintenanceOrder'],
    )
  const newDocument = async (Material: string, quantity: string, type = '501') => {
    const today = `/Date(${Math.floor(Date.now() / 86_400_000) * 86_400_000})/`
    const row = await post(DOCUMENTS, 'A_MaterialDocumentHeader', {
      GoodsMovementCode: type === '501' ? '05' : '03',
      PostingDate: today,
      DocumentDate: today,
      to_MaterialDocumentItem: [
        {
          Material,
          Plant: '1010',
          StorageLocation: storage,
          GoodsMovementType: type,
          QuantityInEntryUnit: quantity,
          ...(type === '201' ? { CostCenter: '10101101' } : {}),
        },
      ],
    })
    return `${String(row['MaterialDocumentYear'])}|${String(row['MaterialDocument'])}`
  }

  const orderLine = (over: object = {}) => ({
    line_ref: 'a',
    item_id: id('item', material),
    quantity_ordered: '10',
    unit_price: '12.345',
    location_id: place(storage),
    ...over,
  })
  const order = (description: string, over: object = {}) => ({
    payload: {
      vendor_id: id('vendor', supplier),
      currency: 'EUR',
      expected_date: '2026-12-15',
      lines: [orderLine({ description, ...over })],
    },
    times: count(ORDERS, 'A_PurchaseOrderItem', { PurchaseOrderItemText: description }),
  })
  const firstLine = (target: string) => unifiedId(connectionId, 'purchase_order_line', [target, '10'])
  const orderHeader = (target: string) => one(tables.find(ORDERS, 'A_PurchaseOrder', { PurchaseOrder: target }), target)
  const orderItems = (target: string) => tables.find(ORDERS, 'A_PurchaseOrderItem', { PurchaseOrder: target })
  const flag = (holds: () => boolean) => async () => (holds() ? 1 : 0)

  const canceled = (target: string) => ({
    target,
    payload: { status: 'CANCELED' },
    times: flag(() => orderItems(target).every((row) => row['PurchasingDocumentDeletionCode'] === 'L')),
  })
  const deletedOrder = (target: string) => ({
    target,
    payload: null,
    times: flag(() => orderHeader(target)['PurchasingDocumentDeletionCode'] === 'L'),
  })
  /** Of what concerns this object, in the form in which SAP says it. */
  const refusing =
    (target: string, code: string, value: string) =>
    ({ url, body }: { readonly url: string; readonly body: string }): Partial<Answer> | null =>
      url.includes(target) || body.includes(target) ? sapError(code, value) : null

  const purchaseOrder: { readonly [operation: string]: WriteWorld } = {
    CREATE: {
      make: async () => order(mark('Bolts')),
      refused: async () => ({
        ...order(mark('Nothing'), { item_id: id('item', 'NO-SUCH-ITEM') }),
        field: 'lines[0].item_id',
        words: /NO-SUCH-ITEM/,
      }),
    },
    UPDATE: {
      async make() {
        const [target, description] = [await newOrder(), mark('Nuts')]
        const lines = [
          { line_id: firstLine(target), quantity_ordered: '12.5' },
          orderLine({ line_ref: 'b', description }),
        ]
        const times = count(ORDERS, 'A_PurchaseOrderItem', { PurchaseOrderItemText: description })
        return { target, payload: { notes: description, lines }, times }
      },
      next({ target = '' }) {
        const description = mark('Washers')
        return {
          target,
          payload: { lines: [{ line_id: firstLine(target), description }] },
          times: count(ORDERS, 'A_PurchaseOrderItem', { PurchaseOrderItemText: description }),
        }
      },
      async refused() {
        const [target, description] = [await newOrder(), mark('Nothing')]
        return {
          target,
          payload: { lines: [orderLine({ description, item_id: id('item', 'NO-SUCH-ITEM') })] },
          times: count(ORDERS, 'A_PurchaseOrderItem', { PurchaseOrderItemText: description }),
          field: 'lines[0].item_id',
          words: /NO-SUCH-ITEM/,
        }
      },
    },
    SET_STATUS: {
      make: async () => canceled(await newOrder()),
      async refused() {
        const target = await newOrder()
        const words = `Item ${target} 00010 has goods receipts and cannot be deleted`
        return { ...canceled(target), field: null, words: /goods receipts/, answer: refusing(target, '06/115', words) }
      },
    },
    DELETE: {
      make: async () => deletedOrder(await newOrder()),
      async refused() {
        const target = await newOrder()
        const words = `Purchase order ${target} has goods receipts and cannot be deleted`
        return {
          ...deletedOrder(target),
          field: null,
          words: /goods receipts/,
          answer: refusing(target, '06/115', words),
        }
      },
    },
  }

  const KINDS = [
    { kind: 'RECEIPT', line: { quantity: '4', to_location_id: place(storage) } },
    { kind: 'ISSUE', line: { quantity: '1', from_location_id: place(storage) } },
    { kind: 'TRANSFER', line: { quantity: '1', from_location_id: place(storage), to_location_id: place(other) } },
    { kind: 'SCRAP', line: { quantity: '1', from_location_id: place(storage) } },
  ]
  let turn = 0
  const movement = ({ kind, line }: { kind: string; line: object }, header: object = {}) => {
    const notes = mark('Kit')
    return {
      payload: { kind, notes, lines: [{ line_ref: 'a', item_id: id('item', material), ...line }], ...header },
      times: count(DOCUMENTS, 'A_MaterialDocumentHeader', { MaterialDocumentHeaderText: notes }),
    }
  }
  const taken = (target: string) => {
    const [year = '', number = ''] = target.split('|')
    const reversed = { ReversedMaterialDocumentYear: year, ReversedMaterialDocument: number }
    return { target, payload: null, times: count(DOCUMENTS, 'A_MaterialDocumentItem', reversed) }
  }
  sandbox.switches.closedPeriods.add('2020-01')

  const inventoryMovement: { readonly [operation: string]: WriteWorld } = {
    CREATE: {
      make: async () => movement(KINDS[turn++ % KINDS.length] as (typeof KINDS)[number]),
      refused: async () => ({
        ...movement(
          { kind: 'RECEIPT', line: { quantity: '1', to_location_id: place(storage) } },
          {
            posting_date: '2020-01-15',
          },
        ),
        field: 'posting_date',
        words: /period/i,
      }),
    },
    DELETE: {
      make: async () => taken(await newDocument(material, '1')),
      async refused() {
        const target = await newDocument(material, '1')
        const [, number = ''] = target.split('|')
        return {
          ...taken(target),
          field: null,
          words: /Deficit of SL Unrestricted-use/,
          answer: refusing(number, 'M7/021', `Deficit of SL Unrestricted-use 3 PC : ${material} 1010 ${storage}`),
        }
      },
    },
  }

  const partnerOf = (key: string) => one(tables.find(PARTNERS, 'A_BusinessPartner', { Supplier: key }), key)
  const named = (target: string, more: object, name = mark('Nordhafen')) => ({
    target,
    payload: { name, ...more },
    times: flag(() => partnerOf(target)['OrganizationBPName1'] === name),
  })
  const unmade = (target: string) => ({
    target,
    payload: null,
    times: flag(
      () => one(tables.find(PARTNERS, 'A_Supplier', { Supplier: target }), target)['DeletionIndicator'] === true,
    ),
  })
  const newcomer = (over: object = {}) => {
    const name = mark('Suedhafen')
    return {
      payload: { name, city: 'Hamburg', country: 'DE', email: 'orders@suedhafen.example', ...over },
      times: count(PARTNERS, 'A_BusinessPartner', { OrganizationBPName1: name }),
    }
  }
  const vendor: { readonly [operation: string]: WriteWorld } = {
    CREATE: {
      make: async () => newcomer(),
      refused: async () => ({ ...newcomer({ organization: '9999' }), field: 'organization', words: /9999/ }),
    },
    UPDATE: {
      async make() {
        const [target, email] = [await newVendor(), `${mark('mail').replace(' ', '')}@nordhafen.example`]
        const times = count(PARTNERS, 'A_AddressEmailAddress', { EmailAddress: email })
        return { target, payload: { name: mark('Nordhafen'), city: 'Bremen', email }, times }
      },
      next: ({ target = '' }) => named(target, {}),
      refused: async () => ({
        ...named(await newVendor(), { custom_fields: '{"NoSuchProperty":"x"}' }),
        field: null,
        words: /NoSuchProperty/,
      }),
    },
    DELETE: {
      make: async () => unmade(await newVendor()),
      async refused() {
        const target = await newVendor()
        const words = `Supplier ${target} is used in open purchase orders`
        return { ...unmade(target), field: null, words: /open purchase/, answer: refusing(target, 'F2/213', words) }
      },
    },
  }

  const workOf = (key: string) => one(tables.find(WORK, 'MaintenanceOrder', { MaintenanceOrder: key }), key)
  const hasCode = (target: string, code: string) =>
    flag(() => String(workOf(target)['SystemStatusText']).split(/\s+/).includes(code))
  const titled = (target: string, more: object = {}) => {
    const title = mark('Seal')
    const times = count(WORK, 'MaintenanceOrder', { MaintenanceOrderDesc: title })
    return { target, payload: { title, ...more }, times }
  }
  const work = (over: object = {}) => {
    const title = mark('Swap')
    return {
      payload: {
        title,
        status: 'OPEN',
        maintenance_type: 'CORRECTIVE',
        asset_id: id('asset', 'equip', equipment),
        location_id: id('location', 'plant', '1010'),
        tasks: [{ line_ref: 't', description: 'Drain', estimated_hours: '1.5' }],
        ...over,
      },
      times: count(WORK, 'MaintenanceOrder', { MaintenanceOrderDesc: title }),
    }
  }
  const released = (target: string) => ({ target, payload: { status: 'OPEN' }, times: hasCode(target, 'REL') })
  const marked = (target: string) => ({ target, payload: null, times: hasCode(target, 'DLFL') })
  const nowhere = { asset_id: id('asset', 'equip', '99999999') }
  const workOrder: { readonly [operation: string]: WriteWorld } = {
    CREATE: {
      make: async () => work(),
      refused: async () => ({ ...work(nowhere), field: 'asset_id', words: /99999999/ }),
    },
    UPDATE: {
      make: async () => titled(await newWork(), { priority: 'HIGH' }),
      next: ({ target = '' }) => titled(target),
      refused: async () => ({ ...titled(await newWork(), nowhere), field: 'asset_id', words: /99999999/ }),
    },
    SET_STATUS: {
      make: async () => released(await newWork()),
      async refused() {
        const target = await newWork()
        const words = `"Release order" is not allowed (ORD ${target})`
        return { ...released(target), field: null, words: /Release order/, answer: refusing(target, 'BS/007', words) }
      },
    },
    DELETE: {
      make: async () => marked(await newWork()),
      async refused() {
        const target = await newWork()
        const words = `"Deletion flag" is not allowed (ORD ${target})`
        return { ...marked(target), field: null, words: /Deletion flag/, answer: refusing(target, 'BS/007', words) }
      },
    },
  }

  const described = (target: string | undefined, more: object = {}) => {
    const name = mark('Gasket')
    return {
      ...(target === undefined ? {} : { target }),
      payload: { name, ...more },
      times: count(PRODUCTS, 'A_ProductDescription', { ProductDescription: name }),
    }
  }
  const newItem = async () => {
    const Product = `GASKET-${++counter}`
    const texts = [{ Product, Language: 'EN', ProductDescription: mark('Gasket') }]
    await post(PRODUCTS, 'A_Product', { Product, ProductType: 'ERSA', BaseUnit: 'PC', to_Description: texts })
    return Product
  }
  const unused = (target: string) => ({
    target,
    payload: null,
    times: flag(
      () => one(tables.find(PRODUCTS, 'A_Product', { Product: target }), target)['IsMarkedForDeletion'] === true,
    ),
  })
  const unknown = { custom_fields: '{"NoSuchProperty":"x"}' }
  const newProduct = { item_type: 'INVENTORY', unit: 'EA' }
  const items: { readonly [operation: string]: WriteWorld } = {
    CREATE: {
      make: async () => described(undefined, newProduct),
      refused: async () => ({
        ...described(undefined, { ...newProduct, ...unknown }),
        field: null,
        words: /NoSuchProperty/,
      }),
    },
    UPDATE: {
      make: async () => described(await newItem(), { manufacturer_part_number: 'X-1' }),
      next: ({ target }) => described(target),
      refused: async () => ({ ...described(await newItem(), unknown), field: null, words: /NoSuchProperty/ }),
    },
    DELETE: {
      make: async () => unused(await newItem()),
      async refused() {
        const target = await newItem()
        const words = `Material ${target} is in use and cannot be flagged for deletion`
        return { ...unused(target), field: null, words: /in use/, answer: refusing(target, 'M3/180', words) }
      },
    },
  }

  const worldsOf = (entity: EntityName, worlds: { readonly [operation: string]: WriteWorld }) =>
    Object.entries(worlds).map(([operation, world]) => [`${operation} ${entity}`, world] as const)
  return {
    config: { ...basic, ...SETTINGS },
    // a batch may hold nothing but reads
    isWrite: ({ method, url, body }) =>
      method !== 'GET' && (!asBatch.test(url) || /^(POST|PUT|PATCH|MERGE|DELETE) /m.test(body)),
    worlds: Object.fromEntries([
      ...worldsOf('purchase_order', purchaseOrder),
      ...worldsOf('inventory_movement', inventoryMovement),
      ...worldsOf('vendor', vendor),
      ...worldsOf('work_order', workOrder),
      ...worldsOf('item', items),
    ]),
  }
}

const isOpen = (row: Row) => row['PurchasingIsBlockedForSupplier'] !== true
const isStocked = (row: Row) =>
  row['Material'] !== '' && row['StorageLocation'] !== '' && row['AccountAssignmentCategory'] === ''

const sapError = (code: string, value: string): Partial<Answer> => ({
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error: {
      code,
      message: { lang: 'en', value },
      innererror: { errordetails: [{ code, message: value, propertyref: '', severity: 'error', target: '' }] },
    },
  }),
})
