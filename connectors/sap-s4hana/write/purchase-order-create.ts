import { createFindings, defineOperation, type WriteRequest } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { children, type Row, text } from '../values.ts'
import { create, type Creation, findCreated } from './creating.ts'
import { valuesOf } from './mapped.ts'
import { HEADER, HEADER_NAMES, ITEM_NAMES, ORDER_FIELDS } from './purchase-order-fields.ts'
import { newItem } from './purchase-order-items.ts'
import { itemIn, lineOutcomes, orderAnchor, orderKind } from './purchase-order-kind.ts'
import { sentOf } from './sent.ts'
import { type Check, holding } from './updating.ts'
import { keyIn } from './write-references.ts'

/** Header note that forms print. */
export const HEADER_NOTE = 'F01'

/** One deep POST: header, items, schedule lines, account assignments and note. */
export const createPurchaseOrder = defineOperation<SapSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: ORDER_FIELDS.filter(({ on }) => on.includes('CREATE')),
  execute: async (session, request, signal) => create(session, orderKind, creationOf(session, request), signal),
  find: (session, request, signal) =>
    findCreated(session, orderKind, orderAnchor(session, request), request, lineOutcomes(refsOf(request)), signal),
})

/** SAP's own steps of ten. */
const numberAt = (index: number): string => String((index + 1) * 10)

const refsOf = ({ payload }: WriteRequest) =>
  new Map(
    sentOf(payload)
      .lines('lines')
      .map((line, index) => [numberAt(index), line.text('line_ref')]),
  )

function creationOf(session: SapSession, request: WriteRequest): Creation {
  const { config } = session
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const custom = sent.custom(findings) ?? {}
  const anchor = orderAnchor(session, request)
  const lines = sent.lines('lines')
  if (lines.length === 0) findings.add('lines', 'REQUIRED', 'an order has at least one line')
  const supplier = keyIn(sent, 'vendor_id', 'vendor', findings)
  if (sent.text('vendor_id') === null) findings.add('vendor_id', 'REQUIRED', 'must be given')
  const needed = (native: string, field: string | null, value: string | null, setting: string): Row => {
    if (value !== null) return { [native]: value }
    if (custom[native] === undefined) findings.add(field, 'REQUIRED', `${native} must be given: set ${setting}`)
    return {}
  }
  if (custom[anchor.property] !== undefined)
    findings.add(
      'custom_fields',
      'INVALID_VALUE',
      `${anchor.property} holds the mark of the command (purchase_order_anchor)`,
    )
  const currency = sent.text('currency')
  const facts = {
    currency: currency ?? request.mapping.currency,
    expectedDate: sent.text('expected_date'),
    header: sent,
  }
  const items = lines.map((line, index) => newItem(session, line, numberAt(index), facts, request.mapping, findings))
  const notes = sent.text('notes')
  const header: Row = {
    ...needed('CompanyCode', 'organization', sent.text('organization') ?? config.company_code, 'company_code'),
    PurchaseOrderType: config.purchase_order_type,
    ...needed('PurchasingOrganization', null, config.purchasing_organization, 'purchasing_organization'),
    ...needed('PurchasingGroup', null, config.purchasing_group, 'purchasing_group'),
    ...(supplier === null ? {} : { Supplier: supplier }),
    ...(currency === null ? {} : { DocumentCurrency: currency }),
    ...valuesOf(HEADER, sent),
    [anchor.property]: anchor.value,
    ...custom,
  }
  findings.settle('creating a purchase order')
  const body = {
    ...header,
    to_PurchaseOrderItem: items,
    ...(notes === null
      ? {}
      : { to_PurchaseOrderNote: [{ TextObjectType: HEADER_NOTE, Language: config.language, PlainLongText: notes }] }),
  }
  const refs = refsOf(request)
  return {
    body,
    names: {
      header: HEADER_NAMES,
      line: ITEM_NAMES,
      lines: new Map(lines.map((line, index) => [numberAt(index), line.at])),
    },
    checks: [
      ...checksOf(header, HEADER_NAMES, '', (order) => order),
      ...items.flatMap((item, index) => itemChecks(item, numberAt(index), lines[index]?.at ?? '')),
      ...(notes === null ? [] : [noteCheck(notes)]),
    ],
    lines: lineOutcomes(refs),
  }
}

export const itemChecks = (body: Row, number: string, at: string): readonly Check[] => {
  const schedule = children(body['to_ScheduleLine'])[0]
  return [
    ...checksOf(body, ITEM_NAMES, at, (order) => itemIn(order, number)),
    ...(schedule === undefined
      ? []
      : checksOf(schedule, { ScheduleLineDeliveryDate: 'expected_date' }, at, (order) => scheduleOf(order, number))),
  ]
}

export const scheduleOf = (order: Row, number: string): Row | null =>
  children(itemIn(order, number)?.['to_ScheduleLine'])[0] ?? null

export const noteCheck = (notes: string): Check => ({
  field: 'notes',
  native: 'PlainLongText',
  holds: (order) =>
    children(order?.['to_PurchaseOrderNote']).some((note) => text(note['PlainLongText']) === notes.trim()),
})

/** A check for every value of the body that has a unified name. */
export const checksOf = (
  body: Row,
  names: { readonly [native: string]: string },
  at: string,
  of: (record: Row) => Row | null,
): readonly Check[] =>
  Object.entries(body).flatMap(([native, value]) => {
    const field = names[native]
    return field === undefined || (typeof value === 'object' && value !== null)
      ? []
      : [holding(`${at}${field}`, native, value, of)]
  })
