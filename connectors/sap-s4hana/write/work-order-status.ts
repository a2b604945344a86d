import {
  defineOperation,
  issue,
  type MappingSettings,
  type WorkOrderStatus,
  type WriteField,
  type WriteRequest,
} from '../../../core/index.ts'
import { literal } from '../literals.ts'
import { codesOf, stageOfOrder, statusOf } from '../read/work-order-status.ts'
import type { SapSession } from '../session.ts'
import { type Row, text } from '../values.ts'
import type { Call } from './changeset.ts'
import { refuse } from './issues.ts'
import { sentOf } from './sent.ts'
import { changing, matching, type Plan, type Updating } from './updating.ts'
import { WORK_NAMES, WORK_SERVICE } from './work-order-fields.ts'
import { workKind } from './work-order-kind.ts'

const WANTED: readonly WorkOrderStatus[] = [
  'DRAFT',
  'PENDING_APPROVAL',
  'OPEN',
  'ON_HOLD',
  'COMPLETED',
  'CLOSED',
  'CANCELED',
]

const FIELDS: readonly WriteField[] = [
  { path: 'status', on: ['SET_STATUS'], required: true, values: WANTED, source: `$metadata ${WORK_SERVICE} functions` },
  { path: 'effective_at', on: ['SET_STATUS'], source: `$metadata ${WORK_SERVICE} MaintOrderReferenceDateTime` },
]

interface Transition {
  readonly from: WorkOrderStatus
  readonly to: WorkOrderStatus
  /** Functions to be called, one after the other. */
  readonly native: string
}

const TRANSITIONS: readonly Transition[] = [
  { from: 'DRAFT', to: 'PENDING_APPROVAL', native: 'SubmitMaintOrderForApproval' },
  { from: 'PENDING_APPROVAL', to: 'DRAFT', native: 'RejectMaintenanceOrder' },
  { from: 'DRAFT', to: 'OPEN', native: 'ReleaseMaintenanceOrder' },
  { from: 'PENDING_APPROVAL', to: 'OPEN', native: 'ApproveMaintenanceOrder, ReleaseMaintenanceOrder' },
  { from: 'ON_HOLD', to: 'OPEN', native: 'SetMaintOrderStatusToUnlocked' },
  { from: 'COMPLETED', to: 'OPEN', native: 'ResetMaintOrdStsTechCompleted' },
  { from: 'CANCELED', to: 'OPEN', native: 'ResetStatusFromDoNotExecute' },
  { from: 'DRAFT', to: 'ON_HOLD', native: 'SetMaintOrderStatusToLocked' },
  { from: 'OPEN', to: 'ON_HOLD', native: 'SetMaintOrderStatusToLocked' },
  { from: 'IN_PROGRESS', to: 'ON_HOLD', native: 'SetMaintOrderStatusToLocked' },
  { from: 'OPEN', to: 'COMPLETED', native: 'SetMaintOrdToTechCompleted' },
  { from: 'IN_PROGRESS', to: 'COMPLETED', native: 'SetMaintOrdToTechCompleted' },
  { from: 'CLOSED', to: 'COMPLETED', native: 'ResetMaintOrderStatusClosed' },
  { from: 'COMPLETED', to: 'CLOSED', native: 'SetMaintOrderStatusToClosed' },
  { from: 'DRAFT', to: 'CANCELED', native: 'SetMaintOrderToDoNotExecute' },
  { from: 'PENDING_APPROVAL', to: 'CANCELED', native: 'SetMaintOrderToDoNotExecute' },
  { from: 'OPEN', to: 'CANCELED', native: 'SetMaintOrderToDoNotExecute' },
]

/** Function imports; the order is read back, its status line proves what has become of it. */
export const setWorkOrderStatus = defineOperation<SapSession, 'work_order'>({
  entity: 'work_order',
  operation: 'SET_STATUS',
  conflicts: 'native',
  atomic: false,
  fields: FIELDS,
  transitions: TRANSITIONS,
  ...changing((session, request) => settingStatus(session, request)),
})

/** Marked for deletion: SAP keeps the order until it is archived. */
export const deleteWorkOrder = defineOperation<SapSession, 'work_order'>({
  entity: 'work_order',
  operation: 'DELETE',
  conflicts: 'native',
  atomic: true,
  fields: [],
  ...changing((session, request) => deleting(session, request)),
})

const base = (session: SapSession, { target }: WriteRequest) => ({
  service: WORK_SERVICE,
  read: (signal: AbortSignal) => workKind.read(session, target ?? '', signal),
})

function settingStatus(session: SapSession, request: WriteRequest): Updating {
  const sent = sentOf(request.payload)
  const wanted = sent.text('status') as WorkOrderStatus | null
  const doing = `setting work order ${request.target ?? ''} to ${wanted ?? 'no status'}`
  if (wanted === null || !WANTED.includes(wanted))
    refuse(doing, [
      issue('status', 'UNSUPPORTED_OPERATION', 'SAP has no call for it; IN_PROGRESS follows from confirmations'),
    ])
  const at = literal.datetimeoffset(sent.instant('effective_at') ?? request.startedAt)
  return {
    ...base(session, request),
    doing,
    plan(order): Plan {
      const is = currentOf(order, request.mapping)
      const isThere = (now: WorkOrderStatus) => now === wanted || (wanted === 'OPEN' && now === 'IN_PROGRESS')
      const names = isThere(is) ? [] : functionsOf(session, order, is, wanted, doing)
      return {
        requests: [],
        calls: names.map((name, index) => callOf(name, order, at, index === 0 ? request.expectedVersion : null)),
        checks: [
          {
            field: 'status',
            native: 'SystemStatusText',
            holds: (row) => row !== null && isThere(currentOf(row, request.mapping)),
          },
        ],
        names: { header: WORK_NAMES },
      }
    },
  }
}

const currentOf = (order: Row, mapping: MappingSettings): WorkOrderStatus => statusOf(stageOfOrder(order), mapping)

function functionsOf(
  { config }: SapSession,
  order: Row,
  from: WorkOrderStatus,
  to: WorkOrderStatus,
  doing: string,
): readonly string[] {
  const known = TRANSITIONS.find((each) => each.from === from && each.to === to)
  if (known === undefined) refuse(doing, [issue('status', 'STATE_NOT_ALLOWED', `SAP has no way from ${from} to ${to}`)])
  const codes = codesOf(stageOfOrder(order))
  const names = known.native.split(', ')
  return names.map((name) => {
    if (name === 'SetMaintOrdToTechCompleted' && config.complete_as === 'main-work-completed')
      return 'SetMaintOrdToMainWorkComplete'
    if (name === 'SetMaintOrderToDoNotExecute' && config.cancel_as === 'marked-for-deletion')
      return 'SetMaintOrdStsToMrkdForDeltn'
    if (name === 'ResetMaintOrdStsTechCompleted' && !codes.includes('TECO')) return 'ResetMaintOrdStsMainWorkCmplt'
    if (name === 'ResetStatusFromDoNotExecute' && codes.includes('DLFL')) return 'ResetMaintOrdStsMrkdForDeltn'
    return name
  })
}

/** Parameters beside the order; notifications that belong to it are left alone. */
const PARAMETERS: { readonly [name: string]: (at: string) => Call['query'] } = {
  SetMaintOrdToTechCompleted: (at) => ({
    MaintOrderReferenceDateTime: at,
    MainWrkCmpltdDateTimeIsUsed: 'false',
    AssignedMaintNotifIsToBeClosed: 'false',
  }),
  SetMaintOrdToMainWorkComplete: (at) => ({ MainWorkCompletedDateTime: at, MainWrkCmpltdDateTimeIsUsed: 'true' }),
  SetMaintOrderStatusToClosed: (at) => ({ MaintOrderReferenceDateTime: at, AssignedMaintNotifIsToBeClosed: 'false' }),
  SetMaintOrderToDoNotExecute: (at) => ({
    MaintOrderReferenceDateTime: at,
    AssignedMaintNotifIsToBeClosed: 'false',
    AssgdMaintNotifIsToBeRsetAlloc: 'false',
  }),
  SetMaintOrdStsToMrkdForDeltn: () => ({ AssgdMaintNotifIsToBeSetDel: 'false' }),
  ResetMaintOrdStsMrkdForDeltn: () => ({ AssgdMaintNotifIsToBeResetDel: 'false' }),
  ResetMaintOrdStsTechCompleted: () => ({ AssgdMaintNotifIsToBePutInProc: 'false' }),
}

const callOf = (name: string, order: Row, at: string, expected: string | null): Call => ({
  name,
  query: { MaintenanceOrder: literal.string(text(order['MaintenanceOrder']) ?? ''), ...PARAMETERS[name]?.(at) },
  ...(expected === null ? {} : matching(order)),
})

const deleting = (session: SapSession, request: WriteRequest): Updating => ({
  ...base(session, request),
  doing: `deleting work order ${request.target ?? ''}`,
  goneIsDone: true,
  plan(order): Plan {
    const call = callOf('SetMaintOrdStsToMrkdForDeltn', order, '', request.expectedVersion)
    return {
      requests: [],
      calls: isMarked(order) ? [] : [call],
      checks: [{ field: null, native: 'SystemStatusText', holds: (row) => row === null || isMarked(row) }],
      names: { header: WORK_NAMES },
      warnings: [issue(null, 'UNSUPPORTED_OPERATION', 'SAP keeps the order and marks it for deletion')],
    }
  },
})

const isMarked = (order: Row): boolean => codesOf(stageOfOrder(order)).some((code) => code === 'DLFL' || code === 'DLT')
