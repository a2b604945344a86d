import type { WriteField } from '../../../core/index.ts'
import { type Mapped, rulesOf } from './mapped.ts'

export const WORK_SERVICE = 'API_MAINTENANCEORDER;v=0002'
const BOTH = ['CREATE', 'UPDATE'] as const
const NEW = ['CREATE'] as const

export const WORK: readonly Mapped[] = [
  { field: 'title', native: 'MaintenanceOrderDesc', kind: 'text', on: BOTH, maxLength: 40, required: true },
  { field: 'team', native: 'MainWorkCenter', kind: 'text', on: BOTH, maxLength: 8, default: 'main_work_center' },
  { field: 'scheduled_start_at', native: 'MaintOrdBasicStartDateTime', kind: 'instant', on: BOTH },
  { field: 'scheduled_end_at', native: 'MaintOrdBasicEndDateTime', kind: 'instant', on: BOTH },
]

export const TASK: readonly Mapped[] = [
  { field: 'description', native: 'OperationDescription', kind: 'text', on: BOTH, maxLength: 40 },
  { field: 'team', native: 'WorkCenter', kind: 'text', on: BOTH, maxLength: 8 },
  { field: 'estimated_hours', native: 'MaintOrdOperationWorkDuration', kind: 'decimal', on: BOTH, scale: 1 },
]

export const PART: readonly Mapped[] = [
  { field: 'quantity_planned', native: 'MaintOrdOpCompRequiredQuantity', kind: 'decimal', on: BOTH, scale: 3 },
]

export const WORK_NAMES: { readonly [native: string]: string } = {
  MaintenanceOrderDesc: 'title',
  MainWorkCenter: 'team',
  MaintOrdBasicStartDateTime: 'scheduled_start_at',
  MaintOrdBasicEndDateTime: 'scheduled_end_at',
  MaintenanceOrderType: 'maintenance_type',
  MaintPriority: 'priority',
  Equipment: 'asset_id',
  FunctionalLocation: 'asset_id',
  MaintenancePlant: 'location_id',
  MaintOrdPersonResponsible: 'assignee_ids',
  LatestAcceptableCompletionDate: 'due_at',
  MaintenanceOrderLongText: 'description',
}

export const TASK_NAMES: { readonly [native: string]: string } = {
  OperationDescription: 'description',
  WorkCenter: 'team',
  MaintOrdOperationWorkDuration: 'estimated_hours',
  OperationPersonResponsible: 'assignee_id',
}

export const PART_NAMES: { readonly [native: string]: string } = {
  Product: 'item_id',
  MaintOrdOpCompRequiredQuantity: 'quantity_planned',
  Plant: 'location_id',
  StorageLocation: 'location_id',
}

const order = (native: string) => `$metadata ${WORK_SERVICE} MaintenanceOrder.${native}`
const operation = (native: string) => `$metadata ${WORK_SERVICE} MaintenanceOrderOperation.${native}`
const component = (native: string) => `$metadata ${WORK_SERVICE} MaintOrderOpComponent.${native}`

export const WORK_FIELDS: readonly WriteField[] = [
  ...rulesOf(WORK, `${WORK_SERVICE} MaintenanceOrder`),
  { path: 'status', on: NEW, values: ['DRAFT', 'OPEN'], source: `${WORK_SERVICE} ReleaseMaintenanceOrder` },
  { path: 'maintenance_type', on: NEW, default: 'maintenance_order_types', source: order('MaintenanceOrderType') },
  { path: 'priority', on: BOTH, source: order('MaintPriority') },
  { path: 'asset_id', on: BOTH, reference: 'asset', source: order('Equipment') },
  { path: 'location_id', on: BOTH, reference: 'location', source: order('MaintenancePlant') },
  { path: 'assignee_ids', on: BOTH, source: order('MaintOrdPersonResponsible') },
  { path: 'due_at', on: BOTH, source: order('LatestAcceptableCompletionDate') },
  { path: 'description', on: BOTH, source: `$metadata ${WORK_SERVICE} MaintenanceOrderLongText` },
  ...rulesOf(TASK, `${WORK_SERVICE} MaintenanceOrderOperation`, 'tasks[].'),
  { path: 'tasks[].assignee_id', on: BOTH, reference: 'user', source: operation('OperationPersonResponsible') },
  { path: 'parts[].item_id', on: NEW, reference: 'item', required: true, source: component('Product') },
  { path: 'parts[].task_id', on: NEW, source: component('MaintenanceOrderOperation') },
  { path: 'parts[].location_id', on: NEW, reference: 'location', source: component('StorageLocation') },
  ...rulesOf(PART, `${WORK_SERVICE} MaintOrderOpComponent`, 'parts[].'),
  { path: 'custom_fields', on: BOTH, source: `$metadata ${WORK_SERVICE} MaintenanceOrder` },
  { path: 'tasks[].custom_fields', on: BOTH, source: `$metadata ${WORK_SERVICE} MaintenanceOrderOperation` },
  { path: 'parts[].custom_fields', on: BOTH, source: `$metadata ${WORK_SERVICE} MaintOrderOpComponent` },
]
