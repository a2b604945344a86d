import { fromVocabulary, type MappingSettings, type WorkOrderStatus } from '../../../core/index.ts'
import { flag, type Row, text } from '../values.ts'

/** Later ones win: several codes of a status line hold at once. */
const RANKED: readonly WorkOrderStatus[] = [
  'UNKNOWN',
  'DRAFT',
  'PENDING_APPROVAL',
  'OPEN',
  'IN_PROGRESS',
  'ON_HOLD',
  'COMPLETED',
  'CLOSED',
  'CANCELED',
]

/** Codes of a system status line in English. */
const CODES = {
  CRTD: 'DRAFT',
  REL: 'OPEN',
  PCNF: 'IN_PROGRESS',
  LKD: 'ON_HOLD',
  CNF: 'COMPLETED',
  TECO: 'COMPLETED',
  CLSD: 'CLOSED',
  DLFL: 'CANCELED',
  DLT: 'CANCELED',
  NCMP: 'CANCELED',
} as const

/**
 * Process phases: initiation, screening, planning, approval, preparation, scheduling, execution, post-execution,
 * completion. The numbers are unverified, so they decide only what the status line leaves open.
 */
const PHASES = {
  '01': 'DRAFT',
  '02': 'DRAFT',
  '03': 'DRAFT',
  '04': 'PENDING_APPROVAL',
  '05': 'OPEN',
  '06': 'OPEN',
  '07': 'IN_PROGRESS',
  '08': 'COMPLETED',
  '09': 'CLOSED',
} as const

/** A work order or operation, as far as its state goes. */
export interface Stage {
  /** SystemStatusText: codes between blanks, in the language of the answer. */
  readonly line: string | null
  readonly phase: string | null
  /** Flags that say the same as a code. */
  readonly canceled?: boolean
  readonly completed?: boolean
}

export const stageOfOrder = (order: Row): Stage => ({
  line: text(order['SystemStatusText']),
  phase: text(order['MaintOrdProcessPhaseCode']),
  completed: text(order['MainWorkCompletedDateTime']) !== null,
})

export const stageOfOperation = (operation: Row): Stage => ({
  line: text(operation['SystemStatusText']),
  phase: text(operation['MaintOrdOpProcessPhaseCode']),
  canceled: flag(operation['IsMarkedForDeletion']) === true,
})

export const codesOf = ({ line }: Stage): readonly string[] => line?.split(/\s+/) ?? []

/**
 * The furthest of what the codes say (unified-model.md 4.1). In a line without a known code (another language, a user's
 * own names) the process phase decides; a created order in the approval phase waits for approval. Codes of a status
 * line and phase codes can be remapped by the connection alike.
 */
export function statusOf(stage: Stage, settings: MappingSettings): WorkOrderStatus {
  const symbolOf = (code: string | null, known: { readonly [native: string]: WorkOrderStatus }) =>
    fromVocabulary(settings, 'work_order.status', code, known, RANKED)
  const phase = symbolOf(stage.phase, PHASES)
  const told = furthest(codesOf(stage).map((code) => symbolOf(code, CODES)))
  const state = told === 'UNKNOWN' || (told === 'DRAFT' && phase === 'PENDING_APPROVAL') ? phase : told
  return furthest([state, stage.completed === true ? 'COMPLETED' : state, stage.canceled === true ? 'CANCELED' : state])
}

const furthest = (states: readonly WorkOrderStatus[]): WorkOrderStatus =>
  RANKED[Math.max(0, ...states.map((state) => RANKED.indexOf(state)))] ?? 'UNKNOWN'

/** The status line as it came, else the phase. */
export const sourceStatusOf = ({ line, phase }: Stage): string | null => line ?? phase
