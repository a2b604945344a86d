import {
  createFindings,
  defineOperation,
  type Findings,
  type Json,
  type JsonObject,
  type LineOutcome,
  type MappingSettings,
  type WriteRequest,
} from '../../../core/index.ts'
import type { BatchRequest } from '../batch.ts'
import { isDeleted } from '../read/purchase-order-status.ts'
import type { SapSession } from '../session.ts'
import { children, entityPath, type Row, stripZeros, text } from '../values.ts'
import { valuesOf } from './mapped.ts'
import { dateValue } from './native-values.ts'
import { netPriceIn } from './prices.ts'
import { checksOf, HEADER_NOTE, itemChecks, noteCheck } from './purchase-order-create.ts'
import { HEADER, HEADER_NAMES, ITEM, ITEM_NAMES, ORDER_FIELDS, ORDER_SERVICE } from './purchase-order-fields.ts'
import { newItem, priceIn, quantityIn } from './purchase-order-items.ts'
import { itemIn, itemsOf, orderKind } from './purchase-order-kind.ts'
import { type Sent, sentOf } from './sent.ts'
import { unitIn } from './units-out.ts'
import { changing, type Check, matching, type Plan, type Updating } from './updating.ts'
import { partsIn, placeIn } from './write-references.ts'

/** Header, items, schedule lines and note in one changeset. New items get the numbers that `plan` has set. */
export const updatePurchaseOrder = defineOperation<SapSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'UPDATE',
  conflicts: 'compare',
  atomic: true,
  fields: ORDER_FIELDS.filter(({ on }) => on.includes('UPDATE')),
  async plan(session, request, signal) {
    const order = await orderKind.read(session, request.target ?? '', signal)
    return { items: order === null ? [] : newNumbers(order, request) }
  },
  ...changing((session, request) => updating(session, request)),
})

const updating = (session: SapSession, request: WriteRequest): Updating => ({
  doing: `changing purchase order ${request.target ?? ''}`,
  service: ORDER_SERVICE,
  read: (signal) => orderKind.read(session, request.target ?? '', signal),
  plan: (order) => planOf(session, order, request),
})

const isNew = (line: Sent): boolean => line.text('line_id') === null

/** Steps of ten behind the last item that there ever was. */
function newNumbers(order: Row, { payload }: WriteRequest): string[] {
  const last = Math.max(0, ...itemsOf(order).map((item) => Number(text(item['PurchaseOrderItem']) ?? 0)))
  const first = Math.floor(last / 10) * 10 + 10
  return sentOf(payload)
    .lines('lines')
    .filter(isNew)
    .map((_, index) => String(first + index * 10))
}

interface Changes {
  readonly requests: BatchRequest[]
  readonly checks: Check[]
  /** Line numbers → where they stand in the command. */
  readonly lines: Map<string, string>
  readonly refs: Map<string, string | null>
}

function planOf(session: SapSession, order: Row, request: WriteRequest): Plan {
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const changes: Changes = { requests: [], checks: [], lines: new Map(), refs: new Map() }
  const doing = `changing purchase order ${request.target ?? ''}`
  const number = text(order['PurchaseOrder']) ?? request.target ?? ''
  headerChanges(session, order, number, sent, changes, findings)
  const planned = plannedNumbers(request.plan) ?? newNumbers(order, request)
  const facts = {
    currency: text(order['DocumentCurrency']) ?? request.mapping.currency,
    expectedDate: null,
    header: null,
  }
  let added = 0
  for (const line of sent.lines('lines')) {
    if (!isNew(line)) {
      existingItem(order, line, request.mapping, changes, findings)
      continue
    }
    const itemNumber = planned[added++] ?? ''
    const body = newItem(session, line, itemNumber, facts, request.mapping, findings)
    changes.lines.set(itemNumber, line.at)
    changes.refs.set(itemNumber, line.text('line_ref'))
    changes.checks.push(...itemChecks(body, itemNumber, line.at))
    if (itemIn(order, itemNumber) === null)
      changes.requests.push({ method: 'POST', path: 'A_PurchaseOrderItem', body: { PurchaseOrder: number, ...body } })
  }
  findings.settle(doing)
  const lines: readonly LineOutcome[] = [...changes.refs].map(([lineNumber, lineRef]) => ({
    lineRef,
    lineKey: `${number}|${stripZeros(lineNumber)}`,
    lineNumber: stripZeros(lineNumber),
  }))
  return {
    requests: changes.requests,
    checks: changes.checks,
    names: { header: HEADER_NAMES, line: ITEM_NAMES, lines: changes.lines },
    lines,
  }
}

function plannedNumbers(plan: JsonObject | null): readonly string[] | null {
  const items = plan?.['items']
  return Array.isArray(items) ? items.map(String) : null
}

function headerChanges(
  { config }: SapSession,
  order: Row,
  number: string,
  sent: Sent,
  { requests, checks }: Changes,
  findings: Findings,
): void {
  const values: Row = { ...valuesOf(HEADER, sent), ...sent.custom(findings) }
  if (Object.keys(values).length > 0) {
    const path = entityPath('A_PurchaseOrder', { PurchaseOrder: number })
    requests.push({ method: 'PATCH', path, body: values, ...matching(order) })
    checks.push(...checksOf(values, HEADER_NAMES, '', (row) => row))
  }
  const notes = sent.text('notes')
  const existing = notesOf(order)
  const cleared = sent.cleared('notes')
  const key = (note: Row) =>
    entityPath('A_PurchaseOrderNote', {
      PurchaseOrder: number,
      TextObjectType: note['TextObjectType'] ?? '',
      Language: note['Language'] ?? '',
    })
  if (cleared) {
    for (const note of existing) requests.push({ method: 'DELETE', path: key(note), body: null })
    checks.push({ field: 'notes', native: 'PlainLongText', holds: (row) => row !== null && notesOf(row).length === 0 })
  }
  if (notes === null || cleared) return
  checks.push(noteCheck(notes))
  const own = existing.find(
    (note) => note['TextObjectType'] === HEADER_NOTE && text(note['Language']) === config.language,
  )
  const body = { PlainLongText: notes }
  if (own !== undefined) requests.push({ method: 'PATCH', path: key(own), body })
  else
    requests.push({
      method: 'POST',
      path: 'A_PurchaseOrderNote',
      body: { PurchaseOrder: number, TextObjectType: HEADER_NOTE, Language: config.language, ...body },
    })
}

const notesOf = (order: Row): readonly Row[] =>
  children(order['to_PurchaseOrderNote']).filter((note) => text(note['PlainLongText']) !== null)

function existingItem(order: Row, line: Sent, mapping: MappingSettings, changes: Changes, findings: Findings): void {
  const parts = partsIn(line, 'line_id', 'purchase_order_line', findings)
  if (parts === null) return
  const [header = '', number = ''] = parts
  const item = stripZeros(header) === stripZeros(text(order['PurchaseOrder']) ?? '') ? itemIn(order, number) : null
  const path = `${line.at}line_id`
  if (item === null) return findings.add(path, 'NOT_FOUND', 'the order has no such line')
  const key = { PurchaseOrder: item['PurchaseOrder'] ?? '', PurchaseOrderItem: item['PurchaseOrderItem'] ?? '' }
  const address = entityPath('A_PurchaseOrderItem', key)
  const { requests, checks } = changes
  changes.lines.set(stripZeros(number), line.at)
  changes.refs.set(stripZeros(number), line.text('line_ref'))
  const find = (record: Row) => itemIn(record, number)
  if (line.text('action') === 'DELETE') {
    if (!isDeleted(item)) requests.push({ method: 'DELETE', path: address, body: null, ...matching(item) })
    checks.push({
      field: `${line.at}action`,
      native: 'PurchasingDocumentDeletionCode',
      holds: (row) => isGone(row && find(row)),
    })
    return
  }
  if (isDeleted(item)) return findings.add(path, 'STATE_NOT_ALLOWED', 'the line is deleted in SAP')
  const values = itemValues(order, item, line, mapping, findings)
  if (Object.keys(values).length > 0) {
    requests.push({ method: 'PATCH', path: address, body: values, ...matching(item) })
    checks.push(...checksOf(values, ITEM_NAMES, line.at, find))
  }
  deliveryDate(item, line, find, changes, findings)
}

const isGone = (item: Row | null): boolean => item === null || isDeleted(item)

function itemValues(order: Row, item: Row, line: Sent, mapping: MappingSettings, findings: Findings): Row {
  const given = (field: string) => line.text(field) !== null || line.cleared(field)
  for (const field of ['item_id', 'cost_center', 'work_order_id'])
    if (given(field) && !isUnchanged(item, line, field, findings))
      findings.add(
        `${line.at}${field}`,
        'NOT_WRITABLE',
        'SAP lets it be set on new lines only; delete the line and add another',
      )
  for (const field of [
    'quantity_ordered',
    'unit_price',
    'expected_date',
    'location_id',
    'unit',
    'source_unit',
    'is_closed',
  ])
    if (line.cleared(field)) findings.add(`${line.at}${field}`, 'INVALID_VALUE', 'cannot be empty in SAP')
  quantityIn(line, 'quantity_ordered', findings)
  const currency = text(item['DocumentCurrency']) ?? text(order['DocumentCurrency']) ?? mapping.currency
  const place = placeIn(line, 'location_id', findings)
  const unit = unitIn(line, mapping, findings)
  return {
    ...valuesOf(ITEM, line),
    ...(unit === null ? {} : { PurchaseOrderQuantityUnit: unit }),
    ...priceIn(line, currency, (price) => netPriceIn(item, price, currency), findings),
    ...(place === null ? {} : { Plant: place.plant, StorageLocation: place.storageLocation ?? '' }),
    ...line.custom(findings),
  }
}

function isUnchanged(item: Row, line: Sent, field: string, findings: Findings): boolean {
  if (field !== 'item_id' || line.cleared(field)) return false
  const key = partsIn(line, 'item_id', 'item', findings)?.join('|') ?? ''
  return stripZeros(key) === stripZeros(text(item['Material']) ?? '')
}

function deliveryDate(
  item: Row,
  line: Sent,
  find: (order: Row) => Row | null,
  changes: Changes,
  findings: Findings,
): void {
  const date = line.text('expected_date')
  if (date === null) return
  const schedule = children(item['to_ScheduleLine'])
  const [only] = schedule
  const field = `${line.at}expected_date`
  if (only === undefined || schedule.length > 1)
    return findings.add(field, 'STATE_NOT_ALLOWED', `the line has ${schedule.length} schedule lines; one can be moved`)
  const values: { [native: string]: Json } = { ScheduleLineDeliveryDate: dateValue(date) }
  const { PurchasingDocument = '', PurchasingDocumentItem = '', ScheduleLine = '' } = only
  const path = entityPath('A_PurchaseOrderScheduleLine', { PurchasingDocument, PurchasingDocumentItem, ScheduleLine })
  changes.requests.push({ method: 'PATCH', path, body: values, ...matching(only) })
  changes.checks.push(
    ...checksOf(values, ITEM_NAMES, line.at, (order) => children(find(order)?.['to_ScheduleLine'])[0] ?? null),
  )
}
