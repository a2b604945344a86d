/** What of an order line decides the order's status; quantities in thousandths. */
export interface LineProgress {
  readonly ordered: number
  readonly received: number
  readonly billed: number
  readonly isClosed: boolean
}

/**
 * A pending approval, B pending receipt, C rejected, D partially received and all of that billed, E partially received
 * with some to bill, F all received with some to bill, G fully billed, H closed.
 */
export function statusOf(approval: string, lines: readonly LineProgress[]): string {
  if (lines.length > 0 && lines.every((line) => line.isClosed)) return 'H'
  if (approval === '1') return 'A'
  if (approval === '3') return 'C'
  const open = lines.filter((line) => !line.isClosed)
  if (!lines.some((line) => line.received > 0)) return 'B'
  if (open.some((line) => line.received < line.ordered)) {
    return lines.some((line) => line.billed < line.received) ? 'E' : 'D'
  }
  return open.some((line) => line.billed < line.ordered) ? 'F' : 'G'
}

/** Whether what is open on the lines is on order. */
export function isOnOrder(status: string): boolean {
  return !['A', 'C', 'H'].includes(status)
}
