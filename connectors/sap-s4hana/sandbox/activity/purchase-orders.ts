import type { Row } from '../model.ts'
import { decimal } from '../seed/decimals.ts'
import { nextNumber } from '../seed/numbers.ts'
import { DAY } from '../seed/times.ts'
import { type Desk, type Done, NothingToDo, text } from './desk.ts'

const SERVICE = 'API_PURCHASEORDER_PROCESS_SRV'

/** `key`: number of an order; without it some order that suits. */
export function purchaseOrderActions(desk: Desk) {
  const isLive = (row: Row): boolean => row['PurchasingDocumentDeletionCode'] === ''
  const orderOf = (key?: string): Row => {
    if (key === undefined) return desk.pick(SERVICE, 'A_PurchaseOrder', isLive)
    const row = desk.get(SERVICE, 'A_PurchaseOrder', { PurchaseOrder: key })
    if (!row) throw new NothingToDo(`there is no purchase order ${key}`)
    return row
  }
  const itemsOf = (order: string): Row[] => desk.find(SERVICE, 'A_PurchaseOrderItem', { PurchaseOrder: order })
  /** Some live item of the order, or the one that was asked for. */
  const itemOf = (order: string, number?: string): Row => {
    const suits = (row: Row): boolean => (number === undefined ? isLive(row) : row['PurchaseOrderItem'] === number)
    const items = itemsOf(order).filter(suits)
    if (items.length === 0) throw new NothingToDo(`order ${order} has no such item`)
    return desk.dice.pick(items)
  }
  const itemKey = (row: Row): Row => ({
    PurchaseOrder: text(row, 'PurchaseOrder'),
    PurchaseOrderItem: text(row, 'PurchaseOrderItem'),
  })
  const named = (row: Row): string => `${text(row, 'PurchaseOrder')}|${text(row, 'PurchaseOrderItem')}`
  const moveHeader = (order: string): void => {
    if (!desk.switches.headerMovesWithItems) return
    desk.update(SERVICE, 'A_PurchaseOrder', { PurchaseOrder: order }, { LastChangeDateTime: desk.now() })
  }

  return {
    newPurchaseOrder(): Done {
      const vendor = desk.pick(
        'API_BUSINESS_PARTNER',
        'A_Supplier',
        (row) => row['PurchasingIsBlocked'] === false && row['DeletionIndicator'] === false,
      )
      const place = desk.pick('API_PRODUCT_SRV', 'A_ProductPlant')
      const plant = desk.get('API_PLANT_SRV', 'A_Plant', { Plant: text(place, 'Plant') })
      const isTaken = (number: string): boolean =>
        desk.get(SERVICE, 'A_PurchaseOrder', { PurchaseOrder: number }) !== null
      const key = nextNumber(desk.store, 'purchaseOrder', isTaken)
      const { date } = desk.today()
      desk.insert(SERVICE, 'A_PurchaseOrder', {
        PurchaseOrder: key,
        CompanyCode: text(plant, 'CompanyCode'),
        PurchaseOrderType: 'NB',
        PurchasingProcessingStatus: '02',
        CreatedByUser: desk.user,
        CreationDate: date,
        LastChangeDateTime: desk.now(),
        Supplier: text(vendor, 'Supplier'),
        Language: 'EN',
        PaymentTerms: '0004',
        PurchasingOrganization: text(plant, 'CompanyCode'),
        PurchasingGroup: '001',
        PurchaseOrderDate: date,
        DocumentCurrency: 'EUR',
        ExchangeRate: '1.00000',
      })
      const count = desk.dice.int(1, 4)
      for (let at = 1; at <= count; at++) insertItem(key, String(at * 10), at === 1 ? place : samePlant(place))
      return { action: 'newPurchaseOrder', key }
    },

    /** Moves the header with `headerMovesWithItems`. */
    changeItemQuantity(key?: string, number?: string): Done {
      const order = text(orderOf(key), 'PurchaseOrder')
      const item = itemOf(order, number)
      const quantity = decimal(desk.dice.int(1, 500) * 1000)
      desk.update(SERVICE, 'A_PurchaseOrderItem', itemKey(item), {
        OrderQuantity: quantity,
        IsCompletelyDelivered: false,
      })
      const lines = desk.find(SERVICE, 'A_PurchaseOrderScheduleLine', scheduleKey(item))
      const [line] = lines
      if (line && lines.length === 1) {
        const lineKey = { ...scheduleKey(item), ScheduleLine: text(line, 'ScheduleLine') }
        desk.update(SERVICE, 'A_PurchaseOrderScheduleLine', lineKey, { ScheduleLineOrderQuantity: quantity })
      }
      moveHeader(order)
      return { action: 'changeItemQuantity', key: named(item) }
    },

    /** Moves the header with `headerMovesWithItems`. */
    addItem(key?: string): Done {
      const order = text(orderOf(key), 'PurchaseOrder')
      const items = itemsOf(order)
      const number = String(items.reduce((most, item) => Math.max(most, Number(item['PurchaseOrderItem'])), 0) + 10)
      const first = items.find((item) => text(item, 'Plant') !== '')
      const place = first ? samePlant({ Plant: text(first, 'Plant') }) : desk.pick('API_PRODUCT_SRV', 'A_ProductPlant')
      insertItem(order, number, place)
      moveHeader(order)
      return { action: 'addItem', key: `${order}|${number}` }
    },

    /** Sets the item's deletion code; the row stays. Moves the header with `headerMovesWithItems`. */
    deleteItem(key?: string, number?: string): Done {
      const order = text(orderOf(key), 'PurchaseOrder')
      const item = itemOf(order, number)
      desk.update(SERVICE, 'A_PurchaseOrderItem', itemKey(item), { PurchasingDocumentDeletionCode: 'L' })
      moveHeader(order)
      return { action: 'deleteItem', key: named(item) }
    },

    /** Sets the deletion code of all items. Moves the header always: it is one change of the whole order. */
    cancelOrder(key?: string): Done {
      const order = text(orderOf(key), 'PurchaseOrder')
      for (const item of itemsOf(order)) {
        desk.update(SERVICE, 'A_PurchaseOrderItem', itemKey(item), { PurchasingDocumentDeletionCode: 'L' })
      }
      desk.update(SERVICE, 'A_PurchaseOrder', { PurchaseOrder: order }, { LastChangeDateTime: desk.now() })
      return { action: 'cancelOrder', key: order }
    },
  }

  /** Some material of the same plant. */
  function samePlant(place: Row): Row {
    const places = desk.store.select(desk.set('API_PRODUCT_SRV', 'A_ProductPlant'), {
      where: { sql: '"Plant" = ?', params: [text(place, 'Plant')] },
      limit: 50,
    })
    return places.length === 0 ? place : desk.dice.pick(places)
  }

  function insertItem(order: string, number: string, place: Row): void {
    const product = desk.get('API_PRODUCT_SRV', 'A_Product', { Product: text(place, 'Product') })
    const [description] = desk.find('API_PRODUCT_SRV', 'A_ProductDescription', { Product: text(place, 'Product') })
    const unit = text(product, 'PurchaseOrderQuantityUnit') || text(product, 'BaseUnit')
    const quantity = decimal(desk.dice.int(1, 100) * 1000)
    const header = desk.get(SERVICE, 'A_PurchaseOrder', { PurchaseOrder: order })
    desk.insert(SERVICE, 'A_PurchaseOrderItem', {
      PurchaseOrder: order,
      PurchaseOrderItem: number,
      PurchaseOrderItemText: text(description, 'ProductDescription'),
      Plant: text(place, 'Plant'),
      MaterialGroup: text(product, 'ProductGroup'),
      OrderQuantity: quantity,
      PurchaseOrderQuantityUnit: unit,
      OrderPriceUnit: unit,
      OrderPriceUnitToOrderUnitNmrtr: '1',
      OrdPriceUnitToOrderUnitDnmntr: '1',
      DocumentCurrency: text(header, 'DocumentCurrency') || 'EUR',
      NetPriceAmount: decimal(desk.dice.int(1, 90_000) * 1000),
      NetPriceQuantity: '1',
      TaxCode: 'V1',
      GoodsReceiptIsExpected: true,
      InvoiceIsExpected: true,
      PurchaseOrderItemCategory: '0',
      Material: text(place, 'Product'),
    })
    desk.insert(SERVICE, 'A_PurchaseOrderScheduleLine', {
      PurchasingDocument: order,
      PurchasingDocumentItem: number,
      ScheduleLine: '1',
      DelivDateCategory: '1',
      ScheduleLineDeliveryDate: desk.today().date + desk.dice.int(3, 60) * DAY,
      PurchaseOrderQuantityUnit: unit,
      ScheduleLineOrderQuantity: quantity,
    })
  }
}

function scheduleKey(item: Row): Row {
  return {
    PurchasingDocument: text(item, 'PurchaseOrder'),
    PurchasingDocumentItem: text(item, 'PurchaseOrderItem'),
  }
}
