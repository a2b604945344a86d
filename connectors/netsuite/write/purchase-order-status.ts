import {
  decimals,
  defineOperation,
  issue,
  type Json,
  type JsonObject,
  rejection,
  type WriteRequest,
} from '../../../core/index.ts'
import { purchaseOrders } from '../read/purchase-orders.ts'
import type { NetSuiteSession } from '../session.ts'
import { decimal, type Row } from '../values.ts'
import { rowsIn, shownId } from './forms.ts'
import { NAMES } from './purchase-order-fields.ts'
import { lineIssues, newRows, numberOf, uninvited } from './purchase-order-lines.ts'
import { type Amendment, findUpdate, update } from './records.ts'
import { sentOf } from './sent.ts'

type Request = WriteRequest<'purchase_order'>

const CLOSABLE = ['PENDING_APPROVAL', 'REJECTED', 'APPROVED', 'PARTIALLY_RECEIVED', 'RECEIVED']
const CANCELABLE = ['PENDING_APPROVAL', 'REJECTED', 'APPROVED']

/** Approval by `approvalStatus`; the end of an order is that all of its lines are closed. */
export const setPurchaseOrderStatus = defineOperation<NetSuiteSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'SET_STATUS',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: [
    {
      path: 'status',
      on: ['SET_STATUS'],
      required: true,
      values: ['APPROVED', 'REJECTED', 'CLOSED', 'CANCELED'],
      source: 'REST API Browser purchaseOrder.approvalStatus, purchaseOrder.item.isClosed',
    },
  ],
  transitions: [
    { from: 'PENDING_APPROVAL', to: 'APPROVED', native: 'approvalStatus 2' },
    { from: 'REJECTED', to: 'APPROVED', native: 'approvalStatus 2' },
    { from: 'PENDING_APPROVAL', to: 'REJECTED', native: 'approvalStatus 3' },
    { from: 'APPROVED', to: 'REJECTED', native: 'approvalStatus 3' },
    ...CLOSABLE.map((from) => ({ from, to: 'CLOSED', native: 'isClosed of all lines' })),
    ...CANCELABLE.map((from) => ({ from, to: 'CANCELED', native: 'isClosed of all lines' })),
  ],
  execute: (session, request, signal) =>
    update(
      session,
      request,
      { type: 'purchaseOrder', doing: doingOf(request), stream: purchaseOrders },
      (record) => amendment(session, request, record),
      signal,
    ),
  find: (session, request, signal) =>
    findUpdate(session, request, { type: 'purchaseOrder' }, (record) => amendment(session, request, record), signal),
})

const doingOf = ({ target }: Request) => `changing the status of purchase order ${target}`

const refuse = (request: Request, message: string) =>
  rejection(doingOf(request), [issue('status', 'STATE_NOT_ALLOWED', message)])

function amendment(session: NetSuiteSession, request: Request, record: JsonObject): Amendment {
  const status = sentOf(request.payload).text('status') ?? ''
  return status === 'APPROVED' || status === 'REJECTED'
    ? approval(session, request, record, status)
    : closing(request, record, status)
}

const letterOf = (record: JsonObject): string => shownId(record, 'status') ?? shownId(record, 'orderStatus') ?? ''

function approval(session: NetSuiteSession, request: Request, record: JsonObject, status: string): Amendment {
  const letter = letterOf(record)
  const isThere = (now: JsonObject) =>
    status === 'REJECTED' ? letterOf(now) === 'C' : /^[BDEFG]$/.test(letterOf(now)) || isApproved(now)
  const id = status === 'APPROVED' ? '2' : '3'
  if (isThere(record)) return { body: {}, names: NAMES }
  if (session.config.approval === 'off')
    throw refuse(request, 'orders of this connection are not approved (setting approval)')
  if (letter === 'H') throw refuse(request, 'the order is closed')
  if (status === 'REJECTED' && isReceived(record)) throw refuse(request, 'goods were received on the order')
  return {
    body: { approvalStatus: { id } },
    names: NAMES,
    missing: (now) => (isThere(now) ? [] : [issue('status', 'STATE_NOT_ALLOWED', `the order stays ${letterOf(now)}`)]),
  }
}

const isApproved = (record: JsonObject): boolean =>
  letterOf(record) !== 'H' && shownId(record, 'approvalStatus') === '2'

function closing(request: Request, record: JsonObject, status: string): Amendment {
  const rows = rowsIn(record, 'item')
  const isOpen = (row: Row) => row['isClosed'] !== true
  const open = rows.filter(isOpen)
  if (open.length > 0 && status === 'CANCELED' && isReceived(record))
    throw refuse(request, 'goods were received on the order: it can be closed, not canceled')
  const body = { isClosed: true }
  const items: readonly Json[] = open.map((row) => ({ line: row['line'] ?? null, ...body }))
  const known = new Set(rows.map((row) => numberOf(row) ?? ''))
  return {
    body: items.length === 0 ? {} : { item: { items } },
    names: { ...NAMES, lines: { fields: { isClosed: 'status' }, at: open.map(() => '') } },
    missing: (now) =>
      rowsIn(now, 'item')
        .filter(isOpen)
        .flatMap((row) => lineIssues(body, row, `lines[].`)),
    surprises: (after) => newRows(after, known).map(uninvited),
  }
}

const isReceived = (record: JsonObject): boolean =>
  rowsIn(record, 'item').some((row) => decimals.compare(decimal(row['quantityReceived']) ?? '0', '0') > 0)
