import { priceText, quantityText, rateText } from './decimals.ts'
import type { Order, OrderLine } from './orders.ts'
import { DAY, wholeSecond } from './times.ts'
import type { Ledger } from './transactions.ts'

/** One receipt of everything that has come in, or two halves. The sums are what the order's lines say. */
export function seedReceipts(ledger: Ledger, order: Order): void {
  const { world } = ledger
  const received = order.lines.filter((line) => line.received > 0)
  if (received.length === 0) return
  const dice = world.random('receipts', order.index)
  const isSplit = dice.chance(0.3)
  const first = (line: OrderLine): number =>
    isSplit && line.received >= 2000 ? Math.floor(line.received / 2000) * 1000 : line.received
  post(first, wholeSecond(order.created + (order.changed - order.created) * 0.5 * dice.next()))
  if (isSplit) post((line) => line.received - first(line), order.changed)

  function post(quantityOf: (line: OrderLine) => number, at: number): void {
    const lines = received.filter((line) => quantityOf(line) > 0)
    if (lines.length === 0) return
    const id = ledger.nextId()
    const memo = dice.chance(0.2) ? `LS ${order.index}/"${id}"` : null
    const subsidiary = world.oneWorld ? order.location.subsidiary : null
    const entity = order.vendor.id
    const changed = dice.chance(0.1) ? Math.min(world.now, at + dice.int(1, 5) * DAY) : at
    ledger.header(
      'ItemRcpt',
      id,
      ledger.nextDocument('ItemRcpt'),
      { created: at, changed },
      {
        externalid: dice.chance(0.1) ? `GR-${id}` : null,
        entity,
        memo,
        currency: order.vendor.currency + 1,
        exchangerate: rateText(order.exchange),
        posting: true,
        createdfrom: order.id,
        subsidiary,
        location: order.isScattered ? null : order.location.id,
      },
    )
    ledger.main(id, {
      entity,
      subsidiary,
      memo,
      location: order.isScattered ? null : order.location.id,
      createdfrom: order.id,
      linecreateddate: at,
    })
    let number = 0
    for (const line of lines) {
      if (line.item === null) continue
      number++
      ledger.line(id, number, {
        item: line.item.id,
        itemtype: line.item.type,
        quantity: quantityText(quantityOf(line)),
        units: line.item.purchaseUnit.id,
        rate: priceText((line.price * order.exchange) / 1_000_000),
        subsidiary,
        entity,
        location: line.location.id,
        createdfrom: order.id,
        orderline: line.id,
        isinventoryaffecting: line.item.isStocked,
        inventorynumber: line.item.isStocked && line.item.good.code === 'OIL' ? `LOT-${order.index}` : null,
        linecreateddate: at,
      })
    }
  }
}
