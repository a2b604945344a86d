import { defineOperation, type WriteRequest } from '../../../core/index.ts'
import { purchaseOrders } from '../read/purchase-orders.ts'
import type { MaintainXSession } from '../session.ts'
import type { Row } from '../values.ts'
import { PURCHASE_ORDER } from './kinds.ts'
import { type Mapped, namesOf, rulesOf, valuesOf } from './mapped.ts'
import { type Amendment, findUpdate, settled, update } from './records.ts'
import { sentOf } from './sent.ts'

const ON = ['SET_STATUS'] as const
const STATUS = 'openapi /purchaseorders/{id}/status'
const TABLE: readonly Mapped[] = [
  {
    field: 'status',
    native: 'status',
    kind: {
      words: {
        PENDING_APPROVAL: 'PENDING',
        APPROVED: 'APPROVED',
        REJECTED: 'DECLINED',
        CANCELED: 'CANCELED',
        CLOSED: 'COMPLETED',
      },
    },
    on: ON,
    required: true,
  },
  { field: 'status_reason', native: 'reviewNote', kind: 'text', on: ON },
]
const NAMES = { fields: namesOf(TABLE) }
const SUBJECT = { kind: PURCHASE_ORDER, stream: purchaseOrders, below: '/status' }

/** The vendor's table. What was received is told by RECEIPT movements; an order closed before that reads RECEIVED. */
const TRANSITIONS = [
  { from: 'DRAFT', native: 'REQUESTED', to: ['PENDING_APPROVAL', 'REJECTED', 'CANCELED'] },
  { from: 'PENDING_APPROVAL', native: 'PENDING', to: ['APPROVED', 'REJECTED', 'CANCELED'] },
  { from: 'REJECTED', native: 'DECLINED', to: ['PENDING_APPROVAL', 'CANCELED'] },
  { from: 'APPROVED', native: 'APPROVED', to: ['CANCELED'] },
  { from: 'PARTIALLY_RECEIVED', native: 'PARTIALLY_FULFILLED', to: ['CLOSED'] },
] as const

function amendment({ payload, target }: WriteRequest<'purchase_order'>, record: Row): Amendment {
  const sent = sentOf(payload)
  return settled(`changing the status of purchase order ${target}`, (findings) => {
    const body = valuesOf(TABLE, sent, findings)
    const now = record['status'] ?? null
    const allowed: readonly string[] = TRANSITIONS.find(({ native }) => native === now)?.to ?? []
    if (now !== body['status'] && !allowed.includes(sent.text('status') ?? ''))
      findings.add(
        'status',
        'STATE_NOT_ALLOWED',
        `MaintainX leads from ${String(now)} to ${allowed.join(', ') || 'nothing'}`,
      )
    if (sent.text('status_reason') !== null && body['status'] !== 'DECLINED')
      findings.add('status_reason', 'NOT_WRITABLE', 'MaintainX takes a note when an order is rejected')
    return { body, names: NAMES }
  })
}

export const setPurchaseOrderStatus = defineOperation<MaintainXSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'SET_STATUS',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: rulesOf(TABLE, '/purchaseorders/{id}/status').map((field) => ({ ...field, source: STATUS })),
  transitions: TRANSITIONS.flatMap(({ from, native, to }) => to.map((each) => ({ from, to: each, native }))),
  execute: (session, request, signal) =>
    update(session, request, SUBJECT, (record) => amendment(request, record), signal),
  find: (session, request, signal) =>
    findUpdate(session, request, PURCHASE_ORDER, (record) => amendment(request, record), signal),
})
