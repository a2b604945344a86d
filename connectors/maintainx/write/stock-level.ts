import { createFindings, defineOperation, issue, rejection, type WriteRequest } from '../../../core/index.ts'
import { stockLevels } from '../read/stock-levels.ts'
import type { MaintainXSession } from '../session.ts'
import type { Row } from '../values.ts'
import { recordOf } from './anchors.ts'
import { PART } from './kinds.ts'
import { type Mapped, namesOf, rulesOf, valuesOf } from './mapped.ts'
import { idText, isSame, rowsIn, type Values } from './native-values.ts'
import { type Found, refuseStale } from './records.ts'
import { inUnifiedTerms } from './refusals.ts'
import { sentOf } from './sent.ts'

const TABLE: readonly Mapped[] = [
  { field: 'minimum_quantity', native: 'minimumQuantity', kind: 'whole', on: ['UPDATE'] },
  { field: 'maximum_quantity', native: 'maximumQuantity', kind: 'whole', on: ['UPDATE'] },
]

type Request = WriteRequest<'stock_level'>

/** A part's entry for a location. */
export const levelOf = (part: Row | null, location: string): Row | null =>
  rowsIn(part, 'locations').find((each) => idText(each['locationId']) === location) ?? null

/** The least and the most that is to be kept; what is there is changed by movements alone. */
export const updateStockLevel = defineOperation<MaintainXSession, 'stock_level'>({
  entity: 'stock_level',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: rulesOf(TABLE, '/parts/{id} locations.addedUpdated[]'),
  async execute(session, request, signal) {
    const { part, location, target } = keyOf(request)
    const doing = `changing the stock level of part ${part} at location ${location}`
    const values = valuesIn(request, doing)
    const level = levelOf(await recordOf(session, PART, part, signal), location)
    if (level === null)
      throw rejection(doing, [issue(null, 'NOT_FOUND', 'MaintainX keeps none of this part there')], { status: 404 })
    await refuseStale(session, stockLevels, request, doing, signal)
    if (isSame(values, level)) return { target, replay: false }
    const addedUpdated = [{ locationId: Number(location), ...values }]
    const sent = { method: 'PATCH', path: `/parts/${part}`, body: { locations: { addedUpdated } }, doing } as const
    const answer = await session.client.change({ ...sent, skipWebhook: true }, signal).catch((error: unknown) => {
      const names = { native: 'locations', fields: namesOf(TABLE), at: [''] }
      throw inUnifiedTerms(error, doing, { fields: {}, lines: names })
    })
    return { target, replay: false, httpStatus: answer.status, vendorRequestId: answer.requestId }
  },
  async find(session, request, signal): Promise<Found> {
    const { part, location, target } = keyOf(request)
    const level = levelOf(await recordOf(session, PART, part, signal), location)
    const values = valuesIn(request, `looking at the stock level of part ${part}`)
    return level !== null && isSame(values, level) ? { target, replay: true } : 'not-applied'
  },
})

function keyOf({ target }: Request) {
  const [part = '', location = ''] = (target ?? '').split('|')
  return { part, location, target: target ?? '' }
}

function valuesIn({ payload }: Request, doing: string): Values {
  const findings = createFindings()
  const values = valuesOf(TABLE, sentOf(payload), findings)
  findings.settle(doing)
  return values
}
