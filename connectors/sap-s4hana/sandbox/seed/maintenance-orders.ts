import type { Row } from '../model.ts'
import { decimal } from './decimals.ts'
import { notificationOf } from './notifications.ts'
import { homeMaterial } from './orders.ts'
import { userKey } from './partners.ts'
import type { Random } from './random.ts'
import { supplierAt } from './suppliers.ts'
import { DAY, dayOf, HOUR } from './times.ts'
import { JOBS, LONG_TEXTS } from './words.ts'
import { type WorkOrder, workOrderAt } from './work.ts'
import { WORK_STATES } from './work-states.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const SERVICE = 'API_MAINTENANCEORDER'

export function seedMaintenanceOrders(world: World, writer: Writer): void {
  const header = writer.into(SERVICE, 'MaintenanceOrder')
  const operation = writer.into(SERVICE, 'MaintenanceOrderOperation')
  const component = writer.into(SERVICE, 'MaintOrderOpComponent')
  const longText = writer.into(SERVICE, 'MaintenanceOrderLongText')
  let reservation = 0
  for (let index = 0; index < world.size.maintenanceOrders; index++) {
    const order = workOrderAt(world, index)
    const dice = world.random('work rows', index)
    const count = dice.int(1, 5)
    header(headerRow(world, order, dice))
    if (dice.chance(0.2)) {
      longText({
        MaintenanceOrder: order.key,
        TextObjectType: 'AUFK',
        Language: 'EN',
        MaintenanceOrderLongText: dice.pick(LONG_TEXTS),
      })
    }
    for (let at = 1; at <= count; at++) {
      const number = String(at * 10).padStart(4, '0')
      operation(operationRow(world, order, number, '', dice))
      if (dice.chance(0.05)) operation(operationRow(world, order, number, '0010', dice))
      if (world.size.items === 0) continue
      for (let part = 1; part <= dice.pick([0, 0, 1, 2]); part++) {
        component(componentRow(world, order, number, part, ++reservation, dice))
      }
    }
  }
}

function headerRow(world: World, order: WorkOrder, dice: Random): Row {
  const { plant, start, end, state } = order
  const { phase, subPhase, text } = WORK_STATES[state]
  const from = world.calendar.local(start)
  const to = world.calendar.local(end)
  const isDone = ['TECO', 'CLSD', 'NCMP'].includes(state)
  const done = isDone ? Math.min(world.now, end + DAY) : null
  const users = world.size.users
  return {
    MaintenanceOrder: order.key,
    MaintenanceOrderType: dice.weighted([
      ['YA01', 60],
      ['YA02', 25],
      ['PM03', 10],
      ['ZI01', 5],
    ] as const),
    MaintenanceOrderDesc: dice.pick(JOBS),
    MaintOrdBasicStartDateTime: start,
    MaintOrdBasicEndDateTime: end,
    MaintOrdBasicStartDate: from.date,
    MaintOrdBasicStartTime: from.time,
    MaintOrdBasicEndDate: to.date,
    MaintOrdBasicEndTime: to.time,
    MaintOrderReferenceDateTime: done,
    MainWorkCompletedDateTime: isDone && state !== 'NCMP' && dice.chance(0.6) ? Math.min(world.now, end) : null,
    MaintenanceNotification: notificationOf(order),
    ControllingArea: 'A000',
    MainWorkCenter: dice.pick(plant.workCenters),
    MainWorkCenterPlant: plant.key,
    MainWorkCenterTypeCode: 'A',
    MaintenancePlanningPlant: plant.key,
    // Central planning: the plant of the object is another one, or not given.
    MaintenancePlant: dice.chance(0.95) ? plant.key : '',
    MaintOrdProcessPhaseCode: phase,
    MaintOrdProcessSubPhaseCode: subPhase,
    SystemStatusText: text,
    UserStatusText: dice.chance(0.1) ? 'WAIT Ü' : '',
    CompanyCode: plant.company,
    CostCenter: plant.costCenters[0] ?? '',
    Equipment: order.equipment,
    FunctionalLocation: order.functionalLocation,
    MaintPriority: dice.pick(['1', '2', '3', '3', '4', '']),
    MaintPriorityType: 'PM',
    Currency: plant.currency,
    LatestAcceptableCompletionDate: dice.chance(0.4) ? dayOf(end) + 7 * DAY : null,
    MaintOrdPersonResponsible: users > 0 && dice.chance(0.7) ? userKey(dice.int(0, users - 1)) : '',
    CreatedByUser: 'CB9980000012',
    LastChangeByUser: order.changed === null ? '' : 'CB9980000012',
    LastChangeDateTime: order.changed,
    MaintOrderCreationDateTime: order.created,
    OrderHasLongText: false,
    ABCIndicator: dice.pick(['A', '', '']),
    MaintenanceActivityType: '002',
    MaintenancePlannerGroup: 'P10',
    MaintenancePlan: '',
  }
}

function operationRow(world: World, order: WorkOrder, number: string, sub: string, dice: Random): Row {
  const isStarted = !['CRTD', 'APPR', 'REL', 'DLFL', 'NCMP', 'LKD'].includes(order.state)
  const isExternal = world.size.vendors > 0 && dice.chance(0.1)
  const users = world.size.users
  const minutes = dice.chance(0.15)
  const hours = dice.int(1, 16) * 500
  const work = minutes ? hours * 60 : hours
  const started = isStarted ? order.start + dice.int(0, 3) * HOUR : null
  return {
    MaintenanceOrder: order.key,
    MaintenanceOrderOperation: number,
    MaintenanceOrderSubOperation: sub,
    OperationControlKey: isExternal ? 'YBM2' : 'YBM1',
    WorkCenter: dice.pick(order.plant.workCenters),
    Plant: order.plant.key,
    OperationDescription: dice.pick(JOBS),
    OperationSupplier: isExternal ? supplierAt(world, dice.int(0, world.size.vendors - 1)).key : '',
    OpExternalProcessingPrice: isExternal ? decimal(dice.int(50_000, 900_000), 2) : '0.00',
    OpExternalProcessingCurrency: order.plant.currency,
    NumberOfCapacities: 1,
    OperationWorkPercent: 100,
    OperationPersonResponsible: users > 0 && dice.chance(0.3) ? userKey(dice.int(0, users - 1)) : '',
    MaintOrdOperationWorkDuration: decimal(work, 1),
    MaintOrdOpWorkDurationUnit: minutes ? 'MIN' : 'H',
    MaintOrderOperationDuration: decimal(Math.min(work, 9_999_000), 1),
    MaintOrdOperationDurationUnit: minutes ? 'MIN' : 'H',
    OpErlstSchedldExecStrtDteTme: order.start,
    OpErlstSchedldExecEndDteTme: order.end,
    OpActualExecutionStartDateTime: started,
    OpActualExecutionEndDateTime: started !== null && order.state !== 'PCNF' ? order.end : null,
    ActualWorkQuantity: isStarted ? decimal(Math.round((work * dice.int(50, 130)) / 100), 3) : '0.000',
    IsMarkedForDeletion: dice.chance(0.03),
    SystemStatusText: order.state === 'CRTD' ? 'CRTD' : WORK_STATES[order.state].text.slice(0, 40),
    MaintOrdOpProcessPhaseCode: WORK_STATES[order.state].phase,
    MaintOrdOpProcessSubPhaseCode: WORK_STATES[order.state].subPhase,
    MaintOrderConfirmation: '',
  }
}

function componentRow(
  world: World,
  order: WorkOrder,
  operation: string,
  part: number,
  reservation: number,
  dice: Random,
): Row {
  const hasMaterial = dice.chance(0.9)
  const material = hasMaterial ? homeMaterial(world, order.plant, dice.next()) : null
  const quantity = dice.int(1, 20) * 1000
  return {
    MaintenanceOrder: order.key,
    MaintenanceOrderOperation: operation,
    MaintenanceOrderSubOperation: '',
    MaintOrderComponentInternalID: `${order.key}${operation}${part}`,
    MaintenanceOrderComponent: String(part * 10).padStart(4, '0'),
    Reservation: String(reservation),
    ReservationItem: String(part),
    Product: material?.key ?? '',
    MaintOrdOperationComponentText: (material?.english ?? 'Rags & "cleaner"').slice(0, 40),
    MaintOrdOpCompRequiredQuantity: decimal(quantity, 3),
    BaseUnit: material?.unit ?? 'EA',
    QuantityInUnitOfEntry: decimal(quantity),
    UnitOfEntry: material?.unit ?? 'EA',
    RequirementDateTime: order.start,
    Plant: order.plant.key,
    StorageLocation: material ? dice.pick(['', ...order.plant.storageLocations]) : '',
    MaintComponentItemCategory: material ? 'L' : 'T',
    MaintOrderOpComponentPrice: decimal(Math.min(material?.price ?? 12_340, 900_000_000), 2),
    MaintOrdOpCompPriceUnitQty: String(material?.priceUnit ?? 1),
    MaintOrdOpComponentCurrency: order.plant.currency,
    IsDeleted: dice.chance(0.03),
    GoodsMovementIsAllowed: true,
    QuantityWithdrawnInBaseUnit: '0',
  }
}
