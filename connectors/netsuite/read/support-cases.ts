import type { MappingSettings, Unified } from '../../../core/index.ts'
import { instant, type Row, text } from '../values.ts'
import { envelope, numbered } from './envelope.ts'
import { idOf } from './references.ts'
import { display, instantOf, optional, plain, type WindowSource } from './source.ts'
import { assignedTo, UNTOLD } from './work-order-shape.ts'
import { priorityOf, workOrderStatus } from './work-order-status.ts'

/** Support cases: number, subject, status, priority, category and the person who has it. */
export const caseSource: WindowSource = {
  table: 'supportcase',
  from: 'supportcase c',
  columns: {
    id: plain('c.id'),
    casenumber: plain('c.casenumber'),
    title: plain('c.title'),
    status: plain('c.status'),
    statusname: optional(display('c.status')),
    priority: optional(plain('c.priority')),
    priorityname: optional(display('c.priority')),
    category: optional(display('c.category')),
    assigned: optional(plain('c.assigned')),
    subsidiary: optional(plain('c.subsidiary')),
    started: optional(instantOf('c.startdate')),
    ended: optional(instantOf('c.enddate')),
    created: optional(instantOf('c.createddate')),
    lastmodified: instantOf('c.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodified',
  deletedAs: ['supportcase', 'case'],
}

export function caseOrderOf(row: Row, settings: MappingSettings, key: string): Unified<'work_order'> {
  const number = text(row['casenumber'])
  const title = text(row['title'])
  const [code, name] = [text(row['status']), text(row['statusname'])]
  const priority = text(row['priorityname']) ?? text(row['priority'])
  return {
    ...UNTOLD,
    ...envelope(row, settings, {
      key,
      displayName: numbered(number, title),
      page: '/app/crm/support/supportcase.nl',
    }),
    order_number: number ?? key,
    title: title ?? number ?? key,
    status: workOrderStatus({ code, name }, 'case', settings),
    source_status: name ?? code,
    priority: priorityOf(priority, settings),
    source_priority: priority,
    source_type: text(row['category']) ?? 'supportcase',
    ...assignedTo(idOf(settings, 'user', row['assigned'])),
    started_at: instant(row['started']),
    completed_at: instant(row['ended']),
  }
}
