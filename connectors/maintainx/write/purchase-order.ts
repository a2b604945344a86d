import { defineOperation, type WriteRequest } from '../../../core/index.ts'
import { purchaseOrders } from '../read/purchase-orders.ts'
import type { MaintainXSession } from '../session.ts'
import type { Row } from '../values.ts'
import { recordOf } from './anchors.ts'
import { PURCHASE_ORDER } from './kinds.ts'
import { valuesOf } from './mapped.ts'
import { deletion } from './masters.ts'
import { idText, rowsIn } from './native-values.ts'
import { FIELDS, HEADER, HEADER_NAMES, LINE_NAMES } from './purchase-order-fields.ts'
import { lineChanges, lineIssues, missingLines, newLine, outcomesOf } from './purchase-order-lines.ts'
import { type Amendment, create, findCreated, findUpdate, settled, update, withCustom } from './records.ts'
import { sentOf } from './sent.ts'

type Request = WriteRequest<'purchase_order'>

const SUBJECT = { kind: PURCHASE_ORDER, stream: purchaseOrders }
const NOTHING: ReadonlySet<string> = new Set()

/** Header and items in one POST, which answers with the whole order. */
export const createPurchaseOrder = defineOperation<MaintainXSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS,
  execute: async (session, request, signal) =>
    create(session, request, PURCHASE_ORDER, creation(session, request), signal),
  find: (session, request, signal) =>
    findCreated(session, request, PURCHASE_ORDER, signal, (record, id) => linesOf(request, record, id)),
})

/** One PATCH with all items, changed ones among them. */
export const updatePurchaseOrder = defineOperation<MaintainXSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: FIELDS.filter(({ on }) => on.includes('UPDATE')).map(({ required: _onCreate, ...field }) => field),
  /** The items that were there before the first attempt: others that fit are the new ones. */
  async plan(session, { target }, signal) {
    const record = await recordOf(session, PURCHASE_ORDER, target ?? '', signal)
    return { items: rowsIn(record, 'items').map((row) => idText(row['id']) ?? '') }
  },
  execute: (session, request, signal) =>
    update(session, request, SUBJECT, (record) => amendment(session, request, record), signal),
  find: (session, request, signal) =>
    findUpdate(session, request, PURCHASE_ORDER, (record) => amendment(session, request, record), signal),
})

export const deletePurchaseOrder = deletion('purchase_order', () => SUBJECT)

function creation(session: MaintainXSession, { payload }: Request): Amendment {
  const sent = sentOf(payload)
  return settled('creating a purchase order', (findings) => {
    const given = sent.lines('lines')
    if (given.length === 0) findings.add('lines', 'REQUIRED', 'an order has at least one line')
    const added = given.map((line) => newLine(line, findings))
    const header = withCustom(session, PURCHASE_ORDER, valuesOf(HEADER, sent, findings), sent, findings)
    return {
      body: { ...header, items: added.map(({ body }) => body) },
      names: { fields: HEADER_NAMES, lines: { native: 'items', fields: LINE_NAMES, at: added.map(({ at }) => at) } },
      missing: (record) => {
        const rows = rowsIn(record, 'items')
        return added.flatMap(({ body, at }, index) => lineIssues(body, rows[index], at))
      },
      lines: (record, id) => outcomesOf({ changed: [], added }, record, id, NOTHING),
    }
  })
}

function linesOf({ payload }: Request, record: Row, id: string) {
  const added = settled('looking for a purchase order', (findings) =>
    sentOf(payload)
      .lines('lines')
      .map((line) => newLine(line, findings)),
  )
  return outcomesOf({ changed: [], added }, record, id, NOTHING)
}

function amendment(session: MaintainXSession, request: Request, record: Row): Amendment {
  const sent = sentOf(request.payload)
  const target = request.target ?? ''
  return settled(`changing purchase order ${target}`, (findings) => {
    const rows = rowsIn(record, 'items')
    const known = knownItems(request) ?? new Set(rows.map((row) => idText(row['id']) ?? ''))
    const given = sent.lines('lines')
    const changes = lineChanges(given, target, rows, known, findings)
    const header = withCustom(session, PURCHASE_ORDER, valuesOf(HEADER, sent, findings), sent, findings)
    return {
      body: given.length === 0 ? header : { ...header, items: changes.items },
      names: { fields: HEADER_NAMES, lines: { native: 'items', fields: LINE_NAMES, at: changes.at } },
      missing: (shown) => missingLines(changes, shown, known),
      lines: (shown, id) => outcomesOf(changes, shown, id, known),
    }
  })
}

function knownItems({ plan }: Request): ReadonlySet<string> | null {
  const planned = plan?.['items']
  return Array.isArray(planned) ? new Set(planned.map(String)) : null
}
