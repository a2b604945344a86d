/** Cancel and CancelItem: a second document that undoes the first. */
import type { EntitySet, Row } from '../model.ts'
import { entity, type FunctionCall, type Handler } from './function-call.ts'
import { moveStock } from './goods-movement.ts'
import { attempt, completeHeader, completeLine, DOCUMENTS, failed, number, settleOrders } from './material-documents.ts'
import { directionOf, MOVEMENT_TYPES } from './movement-types.ts'
import { createDraft } from './payload.ts'
import type { Reason } from './refusals.ts'
import { find, keyOf, rowsWhere, textOf, type Work } from './work.ts'

export const materialDocumentFunctions: Readonly<Record<string, Handler>> = {
  Cancel: (work, call) => {
    const { header, lines } = documentOf(work, call)
    const open = lines.filter((line) => line['GoodsMovementIsCancelled'] !== true && !isReversal(line))
    if (open.length === 0) throw cancelled(header)
    const { row } = reverse(work, call, header, open)
    return entity(work.store.set(DOCUMENTS, 'A_MaterialDocumentHeader'), row)
  },
  CancelItem: (work, call) => {
    const { header, lines } = documentOf(work, call)
    const item = textOf(call.parameters, 'MaterialDocumentItem')
    const line = lines.find((it) => textOf(it, 'MaterialDocumentItem') === item)
    if (line === undefined) throw failed([{ code: 'M7/061', message: `Item ${item} does not exist in the document` }])
    if (line['GoodsMovementIsCancelled'] === true || isReversal(line)) throw cancelled(header)
    // The two lines of a transfer are one movement.
    const pair = lines.filter((it) => it === line || textOf(it, 'MaterialDocumentParentLine') === item)
    const written = reverse(work, call, header, pair)
    return entity(work.store.set(DOCUMENTS, 'A_MaterialDocumentItem'), written.lines[0] ?? line)
  },
}

function documentOf(work: Work, call: FunctionCall): { header: Row; lines: Row[] } {
  const key = {
    MaterialDocumentYear: textOf(call.parameters, 'MaterialDocumentYear'),
    MaterialDocument: textOf(call.parameters, 'MaterialDocument'),
  }
  const header = find(work, DOCUMENTS, 'A_MaterialDocumentHeader', key)
  if (header === null)
    throw failed([
      { code: 'M7/042', message: `Document ${key.MaterialDocument} does not exist`, target: 'MaterialDocument' },
    ])
  return { header, lines: rowsWhere(work, DOCUMENTS, 'A_MaterialDocumentItem', key) }
}

function isReversal(line: Row): boolean {
  return !['', '0'].includes(textOf(line, 'ReversedMaterialDocument'))
}

function cancelled(header: Row): Error {
  const document = textOf(header, 'MaterialDocument')
  return failed([{ code: 'M7/052', message: `Document ${document} has already been reversed completely` }])
}

/** Writes the reversal of the lines and marks them; answers the new header and lines. */
function reverse(work: Work, call: FunctionCall, header: Row, lines: readonly Row[]): { row: Row; lines: Row[] } {
  const headers = work.store.set(DOCUMENTS, 'A_MaterialDocumentHeader')
  const items = work.store.set(DOCUMENTS, 'A_MaterialDocumentItem')
  const draft = createDraft(headers, {
    GoodsMovementCode: textOf(header, 'GoodsMovementCode') === '01' ? '01' : '06',
    PostingDate: call.parameters['PostingDate'] ?? null,
    ReferenceDocument: textOf(header, 'ReferenceDocument'),
    MaterialDocumentHeaderText: textOf(header, 'MaterialDocumentHeaderText'),
  })
  gather(() => completeHeader(work, draft.row))
  number(work, draft)
  const reversed = lines.map((line, at) => reversedLine(line, at, draft.row))
  // What came in last goes out first: the receiving side of a transfer before the issuing one.
  for (const [at, line] of [...lines.entries()].reverse()) gather(() => undo(work, line, reversed[at] ?? line))
  work.store.insert(headers, draft.row)
  for (const line of reversed) work.store.insert(items, line)
  for (const line of lines) work.store.update(items, keyOf(items, line), { GoodsMovementIsCancelled: true })
  gather(() => settleOrders(work, reversed))
  return { row: stored(work, headers, draft.row), lines: reversed.map((line) => stored(work, items, line)) }
}

function reversedLine(line: Row, at: number, header: Row): Row {
  const type = textOf(line, 'GoodsMovementType')
  const reversal = MOVEMENT_TYPES[type]?.reversal
  if (reversal === undefined)
    throw failed([{ code: 'M7/146', message: `Movement type ${type} cannot be reversed`, target: 'GoodsMovementType' }])
  const row: Row = {
    ...line,
    MaterialDocumentYear: header['MaterialDocumentYear'] ?? '',
    MaterialDocument: header['MaterialDocument'] ?? '',
    GoodsMovementType: reversal,
    IsCompletelyDelivered: false,
    ReversedMaterialDocumentYear: line['MaterialDocumentYear'] ?? '',
    ReversedMaterialDocument: line['MaterialDocument'] ?? '',
    ReversedMaterialDocumentItem: line['MaterialDocumentItem'] ?? '',
  }
  completeLine(row, at, header)
  return row
}

/** Lines that never went to stock (costed receipts, free text) do not come from there either. */
function undo(work: Work, line: Row, reversed: Row): void {
  const isCosted = textOf(line, 'PurchaseOrder') !== '' && textOf(line, 'AccountAssignmentCategory') !== ''
  if (isCosted || textOf(line, 'Material') === '') return
  const was = directionOf(textOf(line, 'GoodsMovementType'), line['IsAutomaticallyCreated'] === 'X')
  moveStock(work, reversed, was === 'in' ? 'out' : 'in')
}

function stored(work: Work, set: EntitySet, row: Row): Row {
  return work.store.get(set, keyOf(set, row)) ?? row
}

/** Refusals of the reversal come under the generic message, too. */
function gather(run: () => void): void {
  const reasons: Reason[] = []
  attempt(reasons, run)
  if (reasons.length > 0) throw failed(reasons)
}
