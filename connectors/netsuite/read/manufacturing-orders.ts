import { decimals, type MappingSettings, type Unified, unifiedId, type WorkOrderPart } from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import { children, date, type Row, text } from '../values.ts'
import { endOfDay, startOfDay } from './days.ts'
import { customFields, envelope, numbered } from './envelope.ts'
import { quantityOf, unitsOf } from './quantities.ts'
import { idOf, keyIn, oneOf } from './references.ts'
import { type ChildSource, dateOf, display, instantOf, optional, plain, type WindowSource } from './source.ts'
import { UNTOLD } from './work-order-shape.ts'
import { workOrderStatus } from './work-order-status.ts'

const components: ChildSource = {
  as: 'lines',
  table: 'transactionline',
  from: 'transactionline l',
  where: [{ sql: "l.mainline = 'F'" }, { sql: "l.taxline = 'F'" }, { sql: 'l.item IS NOT NULL' }],
  columns: {
    transaction: plain('l.transaction'),
    lineid: plain('l.id'),
    item: plain('l.item'),
    memo: plain('l.memo'),
    quantity: plain('l.quantity'),
    quantityshiprecv: optional(plain('l.quantityshiprecv')),
    units: optional(plain('l.units')),
    unitname: optional(display('l.units')),
    location: optional(plain('l.location')),
  },
  parent: 'transaction',
  key: 'lineid',
}

/** Work orders to build an assembly, which stands on the main line; their lines are its components. */
export const manufacturingSource = ({ subsidiaries }: NetSuiteConfig): WindowSource => ({
  table: 'transaction',
  from: "transaction t JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T'",
  where: [{ sql: "t.type = 'WorkOrd'" }, ...oneOf('m.subsidiary', subsidiaries)],
  columns: {
    id: plain('t.id'),
    tranid: plain('t.tranid'),
    status: plain('t.status'),
    statusname: optional(display('t.status')),
    trandate: dateOf('t.trandate'),
    startdate: optional(dateOf('t.startdate')),
    enddate: optional(dateOf('t.enddate')),
    duedate: optional(dateOf('t.duedate')),
    actualstart: optional(dateOf('t.actualproductionstartdate')),
    actualend: optional(dateOf('t.actualproductionenddate')),
    memo: plain('t.memo'),
    assembly: optional(display('m.item')),
    subsidiary: optional(plain('m.subsidiary')),
    location: optional(plain('m.location')),
    created: instantOf('t.createddate'),
    lastmodified: instantOf('t.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodified',
  deletedAs: ['workorder'],
  children: [components],
})

export function manufacturingOrderOf(order: Row, settings: MappingSettings, key: string): Unified<'work_order'> {
  const number = text(order['tranid'])
  const assembly = text(order['assembly'])
  const code = text(order['status'])
  const name = text(order['statusname'])
  const zone = settings.timeZone
  return {
    ...UNTOLD,
    ...envelope(order, settings, {
      key,
      displayName: numbered(number, assembly),
      page: '/app/accounting/transactions/workord.nl',
    }),
    order_number: number ?? key,
    title: assembly ?? text(order['memo']) ?? number ?? key,
    description: text(order['memo']),
    status: workOrderStatus({ code, name }, 'manufacturing', settings),
    source_status: code?.split(':').at(-1) ?? null,
    // production, not maintenance
    maintenance_type: 'OTHER',
    source_type: 'WorkOrd',
    location_id: idOf(settings, 'location', order['location']),
    scheduled_start_at: startOfDay(date(order['startdate']), zone),
    scheduled_end_at: endOfDay(date(order['enddate']), zone),
    due_at: endOfDay(date(order['duedate']), zone),
    started_at: startOfDay(date(order['actualstart']), zone),
    completed_at: endOfDay(date(order['actualend']), zone),
    parts: children(order['lines']).map((line) => partOf(line, order, settings, key)),
  }
}

/** What is taken out of stock is negative. */
function partOf(line: Row, order: Row, settings: MappingSettings, key: string): WorkOrderPart {
  const number = keyIn(line, 'lineid')
  const quantity = (column: string) => {
    const signed = quantityOf(line, column, settings)
    return signed === null ? null : decimals.absolute(signed)
  }
  return {
    line_id: unifiedId(settings.connectionId, 'work_order_part', [key, number]),
    task_id: null,
    item_id: idOf(settings, 'item', line['item']),
    description: text(line['memo']),
    quantity_planned: quantity('quantity'),
    quantity_used: quantity('quantityshiprecv'),
    ...unitsOf(line, 'unitname', settings),
    unit_cost: null,
    location_id: idOf(settings, 'location', line['location'] ?? order['location']),
    custom_fields: customFields(line, settings.customFields),
  }
}
