import { decimals, type MappingSettings, type Unified } from '../../../core/index.ts'
import { date, decimal, type Row, text } from '../values.ts'
import { endOfDay, startOfDay } from './days.ts'
import { envelope, numbered } from './envelope.ts'
import { idOf } from './references.ts'
import { dateOf, display, instantOf, optional, plain, type WindowSource } from './source.ts'
import { assignedTo, UNTOLD } from './work-order-shape.ts'
import { priorityOf, workOrderStatus } from './work-order-status.ts'

/** Tasks of the CRM: title, person, status, priority and dates. */
export const taskSource: WindowSource = {
  table: 'task',
  from: 'task k',
  columns: {
    id: plain('k.id'),
    title: plain('k.title'),
    status: plain('k.status'),
    statusname: optional(display('k.status')),
    priority: optional(plain('k.priority')),
    message: optional(plain('k.message')),
    assigned: optional(plain('k.assigned')),
    owner: optional(plain('k.owner')),
    startdate: optional(dateOf('k.startdate')),
    duedate: optional(dateOf('k.duedate')),
    completeddate: optional(dateOf('k.completeddate')),
    estimatedtime: optional(plain('k.estimatedtime')),
    actualtime: optional(plain('k.actualtime')),
    parent: optional(plain('k.parent')),
    created: optional(instantOf('k.createddate')),
    lastmodified: instantOf('k.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodified',
  deletedAs: ['task'],
}

export function taskOrderOf(task: Row, settings: MappingSettings, key: string): Unified<'work_order'> {
  const title = text(task['title'])
  const code = text(task['status'])
  const priority = text(task['priority'])
  const zone = settings.timeZone
  return {
    ...UNTOLD,
    ...envelope(task, settings, { key, displayName: numbered(key, title), page: '/app/crm/calendar/task.nl' }),
    order_number: key,
    title: title ?? key,
    description: text(task['message']),
    status: workOrderStatus({ code, name: text(task['statusname']) }, 'other', settings),
    source_status: code,
    priority: priorityOf(priority, settings),
    source_priority: priority,
    source_type: 'task',
    parent_id: idOf(settings, 'work_order', task['parent']),
    requester_id: idOf(settings, 'user', task['owner']),
    ...assignedTo(idOf(settings, 'user', task['assigned'])),
    scheduled_start_at: startOfDay(date(task['startdate']), zone),
    due_at: endOfDay(date(task['duedate']), zone),
    completed_at: endOfDay(date(task['completeddate']), zone),
    estimated_hours: hoursOf(task['estimatedtime']),
    actual_hours: hoursOf(task['actualtime']),
  }
}

/** `7:30` or a number of hours (which of them comes is unverified); anything else: not known. */
export function hoursOf(value: Row[string] | undefined): string | null {
  const given = text(value)
  if (given === null) return null
  const [, hours, minutes] = /^(\d{1,6}):([0-5]\d)$/.exec(given) ?? []
  if (hours !== undefined && minutes !== undefined)
    return decimals.sum([hours, decimals.ratio([minutes], ['60']) ?? '0'])
  return /^\d*\.?\d+$/.test(given) ? decimal(given) : null
}
