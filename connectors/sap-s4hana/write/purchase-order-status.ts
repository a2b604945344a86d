import { defineOperation, issue, type WriteField, type WriteRequest } from '../../../core/index.ts'
import type { BatchRequest } from '../batch.ts'
import { isDeleted } from '../read/purchase-order-status.ts'
import type { SapSession } from '../session.ts'
import { entityPath, type Row, stripZeros, text } from '../values.ts'
import { refuse } from './issues.ts'
import { HEADER_NAMES, ORDER_SERVICE } from './purchase-order-fields.ts'
import { itemIn, itemsOf, orderKind } from './purchase-order-kind.ts'
import { sentOf } from './sent.ts'
import { changing, type Check, matching, type Plan, type Updating } from './updating.ts'

const STATUS: WriteField = {
  path: 'status',
  on: ['SET_STATUS'],
  required: true,
  values: ['CANCELED', 'CLOSED'],
  source: `${ORDER_SERVICE}: deletion and completion indicators of items; it has no function for approval`,
}

/** CANCELED: every item gets the deletion indicator; CLOSED: every item is delivered and invoiced in full. */
export const setPurchaseOrderStatus = defineOperation<SapSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'SET_STATUS',
  conflicts: 'compare',
  atomic: true,
  fields: [STATUS],
  transitions: ['DRAFT', 'PENDING_APPROVAL', 'REJECTED', 'APPROVED', 'PARTIALLY_RECEIVED', 'RECEIVED'].flatMap(
    (from) => [
      { from, to: 'CANCELED', native: 'DELETE A_PurchaseOrderItem' },
      { from, to: 'CLOSED', native: 'IsCompletelyDelivered, IsFinallyInvoiced' },
    ],
  ),
  ...changing((session, request) => settingStatus(session, request)),
})

/** The deletion indicator for the whole order: SAP keeps the document. */
export const deletePurchaseOrder = defineOperation<SapSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'DELETE',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  ...changing((session, request) => deleting(session, request)),
})

const base = (session: SapSession, { target }: WriteRequest) => ({
  service: ORDER_SERVICE,
  read: (signal: AbortSignal) => orderKind.read(session, target ?? '', signal),
})

const settingStatus = (session: SapSession, request: WriteRequest): Updating => {
  const status = sentOf(request.payload).text('status')
  const doing = `setting purchase order ${request.target ?? ''} to ${status ?? 'no status'}`
  return {
    ...base(session, request),
    doing,
    plan(order) {
      if (status === 'CANCELED') return canceling(order)
      if (status === 'CLOSED') return closing(order, doing)
      return refuse(doing, [
        issue('status', 'UNSUPPORTED_OPERATION', 'SAP has no call for it; CANCELED and CLOSED can be set'),
      ])
    },
  }
}

const liveItems = (order: Row): readonly Row[] => itemsOf(order).filter((item) => !isDeleted(item))
const isCanceled = (order: Row): boolean => isDeleted(order) || liveItems(order).length === 0

const pathOf = (item: Row): string =>
  entityPath('A_PurchaseOrderItem', {
    PurchaseOrder: item['PurchaseOrder'] ?? '',
    PurchaseOrderItem: item['PurchaseOrderItem'] ?? '',
  })

function canceling(order: Row): Plan {
  const requests = isCanceled(order)
    ? []
    : liveItems(order).map(
        (item): BatchRequest => ({ method: 'DELETE', path: pathOf(item), body: null, ...matching(item) }),
      )
  return planned(requests, [canceled('status')])
}

const canceled = (field: string | null): Check => ({
  field,
  native: 'PurchasingDocumentDeletionCode',
  holds: (order) => order === null || isCanceled(order),
})

function closing(order: Row, doing: string): Plan {
  if (isCanceled(order)) refuse(doing, [issue('status', 'STATE_NOT_ALLOWED', 'the order is canceled')])
  const body = { IsCompletelyDelivered: true, IsFinallyInvoiced: true }
  const open = liveItems(order)
  const requests = open.map((item): BatchRequest => ({ method: 'PATCH', path: pathOf(item), body, ...matching(item) }))
  const checks = open.flatMap((item) =>
    (['IsCompletelyDelivered', 'IsFinallyInvoiced'] as const).map(
      (native): Check => ({
        field: 'status',
        native,
        holds: (record) => record !== null && itemIn(record, numberOf(item))?.[native] === true,
      }),
    ),
  )
  return planned(requests, checks)
}

const numberOf = (item: Row): string => stripZeros(text(item['PurchaseOrderItem']) ?? '')

const planned = (requests: readonly BatchRequest[], checks: readonly Check[]): Plan => ({
  requests,
  checks,
  names: { header: HEADER_NAMES },
})

const deleting = (session: SapSession, request: WriteRequest): Updating => ({
  ...base(session, request),
  doing: `deleting purchase order ${request.target ?? ''}`,
  goneIsDone: true,
  plan(order) {
    const path = entityPath('A_PurchaseOrder', { PurchaseOrder: order['PurchaseOrder'] ?? '' })
    const requests: BatchRequest[] = isCanceled(order)
      ? []
      : [{ method: 'DELETE', path, body: null, ...matching(order) }]
    return {
      ...planned(requests, [canceled(null)]),
      warnings: [issue(null, 'UNSUPPORTED_OPERATION', 'SAP keeps the order and marks it as deleted')],
    }
  },
})
