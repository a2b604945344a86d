/** The function imports of maintenance orders: every step of the status, and the few that assign things. */
import type { Row } from '../model.ts'
import type { WriteAnswer } from './context.ts'
import { checkActionEtag } from './etags.ts'
import { done, type FunctionCall, type Handler } from './function-call.ts'
import { checkLocked } from './locks.ts'
import { MAINTENANCE, orderLock, orderRow, stampOrder } from './maintenance-orders.ts'
import { completeNotification, putInProcess } from './notifications.ts'
import { codesOf, type Phase, phaseOf, statusLine, step, type TRANSITIONS, WORK_PHASES } from './order-status.ts'
import { business } from './refusals.ts'
import { find, keyOf, rowsWhere, textOf, type Work } from './work.ts'

type Step = keyof typeof TRANSITIONS

interface Action {
  readonly step: Step
  /** In place of the phase that follows from the status. */
  readonly phase?: Phase
  readonly also?: (work: Work, order: Row, call: FunctionCall) => Row
}

const ACTIONS: Readonly<Record<string, Action>> = {
  ReleaseMaintenanceOrder: { step: 'release', also: (work, order) => releaseOperations(work, order) },
  SubmitMaintOrderForApproval: { step: 'submit', phase: WORK_PHASES.submitted },
  ApproveMaintenanceOrder: { step: 'submit', phase: WORK_PHASES.approved },
  RejectMaintenanceOrder: { step: 'submit' },
  SetMaintOrderToReadyForSchedg: { step: 'plan', phase: WORK_PHASES.readyForScheduling },
  ResetMaintOrderStsRdyForSchedg: { step: 'plan' },
  ScheduleMaintenanceOrder: { step: 'plan', phase: WORK_PHASES.scheduled },
  SetMaintOrderOpsToDispatched: { step: 'plan', phase: WORK_PHASES.dispatched },
  ResetMaintOrdOpsStsDispatched: { step: 'plan', phase: WORK_PHASES.scheduled },
  SetMaintOrdToMainWorkComplete: {
    step: 'finishWork',
    phase: WORK_PHASES.mainWorkComplete,
    also: (work, _order, { parameters }) => ({
      MainWorkCompletedDateTime: parameters['MainWorkCompletedDateTime'] ?? work.now,
    }),
  },
  ResetMaintOrdStsMainWorkCmplt: { step: 'finishWork', also: () => ({ MainWorkCompletedDateTime: null }) },
  SetMaintOrdToTechCompleted: {
    step: 'complete',
    also: (work, order, call) => ({
      ...referenceMoment(work, order, call),
      ...(call.parameters['MainWrkCmpltdDateTimeIsUsed'] === true || order['MainWorkCompletedDateTime'] === null
        ? { MainWorkCompletedDateTime: order['MainWorkCompletedDateTime'] ?? work.now }
        : {}),
    }),
  },
  ResetMaintOrdStsTechCompleted: {
    step: 'reopen',
    also: (work, order, { parameters }) => {
      if (parameters['AssgdMaintNotifIsToBePutInProc'] === true)
        putInProcess(work, textOf(order, 'MaintenanceNotification'))
      return { MaintOrderReferenceDateTime: null, MainWorkCompletedDateTime: null }
    },
  },
  SetMaintOrderStatusToClosed: { step: 'close', also: referenceMoment },
  ResetMaintOrderStatusClosed: { step: 'unclose' },
  SetMaintOrderToDoNotExecute: { step: 'doNotExecute', also: referenceMoment },
  ResetStatusFromDoNotExecute: { step: 'execute', also: () => ({ MaintOrderReferenceDateTime: null }) },
  SetMaintOrderStatusToLocked: { step: 'lock' },
  SetMaintOrderStatusToUnlocked: { step: 'unlock' },
  SetMaintOrdStsToMrkdForDeltn: { step: 'markDeleted' },
  ResetMaintOrdStsMrkdForDeltn: { step: 'unmarkDeleted' },
}

export const maintenanceFunctions: Readonly<Record<string, Handler>> = {
  ...Object.fromEntries(Object.entries(ACTIONS).map(([name, action]) => [name, handlerOf(action)])),
  AssignMaintNotificationToOrder: (work, call) => {
    const order = orderFor(work, call)
    const number = textOf(call.parameters, 'MaintenanceNotification')
    const set = work.store.set('API_MAINTNOTIFICATION', 'MaintenanceNotification')
    const notification = find(work, 'API_MAINTNOTIFICATION', 'MaintenanceNotification', {
      MaintenanceNotification: number,
    })
    if (notification === null)
      throw business('IM/001', `Notification ${number} does not exist`, 'MaintenanceNotification')
    work.store.update(set, keyOf(set, notification), {
      MaintenanceOrder: order['MaintenanceOrder'] ?? '',
      LastChangeDateTime: work.now,
    })
    const isHeader = call.parameters['NotificationIsHeaderNotif'] === true
    stampOrder(work, order['MaintenanceOrder'], isHeader ? { MaintenanceNotification: number } : {})
    return done(call)
  },
  SetMaintOrderOpToDispatched: (work, call) => dispatchOperation(work, call, WORK_PHASES.dispatched),
  ResetMaintOrderOpStsDispatched: (work, call) => dispatchOperation(work, call, phaseOf(['REL'])),
}

function handlerOf(action: Action): Handler {
  return (work, call) => {
    const order = orderFor(work, call)
    const codes = step(textOf(order, 'MaintenanceOrder'), codesOf(textOf(order, 'SystemStatusText')), action.step)
    const { phase, subPhase } = action.phase ?? phaseOf(codes)
    stampOrder(work, order['MaintenanceOrder'], {
      ...action.also?.(work, order, call),
      SystemStatusText: statusLine(codes),
      MaintOrdProcessPhaseCode: phase,
      MaintOrdProcessSubPhaseCode: subPhase,
    })
    return done(call)
  }
}

/** The order a function is for, after its lock and its etag. */
function orderFor(work: Work, call: FunctionCall): Row {
  const order = orderRow(work, call.parameters['MaintenanceOrder'])
  const set = work.store.set(MAINTENANCE, 'MaintenanceOrder')
  checkActionEtag(work, set, order, call.ifMatch)
  checkLocked(work, orderLock(textOf(order, 'MaintenanceOrder')))
  return order
}

/** The moment to which the completion refers; the notification is completed with it when asked. */
function referenceMoment(work: Work, order: Row, { parameters }: FunctionCall): Row {
  const moment = parameters['MaintOrderReferenceDateTime'] ?? work.now
  if (parameters['AssignedMaintNotifIsToBeClosed'] === true)
    completeNotification(work, textOf(order, 'MaintenanceNotification'), Number(moment))
  const { date, time } = work.calendar.local(Number(moment))
  return { MaintOrderReferenceDateTime: moment, MaintOrderReferenceDate: date, MaintOrderReferenceTime: time }
}

function releaseOperations(work: Work, order: Row): Row {
  const set = work.store.set(MAINTENANCE, 'MaintenanceOrderOperation')
  const { phase, subPhase } = phaseOf(['REL'])
  const key = { MaintenanceOrder: order['MaintenanceOrder'] ?? '' }
  for (const operation of rowsWhere(work, MAINTENANCE, 'MaintenanceOrderOperation', key))
    work.store.update(set, keyOf(set, operation), {
      SystemStatusText: 'REL',
      MaintOrdOpProcessPhaseCode: phase,
      MaintOrdOpProcessSubPhaseCode: subPhase,
    })
  const components = work.store.set(MAINTENANCE, 'MaintOrderOpComponent')
  for (const component of rowsWhere(work, MAINTENANCE, 'MaintOrderOpComponent', key))
    work.store.update(components, keyOf(components, component), { GoodsMovementIsAllowed: true })
  return {}
}

function dispatchOperation(work: Work, call: FunctionCall, { phase, subPhase }: Phase): WriteAnswer {
  const order = orderFor(work, call)
  const set = work.store.set(MAINTENANCE, 'MaintenanceOrderOperation')
  const key = {
    MaintenanceOrder: order['MaintenanceOrder'] ?? '',
    MaintenanceOrderOperation: textOf(call.parameters, 'MaintenanceOrderOperation').padStart(4, '0'),
    MaintenanceOrderSubOperation: textOf(call.parameters, 'MaintenanceOrderSubOperation'),
  }
  if (work.store.get(set, key) === null)
    throw business('CO/018', `Operation ${key.MaintenanceOrderOperation} does not exist`, 'MaintenanceOrderOperation')
  step(textOf(order, 'MaintenanceOrder'), codesOf(textOf(order, 'SystemStatusText')), 'plan')
  work.store.update(set, key, { MaintOrdOpProcessPhaseCode: phase, MaintOrdOpProcessSubPhaseCode: subPhase })
  stampOrder(work, order['MaintenanceOrder'])
  return done(call)
}
