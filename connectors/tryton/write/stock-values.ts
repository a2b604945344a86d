import {
  createFindings,
  decimals,
  type Findings,
  type InventoryMovementLineWrite,
  type JsonObject,
  type WriteRequest,
} from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { decimal, type Row, reference, row, toDate } from '../values.ts'
import { refuse } from './issues.ts'
import { referenced, type Units, unitsIn } from './lookups.ts'
import { idIn, toQuantity } from './natives.ts'
import { payloadOf } from './requests.ts'

type Request = WriteRequest<'inventory_movement'>
type Line = InventoryMovementLineWrite

interface Placed {
  readonly line: Line
  readonly at: string
  readonly product: number
  /** The item's own unit. */
  readonly unit: number | null
}

/** Stock from one place to another. @throws RejectedError */
export async function transferValues(session: TrytonSession, request: Request, signal: AbortSignal): Promise<Row> {
  const findings = createFindings()
  const { lines, units } = await placedLines(session, request, findings, signal)
  const from = onePlace(lines, 'from_location_id', findings)
  const to = onePlace(lines, 'to_location_id', findings)
  const moves = lines.map(({ line, at, product, unit }) => ({
    product,
    uom: units.find(line, unit, at, findings),
    quantity: toQuantity(line.quantity ?? '0', `${at}quantity`, findings),
    from_location: from,
    to_location: to,
    company: session.company.id,
  }))
  findings.settle()
  return { from_location: from, to_location: to, moves: [['create', moves]] }
}

/** What is counted, or planned to be there, at one place. @throws RejectedError */
export async function inventoryValues(session: TrytonSession, request: Request, signal: AbortSignal): Promise<Row> {
  const findings = createFindings()
  const { lines, units } = await placedLines(session, request, findings, signal)
  const location = onePlace(lines, 'to_location_id', findings)
  const planned = request.plan === null ? null : row(request.plan['quantities'])
  const counted = lines.map(({ line, at, product, unit }) => {
    inOwnUnit(line, unit, at, units, findings)
    const quantity = planned === null ? line.quantity_counted : (planned[String(product)] ?? null)
    if (typeof quantity !== 'string') findings.add(`${at}quantity`, 'REQUIRED', 'there is no quantity to write')
    const field = planned === null ? `${at}quantity_counted` : `${at}quantity`
    return { product, quantity: toQuantity(typeof quantity === 'string' ? quantity : '0', field, findings) }
  })
  if (new Set(counted.map(({ product }) => product)).size < counted.length)
    findings.add('lines', 'INVALID_VALUE', 'an item can be counted once a movement')
  findings.settle()
  return { location, lines: [['create', counted]] }
}

/** For an adjustment: what is there plus the change, by product. @throws RejectedError when less than nothing is left */
export async function plannedQuantities(
  session: TrytonSession,
  request: Request,
  signal: AbortSignal,
): Promise<JsonObject> {
  const findings = createFindings()
  const { lines, units } = await placedLines(session, request, findings, signal)
  const location = onePlace(lines, 'to_location_id', findings)
  for (const { line, at, unit } of lines) inOwnUnit(line, unit, at, units, findings)
  findings.settle()
  const asked = [['id', 'in', lines.map(({ product }) => product)]]
  const date = payloadOf(request).posting_date ?? new Date(await session.clock(signal)).toISOString().slice(0, 10)
  const context = { locations: [location], stock_date_end: toDate(date), with_childs: false, stock_assign: false }
  const found = await session.call(
    'product.product',
    'search_read',
    [asked, 0, null, null, ['quantity']],
    signal,
    context,
  )
  const there = new Map(
    (Array.isArray(found) ? (found as readonly Row[]) : []).map((each) => [
      each['id'],
      decimal(each['quantity']) ?? '0',
    ]),
  )
  const quantities = lines.map(({ line, at, product }) => {
    const has = there.get(product) ?? '0'
    const left = decimals.add(has, line.quantity ?? '0')
    if (decimals.compare(left, '0') < 0)
      refuse(`${at}quantity`, 'BUSINESS_RULE', `there are only ${has}: Tryton counts no less than nothing`)
    return [String(product), left] as const
  })
  return { quantities: Object.fromEntries(quantities) }
}

async function placedLines(session: TrytonSession, request: Request, findings: Findings, signal: AbortSignal) {
  const asked = payloadOf(request).lines.flatMap((line, nth) => {
    const at = `lines[${nth}].`
    if (line.item_id === null) findings.add(`${at}item_id`, 'REQUIRED', 'item_id is required')
    const id = line.item_id === null ? null : idIn(line.item_id, 'item', `${at}item_id`, findings)
    return id === null ? [] : [{ line, at, id, field: `${at}item_id` }]
  })
  const products = await referenced(session, 'product.product', asked, ['template.default_uom'], signal)
  const lines = asked.map(({ line, at, id }): Placed => {
    const template = row(products.get(id)?.['template.'])
    return { line, at, product: id, unit: reference(template?.['default_uom']) }
  })
  return { lines, units: await unitsIn(session, request.mapping, signal) }
}

/** Tryton's documents have one place for all lines. */
function onePlace(
  lines: readonly Placed[],
  field: 'from_location_id' | 'to_location_id',
  findings: Findings,
): number | null {
  const places = lines.map(({ line, at }) => {
    const unified = line[field]
    if (unified !== null) return idIn(unified, 'location', `${at}${field}`, findings)
    findings.add(`${at}${field}`, 'REQUIRED', `${field} is required`)
    return null
  })
  const [first = null] = places
  const other = places.findIndex((place) => place !== first)
  if (other >= 0)
    findings.add(
      `lines[${other}].${field}`,
      'INVALID_VALUE',
      'all lines must name the same location: send one movement for each',
    )
  return first
}

/** Tryton counts in the item's own unit. */
function inOwnUnit(line: Line, own: number | null, at: string, units: Units, findings: Findings): void {
  const unit = units.find(line, own, at, findings)
  if (unit !== null && unit !== own) findings.add(`${at}unit`, 'INVALID_VALUE', "Tryton counts in the item's own unit")
}
