import { createFindings, decimals, type Findings, type Json, type WriteRequest } from '../../../core/index.ts'
import { unitsOf } from '../read/units.ts'
import { idOf } from '../read/rows.ts'
import type { TrytonSession } from '../session.ts'
import { decimal, type Row, reference, row, text } from '../values.ts'
import { searchRows } from './lookups.ts'
import { nativeId, partsIn, toQuantity } from './natives.ts'
import { payloadOf } from './requests.ts'

type Request = WriteRequest<'inventory_movement'>

const MOVE_FIELDS = ['origin', 'quantity', 'uom.symbol', 'uom.name', 'to_location', 'purchase']

/**
 * A supplier's shipment with the open moves of the order lines received: a move is cut to what came, and Tryton makes
 * another for the rest.
 * @throws RejectedError
 */
export async function receiptValues(session: TrytonSession, request: Request, signal: AbortSignal): Promise<Row> {
  const findings = createFindings()
  const movement = payloadOf(request)
  const lines = movement.lines.map((line, at) => ({
    line,
    at: `lines[${at}].`,
    id: orderLineOf(line.purchase_order_line_id),
  }))
  for (const { at, id } of lines)
    if (id === null)
      findings.add(`${at}purchase_order_line_id`, 'REQUIRED', 'Tryton receives lines of purchase orders: say which')
  findings.settle()
  const origins = lines.map(({ id }) => `purchase.line,${id}`)
  const domain = [
    ['origin', 'in', origins],
    ['state', '=', 'draft'],
    ['shipment', '=', null],
    ['company', '=', session.company.id],
  ]
  const open = await searchRows(session, 'stock.move', domain, MOVE_FIELDS, signal)
  const changes = lines.flatMap(({ line, at, id }) => {
    const its = open
      .filter((move) => text(move['origin']) === `purchase.line,${id}`)
      .toSorted((a, b) => idOf(a) - idOf(b))
    if (its.length === 0)
      findings.add(`${at}purchase_order_line_id`, 'STATE_NOT_ALLOWED', 'nothing of this order line is left to receive')
    checkUnit(line, its[0], at, request, findings)
    checkPlace(line.to_location_id, its[0], at, findings)
    return its.length === 0 ? [] : taken(its, line.quantity ?? '0', `${at}quantity`, findings)
  })
  const order = await orderOf(session, open, findings, signal)
  findings.settle()
  return { ...order, incoming_moves: changes }
}

const orderLineOf = (unified: string | null): number | null => {
  const parts = unified === null ? null : partsIn(unified, 'purchase_order_line')
  return parts?.length === 2 ? nativeId(parts[1] ?? '') : null
}

/** Whole moves as long as they fit, then a part of the next; more than was ordered goes on the last. */
function taken(moves: readonly Row[], quantity: string, field: string, findings: Findings): Json[] {
  const changes: Json[] = []
  let left = quantity
  for (const [nth, move] of moves.entries()) {
    const has = decimal(move['quantity']) ?? '0'
    const isLast = nth === moves.length - 1
    const takes = isLast || decimals.compare(left, has) < 0 ? left : has
    if (decimals.compare(takes, '0') <= 0) break
    changes.push(['add', [idOf(move)]])
    if (decimals.compare(takes, has) !== 0)
      changes.push(['write', [idOf(move)], { quantity: toQuantity(takes, field, findings) }])
    left = decimals.subtract(left, takes)
  }
  return changes
}

function checkUnit(
  { unit, source_unit: native }: { readonly unit: string | null; readonly source_unit: string | null },
  move: Row | undefined,
  at: string,
  request: Request,
  findings: Findings,
): void {
  if (move === undefined) return
  const own = unitsOf(row(move['uom.']), request.mapping)
  const isOwn = native === null ? unit === null || unit === own.unit : native === own.source_unit
  if (!isOwn)
    findings.add(`${at}unit`, 'INVALID_VALUE', `the order line is in ${own.source_unit}: give the quantity in that`)
}

function checkPlace(unified: string | null, move: Row | undefined, at: string, findings: Findings): void {
  if (unified === null || move === undefined) return
  const input = reference(move['to_location'])
  if (partsIn(unified, 'location')?.[0] === String(input)) return
  findings.add(
    `${at}to_location_id`,
    'INVALID_VALUE',
    `Tryton receives at the input zone of the order's warehouse, location ${input}: leave this out, and transfer afterwards`,
  )
}

/** One supplier and one warehouse a shipment. */
async function orderOf(
  session: TrytonSession,
  moves: readonly Row[],
  findings: Findings,
  signal: AbortSignal,
): Promise<Row> {
  const ids = [...new Set(moves.flatMap((move) => reference(move['purchase']) ?? []))]
  const orders = await searchRows(session, 'purchase.purchase', [['id', 'in', ids]], ['party', 'warehouse'], signal)
  const [first] = orders
  if (orders.some((each) => each['party'] !== first?.['party'] || each['warehouse'] !== first?.['warehouse']))
    findings.add(
      'lines',
      'INVALID_VALUE',
      'the order lines are of several vendors or warehouses: send one movement for each',
    )
  return { supplier: first?.['party'] ?? null, warehouse: first?.['warehouse'] ?? null }
}
