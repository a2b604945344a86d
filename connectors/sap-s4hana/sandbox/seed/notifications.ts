import { FIRST_NUMBER } from './numbers.ts'
import { userKey } from './partners.ts'
import { dayOf } from './times.ts'
import { JOBS } from './words.ts'
import { type WorkOrder, workOrderAt } from './work.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

/** Every third maintenance order was asked for by a notification. */
export function notificationOf(order: WorkOrder): string {
  return order.index % 3 === 1 ? String(FIRST_NUMBER.notification + order.index) : ''
}

export function seedNotifications(world: World, writer: Writer): void {
  const notification = writer.into('API_MAINTNOTIFICATION', 'MaintenanceNotification')
  const item = writer.into('API_MAINTNOTIFICATION', 'MaintenanceNotificationItem')
  for (let index = 0; index < world.size.maintenanceOrders; index++) {
    const order = workOrderAt(world, index)
    const key = notificationOf(order)
    if (key === '') continue
    const dice = world.random('notification', index)
    const created = world.calendar.local(order.created)
    const isDone = order.state === 'TECO' || order.state === 'CLSD'
    notification({
      MaintenanceNotification: key,
      NotificationText: dice.pick(JOBS),
      NotificationType: dice.pick(['Y1', 'Y2', 'M1']),
      MaintPriority: dice.pick(['1', '2', '3', '4', '']),
      CreationDate: created.date,
      CreationTime: created.time,
      LastChangeDateTime: order.changed,
      ReportedByUser: 'CB9980000012',
      PersonResponsible: world.size.users > 0 ? userKey(dice.int(0, world.size.users - 1)) : '',
      MalfunctionStartDate: dice.chance(0.5) ? created.date : null,
      NotificationCompletionDate: isDone ? dayOf(order.end) : null,
      MaintenanceObjectIsDown: dice.chance(0.2),
      TechnicalObject: order.equipment || order.functionalLocation,
      TechObjIsEquipOrFuncnlLoc: order.equipment ? 'EAMS_EQUI' : 'EAMS_FL',
      FunctionalLocation: order.functionalLocation,
      MaintenancePlanningPlant: order.plant.key,
      MaintenancePlant: order.plant.key,
      CompanyCode: order.plant.company,
      MaintenanceOrder: order.key,
      MaintNotifProcessPhaseCode: isDone ? '4' : '2',
      MaintNotificationLongText: dice.chance(0.2) ? 'Leaks "a bit".\nSiehe Foto.' : '',
    })
    if (dice.chance(0.3)) {
      item({ MaintenanceNotification: key, MaintenanceNotificationItem: '1', MaintNotifItemText: 'Dichtung undicht' })
    }
  }
}
