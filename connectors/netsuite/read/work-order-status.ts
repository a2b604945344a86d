import {
  fromVocabulary,
  type MappingSettings,
  type Priority,
  VOCABULARIES,
  type WorkOrderStatus,
} from '../../../core/index.ts'

/** Letters of manufacturing work orders (unverified: from public scripts). */
const LETTERS: { readonly [letter: string]: WorkOrderStatus } = {
  A: 'DRAFT',
  B: 'OPEN',
  C: 'CANCELED',
  D: 'IN_PROGRESS',
  G: 'COMPLETED',
  H: 'CLOSED',
}

/** What statuses are called in English, in lower case: of work orders, tasks, cases, and common ones of custom lists. */
const NAMES: { readonly [name: string]: WorkOrderStatus } = {
  planned: 'DRAFT',
  draft: 'DRAFT',
  'pending approval': 'PENDING_APPROVAL',
  released: 'OPEN',
  'pending build': 'OPEN',
  notstart: 'OPEN',
  'not started': 'OPEN',
  open: 'OPEN',
  new: 'OPEN',
  approved: 'OPEN',
  scheduled: 'OPEN',
  're-opened': 'OPEN',
  'partially built': 'IN_PROGRESS',
  'in process': 'IN_PROGRESS',
  'in progress': 'IN_PROGRESS',
  progress: 'IN_PROGRESS',
  escalated: 'IN_PROGRESS',
  'on hold': 'ON_HOLD',
  waiting: 'ON_HOLD',
  built: 'COMPLETED',
  complete: 'COMPLETED',
  completed: 'COMPLETED',
  done: 'COMPLETED',
  closed: 'CLOSED',
  cancelled: 'CANCELED',
  canceled: 'CANCELED',
}

/** Standard statuses of cases by id. */
const CASES: { readonly [id: string]: WorkOrderStatus } = {
  1: 'OPEN',
  2: 'IN_PROGRESS',
  3: 'IN_PROGRESS',
  4: 'OPEN',
  5: 'CLOSED',
}

/** Words of priorities, in lower case. */
const LEVELS: { readonly [name: string]: Priority } = {
  none: 'NONE',
  low: 'LOW',
  medium: 'MEDIUM',
  normal: 'MEDIUM',
  high: 'HIGH',
  urgent: 'URGENT',
  critical: 'URGENT',
  emergency: 'URGENT',
}

/**
 * By the name, which is the same in every account that speaks English, else by the code. A connection remaps the name
 * or the code as they came.
 */
export function workOrderStatus(
  { code, name }: { readonly code: string | null; readonly name: string | null },
  kind: 'manufacturing' | 'case' | 'other',
  settings: MappingSettings,
): WorkOrderStatus {
  const codes = kind === 'manufacturing' ? LETTERS : kind === 'case' ? CASES : {}
  const letter = code?.split(':').at(-1)?.trim() ?? null
  const short = name?.split(' : ').at(-1)?.trim() ?? null
  const found = [
    symbolOf(short, byName(short, NAMES), settings),
    symbolOf(letter, { ...byName(letter, NAMES), ...codes }, settings),
  ]
  return found.find((symbol) => symbol !== 'UNKNOWN') ?? 'UNKNOWN'
}

const symbolOf = (
  native: string | null,
  known: { readonly [native: string]: WorkOrderStatus },
  settings: MappingSettings,
): WorkOrderStatus => fromVocabulary(settings, 'work_order.status', native, known, VOCABULARIES.WorkOrderStatus)

/** The vocabulary's word for this native value, under the value as it came. */
function byName<Symbol extends string>(native: string | null, names: { readonly [name: string]: Symbol }) {
  const symbol = native === null ? undefined : names[native.toLowerCase()]
  return native === null || symbol === undefined ? {} : { [native]: symbol }
}

export const priorityOf = (native: string | null, settings: MappingSettings): Priority =>
  native === null
    ? 'NONE'
    : fromVocabulary(settings, 'work_order.priority', native, byName(native, LEVELS), VOCABULARIES.Priority)
