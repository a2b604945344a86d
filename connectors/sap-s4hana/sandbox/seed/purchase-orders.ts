import type { Row } from '../model.ts'
import { decimal, fit } from './decimals.ts'
import { type Order, type OrderItem, orderAt } from './orders.ts'
import { priceText } from './products.ts'
import type { Random } from './random.ts'
import { DAY, dayOf } from './times.ts'
import { LONG_TEXTS } from './words.ts'
import { workOrderKey } from './work.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const SERVICE = 'API_PURCHASEORDER_PROCESS_SRV'

export function seedPurchaseOrders(world: World, writer: Writer): void {
  const header = writer.into(SERVICE, 'A_PurchaseOrder')
  const item = writer.into(SERVICE, 'A_PurchaseOrderItem')
  const scheduleLine = writer.into(SERVICE, 'A_PurchaseOrderScheduleLine')
  const assignment = writer.into(SERVICE, 'A_PurOrdAccountAssignment')
  const note = writer.into(SERVICE, 'A_PurchaseOrderNote')
  const itemNote = writer.into(SERVICE, 'A_PurchaseOrderItemNote')
  for (let index = 0; index < world.size.purchaseOrders; index++) {
    const order = orderAt(world, index)
    const dice = world.random('order rows', index)
    header(headerRow(order, dice))
    if (dice.chance(0.15)) {
      note({ PurchaseOrder: order.key, TextObjectType: 'F01', Language: 'EN', PlainLongText: dice.pick(LONG_TEXTS) })
    }
    for (const line of order.items) {
      const isCosted = line.material === null || dice.chance(0.05)
      const category = isCosted
        ? dice.weighted([
            ['K', 6],
            ['F', 4],
          ] as const)
        : ''
      item(itemRow(order, line, category, dice))
      for (const row of scheduleRows(order, line, dice)) scheduleLine(row)
      if (category) for (const row of assignmentRows(world, order, line, category, dice)) assignment(row)
      if (dice.chance(0.04)) {
        itemNote({
          PurchaseOrder: order.key,
          PurchaseOrderItem: line.number,
          TextObjectType: 'F01',
          Language: 'DE',
          PlainLongText: dice.pick(LONG_TEXTS),
        })
      }
    }
  }
}

const PROCESSING = {
  active: '02',
  held: '01',
  'in release': '03',
  released: '05',
  rejected: '08',
  deleted: '02',
  'items deleted': '02',
}

function headerRow(order: Order, dice: Random): Row {
  const { plant, supplier, state } = order
  return {
    PurchaseOrder: order.key,
    CompanyCode: plant.company,
    PurchaseOrderType: 'NB',
    PurchasingDocumentDeletionCode: state === 'deleted' ? 'L' : '',
    PurchasingProcessingStatus: PROCESSING[state],
    CreatedByUser: 'CB9980000012',
    CreationDate: dayOf(order.created),
    LastChangeDateTime: order.changed,
    Supplier: supplier.key,
    Language: 'EN',
    PaymentTerms: supplier.paymentTerms,
    CashDiscount1Days: '14',
    CashDiscount1Percent: '2.000',
    PurchasingOrganization: plant.company,
    PurchasingGroup: dice.pick(['001', '002', 'Z03']),
    PurchaseOrderDate: dayOf(order.created),
    DocumentCurrency: supplier.currency,
    ExchangeRate: '1.00000',
    SupplierQuotationExternalID: dice.chance(0.3) ? `Q-${dice.int(1000, 99999)}/Ä` : '',
    SupplierRespSalesPersonName: dice.chance(0.2) ? "D'Arcy, Müller" : '',
    IncotermsClassification: dice.pick(['EXW', 'DAP', '']),
    CorrespncExternalReference: dice.chance(0.2) ? `Ref "${order.index % 1000}"` : '',
    ReleaseIsNotCompleted: state === 'in release',
    PurchasingCompletenessStatus: state === 'held',
  }
}

function itemRow(order: Order, line: OrderItem, category: '' | 'K' | 'F', dice: Random): Row {
  const { material, quantity } = line
  const isDone = line.received >= quantity
  // A motor is ordered by the piece and priced by the kilogram now and then: 2 pieces are 25 kg.
  const isPricedByWeight = material?.unit === 'PC' && line.unit === 'PC' && dice.chance(0.04)
  const price = material ? material.price * material.perOrderUnit : dice.int(10_000, 2_000_000)
  return {
    PurchaseOrder: order.key,
    PurchaseOrderItem: line.number,
    PurchasingDocumentDeletionCode: line.deletion,
    PurchaseOrderItemText: fit(material?.english ?? dice.pick(FREE_TEXTS), 40),
    Plant: order.plant.key,
    StorageLocation: line.storageLocation,
    MaterialGroup: material?.good.group ?? 'P001',
    SupplierMaterialNumber: dice.chance(0.3) ? `SUP "${order.index % 500}"-${line.number}` : '',
    OrderQuantity: decimal(quantity, quantity % 1000 === 0 ? 0 : 3),
    PurchaseOrderQuantityUnit: line.unit,
    OrderPriceUnit: isPricedByWeight ? 'KG' : line.unit,
    OrderPriceUnitToOrderUnitNmrtr: isPricedByWeight ? '25' : '1',
    OrdPriceUnitToOrderUnitDnmntr: isPricedByWeight ? '2' : '1',
    DocumentCurrency: order.supplier.currency,
    NetPriceAmount: priceText(Math.min(price, 900_000_000), order.supplier.currency),
    NetPriceQuantity: String(material?.priceUnit ?? 1),
    TaxCode: 'V1',
    TaxCountry: order.plant.country,
    PriceIsToBePrinted: true,
    OverdelivTolrtdLmtRatioInPct: dice.chance(0.1) ? '5.0' : '0.0',
    IsCompletelyDelivered: isDone,
    IsFinallyInvoiced: line.isInvoiced,
    PurchaseOrderItemCategory: line.category,
    AccountAssignmentCategory: category,
    MultipleAcctAssgmtDistribution: '',
    GoodsReceiptIsExpected: line.category !== 'A',
    InvoiceIsExpected: line.category !== '2',
    InvoiceIsGoodsReceiptBased: true,
    ItemNetWeight: '0.000',
    RequisitionerName: dice.chance(0.2) ? 'GROSSÄ' : '',
    Material: material?.key ?? '',
    ProductType: material ? '1' : '2',
    DeliveryAddressName: dice.chance(0.05) ? 'Baustelle "Süd"' : '',
    DeliveryAddressStreetName: '',
    DeliveryAddressCityName: order.plant.name,
    DeliveryAddressCountry: order.plant.country,
  }
}

const FREE_TEXTS = [
  'Crane rental, 1 day',
  'Wartung Aufzug',
  "Painter's work",
  'Spare parts as per quotation "A-7"',
] as const

function scheduleRows(order: Order, line: OrderItem, dice: Random): Row[] {
  if (line.category === 'A') return []
  const parts = line.quantity >= 3000 && dice.chance(0.12) ? 2 : 1
  const first = parts === 2 ? Math.floor(line.quantity / 2000) * 1000 : line.quantity
  return [first, line.quantity - first].slice(0, parts).map((quantity, at) => ({
    PurchasingDocument: order.key,
    PurchasingDocumentItem: line.number,
    ScheduleLine: String(at + 1),
    DelivDateCategory: '1',
    ScheduleLineDeliveryDate: dayOf(line.due) + at * 14 * DAY,
    SchedLineStscDeliveryDate: dayOf(line.due),
    PurchaseOrderQuantityUnit: line.unit,
    ScheduleLineOrderQuantity: decimal(quantity),
    ScheduleLineCommittedQuantity: '0',
    ScheduleLineDeliveryTime: 'PT00H00M00S',
  }))
}

function assignmentRows(world: World, order: Order, line: OrderItem, category: 'K' | 'F', dice: Random): Row[] {
  const shares = category === 'K' && dice.chance(0.15) ? [60, 40] : [100]
  const workOrders = world.size.maintenanceOrders
  return shares.map((share, at) => ({
    PurchaseOrder: order.key,
    PurchaseOrderItem: line.number,
    AccountAssignmentNumber: String(at + 1),
    IsDeleted: false,
    PurchaseOrderQuantityUnit: line.unit,
    Quantity: decimal(Math.floor((line.quantity * share) / 100)),
    MultipleAcctAssgmtDistrPercent: shares.length === 1 ? '0.0' : `${share}.0`,
    DocumentCurrency: order.supplier.currency,
    GLAccount: '65100000',
    CostCenter: category === 'K' ? (order.plant.costCenters[at] ?? '') : '',
    OrderID: category === 'F' && workOrders > 0 ? workOrderKey(dice.int(0, workOrders - 1)) : '',
    ControllingArea: 'A000',
    ProfitCenter: 'YB110',
    GoodsRecipientName: dice.chance(0.3) ? "O'Neill" : '',
  }))
}
