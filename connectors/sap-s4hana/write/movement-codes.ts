import type { Findings } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import type { Sent } from './sent.ts'

/** What a line is posted with. */
export interface Posting {
  /** GoodsMovementCode, of the whole document. */
  readonly code: string
  /** GoodsMovementType */
  readonly type: string
}

/** SAP's own types; `movement_types` of the connection go before them. */
const DEFAULTS: { readonly [name: string]: Posting } = {
  RECEIPT: { code: '01', type: '101' },
  RECEIPT_WITHOUT_ORDER: { code: '05', type: '501' },
  VENDOR_RETURN: { code: '01', type: '122' },
  ISSUE: { code: '03', type: '201' },
  ISSUE_TO_ORDER: { code: '03', type: '261' },
  TRANSFER: { code: '04', type: '311' },
  TRANSFER_BETWEEN_PLANTS: { code: '04', type: '301' },
  SCRAP: { code: '03', type: '551' },
}

/** @param name as in `movement_types` */
export function postingOf({ config }: SapSession, name: string): Posting | null {
  const known = DEFAULTS[name]
  const own = config.movement_types
    .map((each) => each.split('='))
    .find(([kind]) => kind?.trim() === name)?.[1]
    ?.trim()
  return known === undefined ? null : own === undefined ? known : { ...known, type: own }
}

/** Of stock that was found or is missing: what the connection says, nothing is guessed. */
export function adjustmentOf({ config }: SapSession, isMore: boolean, sent: Sent, findings: Findings): Posting | null {
  const setting = isMore ? 'adjustment_up' : 'adjustment_down'
  const [code, type] = (config[setting] ?? '').split('/').map((part) => part.trim())
  if (code !== undefined && code !== '' && type !== undefined && type !== '') return { code, type }
  findings.add(
    `${sent.at}quantity`,
    'REQUIRED',
    `goods movement code and type are the connection's choice: set ${setting}`,
  )
  return null
}
