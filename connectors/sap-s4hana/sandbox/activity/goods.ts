import type { Row } from '../model.ts'
import { decimal, thousandthsOf } from '../seed/decimals.ts'
import { type NumberRange, nextNumber } from '../seed/numbers.ts'
import { stockRow } from '../seed/stock.ts'
import { type Desk, type Done, NothingToDo, text } from './desk.ts'

const DOCUMENTS = 'API_MATERIAL_DOCUMENT_SRV'
const ORDERS = 'API_PURCHASEORDER_PROCESS_SRV'
const STOCK = 'API_MATERIAL_STOCK_SRV'

/** Goods movements: a material document, and the stock that it moves. `Done.key` is `year|document`. */
export function goodsActions(desk: Desk) {
  const isOpen = (item: Row): boolean =>
    item['PurchasingDocumentDeletionCode'] === '' && item['IsCompletelyDelivered'] === false && item['Material'] !== ''

  return {
    /**
     * Receives an item of an order (`order`, else some order), a part of it or the rest, which completes the item.
     * Does not move the order's change stamp.
     */
    receiveGoods(order?: string, number?: string): Done {
      const item = openItem(order, number)
      const [orderKey, itemKey] = [text(item, 'PurchaseOrder'), text(item, 'PurchaseOrderItem')]
      const ordered = thousandthsOf(item['OrderQuantity'])
      const rest = Math.max(1000, ordered - receivedOf(orderKey, itemKey))
      const quantity = rest > 1000 && desk.dice.chance(0.4) ? Math.ceil(rest / 2000) * 1000 : rest
      const unit = text(item, 'PurchaseOrderQuantityUnit')
      const material = text(item, 'Material')
      const plant = text(item, 'Plant')
      const line = {
        ...materialColumns(material, plant, text(item, 'StorageLocation') || placeOf(plant), unit, quantity),
        GoodsMovementType: '101',
        GoodsMovementRefDocType: 'B',
        PurchaseOrder: orderKey,
        PurchaseOrderItem: itemKey,
        Supplier: text(desk.get(ORDERS, 'A_PurchaseOrder', { PurchaseOrder: orderKey }), 'Supplier'),
        IsCompletelyDelivered: quantity >= rest,
      }
      const key = post('goodsReceipt', '01', 'WE', line)
      if (quantity >= rest) {
        const changes = { IsCompletelyDelivered: true }
        desk.update(ORDERS, 'A_PurchaseOrderItem', { PurchaseOrder: orderKey, PurchaseOrderItem: itemKey }, changes)
      }
      moveStock(line, thousandthsOf(line.QuantityInBaseUnit))
      return { action: 'receiveGoods', key }
    },

    /** Takes unrestricted own stock out for a cost center: all of a row now and then. */
    issueGoods(): Done {
      const stock = desk.pick(
        STOCK,
        'A_MatlStkInAcctMod',
        (row) =>
          row['InventorySpecialStockType'] === '' &&
          row['InventoryStockType'] === '01' &&
          thousandthsOf(row['MatlWrhsStkQtyInMatlBaseUnit']) > 0,
      )
      const there = thousandthsOf(stock['MatlWrhsStkQtyInMatlBaseUnit'])
      const quantity = desk.dice.chance(0.2) ? there : Math.min(there, desk.dice.int(1, 20) * 1000)
      const unit = text(stock, 'MaterialBaseUnit')
      const line = {
        ...materialColumns(
          text(stock, 'Material'),
          text(stock, 'Plant'),
          text(stock, 'StorageLocation'),
          unit,
          quantity,
        ),
        Batch: text(stock, 'Batch'),
        GoodsMovementType: '201',
        AccountAssignmentCategory: 'K',
        CostCenter: `${text(stock, 'Plant')}4100`,
      }
      const key = post('goodsMovement', '03', 'WA', line)
      moveStock(line, -quantity)
      return { action: 'issueGoods', key }
    },
  }

  function openItem(order?: string, number?: string): Row {
    const suits = (row: Row): boolean => isOpen(row) && (number === undefined || row['PurchaseOrderItem'] === number)
    if (order === undefined) return desk.pick(ORDERS, 'A_PurchaseOrderItem', isOpen)
    const items = desk.find(ORDERS, 'A_PurchaseOrderItem', { PurchaseOrder: order }).filter(suits)
    if (items.length === 0) throw new NothingToDo(`order ${order} has no item to receive`)
    return desk.dice.pick(items)
  }

  function receivedOf(PurchaseOrder: string, PurchaseOrderItem: string): number {
    return desk.find(DOCUMENTS, 'A_MaterialDocumentItem', { PurchaseOrder, PurchaseOrderItem }).reduce((sum, row) => {
      const quantity = thousandthsOf(row['QuantityInEntryUnit'])
      if (row['GoodsMovementType'] === '101') return sum + quantity
      return ['102', '122', '161'].includes(text(row, 'GoodsMovementType')) ? sum - quantity : sum
    }, 0)
  }

  function placeOf(plant: string): string {
    return text(desk.find('API_STORAGELOCATION_SRV', 'StorageLocation', { Plant: plant })[0], 'StorageLocation')
  }

  function materialColumns(material: string, plant: string, storageLocation: string, unit: string, quantity: number) {
    const product = desk.get('API_PRODUCT_SRV', 'A_Product', { Product: material })
    const conversion = desk.get('API_PRODUCT_SRV', 'A_ProductUnitsOfMeasure', {
      Product: material,
      AlternativeUnit: unit,
    })
    const factor = Number(conversion?.['QuantityNumerator'] ?? 1) / Number(conversion?.['QuantityDenominator'] ?? 1)
    const hasBatch = product?.['IsBatchManagementRequired'] === true
    return {
      Material: material,
      Plant: plant,
      StorageLocation: storageLocation,
      Batch: hasBatch ? `NEW-${desk.dice.int(1, 9)}` : '',
      InventoryStockType: '01',
      MaterialBaseUnit: text(product, 'BaseUnit') || unit,
      QuantityInBaseUnit: decimal(quantity * factor),
      EntryUnit: unit,
      QuantityInEntryUnit: decimal(quantity),
    }
  }

  function post(range: NumberRange, code: string, kind: string, line: Row): string {
    const { date, time } = desk.today()
    const year = String(new Date(date).getUTCFullYear())
    const isTaken = (number: string): boolean =>
      desk.get(DOCUMENTS, 'A_MaterialDocumentHeader', { MaterialDocumentYear: year, MaterialDocument: number }) !== null
    const number = nextNumber(desk.store, range, isTaken)
    desk.insert(DOCUMENTS, 'A_MaterialDocumentHeader', {
      MaterialDocumentYear: year,
      MaterialDocument: number,
      InventoryTransactionType: kind,
      DocumentDate: date,
      PostingDate: date,
      CreationDate: date,
      CreationTime: time,
      CreatedByUser: desk.user,
      GoodsMovementCode: code,
    })
    desk.insert(DOCUMENTS, 'A_MaterialDocumentItem', {
      MaterialDocumentYear: year,
      MaterialDocument: number,
      MaterialDocumentItem: '1',
      ...line,
      FiscalYear: year,
      FiscalYearPeriod: `${year}${String(new Date(date).getUTCMonth() + 1).padStart(3, '0')}`,
      FiscalYearVariant: 'K4',
      CompanyCodeCurrency: 'EUR',
      MaterialDocumentLine: '1',
    })
    return `${year}|${number}`
  }

  /** Adds to the row of unrestricted own stock, or takes from it: at once, stock has no time stamp to be late for. */
  function moveStock(line: ReturnType<typeof materialColumns>, thousandths: number): void {
    const material = { key: line.Material, unit: line.MaterialBaseUnit }
    const fresh = stockRow(material, line.Plant, line.StorageLocation, '01', decimal(thousandths), {
      Batch: line.Batch,
    })
    const set = desk.set(STOCK, 'A_MatlStkInAcctMod')
    const key = Object.fromEntries(set.type.keys.map((name) => [name, fresh[name] ?? '']))
    const row = desk.store.get(set, key)
    if (!row) {
      desk.store.insert(set, fresh)
      if (!desk.get(STOCK, 'A_MaterialStock', { Material: line.Material })) {
        desk.store.insert(desk.set(STOCK, 'A_MaterialStock'), {
          Material: line.Material,
          MaterialBaseUnit: line.MaterialBaseUnit,
        })
      }
      return
    }
    const left = thousandthsOf(row['MatlWrhsStkQtyInMatlBaseUnit']) + thousandths
    if (left === 0 && !desk.switches.zeroStockRows) desk.remove(STOCK, 'A_MatlStkInAcctMod', key)
    else desk.store.update(set, key, { MatlWrhsStkQtyInMatlBaseUnit: decimal(left) })
  }
}
