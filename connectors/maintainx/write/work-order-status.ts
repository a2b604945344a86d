import { defineOperation, type WriteRequest } from '../../../core/index.ts'
import { workOrders } from '../read/work-orders.ts'
import type { MaintainXSession } from '../session.ts'
import { WORK_ORDER } from './kinds.ts'
import { type Mapped, namesOf, rulesOf, valuesOf } from './mapped.ts'
import { type Amendment, findUpdate, settled, update } from './records.ts'
import { sentOf } from './sent.ts'

const STATUSES = {
  OPEN: 'OPEN',
  IN_PROGRESS: 'IN_PROGRESS',
  ON_HOLD: 'ON_HOLD',
  COMPLETED: 'DONE',
  CANCELED: 'CANCELED',
} as const
const TABLE: readonly Mapped[] = [
  { field: 'status', native: 'status', kind: { words: STATUSES }, on: ['SET_STATUS'], required: true },
]
const NAMES = { fields: namesOf(TABLE) }
const SUBJECT = { kind: WORK_ORDER, stream: workOrders, below: '/status' }

const amendment = ({ payload, target }: WriteRequest<'work_order'>): Amendment =>
  settled(`changing the status of work order ${target}`, (findings) => ({
    body: valuesOf(TABLE, sentOf(payload), findings),
    names: NAMES,
  }))

/** The vendor publishes no table: each of the five may follow each other. CLOSED is none of them. */
const TRANSITIONS = Object.keys(STATUSES).flatMap((from) =>
  Object.entries(STATUSES).flatMap(([to, native]) => (to === from ? [] : [{ from, to, native }])),
)

export const setWorkOrderStatus = defineOperation<MaintainXSession, 'work_order'>({
  entity: 'work_order',
  operation: 'SET_STATUS',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: rulesOf(TABLE, '/workorders/{id}/status'),
  transitions: TRANSITIONS,
  execute: (session, request, signal) => update(session, request, SUBJECT, () => amendment(request), signal),
  find: (session, request, signal) => findUpdate(session, request, WORK_ORDER, () => amendment(request), signal),
})
