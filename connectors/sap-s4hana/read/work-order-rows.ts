import {
  decimals,
  type MappingSettings,
  unifiedId,
  type WorkOrderPart,
  type WorkOrderTask,
} from '../../../core/index.ts'
import { children, decimal, flag, type Row, sapInstant, text } from '../values.ts'
import { customFields } from './envelope.ts'
import { byNumber, locationId, reference } from './references.ts'
import { unitsOf } from './units.ts'
import { hoursOf } from './work-hours.ts'
import { sourceStatusOf, stageOfOperation, statusOf } from './work-order-status.ts'

export const operationsOf = (order: Row): readonly Row[] =>
  byNumber(children(order['to_MaintenanceOrderOperation']), 'MaintenanceOrderOperation', 'MaintenanceOrderSubOperation')

/** An operation or suboperation. */
export function taskOf(operation: Row, settings: MappingSettings, order: string): WorkOrderTask {
  const { connectionId } = settings
  const stage = stageOfOperation(operation)
  const person = reference(operation['OperationPersonResponsible'])
  const supplier = text(operation['OperationSupplier'])
  const [number, sub] = [text(operation['MaintenanceOrderOperation']), text(operation['MaintenanceOrderSubOperation'])]
  return {
    task_id: taskId(operation, settings, order),
    task_number: [number, sub].filter((each) => each !== null).join('/') || null,
    description: text(operation['OperationDescription']),
    status: statusOf(stage, settings),
    source_status: sourceStatusOf(stage),
    assignee_id: person === null ? null : unifiedId(connectionId, 'user', person),
    team: text(operation['WorkCenter']),
    vendor_id: supplier === null ? null : unifiedId(connectionId, 'vendor', supplier),
    estimated_hours: hoursOf(operation, 'MaintOrdOperationWorkDuration'),
    actual_hours: hoursOf(operation, 'ActualWorkQuantity'),
    scheduled_start_at: sapInstant(operation['OpErlstSchedldExecStrtDteTme']),
    scheduled_end_at: sapInstant(operation['OpErlstSchedldExecEndDteTme']),
    custom_fields: customFields([operation], settings.customFields),
  }
}

/** Components of an operation; deleted ones are left out. */
export function partsOf(operation: Row, settings: MappingSettings, order: string): readonly WorkOrderPart[] {
  return byNumber(children(operation['to_MaintOrderOpComponent_2']), 'MaintenanceOrderComponent', INTERNAL_ID)
    .filter((component) => flag(component['IsDeleted']) !== true)
    .map((component) => partOf(component, operation, settings, order))
}

const INTERNAL_ID = 'MaintOrderComponentInternalID'

function partOf(component: Row, operation: Row, settings: MappingSettings, order: string): WorkOrderPart {
  const { connectionId } = settings
  const product = text(component['Product'])
  return {
    line_id: unifiedId(connectionId, 'work_order_part', [
      ...operationKey(operation, order),
      text(component[INTERNAL_ID]) ?? '',
    ]),
    task_id: taskId(operation, settings, order),
    item_id: product === null ? null : unifiedId(connectionId, 'item', product),
    description: text(component['MaintOrdOperationComponentText']),
    quantity_planned: decimal(component['MaintOrdOpCompRequiredQuantity']),
    quantity_used: decimal(component['QuantityWithdrawnInBaseUnit']),
    ...unitsOf(text(component['BaseUnit']), settings),
    unit_cost: costOf(component),
    location_id: locationId(settings, component['Plant'], component['StorageLocation']),
    custom_fields: customFields([component], settings.customFields),
  }
}

/** Price of one base unit; a price unit of 0 is one. */
function costOf(component: Row): string | null {
  const price = decimal(component['MaintOrderOpComponentPrice'])
  const per = decimal(component['MaintOrdOpCompPriceUnitQty'])
  return price === null ? null : decimals.ratio([price], [per === null || decimals.isZero(per) ? '1' : per])
}

const operationKey = (operation: Row, order: string): readonly string[] => [
  order,
  text(operation['MaintenanceOrderOperation']) ?? '',
  text(operation['MaintenanceOrderSubOperation']) ?? '',
]

const taskId = (operation: Row, settings: MappingSettings, order: string): string =>
  unifiedId(settings.connectionId, 'work_order_task', operationKey(operation, order))
