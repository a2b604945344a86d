import {
  fromVocabulary,
  type MaintenanceType,
  type MappingSettings,
  type Unified,
  VOCABULARIES,
} from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import { date, decimal, flag, instant, type Row, text } from '../values.ts'
import { customRecordSource } from './custom-records.ts'
import { endOfDay, startOfDay } from './days.ts'
import { envelope, numbered } from './envelope.ts'
import { isoCode } from './lookups.ts'
import { type Mappable, nativeColumns } from './native-fields.ts'
import { idOf } from './references.ts'
import type { WindowSource } from './source.ts'
import { assignedTo, UNTOLD } from './work-order-shape.ts'
import { priorityOf, workOrderStatus } from './work-order-status.ts'

const FIELDS: Mappable = {
  order_number: 'text',
  title: 'text',
  description: 'text',
  status: 'list',
  priority: 'list',
  maintenance_type: 'list',
  asset_id: 'record',
  location_id: 'record',
  parent_id: 'record',
  requester_id: 'record',
  assignee_id: 'record',
  vendor_id: 'record',
  subsidiary: 'record',
  team: 'list',
  scheduled_start_at: 'date',
  scheduled_end_at: 'date',
  due_at: 'date',
  started_at: 'date',
  completed_at: 'date',
  estimated_hours: 'number',
  actual_hours: 'number',
  actual_cost: 'number',
  currency: 'list',
}

const TYPE_WORDS: { readonly [word: string]: MaintenanceType } = Object.fromEntries(
  VOCABULARIES.MaintenanceType.slice(1).flatMap((type) => {
    const word = type.charAt(0) + type.slice(1).toLowerCase()
    return [type, word, word.toLowerCase()].map((each) => [each, type])
  }),
)

export const customOrderSource = (table: string, { work_order_fields: pairs }: NetSuiteConfig): WindowSource =>
  customRecordSource(table, nativeColumns('work_order_fields', pairs, FIELDS, 'r'))

/** A record of the account's own for maintenance work; inactive ones are canceled unless they are done. */
export function customOrderOf(row: Row, settings: MappingSettings, key: string): Unified<'work_order'> {
  const number = text(row['order_number'])
  const title = text(row['title']) ?? text(row['altname']) ?? text(row['recordname'])
  const [status, priority, type] = [text(row['status']), text(row['priority']), text(row['maintenance_type'])]
  const known = workOrderStatus({ code: null, name: status }, 'other', settings)
  const isDropped = flag(row['isinactive']) === true && known !== 'COMPLETED' && known !== 'CLOSED'
  const start = (field: string) => moment(row, field, (day) => startOfDay(day, settings.timeZone))
  const end = (field: string) => moment(row, field, (day) => endOfDay(day, settings.timeZone))
  const id = (entity: string, field: string) => idOf(settings, entity, row[field])
  return {
    ...UNTOLD,
    ...envelope(row, settings, { key, displayName: numbered(number ?? key, title), page: null }),
    order_number: number ?? key,
    title: title ?? number ?? key,
    description: text(row['description']),
    status: isDropped ? 'CANCELED' : known,
    source_status: status,
    priority: 'priority' in row ? priorityOf(priority, settings) : 'UNKNOWN',
    source_priority: priority,
    maintenance_type: fromVocabulary(
      settings,
      'work_order.maintenance_type',
      type,
      TYPE_WORDS,
      VOCABULARIES.MaintenanceType,
    ),
    source_type: type,
    asset_id: id('asset', 'asset_id'),
    location_id: id('location', 'location_id'),
    parent_id: id('work_order', 'parent_id'),
    requester_id: id('user', 'requester_id'),
    ...assignedTo(id('user', 'assignee_id')),
    team: text(row['team']),
    vendor_id: id('vendor', 'vendor_id'),
    scheduled_start_at: start('scheduled_start_at'),
    scheduled_end_at: end('scheduled_end_at'),
    due_at: end('due_at'),
    started_at: start('started_at'),
    completed_at: end('completed_at'),
    estimated_hours: decimal(row['estimated_hours']),
    actual_hours: decimal(row['actual_hours']),
    actual_cost: decimal(row['actual_cost']),
    currency: isoCode(row['currency']) ?? ('actual_cost' in row ? settings.currency : null),
  }
}

/** An instant, or a date where the column has no time. */
function moment(row: Row, field: string, ofDay: (day: string | null) => number | null): number | null {
  const value = text(row[field])
  return value !== null && value.includes('T') ? instant(value) : ofDay(date(value))
}
