import {
  issue,
  type JsonObject,
  RejectedError,
  rejection,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import type { MaintainXSession } from '../session.ts'
import { children, decimal, isRow, type Row } from '../values.ts'
import { recordOf } from './anchors.ts'
import { PURCHASE_ORDER } from './kinds.ts'
import { idIn, partsIn, valuesOf } from './mapped.ts'
import { movementLines } from './movement-stock.ts'
import { idText } from './native-values.ts'
import { type Found, settled } from './records.ts'
import { inUnifiedTerms } from './refusals.ts'
import { sentOf } from './sent.ts'

type Request = WriteRequest<'inventory_movement'>

/** What is to have come in all, of one item at one location. */
interface Total {
  readonly item: string
  readonly location: string
  readonly before: number
  readonly after: number
  /** `lines[2].` */
  readonly at: string
}

const doing = 'receiving goods'

/** Quantities of fulfilments are totals to date: what came is added to what the order shows. */
export async function plannedReceipts(
  session: MaintainXSession,
  { payload }: Request,
  signal: AbortSignal,
): Promise<JsonObject> {
  const sent = sentOf(payload)
  const lines = settled(doing, (findings) => {
    const header = idIn(sent, 'purchase_order_id', 'purchase_order', findings)
    const given = sent.lines('lines').map((line) => {
      const parts = partsIn(line, 'purchase_order_line_id', 'purchase_order_line', findings)
      if (line.text('purchase_order_line_id') === null)
        findings.add(`${line.at}purchase_order_line_id`, 'REQUIRED', 'MaintainX receives on lines of orders alone')
      for (const each of ['to_location_id', 'quantity'])
        if (line.text(each) === null) findings.add(`${line.at}${each}`, 'REQUIRED', 'must be given')
      const quantity = valuesOf(QUANTITY, line, findings)['quantity']
      return {
        order: parts?.[0] ?? '',
        item: parts?.[1] ?? '',
        part: idIn(line, 'item_id', 'item', findings),
        location: String(idIn(line, 'to_location_id', 'location', findings)),
        quantity: Number(quantity ?? 0),
        at: line.at,
      }
    })
    if (given.length === 0) findings.add('lines', 'REQUIRED', 'a receipt has at least one line')
    const orders = new Set(given.map(({ order }) => order))
    if (header !== null) orders.add(String(header))
    if (orders.size > 1) findings.add('lines', 'INVALID_VALUE', 'a receipt is for one purchase order')
    return given
  })
  const order = lines[0]?.order ?? ''
  const record = await recordOf(session, PURCHASE_ORDER, order, signal)
  const totals = new Map<string, Total>()
  settled(doing, (findings) => {
    for (const { item, part, location, quantity, at } of lines) {
      const row = itemOf(record, item)
      if (row === null)
        findings.add(`${at}purchase_order_line_id`, 'NOT_FOUND', `MaintainX has no order ${order} with line ${item}`)
      else if (part !== null && idText(row['partId']) !== String(part))
        findings.add(`${at}item_id`, 'INVALID_VALUE', `line ${item} is about part ${idText(row['partId'])}`)
      const key = `${item}|${location}`
      const before = receivedAt(row, location)
      const after = (totals.get(key)?.after ?? before) + quantity
      totals.set(key, { item, location, before, after, at })
    }
  })
  return { order, totals: [...totals.values()].map((total) => ({ ...total })) }
}

const QUANTITY = [{ field: 'quantity', native: 'quantity', kind: 'whole', on: ['CREATE'] }] as const

const itemOf = (order: Row | null, id: string): Row | null =>
  children(order?.['items']).find((each) => idText(each['id']) === id) ?? null

const fulfilmentAt = (item: Row | null, location: string): Row | null =>
  children(item?.['fulfillments']).find((each) => idText(each['locationId']) === location) ?? null

const receivedAt = (item: Row | null, location: string): number =>
  Number(decimal(fulfilmentAt(item, location)?.['quantityReceived']) ?? 0)

export async function postReceipts(
  session: MaintainXSession,
  request: Request,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const { order, totals } = planIn(request)
  const record = await recordOf(session, PURCHASE_ORDER, order, signal)
  if (record === null) throw rejection(doing, [issue('purchase_order_id', 'NOT_FOUND', `there is no order ${order}`)])
  const ids = [...new Set(totals.map(({ item }) => item))]
  const items = ids.map((id) => ({ id: Number(id), fulfillments: fulfilmentsOf(itemOf(record, id), id, totals) }))
  const sent = { method: 'PATCH', path: `/purchaseorders/${order}/fulfillment`, body: { items }, doing } as const
  const answer = await session.client.change(sent, signal).catch((error: unknown) => {
    const at = ids.map((id) => totals.find(({ item }) => item === id)?.at ?? null)
    const fields = { quantityReceived: 'quantity', locationId: 'to_location_id', id: 'purchase_order_line_id' }
    throw inUnifiedTerms(error, doing, { fields: {}, lines: { native: 'items', fields, at } })
  })
  return { ...outcomeOf(request, false), httpStatus: answer.status, vendorRequestId: answer.requestId }
}

/** Those of other locations as they are: MaintainX does not say what becomes of what is left out. */
function fulfilmentsOf(item: Row | null, id: string, totals: readonly Total[]): JsonObject[] {
  const wanted = totals.filter((total) => total.item === id)
  const others = children(item?.['fulfillments'])
    .filter((each) => !wanted.some(({ location }) => location === idText(each['locationId'])))
    .map((each) => bodyOf(each, Number(decimal(each['quantityReceived']) ?? 0)))
  const mine = wanted.map(({ location, after }) => {
    const there = fulfilmentAt(item, location)
    return there === null ? { locationId: Number(location), quantityReceived: after } : bodyOf(there, after)
  })
  return [...others, ...mine]
}

const bodyOf = ({ id, locationId, isLegacy }: Row, quantityReceived: number): JsonObject => ({
  ...(typeof id === 'number' ? { id } : {}),
  ...(typeof locationId === 'number' ? { locationId } : {}),
  quantityReceived,
  ...(isLegacy === true ? { isLegacy } : {}),
})

/** All as planned = applied. A total that is neither as it was nor as planned was changed by somebody else as well. */
export async function receiptsFound(session: MaintainXSession, request: Request, signal: AbortSignal): Promise<Found> {
  const { order, totals } = planIn(request)
  const record = await recordOf(session, PURCHASE_ORDER, order, signal)
  const shown = totals.map(({ item, location, before, after }) => {
    const received = receivedAt(itemOf(record, item), location)
    return received === after ? 'done' : received === before ? 'open' : 'foreign'
  })
  if (shown.every((each) => each === 'done')) return outcomeOf(request, true)
  return shown.includes('foreign') ? 'unknown' : 'not-applied'
}

function outcomeOf({ payload, commandId }: Request, replay: boolean): WriteOutcome {
  const message = 'the total was computed from what had come at that time: what came meanwhile is not in it'
  return {
    target: commandId,
    replay,
    lines: movementLines(sentOf(payload).lines('lines'), commandId),
    warnings: [issue(null, 'RACE', message)],
  }
}

function planIn({ plan }: Request): { readonly order: string; readonly totals: readonly Total[] } {
  const [order, totals] = [plan?.['order'], plan?.['totals']]
  if (typeof order !== 'string' || !Array.isArray(totals))
    throw new RejectedError(`${doing}: it was not planned`, [issue(null, 'SYSTEM_ERROR', 'it was not planned')])
  return { order, totals: totals.filter(isRow) as unknown as readonly Total[] }
}
