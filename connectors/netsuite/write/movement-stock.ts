import {
  createFindings,
  decimals,
  type Findings,
  issue,
  type JsonObject,
  type WriteRequest,
} from '../../../core/index.ts'
import { isOneOf } from '../read/keys.ts'
import { plain, type TableSource } from '../read/source.ts'
import { rowsOf } from '../read/window.ts'
import type { NetSuiteSession } from '../session.ts'
import { decimal, ref } from '../values.ts'
import { rowsIn, setting, withForm } from './forms.ts'
import type { Values } from './mapped.ts'
import { namesFor } from './movement-fields.ts'
import { headerOf, typeOf } from './movement-header.ts'
import { exactNumber, numberIn } from './native-values.ts'
import { goodsIn, type Line, lineIssues, outcomesOf, uninvited } from './purchase-order-lines.ts'
import type { Creation } from './records.ts'
import { entryIn, idIn } from './references.ts'
import { type Sent, sentOf } from './sent.ts'
import { converted, type Goods, type Unit, unitIn } from './units.ts'

type Request = WriteRequest<'inventory_movement'>

/** A line with what it moves, in `unit`. */
interface Moved {
  readonly sent: Sent
  readonly item: string
  readonly place: string
  readonly quantity: string
  readonly unit: Unit | null
}

/** Adjustments; issues and scrap are adjustments downwards, counts are the difference that was planned. */
export async function adjustmentOf(session: NetSuiteSession, request: Request, signal: AbortSignal): Promise<Creation> {
  const { config } = session
  const sent = sentOf(request.payload)
  const kind = sent.text('kind') ?? ''
  const doing = `posting a movement of kind ${kind}`
  const findings = createFindings()
  const custom = sent.custom(findings)
  const header = {
    ...headerOf(session, sent, findings),
    ...subsidiaryOf(session, sent),
    ...setting('account', config.adjustment_account),
    ...custom,
  }
  if (!('account' in header))
    findings.add(null, 'REQUIRED', 'account must be given: set adjustment_account of the connection')
  const place = kind === 'ISSUE' || kind === 'SCRAP' ? 'from_location_id' : 'to_location_id'
  const all = await movedLines(session, request, place, findings, signal)
  findings.settle(doing)
  const differences = kind === 'COUNT' ? (plannedIn(request) ?? (await differencesOf(session, request, signal))) : null
  const moved = all.flatMap((each, at) => {
    if (differences !== null) {
      const quantity = differences[at] ?? '0'
      return decimals.signOf(quantity) === 0 ? [] : [{ ...each, quantity }]
    }
    return [place === 'from_location_id' ? { ...each, quantity: decimals.negate(each.quantity) } : each]
  })
  if (moved.length === 0) findings.add('lines', 'BUSINESS_RULE', 'nothing to post: NetSuite has what was counted')
  const lines: Line[] = []
  for (const each of moved) lines.push(await adjustedLine(session, each, findings, signal))
  findings.settle(doing)
  const places = new Set(moved.map((each) => each.place))
  const [first] = places
  const warning = 'the difference was taken from the stock at that time: what moved meanwhile is not in it'
  return {
    ...creationOf(session, 'inventoryAdjustment', lines, doing, place, {
      ...(places.size === 1 && first !== undefined ? { adjLocation: { id: first } } : {}),
      ...header,
    }),
    ...(kind === 'COUNT' ? { warnings: [issue(null, 'RACE', warning)] } : {}),
  }
}

/** One place gives, one takes. */
export async function transferOf(session: NetSuiteSession, request: Request, signal: AbortSignal): Promise<Creation> {
  const doing = 'transferring stock'
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const custom = sent.custom(findings)
  const header = { ...headerOf(session, sent, findings), ...subsidiaryOf(session, sent) }
  const moved = await movedLines(session, request, 'from_location_id', findings, signal)
  const goals = moved.map(({ sent: line }) => {
    if (line.text('to_location_id') === null) findings.add(`${line.at}to_location_id`, 'REQUIRED', 'must be given')
    return idIn(line, 'to_location_id', 'location', findings)
  })
  findings.settle(doing)
  const [from] = moved.map(({ place }) => place)
  const [to] = goals
  if (moved.some(({ place }, at) => place !== from || goals[at] !== to))
    findings.add('lines', 'INVALID_VALUE', 'a transfer is from one location to one other')
  const lines = moved.map((each) => ({
    ...identity(each),
    body: { ...counted(each, findings), ...each.sent.custom(findings) },
  }))
  findings.settle(doing)
  return creationOf(session, 'inventoryTransfer', lines, doing, 'from_location_id', {
    location: { id: from ?? '' },
    transferLocation: { id: to ?? '' },
    ...header,
    ...custom,
  })
}

/** Results of lines in the order in which they were sent; a count posts only those that differ. */
export const stockLines = (request: Request) => (record: JsonObject, id: string) => {
  const differences = plannedIn(request)
  const posted = sentOf(request.payload)
    .lines()
    .filter((_line, at) => differences === null || decimals.signOf(differences[at] ?? '0') !== 0)
  const lines = posted.map((line) => ({ at: line.at, ref: line.text('line_ref'), body: {} }))
  return outcomesOf(lines, rowsIn(record, 'inventory'), id)
}

function creationOf(
  session: NetSuiteSession,
  type: ReturnType<typeof typeOf>,
  lines: readonly Line[],
  doing: string,
  place: 'from_location_id' | 'to_location_id',
  header: Values,
): Creation {
  const at = lines.map((line) => line.at)
  const names = namesFor(place, at)
  return {
    type,
    path: `/${type}`,
    doing,
    body: withForm(session, type, { ...header, inventory: { items: lines.map(({ body }) => body) } }),
    names,
    lineIssues(record) {
      const rows = rowsIn(record, 'inventory')
      return [
        ...lines.flatMap(({ body, at: path }, index) => lineIssues(body, rows[index], path, names.lines?.fields)),
        ...rows.slice(lines.length).map(uninvited),
      ]
    },
    lines: (record, id) => outcomesOf(lines, rowsIn(record, 'inventory'), id),
  }
}

function subsidiaryOf({ config }: NetSuiteSession, sent: Sent): Values {
  return setting('subsidiary', sent.text('organization') ?? config.subsidiary)
}

async function movedLines(
  session: NetSuiteSession,
  { payload, mapping }: Request,
  place: 'from_location_id' | 'to_location_id',
  findings: Findings,
  signal: AbortSignal,
): Promise<readonly Moved[]> {
  const lines = sentOf(payload).lines()
  const field = sentOf(payload).text('kind') === 'COUNT' ? 'quantity_counted' : 'quantity'
  if (lines.length === 0) findings.add('lines', 'REQUIRED', 'a movement has at least one line')
  const goods: Goods = await goodsIn(session, lines, [], findings, signal)
  return lines.map((sent) => {
    for (const each of ['item_id', place, field])
      if (sent.text(each) === null) findings.add(`${sent.at}${each}`, 'REQUIRED', 'must be given')
    const item = idIn(sent, 'item_id', 'item', findings) ?? ''
    const told = unitIn(sent, goods.items.get(item), goods, mapping, findings)
    const quantity = decimal(sent.text(field) ?? '0') ?? '0'
    const stock = goods.units.find(({ id }) => id === goods.items.get(item)?.stockUnit) ?? null
    const isCount = field === 'quantity_counted'
    return {
      sent,
      item,
      place: idIn(sent, place, 'location', findings) ?? '',
      quantity: isCount ? converted(quantity, told, stock) : quantity,
      unit: isCount ? stock : told,
    }
  })
}

const identity = ({ sent }: Moved) => ({ at: sent.at, ref: sent.text('line_ref') })

function counted({ item, quantity, unit, sent }: Moved, findings: Findings): Values {
  const adjustQtyBy = exactNumber(quantity)
  if (adjustQtyBy === null)
    findings.add(`${sent.at}quantity`, 'PRECISION_LOSS', `${quantity} has more digits than NetSuite takes`)
  const reason = sent.text('reason')
  return {
    item: { id: item },
    adjustQtyBy: adjustQtyBy ?? 0,
    ...(unit === null ? {} : { units: { id: unit.id } }),
    ...(reason === null ? {} : { memo: reason }),
  }
}

async function adjustedLine(
  session: NetSuiteSession,
  moved: Moved,
  findings: Findings,
  signal: AbortSignal,
): Promise<Line> {
  const { sent, place } = moved
  const cost = numberIn(sent, 'unit_cost', findings)
  const department = await entryIn(session, sent, 'cost_center', 'department', findings, signal)
  return {
    ...identity(moved),
    body: {
      ...counted(moved, findings),
      location: { id: place },
      ...setting('department', department ?? (sent.cleared('cost_center') ? null : session.config.department)),
      ...(cost === null ? {} : { unitCost: cost }),
      ...sent.custom(findings),
    },
  }
}

const STOCK: TableSource = {
  table: 'aggregateitemlocation',
  from: 'aggregateitemlocation a',
  columns: { item: plain('a.item'), location: plain('a.location'), quantityonhand: plain('a.quantityonhand') },
  key: ['item', 'location'],
}

/** What is to be added to the stock of each line, in the item's stock unit, so that it becomes what was counted. */
export async function differencesOf(
  session: NetSuiteSession,
  request: Request,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const findings = createFindings()
  const moved = await movedLines(session, request, 'to_location_id', findings, signal)
  findings.settle('reading the stock that was counted')
  const conditions = [
    isOneOf('a.item', [...new Set(moved.map(({ item }) => item))]),
    isOneOf('a.location', [...new Set(moved.map(({ place }) => place))]),
  ]
  const rows = await rowsOf(session, STOCK, conditions, signal)
  return moved.map(({ item, place, quantity, unit }) => {
    const row = rows.find((each) => ref(each['item']) === item && ref(each['location']) === place)
    const onHand = decimal(row?.['quantityonhand']) ?? '0'
    const isBase = session.config.quantities_in === 'base-unit' && unit !== null
    const inUnit = isBase ? (decimals.ratio([onHand], [unit.conversion]) ?? onHand) : onHand
    return decimals.sum([quantity, decimals.negate(inUnit)])
  })
}

function plannedIn({ plan }: Request): readonly string[] | null {
  const planned = plan?.['differences']
  return Array.isArray(planned) ? planned.map(String) : null
}
