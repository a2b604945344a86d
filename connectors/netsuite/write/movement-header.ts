import type { Findings } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { setting } from './forms.ts'
import type { Values } from './mapped.ts'
import type { Sent } from './sent.ts'

/** Record type of each kind. */
export function typeOf(sent: Sent): 'itemReceipt' | 'inventoryTransfer' | 'inventoryAdjustment' {
  const kind = sent.text('kind')
  return kind === 'RECEIPT' ? 'itemReceipt' : kind === 'TRANSFER' ? 'inventoryTransfer' : 'inventoryAdjustment'
}

/** Date and text, which NetSuite has once each. */
export function headerOf({ config }: NetSuiteSession, sent: Sent, findings: Findings): Values {
  const one = (field: string, other: string): string | null => {
    const [first, second] = [sent.text(field), sent.text(other)]
    if (first !== null && second !== null && first !== second)
      findings.add(other, 'INVALID_VALUE', `NetSuite has one field for ${field} and ${other}: they must agree`)
    return first ?? second
  }
  const date = one('posting_date', 'document_date')
  const memo = one('notes', 'reference')
  return {
    ...(date === null ? {} : { tranDate: date }),
    ...(memo === null ? {} : { memo }),
    ...setting('postingPeriod', config.posting_period),
  }
}
