/** Maintenance notifications: outstanding → in process → completed. */
import type { Row } from '../model.ts'
import { assignNumber, nextItem } from './number-ranges.ts'
import { plantOf } from './organisation.ts'
import { business, enter } from './refusals.ts'
import type { EntityRules, Lock } from './rules.ts'
import { fill, find, rowsWhere, textOf, type Work } from './work.ts'

export const NOTIFICATIONS = 'API_MAINTNOTIFICATION'

export const notifications: EntityRules = {
  prepare: (work, draft) => {
    const { row, set } = draft
    if (textOf(row, 'NotificationType') === '') throw enter('Notification Type', 'NotificationType')
    if (textOf(row, 'NotificationText') === '') throw enter('Description', 'NotificationText')
    const planningPlant = textOf(row, 'MaintenancePlanningPlant')
    if (planningPlant !== '') plantOf(work, planningPlant)
    row['MaintenanceNotification'] = assignNumber(work.store, 'notification', set, 'MaintenanceNotification')
    fill(row, {
      ReportedByUser: work.user,
      NotificationCreationDate: work.today,
      NotificationCreationTime: work.time,
    })
    Object.assign(row, referenceColumns(row), PHASES.outstanding, {
      CreationDate: work.today,
      CreationTime: work.time,
      MaintNotificationLongText: textOf(row, 'MaintNotifLongTextForEdit'),
    })
    if (!work.switches.changeDateNullUntilChange) Object.assign(row, changeStamp(work))
  },
  change: (work, current, changes) => {
    if (textOf(current, 'NotifProcessingPhase') === PHASES.completed.NotifProcessingPhase)
      throw notAllowed('Change notification', textOf(current, 'MaintenanceNotification'))
    const after = { ...current, ...changes }
    const long = textOf(changes, 'MaintNotifLongTextForEdit')
    return {
      ...changes,
      ...referenceColumns(after),
      ...(long === '' ? {} : { MaintNotificationLongText: long }),
      ...changeStamp(work),
    }
  },
  lock: (row) => notificationLock(textOf(row, 'MaintenanceNotification')),
}

/** Items, causes, activities, partners: numbered within their parents. */
function details(set: string, number: string, within: readonly string[]): EntityRules {
  return {
    prepare: (work, draft) => {
      const { row } = draft
      const scope = Object.fromEntries(within.map((name) => [name, row[name] ?? '']))
      const given = textOf(row, number)
      if (given === '' || given === '0') row[number] = nextItem(rowsWhere(work, NOTIFICATIONS, set, scope), number, 1)
    },
    created: (work, draft, top) => {
      if (top) moveNotification(work, draft.row)
    },
    changed: (work, _before, after) => moveNotification(work, after),
    lock: (row) => notificationLock(textOf(row, 'MaintenanceNotification')),
  }
}

const HEAD = ['MaintenanceNotification']
const ITEM = ['MaintenanceNotification', 'MaintenanceNotificationItem']
export const notificationItems = details('MaintenanceNotificationItem', 'MaintenanceNotificationItem', HEAD)
export const notificationPartners = details('MaintenanceNotificationPartner', 'NotificationPartnerObjectNmbr', HEAD)
export const notificationCauses = details('MaintNotificationItemCause', 'MaintenanceNotificationCause', ITEM)
export const notificationActivities = details('MaintNotificationItemActivity', 'MaintNotificationActivity', ITEM)

/** Phase and status line (system status codes in the logon language English). */
const PHASES = {
  outstanding: phase('1', 'Outstanding', 'OSNO', '01', '0001'),
  inProcess: phase('3', 'In process', 'NOPR', '02', '0001'),
  completed: phase('4', 'Completed', 'NOCO', '09', '0001'),
} as const

function phase(code: string, text: string, status: string, process: string, sub: string) {
  return {
    NotifProcessingPhase: code,
    NotifProcessingPhaseDesc: text,
    ConcatenatedActiveSystStsName: status,
    MaintNotifProcessPhaseCode: process,
    MaintNotifProcessSubPhaseCode: sub,
  }
}

export function notificationLock(number: string): Lock {
  return { name: number, code: 'IM/017', message: `Notification ${number} is being processed by CB9980000099` }
}

export function notificationOf(work: Work, number: string): Row {
  const row = find(work, NOTIFICATIONS, 'MaintenanceNotification', { MaintenanceNotification: number })
  if (row === null) throw business('IM/001', `Notification ${number} does not exist`, 'MaintenanceNotification')
  return row
}

/** '' = the order has no notification: nothing to do. */
export function putInProcess(work: Work, number: string): void {
  if (number !== '') update(work, notificationOf(work, number), PHASES.inProcess)
}

/** `moment`: epoch ms. '' = nothing to do. A completed notification stays as it is. */
export function completeNotification(work: Work, number: string, moment: number): void {
  if (number === '') return
  const row = notificationOf(work, number)
  if (textOf(row, 'NotifProcessingPhase') === PHASES.completed.NotifProcessingPhase) return
  const { date, time } = work.calendar.local(moment)
  update(work, row, {
    ...PHASES.completed,
    NotificationReferenceDate: date,
    NotificationReferenceTime: time,
    NotificationCompletionDate: work.today,
    CompletionTime: work.time,
  })
}

export function checkOpen(row: Row, title: string): void {
  if (textOf(row, 'NotifProcessingPhase') === PHASES.completed.NotifProcessingPhase)
    throw notAllowed(title, textOf(row, 'MaintenanceNotification'))
}

function notAllowed(title: string, number: string): Error {
  return business('BS/007', `"${title}" is not allowed (NOT ${number}): system status NOCO is active`)
}

function update(work: Work, row: Row, changes: Row): void {
  work.store.update(
    work.store.set(NOTIFICATIONS, 'MaintenanceNotification'),
    { MaintenanceNotification: row['MaintenanceNotification'] ?? '' },
    { ...changes, ...changeStamp(work) },
  )
}

function moveNotification(work: Work, row: Row): void {
  if (work.switches.headerMovesWithItems) update(work, row, {})
}

function changeStamp(work: Work): Row {
  return { LastChangeDate: work.today, LastChangeTime: work.time, LastChangeDateTime: work.now }
}

/** The technical object is given as one field; what it is shows in others. */
function referenceColumns(row: Row): Row {
  const object = textOf(row, 'TechnicalObject')
  const isLocation = textOf(row, 'TechObjIsEquipOrFuncnlLoc') === 'EAMS_FL'
  return { FunctionalLocation: isLocation ? object.slice(0, 30) : '', TechnicalObjectLabel: object }
}
