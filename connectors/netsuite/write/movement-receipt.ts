import {
  createFindings,
  decimals,
  type Findings,
  type Json,
  type JsonObject,
  type WriteRequest,
} from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { decimal, type Row, text } from '../values.ts'
import { rowsIn, shownId } from './forms.ts'
import type { Values } from './mapped.ts'
import { namesFor } from './movement-fields.ts'
import { headerOf } from './movement-header.ts'
import { exactNumber } from './native-values.ts'
import { goodsIn, lineIssues, numberOf, uninvited } from './purchase-order-lines.ts'
import type { Creation } from './records.ts'
import { idIn, partsIn } from './references.ts'
import { type Sent, sentOf } from './sent.ts'
import { converted, type Goods, unitIn } from './units.ts'

type Request = WriteRequest<'inventory_movement'>

interface Received {
  readonly sent: Sent
  readonly orderLine: string
  readonly body: Values
}

/** A receipt is an order's transformation; lines that it does not name are named as not received. */
export async function receiptOf(session: NetSuiteSession, request: Request, signal: AbortSignal): Promise<Creation> {
  const doing = 'receiving goods'
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const header = { ...headerOf(session, sent, findings), ...sent.custom(findings) }
  const order = orderOf(sent, findings)
  findings.settle(doing)
  const record = await session.client.record('purchaseOrder', order ?? '', signal)
  if (record === null) findings.add('purchase_order_id', 'NOT_FOUND', `NetSuite has no purchase order ${order}`)
  findings.settle(doing)
  const rows = rowsIn(record ?? {}, 'item')
  const given = sent.lines()
  const goods = await goodsIn(
    session,
    given,
    rows.map((row) => shownId(row, 'item')),
    findings,
    signal,
  )
  const received = given.flatMap((line) => receivedLine(line, rows, goods, request, findings) ?? [])
  for (const [at, { orderLine, sent: line }] of received.entries())
    if (received.findIndex((each) => each.orderLine === orderLine) < at)
      findings.add(`${line.at}purchase_order_line_id`, 'INVALID_VALUE', 'a receipt has one line for each of the order')
  findings.settle(doing)
  const rest: readonly Json[] = rows
    .filter((row) => isOpen(row) && !received.some(({ orderLine }) => orderLine === numberOf(row)))
    .map((row) => ({ orderLine: Number(numberOf(row)), itemReceive: false }))
  return {
    type: 'itemReceipt',
    path: `/purchaseOrder/${order}/!transform/itemReceipt`,
    doing,
    body: { ...header, item: { items: [...received.map(({ body }) => body), ...rest] } },
    names: namesFor(
      'to_location_id',
      received.map(({ sent: line }) => line.at),
    ),
    lineIssues(receipt) {
      const { lines } = namesFor('to_location_id', [])
      const shown = rowsIn(receipt, 'item')
      return [
        ...received.flatMap(({ body, orderLine, sent: line }, at) => {
          const { orderLine: _line, itemReceive: _receive, ...values } = body
          return lineIssues(values, rowFor(shown, orderLine, at), line.at, lines?.fields)
        }),
        ...shown.slice(received.length).map(uninvited),
      ]
    },
    lines: receiptLines(sent),
  }
}

/** Results of the lines, by the order's line that each received. */
export const receiptLines = (sent: Sent) => (receipt: JsonObject, id: string) => {
  const shown = rowsIn(receipt, 'item')
  return sent.lines().flatMap((line, at) => {
    const orderLine = partsIn(line, 'purchase_order_line_id', 'purchase_order_line', createFindings())?.[1] ?? ''
    const number = numberOf(rowFor(shown, orderLine, at))
    return number === null ? [] : [{ lineRef: line.text('line_ref'), lineKey: `${id}|${number}`, lineNumber: number }]
  })
}

const rowFor = (rows: readonly Row[], orderLine: string, at: number): Row | undefined =>
  rows.some((row) => row['orderLine'] !== undefined)
    ? rows.find((row) => text(row['orderLine']) === orderLine)
    : rows[at]

/** The one order that all lines belong to. */
function orderOf(sent: Sent, findings: Findings): string | null {
  const header = idIn(sent, 'purchase_order_id', 'purchase_order', findings)
  const lines = sent.lines()
  if (lines.length === 0) findings.add('lines', 'REQUIRED', 'a receipt has at least one line')
  const named = lines.map((line) => {
    const parts = partsIn(line, 'purchase_order_line_id', 'purchase_order_line', findings)
    if (line.text('purchase_order_line_id') === null)
      findings.add(`${line.at}purchase_order_line_id`, 'REQUIRED', 'NetSuite receives on lines of orders alone')
    return parts?.[0] ?? null
  })
  const orders = new Set([header, ...named].filter((id) => id !== null))
  if (orders.size > 1) findings.add('lines', 'INVALID_VALUE', 'a receipt is for one purchase order')
  return [...orders][0] ?? null
}

const isOpen = (row: Row): boolean =>
  row['isClosed'] !== true &&
  decimals.compare(decimal(row['quantity']) ?? '0', decimal(row['quantityReceived']) ?? '0') > 0

function receivedLine(
  sent: Sent,
  rows: readonly Row[],
  goods: Goods,
  { mapping }: Request,
  findings: Findings,
): Received | null {
  const orderLine = partsIn(sent, 'purchase_order_line_id', 'purchase_order_line', findings)?.[1] ?? ''
  const row = rows.find((each) => numberOf(each) === orderLine)
  const wrong = (field: string, code: 'NOT_FOUND' | 'STATE_NOT_ALLOWED' | 'INVALID_VALUE', message: string) => {
    findings.add(`${sent.at}${field}`, code, message)
    return null
  }
  if (row === undefined) return wrong('purchase_order_line_id', 'NOT_FOUND', `the order has no line ${orderLine}`)
  if (!isOpen(row)) return wrong('purchase_order_line_id', 'STATE_NOT_ALLOWED', `line ${orderLine} expects nothing`)
  const item = idIn(sent, 'item_id', 'item', findings)
  if (item !== null && item !== shownId(row, 'item'))
    return wrong('item_id', 'INVALID_VALUE', `line ${orderLine} is about item ${shownId(row, 'item')}`)
  const unit = unitIn(sent, goods.items.get(shownId(row, 'item') ?? ''), goods, mapping, findings)
  const ordered = goods.units.find(({ id }) => id === shownId(row, 'units')) ?? null
  const quantity = exactNumber(converted(sent.text('quantity') ?? '0', unit, ordered))
  if (quantity === null || quantity <= 0) return wrong('quantity', 'INVALID_VALUE', 'must be above zero')
  const place = idIn(sent, 'to_location_id', 'location', findings)
  return {
    sent,
    orderLine,
    body: {
      orderLine: Number(orderLine),
      itemReceive: true,
      quantity,
      ...(place === null ? {} : { location: { id: place } }),
      ...sent.custom(findings),
    },
  }
}
