import {
  fromVocabulary,
  type Json,
  type MappingSettings,
  type Unified,
  unifiedId,
  VOCABULARIES,
} from '../../../core/index.ts'
import { COLLECTIONS } from '../collections.ts'
import { children, hours, instant, isId, isRow, type Row, ref, text } from '../values.ts'
import { firstVendor } from './assets.ts'
import { currencyOf, envelope, reference } from './envelope.ts'
import { picked } from './records.ts'
import type { Names } from './source.ts'
import { streamOf } from './stream.ts'
import { costOf, laborOf, partsOf, workedHours } from './work-order-entries.ts'

const EXPANDED = ['asset', 'assignees', 'parts', 'time_items', 'expenditures', 'extra_fields', 'estimated_time']

/**
 * Lists do not say of which order another one is part: sub-orders are listed apart, and each is asked for by itself.
 * An order that becomes a sub-order between the two lists comes twice, the second time as it is; one that ceases to be
 * one is in the next increment.
 */
export const workOrders = streamOf<'work_order'>({
  entity: 'work_order',
  mappingVersion: 1,
  ignoresWindow: false,
  collection: COLLECTIONS.workOrders,
  isTimed: true,
  // else those of the future are left out
  query: { show_upcoming: true },
  expandMany: [...EXPANDED, 'categories', 'vendor_ids'],
  expandOne: EXPANDED,
  parts: [
    { query: { parentSubWorkOrderTypes: ['PARENT', 'STANDALONE'] }, detailed: false },
    { query: { parentSubWorkOrderTypes: ['SUB_WORK_ORDER'] }, detailed: true },
  ],
  detailed: false,
  names: ['teams'],
  payload: payloadOf,
  toUnified: workOrderOf,
})

function payloadOf(row: Row, names: Names): Row {
  const asset = isRow(row['asset']) ? row['asset']['id'] : undefined
  return {
    ...picked(row, ['id', 'sequentialId', 'title', 'description', 'status', 'priority', 'type', 'partStatus']),
    // lists have no assetId; of an asset that is gone single reads may still have it
    assetId: asset ?? null,
    ...picked(row, ['locationId', 'parentId', 'vendorIds', 'creatorId', 'requesterId', 'completerId', 'assignees']),
    team: teamsOf(row['assignees'], names),
    ...picked(row, ['categories', 'dueDate', 'dueDateIsFullDay', 'startDate', 'completedAt', 'estimatedTime']),
    parts: children(row['parts']).map((part) =>
      // what is in stock changes without the order
      picked(part, ['id', 'name', 'unitCost', 'quantityUsed', 'locationId', 'extraFields']),
    ),
    ...picked(row, ['timeItems', 'expenditures', 'extraFields', 'createdAt', 'updatedAt']),
    organizationId: names.organization,
    organizationCurrency: names.currency,
  }
}

/** Names of the teams, ids of those that have none. */
function teamsOf(assignees: Json | undefined, { teams }: Names): string | null {
  const ids = children(assignees)
    .filter(({ type }) => type === 'TEAM')
    .map(({ id }) => text(id))
    .filter((id) => id !== null)
  return ids.length === 0 ? null : ids.map((id) => teams.get(id) ?? id).join(', ')
}

const STATUS = {
  OPEN: 'OPEN',
  IN_PROGRESS: 'IN_PROGRESS',
  ON_HOLD: 'ON_HOLD',
  DONE: 'COMPLETED',
  CANCELED: 'CANCELED',
  SKIPPED: 'CANCELED',
} as const
const PRIORITY = { NONE: 'NONE', LOW: 'LOW', MEDIUM: 'MEDIUM', HIGH: 'HIGH' } as const
const TYPE = { REACTIVE: 'CORRECTIVE', PREVENTIVE: 'PREVENTIVE', CYCLE_COUNT: 'INSPECTION', OTHER: 'OTHER' } as const

function workOrderOf(order: Row, settings: MappingSettings, key: string): Unified<'work_order'> {
  const [number, title] = [text(order['sequentialId']), text(order['title'])]
  const [status, priority, type] = [text(order['status']), text(order['priority']), text(order['type'])]
  const assignees = usersIn(order['assignees'], settings)
  const cost = costOf(order)
  return {
    ...envelope(order, settings, key, [number, title].filter((part) => part !== null).join(' ') || null),
    order_number: number,
    title: title ?? key,
    description: text(order['description']),
    status: fromVocabulary(settings, 'work_order.status', status, STATUS, VOCABULARIES.WorkOrderStatus),
    source_status: status,
    priority: fromVocabulary(settings, 'work_order.priority', priority, PRIORITY, VOCABULARIES.Priority),
    source_priority: priority,
    maintenance_type: fromVocabulary(settings, 'work_order.maintenance_type', type, TYPE, VOCABULARIES.MaintenanceType),
    source_type: type,
    asset_id: reference(settings, 'asset', order['assetId']),
    location_id: reference(settings, 'location', order['locationId']),
    parent_id: reference(settings, 'work_order', order['parentId']),
    requester_id: reference(settings, 'user', order['requesterId']),
    assignee_id: assignees[0] ?? null,
    assignee_ids: assignees,
    team: text(order['team']),
    vendor_id: firstVendor(order, settings),
    scheduled_start_at: instant(order['startDate']),
    scheduled_end_at: null,
    due_at: instant(order['dueDate']),
    started_at: null,
    completed_at: instant(order['completedAt']),
    estimated_hours: hours(order['estimatedTime']),
    actual_hours: workedHours(order),
    actual_cost: cost,
    currency: currencyOf(order, settings),
    tasks: [],
    parts: partsOf(order, settings, key),
    labor: laborOf(order, settings, key),
  }
}

/** Somebody who is known by an e-mail address alone is nobody's id. */
function usersIn(assignees: Json | undefined, settings: MappingSettings): string[] {
  return children(assignees)
    .filter(({ type }) => type === 'USER')
    .map(({ id }) => ref(typeof id === 'string' && !isId(id) ? null : id))
    .filter((id) => id !== null)
    .map((id) => unifiedId(settings.connectionId, 'user', id))
}
