/** SetMaintNotifToInProcess and CompleteMaintNotification; both return the notification. */
import type { Row } from '../model.ts'
import type { WriteAnswer } from './context.ts'
import { checkActionEtag } from './etags.ts'
import { entity, type FunctionCall, type Handler } from './function-call.ts'
import { checkLocked } from './locks.ts'
import {
  checkOpen,
  completeNotification,
  NOTIFICATIONS,
  notificationLock,
  notificationOf,
  putInProcess,
} from './notifications.ts'
import { textOf, type Work } from './work.ts'

export const notificationFunctions: Readonly<Record<string, Handler>> = {
  SetMaintNotifToInProcess: (work, call) =>
    onNotification(work, call, (row) => {
      checkOpen(row, 'Put in process')
      putInProcess(work, textOf(row, 'MaintenanceNotification'))
    }),
  CompleteMaintNotification: (work, call) =>
    onNotification(work, call, (row) => {
      checkOpen(row, 'Complete')
      completeNotification(work, textOf(row, 'MaintenanceNotification'), referenceOf(work, call.parameters))
    }),
}

function onNotification(work: Work, call: FunctionCall, apply: (row: Row) => void): WriteAnswer {
  const set = work.store.set(NOTIFICATIONS, 'MaintenanceNotification')
  const number = textOf(call.parameters, 'MaintenanceNotification')
  const row = notificationOf(work, number)
  checkActionEtag(work, set, row, call.ifMatch)
  checkLocked(work, notificationLock(textOf(row, 'MaintenanceNotification')))
  apply(row)
  return entity(set, notificationOf(work, number))
}

/** Date and time are given apart; the time alone means nothing. */
function referenceOf(work: Work, parameters: Row): number {
  const date = parameters['NotificationReferenceDate']
  if (typeof date !== 'number') return work.now
  const match = /^PT(\d+)H(\d+)M(\d+)S$/.exec(textOf(parameters, 'NotificationReferenceTime'))
  const [hours = 0, minutes = 0, seconds = 0] = (match ?? []).slice(1).map(Number)
  return date + ((hours * 60 + minutes) * 60 + seconds) * 1000
}
