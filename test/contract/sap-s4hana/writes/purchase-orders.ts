import { unifiedId } from '../../../../core/index.ts'
import { one } from '../table.ts'
import { type Basis, ORDERS, type Worlds } from './basis.ts'

export function purchaseOrderWrites(basis: Basis): Worlds {
  const { connectionId, tables, post, id, count, flag, mark, refusing, supplier, material, storage, place } = basis
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

  return {
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
}
