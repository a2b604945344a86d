import { amountText, decimal, priceText, quantityText, rateText } from './decimals.ts'
import { idsOf } from './ids.ts'
import { ACCOUNT, COUNTS } from './lists.ts'
import { locationAddress } from './locations.ts'
import { isOnOrder } from './order-status.ts'
import { type Order, type OrderLine, orderAt } from './orders.ts'
import type { Random } from './random.ts'
import { seedReceipts } from './receipts.ts'
import type { OnOrder } from './stock.ts'
import { DAY } from './times.ts'
import type { Ledger } from './transactions.ts'
import { TEXTS } from './words.ts'

/** Orders with their lines, and the receipts of what has come in. */
export function seedPurchaseOrders(ledger: Ledger, onOrder: OnOrder): void {
  const { world } = ledger
  for (let index = 0; index < world.size.purchaseOrders; index++) {
    const order = orderAt(world, index)
    seedOrder(ledger, order, world.random('order rows', index))
    seedReceipts(ledger, order)
    const counts = isOnOrder(order.status)
    for (const line of order.lines) {
      if (line.item === null || !(counts || line.received > 0)) continue
      const open = counts && !line.isClosed ? line.ordered - line.received : 0
      onOrder.add(line.item, line.location, open * Number(line.item.purchaseUnit.rate))
    }
  }
}

function seedOrder(ledger: Ledger, order: Order, dice: Random): void {
  const { world } = ledger
  const { id, status, vendor, location } = order
  const employees = world.size.employees
  const person = (): number => idsOf(world.size).employee(dice.int(0, employees - 1))
  const total = order.subtotal + order.tax
  const subsidiary = world.oneWorld ? location.subsidiary : null
  const department = dice.chance(0.3) ? dice.int(1, COUNTS.departments) : null
  const memo = dice.chance(0.3) ? dice.pick(TEXTS) : null
  const place = order.isScattered ? null : location.id
  const day = world.calendar.day
  const dues = order.lines.flatMap((line) => (line.due === null ? [] : [line.due]))
  ledger.header('PurchOrd', id, ledger.nextDocument('PurchOrd'), order, {
    externalid: dice.chance(0.3) ? `PO-EXT-${id}` : null,
    status,
    entity: vendor.id,
    duedate: dues.length > 0 && dice.chance(0.7) ? day(Math.max(...dues)) : null,
    shipdate: dice.chance(0.2) ? day(order.created + 5 * DAY) : null,
    closedate: status === 'G' || status === 'H' ? day(order.changed) : null,
    memo,
    otherrefnum: dice.chance(0.3) ? `Q/${id}-"${index(order)}"` : null,
    currency: vendor.currency + 1,
    exchangerate: rateText(order.exchange),
    foreigntotal: amountText(total),
    taxtotal: order.tax > 0 ? amountText(order.tax) : null,
    terms: vendor.terms,
    employee: employees > 0 && dice.chance(0.7) ? person() : null,
    approvalstatus: status === 'A' ? '1' : status === 'C' ? '3' : '2',
    nextapprover: status === 'A' && employees > 0 ? person() : null,
    posting: false,
    postingperiod: null,
    shippingaddress: place !== null && location.parent === null ? locationAddress(location) : null,
    createdby: employees > 0 ? person() : null,
    subsidiary,
    location: place,
    department,
    total: base(total, order),
    subtotal: amountText(order.subtotal),
    ...world.customValues('transaction', dice),
  })
  const entity = vendor.id
  const shared = { entity, subsidiary, department }
  ledger.main(id, {
    ...shared,
    location: place,
    memo,
    foreignamount: amountText(total),
    netamount: base(total, order),
    linecreateddate: order.created,
    linelastmodifieddate: order.changed,
  })
  const isMixed = order.lines.length > 1 && dice.chance(0.08)
  for (const [at, line] of order.lines.entries()) {
    const row = line.item === null ? expenseColumns(line, order) : itemColumns(ledger, line, order, dice)
    ledger.line(id, line.id, {
      ...shared,
      ...row,
      // a line that was put in between: people see it first, its id says it came last
      linesequencenumber: isMixed ? order.lines.length - at : line.id,
      location: line.location.id,
      foreignamount: amountText(line.amount),
      netamount: base(line.amount, order),
      isclosed: line.isClosed,
      quantityshiprecv: quantityText(line.received),
      quantitybilled: quantityText(line.billed),
      linecreateddate: order.created,
      linelastmodifieddate: order.changed,
    })
  }
  if (order.tax > 0) {
    const last = order.lines.at(-1)?.id ?? 0
    const tax = { taxline: true, memo: 'VAT', foreignamount: amountText(order.tax), netamount: base(order.tax, order) }
    ledger.line(id, last + 1, { ...shared, ...tax })
  }
}

const index = (order: Order): number => order.index + 1

/** Hundredths of the order's currency in the subsidiary's. */
const base = (hundredths: number, order: Order): string => amountText((hundredths * order.exchange) / 1_000_000)

function itemColumns(ledger: Ledger, line: OrderLine, order: Order, dice: Random) {
  const { item } = line
  if (item === null) throw new Error('an expense has no item')
  return {
    item: item.id,
    itemtype: item.type,
    memo: dice.chance(0.8) ? item.good.text : dice.chance(0.3) ? dice.pick(TEXTS) : null,
    quantity: quantityText(line.ordered),
    units: item.purchaseUnit.id,
    rate: decimal((line.price * order.exchange) / 10_000, 6),
    rateamount: priceText(line.price),
    class: dice.chance(0.2) ? dice.int(1, COUNTS.classes) : null,
    isfullyshipped: line.received >= line.ordered,
    isinventoryaffecting: false,
    expectedreceiptdate: line.due === null ? null : ledger.world.calendar.day(line.due),
    vendorname: dice.chance(0.15) ? `V/${item.code}` : null,
    ...ledger.world.customValues('transactionline', dice),
  }
}

const expenseColumns = (line: OrderLine, order: Order) => ({
  expenseaccount: ACCOUNT.expense,
  memo: `Freight ${order.index}/${line.id}`,
})
