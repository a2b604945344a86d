import type { Unified } from '../../../core/index.ts'
import type { Envelope } from './envelope.ts'

/** A work order of which nothing is known yet: what a source says is laid over it. */
export const UNTOLD: Omit<Unified<'work_order'>, keyof Envelope | 'title'> = {
  order_number: null,
  description: null,
  status: 'UNKNOWN',
  source_status: null,
  priority: 'UNKNOWN',
  source_priority: null,
  maintenance_type: 'UNKNOWN',
  source_type: null,
  asset_id: null,
  location_id: null,
  parent_id: null,
  requester_id: null,
  assignee_id: null,
  assignee_ids: [],
  team: null,
  vendor_id: null,
  scheduled_start_at: null,
  scheduled_end_at: null,
  due_at: null,
  started_at: null,
  completed_at: null,
  estimated_hours: null,
  actual_hours: null,
  actual_cost: null,
  currency: null,
  tasks: [],
  parts: [],
  labor: [],
}

/** `assignee_id` and `assignee_ids` of one person. */
export const assignedTo = (user: string | null) => ({ assignee_id: user, assignee_ids: user === null ? [] : [user] })
