import {
  createFindings,
  defineOperation,
  type Findings,
  type Issue,
  issue,
  type JsonObject,
  type WriteRequest,
} from '../../../core/index.ts'
import { purchaseOrders } from '../read/purchase-orders.ts'
import type { NetSuiteSession } from '../session.ts'
import type { Row } from '../values.ts'
import { rowsIn, shownId } from './forms.ts'
import { type Values, valuesOf } from './mapped.ts'
import { FIELDS, HEADER, LINE_NAMES, NAMES } from './purchase-order-fields.ts'
import {
  changedLine,
  goodsIn,
  type Line,
  lineIssues,
  newLine,
  newRows,
  numberOf,
  outcomesOf,
  uninvited,
} from './purchase-order-lines.ts'
import { type Amendment, findRemoved, findUpdate, ignored, remove, update } from './records.ts'
import { partsIn } from './references.ts'
import { type Sent, sentOf } from './sent.ts'

type Request = WriteRequest<'purchase_order'>

const TYPE = 'purchaseOrder'
const subjectOf = ({ target }: Request, verb: string) => ({
  type: TYPE,
  doing: `${verb} purchase order ${target}`,
  stream: purchaseOrders,
})

/** One PATCH; lines that it does not name stay as they are. */
export const updatePurchaseOrder = defineOperation<NetSuiteSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: FIELDS.filter(({ on }) => on.includes('UPDATE')).map(({ required: _onCreate, ...field }) => field),
  /** The lines that were there before the first attempt: others that fit are the new ones. */
  async plan(session, { target }, signal) {
    const record = await session.client.record(TYPE, target ?? '', signal)
    return { lines: record === null ? [] : rowsIn(record, 'item').map((row) => numberOf(row) ?? '') }
  },
  execute: (session, request, signal) =>
    update(session, request, subjectOf(request, 'changing'), planned(session, request, signal), signal),
  find: (session, request, signal) =>
    findUpdate(session, request, { type: TYPE }, planned(session, request, signal), signal),
})

/** NetSuite refuses it for orders that something was received on. */
export const deletePurchaseOrder = defineOperation<NetSuiteSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'DELETE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  execute: (session, request, signal) => remove(session, request, subjectOf(request, 'deleting'), signal),
  find: (session, request, signal) => findRemoved(session, request, purchaseOrders, signal),
})

const planned = (session: NetSuiteSession, request: Request, signal: AbortSignal) => (record: JsonObject) =>
  amendment(session, request, record, signal)

/** Lines that are there are named by number; the others are new. */
interface Changes {
  readonly changed: (Line & { readonly line: string })[]
  readonly added: Line[]
  readonly warnings: Issue[]
}

async function amendment(
  session: NetSuiteSession,
  request: Request,
  record: JsonObject,
  signal: AbortSignal,
): Promise<Amendment> {
  const doing = `changing purchase order ${request.target}`
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const rows = rowsIn(record, 'item')
  const known = new Set(knownLines(request) ?? rows.map((row) => numberOf(row) ?? ''))
  const header = { ...(await valuesOf(session, HEADER, sent, findings, signal)), ...sent.custom(findings) }
  const given = sent.lines()
  const onOrder = given.length === 0 ? [] : rows.map((row) => shownId(row, 'item'))
  const goods = await goodsIn(session, given, onOrder, findings, signal)
  const shared = { location: record['location'] ?? undefined, expected: sent.text('expected_date') }
  const { changed, added, warnings }: Changes = { changed: [], added: [], warnings: [] }
  for (const line of given) {
    if (line.text('line_id') === null) {
      if (isDeletion(line)) findings.add(`${line.at}line_id`, 'REQUIRED', 'which line is to be deleted?')
      else added.push(await newLine(session, line, goods, placed(shared), request, findings, signal))
      continue
    }
    const row = rowOf(line, rows, request, findings)
    if (row === null) continue
    const base = { at: line.at, ref: line.text('line_ref'), line: numberOf(row) ?? '' }
    if (isDeletion(line)) {
      changed.push({ ...base, body: { isClosed: true } })
      const words = 'lines of orders cannot be deleted one by one: the line is closed'
      warnings.push(issue(`${line.at}action`, 'UNSUPPORTED_OPERATION', words))
    } else changed.push({ ...base, body: await changedLine(session, line, row, goods, request, findings, signal) })
  }
  findings.settle(doing)
  const lines: readonly Values[] = [
    ...changed.map(({ line, body }) => ({ line: Number(line), ...body })),
    ...added.map(({ body }) => body),
  ]
  const at = [...changed, ...added].map((line) => line.at)
  const rowIn = (now: JsonObject, number: string) => rowsIn(now, 'item').find((row) => numberOf(row) === number)
  return {
    body: { ...header, ...(lines.length === 0 ? {} : { item: { items: lines } }) },
    names: { ...NAMES, lines: { fields: LINE_NAMES, at } },
    warnings,
    missing: (now) => [
      ...changed.flatMap(({ body, at, line }) => lineIssues(body, rowIn(now, line), at)),
      ...missingNew(added, newRows(now, known)),
    ],
    surprises: (after) => newRows(after, known).slice(added.length).map(uninvited),
    lines: (now, id) => outcomesOf(added, newRows(now, known), id),
  }
}

function knownLines({ plan }: Request): readonly string[] | null {
  const lines = plan?.['lines']
  return Array.isArray(lines) ? lines.map(String) : null
}

const isDeletion = (line: Sent): boolean => line.text('action') === 'DELETE'

/** Without its absent place: the body must not name it. */
const placed = ({ location, expected }: { location: Row[string] | undefined; expected: string | null }) => ({
  location: location === undefined ? undefined : { id: shownId({ location }, 'location') },
  expected,
})

/** A line that the order does not have would be added without a word: it is refused here. */
function rowOf(line: Sent, rows: readonly Row[], { target }: Request, findings: Findings): Row | null {
  const parts = partsIn(line, 'line_id', 'purchase_order_line', findings)
  if (parts === null) return null
  const row = parts[0] === target ? rows.find((each) => numberOf(each) === parts[1]) : undefined
  if (row === undefined)
    findings.add(`${line.at}line_id`, 'NOT_FOUND', `order ${target} has no line ${parts[1] ?? parts[0]}`)
  return row ?? null
}

function missingNew(added: readonly Line[], rows: readonly Row[]): readonly Issue[] {
  return added.flatMap(({ body, at }, index) => {
    const row = rows[index]
    return row === undefined ? [ignored(`${at}item_id`, 'item.items')] : lineIssues(body, row, at)
  })
}
