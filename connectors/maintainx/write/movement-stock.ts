import {
  type Issue,
  issue,
  type JsonObject,
  type LineOutcome,
  RejectedError,
  rejection,
  type WriteOutcome,
  type WriteRequest,
  type WriteStep,
} from '../../../core/index.ts'
import type { MaintainXSession } from '../session.ts'
import { isRow, type Row } from '../values.ts'
import { recordOf } from './anchors.ts'
import { PART } from './kinds.ts'
import { idIn, valuesOf } from './mapped.ts'
import { type Found, settled } from './records.ts'
import { inUnifiedTerms } from './refusals.ts'
import { type Sent, sentOf } from './sent.ts'
import { levelOf } from './stock-level.ts'

type Request = WriteRequest<'inventory_movement'>

/** What one part is to have at one location. */
interface Level {
  readonly part: string
  readonly location: string
  readonly before: number
  readonly after: number
  /** `lines[2].`: the last that is about it. */
  readonly at: string
}

const doingOf = ({ payload }: Request) => `posting a movement of kind ${sentOf(payload).text('kind')}`

/** Stock as it is, and as it is to be: a count says it, an adjustment is added to what is there. */
export async function plannedStock(
  session: MaintainXSession,
  request: Request,
  signal: AbortSignal,
): Promise<JsonObject> {
  const doing = doingOf(request)
  const isCount = sentOf(request.payload).text('kind') === 'COUNT'
  const moved = settled(doing, (findings) => {
    const given = sentOf(request.payload).lines('lines')
    if (given.length === 0) findings.add('lines', 'REQUIRED', 'a movement has at least one line')
    return given.map((line) => {
      const field = isCount ? 'quantity_counted' : 'quantity'
      for (const each of ['item_id', 'to_location_id', field])
        if (line.text(each) === null) findings.add(`${line.at}${each}`, 'REQUIRED', 'must be given')
      const table = [{ field, native: 'quantity', kind: 'whole', on: ['CREATE'] }] as const
      return {
        part: String(idIn(line, 'item_id', 'item', findings)),
        location: String(idIn(line, 'to_location_id', 'location', findings)),
        quantity: Number(valuesOf(table, line, findings)['quantity'] ?? 0),
        at: line.at,
      }
    })
  })
  const parts = new Map<string, Row | null>()
  for (const part of new Set(moved.map(({ part: each }) => each)))
    parts.set(part, await recordOf(session, PART, part, signal))
  const levels = new Map<string, Level>()
  settled(doing, (findings) => {
    for (const { part, location, quantity, at } of moved) {
      const record = parts.get(part) ?? null
      if (record === null) findings.add(`${at}item_id`, 'INVALID_REFERENCE', `MaintainX has no part ${part}`)
      const key = `${part}|${location}`
      const shown = Number(levelOf(record, location)?.['availableQuantity'] ?? 0)
      const earlier = levels.get(key)
      const after = isCount ? quantity : (earlier?.after ?? shown) + quantity
      if (!Number.isSafeInteger(after))
        findings.add(`${at}quantity`, 'PRECISION_LOSS', `MaintainX's numbers do not hold ${after}`)
      levels.set(key, { part, location, before: shown, after, at })
    }
  })
  return { levels: [...levels.values()].map((level) => ({ ...level })) }
}

/** One PATCH for each part. A refusal in the middle leaves the rest undone, and says so. */
export async function postStock(
  session: MaintainXSession,
  request: Request,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const doing = doingOf(request)
  const steps: WriteStep[] = []
  for (const [part, levels] of byPart(levelsIn(request))) {
    const addedUpdated = levels.map(({ location, after }) => ({
      locationId: Number(location),
      availableQuantity: after,
    }))
    const sent = { method: 'PATCH', path: `/parts/${part}`, body: { locations: { addedUpdated } }, doing } as const
    try {
      // other than for what the writer reads again itself, the webhook is wanted: it tells the new stock
      await session.client.change(sent, signal)
      steps.push({ name: `part ${part}`, outcome: 'APPLIED', sourceId: part })
    } catch (error) {
      const names = { native: 'locations', fields: FIELDS, at: levels.map(({ at }) => at) }
      const told = inUnifiedTerms(error, doing, { fields: {}, lines: names })
      if (steps.length === 0 || !(told instanceof RejectedError)) throw told
      steps.push({ name: `part ${part}`, outcome: 'FAILED', sourceId: part })
      return { ...outcomeOf(request, false), steps, partial: issuesOf(told, levels[0]?.at ?? '') }
    }
  }
  return { ...outcomeOf(request, false), ...(steps.length > 1 ? { steps } : {}) }
}

const FIELDS = { availableQuantity: 'quantity', locationId: 'to_location_id' }

const issuesOf = ({ fields, message }: RejectedError, at: string): readonly Issue[] =>
  fields.length === 0
    ? [issue(`${at}quantity`, 'BUSINESS_RULE', message)]
    : fields.map((each) => issue(each.field, each.code ?? 'BUSINESS_RULE', each.message, vendorOf(each)))

const vendorOf = ({ vendorMessage = null, nativeField = null }: RejectedError['fields'][number]) => ({
  vendorMessage,
  nativeField,
})

/** All as planned = applied. What is neither as it was nor as planned was changed by somebody else as well. */
export async function stockFound(session: MaintainXSession, request: Request, signal: AbortSignal): Promise<Found> {
  const isCount = sentOf(request.payload).text('kind') === 'COUNT'
  let done = true
  let isForeign = false
  for (const [part, levels] of byPart(levelsIn(request))) {
    const record = await recordOf(session, PART, part, signal)
    for (const { location, before, after } of levels) {
      const shown = Number(levelOf(record, location)?.['availableQuantity'] ?? 0)
      if (shown === after) continue
      done = false
      if (shown !== before) isForeign = true
    }
  }
  if (done) return outcomeOf(request, true)
  return isForeign && !isCount ? 'unknown' : 'not-applied'
}

function outcomeOf(request: Request, replay: boolean): WriteOutcome {
  const target = request.commandId
  const isCount = sentOf(request.payload).text('kind') === 'COUNT'
  const message = 'the total was computed from the stock at that time: what moved meanwhile is not in it'
  return {
    target,
    replay,
    lines: movementLines(sentOf(request.payload).lines('lines'), target),
    ...(isCount ? {} : { warnings: [issue(null, 'RACE', message)] }),
  }
}

export const movementLines = (lines: readonly Sent[], target: string): readonly LineOutcome[] =>
  lines.map((line, index) => ({
    lineRef: line.text('line_ref'),
    lineKey: `${target}|${index + 1}`,
    lineNumber: String(index + 1),
  }))

function levelsIn({ plan }: Request): readonly Level[] {
  const planned = plan?.['levels']
  if (!Array.isArray(planned))
    throw rejection('posting a movement', [issue(null, 'SYSTEM_ERROR', 'it was not planned')])
  return planned.filter(isRow) as unknown as readonly Level[]
}

function byPart(levels: readonly Level[]): ReadonlyMap<string, readonly Level[]> {
  const parts = new Map<string, Level[]>()
  for (const level of levels) parts.set(level.part, [...(parts.get(level.part) ?? []), level])
  return parts
}
