import {
  defineOperation,
  type Findings,
  type Issue,
  issue,
  type WriteField,
  type WriteRequest,
} from '../../../core/index.ts'
import { workOrders } from '../read/work-orders.ts'
import type { MaintainXSession } from '../session.ts'
import type { Row } from '../values.ts'
import { WORK_ORDER } from './kinds.ts'
import { withFirst } from './lists.ts'
import { BOTH, idIn, type Mapped, namesOf, rulesOf, valuesOf } from './mapped.ts'
import { deletion } from './masters.ts'
import { rowsIn, type Values } from './native-values.ts'
import { type Amendment, create, findCreated, findUpdate, settled, update, withCustom } from './records.ts'
import { type Sent, sentOf } from './sent.ts'
import { missingParts, PART_FIELDS, PART_NAMES, partLines, partsOf } from './work-order-parts.ts'

const PRIORITIES = { NONE: 'NONE', LOW: 'LOW', MEDIUM: 'MEDIUM', HIGH: 'HIGH', URGENT: 'HIGH' }
const TYPES = { CORRECTIVE: 'REACTIVE', PREVENTIVE: 'PREVENTIVE', OTHER: 'OTHER' }

const TABLE: readonly Mapped[] = [
  { field: 'title', native: 'title', kind: 'text', on: BOTH, required: true },
  { field: 'description', native: 'description', kind: 'text', on: BOTH },
  { field: 'priority', native: 'priority', kind: { words: PRIORITIES }, on: BOTH },
  { field: 'maintenance_type', native: 'type', kind: { words: TYPES }, on: BOTH },
  { field: 'asset_id', native: 'assetId', kind: { record: 'asset' }, on: BOTH },
  { field: 'location_id', native: 'locationId', kind: { record: 'location' }, on: BOTH },
  { field: 'parent_id', native: 'parentId', kind: { record: 'work_order' }, on: ['CREATE'] },
  { field: 'requester_id', native: 'requesterId', kind: { record: 'user' }, on: BOTH },
  { field: 'scheduled_start_at', native: 'startDate', kind: 'instant', on: BOTH },
  { field: 'due_at', native: 'dueDate', kind: 'instant', on: BOTH },
  { field: 'estimated_hours', native: 'estimatedTime', kind: 'seconds', on: BOTH },
]
const OTHERS: readonly Mapped[] = [
  { field: 'assignee_ids', native: 'assignees', kind: { record: 'user' }, on: BOTH },
  { field: 'vendor_id', native: 'vendorIds', kind: { record: 'vendor' }, on: BOTH },
]
const FIELDS_OF = { ...namesOf(TABLE), ...namesOf(OTHERS) }
const FIELDS: readonly WriteField[] = [
  ...rulesOf(TABLE, '/workorders'),
  ...rulesOf(OTHERS, '/workorders'),
  // every work order begins so
  { path: 'status', on: ['CREATE'], values: ['OPEN'], source: 'openapi /workorders status' },
  { path: 'custom_fields', on: BOTH, source: 'openapi /workorders extraFields' },
  ...PART_FIELDS,
]

type Request = WriteRequest<'work_order'>

/** Parts that an order uses leave their stock, which only a webhook or a poll tells. */
const subjectOf = ({ payload }: Request) => ({
  kind: WORK_ORDER,
  stream: workOrders,
  skipWebhook: skipsWebhook(payload),
})
const skipsWebhook = (payload: Request['payload']) => sentOf(payload).lines('parts').length === 0

function amendment(session: MaintainXSession, { payload, target }: Request, record: Row | null): Amendment {
  const sent = sentOf(payload)
  return settled(target === null ? 'creating a work order' : `changing work order ${target}`, (findings) => {
    let body: Values = { ...valuesOf(TABLE, sent, findings), ...assigneesOf(sent, record, findings) }
    const vendor = idIn(sent, 'vendor_id', 'vendor', findings)
    if (vendor !== null || sent.cleared('vendor_id')) body['vendorIds'] = vendor
    body = withDueDate(withFirst(body, 'vendorIds', record), record, findings)
    const parts = partsOf(sent, target, record, findings)
    if (parts !== null) body['partsUsed'] = parts.items.map((each) => ({ ...each }))
    const warnings = warningsOf(sent)
    return {
      body: withCustom(session, WORK_ORDER, body, sent, findings),
      names: {
        fields: FIELDS_OF,
        lines: { native: 'partsUsed', fields: PART_NAMES, at: parts?.at ?? [] },
      },
      ...(parts === null
        ? {}
        : { missing: (shown) => missingParts(parts, shown), lines: (_shown, id) => partLines(parts, id) }),
      ...(warnings.length === 0 ? {} : { warnings }),
    }
  })
}

/** Users as a whole; teams stay. */
function assigneesOf(sent: Sent, record: Row | null, findings: Findings): Values {
  const given = sent.value('assignee_ids')
  const isCleared = sent.cleared('assignee_ids')
  if (!Array.isArray(given) && !isCleared) return {}
  const users = (Array.isArray(given) ? given : []).flatMap((each, at) => {
    const one = { ...sent, text: () => String(each) }
    const id = idIn(one, `assignee_ids[${at}]`, 'user', findings)
    return id === null ? [] : [{ type: 'USER', id }]
  })
  const teams = rowsIn(record, 'assignees').filter(({ type }) => type === 'TEAM')
  return { assignees: [...users, ...teams.map(({ type = 'TEAM', id = null }) => ({ type, id }))] }
}

/** MaintainX takes a start only together with the time when it is due. */
function withDueDate(body: Values, record: Row | null, findings: Findings): Values {
  if ((body['startDate'] ?? null) === null || body['dueDate'] !== undefined) {
    if ((body['startDate'] ?? null) !== null && body['dueDate'] === null)
      findings.add('due_at', 'REQUIRED', 'MaintainX takes a start only together with the time when it is due')
    return body
  }
  const due = record?.['dueDate']
  if (typeof due === 'string') return { ...body, dueDate: due }
  findings.add('due_at', 'REQUIRED', 'MaintainX takes a start only together with the time when it is due')
  return body
}

function warningsOf(sent: Sent): readonly Issue[] {
  return sent.text('priority') === 'URGENT'
    ? [issue('priority', 'INVALID_VALUE', 'MaintainX has nothing above HIGH, which was written')]
    : []
}

export const createWorkOrder = defineOperation<MaintainXSession, 'work_order'>({
  entity: 'work_order',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS,
  execute: async (session, request, signal) =>
    create(session, request, WORK_ORDER, amendment(session, request, null), signal, skipsWebhook(request.payload)),
  find: (session, request, signal) =>
    findCreated(session, request, WORK_ORDER, signal, amendment(session, request, null).lines),
})

export const updateWorkOrder = defineOperation<MaintainXSession, 'work_order'>({
  entity: 'work_order',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: FIELDS.filter(({ on }) => on.includes('UPDATE')).map(({ required: _onCreate, ...field }) => field),
  execute: (session, request, signal) =>
    update(session, request, subjectOf(request), (record) => amendment(session, request, record), signal),
  find: (session, request, signal) =>
    findUpdate(session, request, WORK_ORDER, (record) => amendment(session, request, record), signal),
})

export const deleteWorkOrder = deletion('work_order', subjectOf)
