import {
  defineStream,
  fromVocabulary,
  type MaintenanceType,
  type MappingSettings,
  type Priority,
  type RawRecord,
  type Unified,
  unifiedId,
  VOCABULARIES,
} from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { children, flag, localInstant, type Row, sapInstant, text } from '../values.ts'
import { assetOf } from './asset-keys.ts'
import { envelope, etagToken, intent, numbered, systemZone } from './envelope.ts'
import { listKeysOf, readKeyset, readRow, type StampedSource } from './keyset.ts'
import { lean } from './lean.ts'
import { keyIn, locationId, longText, reference, requireDates } from './references.ts'
import { totalHours } from './work-hours.ts'
import { operationsOf, partsOf, taskOf } from './work-order-rows.ts'
import { codesOf, type Stage, sourceStatusOf, stageOfOrder, statusOf } from './work-order-status.ts'

/**
 * Maintenance orders with operations, components and long text, in English whatever the connection's language: the
 * status line is made of codes of the logon language. The stamp has whole seconds and may be empty until the first
 * change.
 */
const orderSource = {
  service: 'API_MAINTENANCEORDER;v=0002',
  set: 'MaintenanceOrder',
  key: ['MaintenanceOrder'],
  expand: ['to_MaintenanceOrderOperation/to_MaintOrderOpComponent_2', 'to_MaintenanceOrderLongText'],
  changedAt: 'LastChangeDateTime',
  fallbackAt: 'MaintOrderCreationDateTime',
  language: 'EN',
} as const satisfies StampedSource

export const workOrders = defineStream<SapSession, 'work_order'>({
  entity: 'work_order',
  changes: 'incremental',
  deletes: 'by-absence',
  mappingVersion: 1,
  read: (session, range, signal) => readKeyset(session, orderSource, range, recordOf, signal),
  listKeys: (session, signal) => listKeysOf(session, { ...orderSource, select: orderSource.key, expand: [] }, signal),
  async readOne(session, key, signal) {
    const { service, set, expand, language } = orderSource
    const order = await readRow(session, service, set, { MaintenanceOrder: key }, expand, signal, { language })
    return order === null ? null : recordOf(order)
  },
  toUnified: workOrderOf,
})

const ORDER_DATES = [
  'MaintOrderCreationDateTime',
  'MaintOrdBasicStartDateTime',
  'MaintOrdBasicEndDateTime',
  'LatestAcceptableCompletionDate',
  'MainWorkCompletedDateTime',
  'MaintOrderReferenceDateTime',
] as const
const OPERATION_DATES = [
  'OpErlstSchedldExecStrtDteTme',
  'OpErlstSchedldExecEndDteTme',
  'OpActualExecutionStartDateTime',
] as const

function recordOf(order: Row): RawRecord {
  requireDates(order, ORDER_DATES)
  for (const operation of children(order['to_MaintenanceOrderOperation'])) requireDates(operation, OPERATION_DATES)
  const modified = sapInstant(order['LastChangeDateTime']) ?? sapInstant(order['MaintOrderCreationDateTime'])
  return { key: keyIn(order, 'MaintenanceOrder'), version: modified ?? 0, modifiedAt: modified, payload: lean(order) }
}

const PRIORITIES = { '1': 'URGENT', '2': 'HIGH', '3': 'MEDIUM', '4': 'LOW' } as const
/** The order types that come with S/4HANA's own processes for reactive and proactive maintenance (unverified). */
const TYPES = { YA01: 'CORRECTIVE', YA02: 'PREVENTIVE' } as const

function workOrderOf(order: Row, settings: MappingSettings, key: string): Unified<'work_order'> {
  const operations = operationsOf(order)
  const planned = operations.filter((operation) => flag(operation['IsMarkedForDeletion']) !== true)
  const number = text(order['MaintenanceOrder']) ?? key
  const title = text(order['MaintenanceOrderDesc'])
  const stage = stageOfOrder(order)
  const person = reference(order['MaintOrdPersonResponsible'])
  const assignee = person === null ? null : unifiedId(settings.connectionId, 'user', person)
  return {
    ...envelope(order, settings, {
      key,
      displayName: numbered(number, title),
      url: intent('MaintenanceOrder-displayFactSheet', { MaintenanceOrder: number }),
      organization: text(order['CompanyCode']),
      createdAt: sapInstant(order['MaintOrderCreationDateTime']),
      updatedAt: sapInstant(order['LastChangeDateTime']),
      version: etagToken(order),
    }),
    order_number: number,
    title: title ?? number,
    description: longText(children(order['to_MaintenanceOrderLongText']), 'MaintenanceOrderLongText', settings),
    status: statusOf(stage, settings),
    source_status: sourceStatusOf(stage),
    priority: priorityOf(order, settings),
    source_priority: text(order['MaintPriority']),
    maintenance_type: typeOf(order, settings),
    source_type: text(order['MaintenanceOrderType']),
    asset_id: assetOf(settings, order['Equipment'], order['FunctionalLocation']),
    location_id: locationId(settings, order['MaintenancePlant']),
    parent_id: null,
    requester_id: null,
    assignee_id: assignee,
    assignee_ids: assignee === null ? [] : [assignee],
    team: text(order['MainWorkCenter']),
    vendor_id: null,
    scheduled_start_at: sapInstant(order['MaintOrdBasicStartDateTime']),
    scheduled_end_at: sapInstant(order['MaintOrdBasicEndDateTime']),
    due_at: localInstant(order['LatestAcceptableCompletionDate'], 'PT23H59M59S', systemZone(settings)),
    started_at: earliestStart(operations),
    completed_at: completedAt(order, stage, settings),
    estimated_hours: totalHours(planned, 'MaintOrdOperationWorkDuration'),
    actual_hours: totalHours(operations, 'ActualWorkQuantity'),
    actual_cost: null,
    currency: text(order['Currency']),
    tasks: operations.map((operation) => taskOf(operation, settings, key)),
    parts: operations.flatMap((operation) => partsOf(operation, settings, key)),
    labor: [],
  }
}

function priorityOf(order: Row, settings: MappingSettings): Priority {
  const native = text(order['MaintPriority'])
  if (native === null) return 'NONE'
  return fromVocabulary(settings, 'work_order.priority', native, PRIORITIES, VOCABULARIES.Priority)
}

/** Order types are the customer's own; an order called by a maintenance plan is preventive. */
function typeOf(order: Row, settings: MappingSettings): MaintenanceType {
  const native = text(order['MaintenanceOrderType'])
  const known = fromVocabulary(settings, 'work_order.maintenance_type', native, TYPES, VOCABULARIES.MaintenanceType)
  return known === 'UNKNOWN' && text(order['MaintenancePlan']) !== null ? 'PREVENTIVE' : known
}

const earliestStart = (operations: readonly Row[]): number | null => {
  const starts = operations.flatMap((operation) => sapInstant(operation['OpActualExecutionStartDateTime']) ?? [])
  return starts.length === 0 ? null : Math.min(...starts)
}

/** The reference time of an order means its completion only once it is technically completed. */
function completedAt(order: Row, stage: Stage, settings: MappingSettings): number | null {
  const mainWork = sapInstant(order['MainWorkCompletedDateTime'])
  if (mainWork !== null) return mainWork
  const codes = codesOf(stage)
  const told = codes.includes('TECO') || codes.includes('CLSD')
  const byPhase = !codes.includes('CNF') && ['COMPLETED', 'CLOSED'].includes(statusOf(stage, settings))
  return told || byPhase ? sapInstant(order['MaintOrderReferenceDateTime']) : null
}
