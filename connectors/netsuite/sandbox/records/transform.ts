/** `POST /record/v1/purchaseOrder/647/!transform/itemReceipt` */
import { invalidContent, refusal, userError } from '../errors.ts'
import type { Request } from '../http.ts'
import type { Session } from '../system.ts'
import { compare, subtract } from './decimals.ts'
import { load } from './load.ts'
import type { Draft, LineDraft, Loaded, RecordType } from './model.ts'
import { isObject, readBody } from './payload.ts'
import { linesOf } from './sublists.ts'
import { insertRecord, type Written } from './write.ts'

/** @returns what was created. @throws RestError */
export function transform(
  session: Session,
  source: RecordType,
  id: number,
  target: RecordType,
  body: unknown,
  request: Request,
): Written {
  if (source.name !== 'purchaseOrder' || target.rules.createdBy !== source.name) {
    throw refusal(
      400,
      'INVALID_REQUEST',
      `The record type '${source.name}' cannot be transformed to the record type '${target.name}'.`,
    )
  }
  const order = load(session, source, id)
  const given = wantedLines(session, order, body)
  const { draft, warnings } = readBody(session, target, withoutLines(body), request)
  Object.assign(draft.row, { createdfrom: order.id, ...headerOf(order) })
  draft.row['location'] ??= order.row['location'] ?? order.main?.['location'] ?? null
  const sublist = target.sublists.get('item')
  if (sublist === undefined) throw new Error(`${target.name} has no items`)
  const lines = given
    .filter((line) => line.receive)
    .map((line): LineDraft => {
      const location = line.location === undefined ? {} : { location: line.location }
      return {
        path: line.path,
        address: null,
        cells: { orderline: line.orderLine, quantity: line.quantity, ...location },
      }
    })
  if (lines.length === 0) throw userError('You must enter at least one line item for this transaction.')
  draft.lines.set(sublist, lines)
  return { ...insertRecord(session, target, draft as Draft), warnings }
}

function headerOf(order: Loaded) {
  const { entity, subsidiary, currency, exchangerate } = order.row
  return {
    entity: entity ?? null,
    subsidiary: subsidiary ?? order.main?.['subsidiary'] ?? null,
    currency: currency ?? null,
    exchangerate: exchangerate ?? null,
  }
}

interface Wanted {
  readonly path: string
  readonly orderLine: number
  receive: boolean
  quantity: string
  location: number | undefined
}

/** Every open line with what is open on it, changed by the lines that the body names. */
function wantedLines(session: Session, order: Loaded, body: unknown): Wanted[] {
  if (['A', 'C', 'G', 'H'].includes(String(order.row['status']))) {
    throw userError('Invalid initialize reference. The order is not open for receiving.')
  }
  const wanted: Wanted[] = []
  for (const line of linesOf(session, order.id)) {
    const open = subtract(line['quantity'], line['quantityshiprecv'])
    if (line['item'] === null || line['isclosed'] === 'T' || compare(open, '0') <= 0) continue
    const orderLine = Number(line['id'])
    wanted.push({ path: `item.items[${orderLine}]`, orderLine, receive: true, quantity: open, location: undefined })
  }
  const item = isObject(body) ? body['item'] : undefined
  const items = isObject(item) && Array.isArray(item['items']) ? (item['items'] as unknown[]) : []
  for (const [at, given] of items.entries()) {
    if (!isObject(given)) continue
    const path = `item.items[${at}]`
    const key = given[session.switches.transformKey]
    const line = wanted.find((it) => it.orderLine === key)
    if (line === undefined) {
      throw invalidContent(
        `You have entered an Invalid Field Value ${String(key)} for the following field: ${session.switches.transformKey.toLowerCase()}`,
        `${path}.${session.switches.transformKey}`,
      )
    }
    take(session, line, given, path)
  }
  return wanted
}

function take(session: Session, line: Wanted, given: Record<string, unknown>, path: string): void {
  if (typeof given['itemReceive'] === 'boolean') line.receive = given['itemReceive']
  const { quantity, location } = given
  if (quantity !== undefined) {
    if (typeof quantity !== 'number' || !Number.isFinite(quantity)) {
      throw invalidContent('quantity is no number', `${path}.quantity`)
    }
    line.quantity = String(quantity)
  }
  if (location === undefined) return
  const id = isObject(location) ? Number(location['id']) : Number.NaN
  if (!Number.isInteger(id) || session.store.get('location', id) === null) {
    throw invalidContent(
      `You have entered an Invalid Field Value ${String(isObject(location) ? location['id'] : location)} for the following field: location`,
      `${path}.location`,
    )
  }
  line.location = id
}

function withoutLines(body: unknown): unknown {
  if (!isObject(body)) return body
  const { item: _item, ...rest } = body
  return rest
}
