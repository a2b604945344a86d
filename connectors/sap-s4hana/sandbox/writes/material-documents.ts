/** Material documents: posted whole or not at all; every refusal comes under one generic message. */
import { SapError } from '../errors.ts'
import type { Row } from '../model.ts'
import { postLine } from './goods-movement.ts'
import { assignNumber } from './number-ranges.ts'
import { below, createDraft, type Draft } from './payload.ts'
import { settleDelivery } from './receipts.ts'
import { business, enter, type Reason, several } from './refusals.ts'
import type { EntityRules } from './rules.ts'
import { fill, textOf, type Work } from './work.ts'

export const DOCUMENTS = 'API_MATERIAL_DOCUMENT_SRV'
const CODES = new Set(['01', '02', '03', '04', '05', '06', '07'])

export const materialDocuments: EntityRules = {
  prepare: (work, draft) => {
    const reasons: Reason[] = []
    attempt(reasons, () => completeHeader(work, draft.row))
    const items = below(draft, 'to_MaterialDocumentItem')
    if (items.length === 0) reasons.push({ code: 'M7/120', message: 'Document does not contain any items' })
    const lines = reasons.length > 0 ? [] : postItems(work, draft, items, reasons)
    if (reasons.length > 0) throw failed(reasons)
    number(work, draft)
    items.splice(0, items.length, ...lines)
  },
  created: (work, draft) => {
    const reasons: Reason[] = []
    const rows = below(draft, 'to_MaterialDocumentItem').map((item) => item.row)
    attempt(reasons, () => settleOrders(work, rows))
    if (reasons.length > 0) throw failed(reasons)
  },
}

/** Dates, year, user: what every document has, reversals too. @throws SapError M7/053 for a closed period */
export function completeHeader(work: Work, row: Row): void {
  const code = textOf(row, 'GoodsMovementCode')
  if (!CODES.has(code)) throw enter('Goods Movement Code', 'GoodsMovementCode')
  fill(row, { PostingDate: work.today, DocumentDate: work.today })
  const posting = new Date(Number(row['PostingDate']))
  checkPeriod(work, posting)
  Object.assign(row, {
    MaterialDocumentYear: String(posting.getUTCFullYear()),
    InventoryTransactionType: { '01': 'WE', '02': 'WF' }[code] ?? 'WA',
    CreationDate: work.today,
    CreationTime: work.time,
    CreatedByUser: work.user,
  })
}

export function number(work: Work, draft: Draft): void {
  const { row, set } = draft
  const range = ['01', '02'].includes(textOf(row, 'GoodsMovementCode')) ? 'goodsReceipt' : 'goodsMovement'
  const year = { MaterialDocumentYear: row['MaterialDocumentYear'] ?? '' }
  row['MaterialDocument'] = assignNumber(work.store, range, set, 'MaterialDocument', year)
}

/** Numbers and dates the lines of a document. */
export function completeLine(line: Row, at: number, header: Row): void {
  const posting = new Date(Number(header['PostingDate']))
  const year = textOf(header, 'MaterialDocumentYear')
  Object.assign(line, {
    MaterialDocumentItem: String(at + 1),
    MaterialDocumentLine: String(at + 1),
    MaterialDocumentParentLine: line['IsAutomaticallyCreated'] === 'X' ? String(at) : '0',
    FiscalYear: year,
    FiscalYearPeriod: `${year}${String(posting.getUTCMonth() + 1).padStart(3, '0')}`,
    FiscalYearVariant: 'K4',
    GoodsMovementIsCancelled: false,
  })
}

export function settleOrders(work: Work, lines: readonly Row[]): void {
  for (const line of lines) {
    const [order, item] = [textOf(line, 'PurchaseOrder'), textOf(line, 'PurchaseOrderItem')]
    if (order !== '') settleDelivery(work, order, item, line['IsCompletelyDelivered'] === true)
  }
}

export function failed(reasons: readonly Reason[]): SapError {
  return several('MM_IM_ODATA_API_MDOC/014', 'Material Document processing failed', reasons)
}

function checkPeriod(work: Work, posting: Date): void {
  const period = posting.toISOString().slice(0, 7)
  if (!work.switches.closedPeriods.has(period)) return
  const today = new Date(work.today)
  const months = [0, 1].map((back) => {
    const month = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1))
    return `${month.getUTCFullYear()}/${String(month.getUTCMonth() + 1).padStart(2, '0')}`
  })
  throw business(
    'M7/053',
    `Posting only possible in periods ${months.join(' and ')} in company code 1010`,
    'PostingDate',
  )
}

/** Posts the items one after the other, so that they share the stock; the reasons of all are gathered. */
function postItems(work: Work, draft: Draft, items: readonly Draft[], reasons: Reason[]): Draft[] {
  const rows: Row[] = []
  for (const item of items)
    attempt(reasons, () => {
      rows.push(...postLine(work, item.row, textOf(draft.row, 'GoodsMovementCode')))
    })
  const set = items[0]?.set
  if (set === undefined) return []
  return rows.map((row, at) => {
    completeLine(row, at, draft.row)
    return createDraft(set, row)
  })
}

/** A business refusal becomes a reason; anything else is thrown on. */
export function attempt(reasons: Reason[], run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof SapError) || error.status !== 400) throw error
    reasons.push({ code: error.code, message: error.message, target: error.target })
  }
}
