import { fromVocabulary, type MappingSettings, type Unified, VOCABULARIES } from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import { children, date, flag, type Row, ref, text } from '../values.ts'
import { envelope } from './envelope.ts'
import type { Lookups } from './lookups.ts'
import { linesOf, movementLines } from './movement-lines.ts'
import { withConversion } from './quantities.ts'
import { idOf, oneOf, shared } from './references.ts'
import { type ChildSource, dateOf, instantOf, optional, plain, type WindowSource } from './source.ts'
import { streamOf } from './stream.ts'

/** Item receipts, inventory adjustments and transfers; and the page of each. */
const KINDS = { ItemRcpt: 'RECEIPT', InvAdjst: 'ADJUSTMENT', InvTrnfr: 'TRANSFER' } as const
const PAGES: { readonly [type: string]: string } = {
  ItemRcpt: '/app/accounting/transactions/itemrcpt.nl',
  InvAdjst: '/app/accounting/transactions/invadjst.nl',
  InvTrnfr: '/app/accounting/transactions/invtrnfr.nl',
}

/**
 * The purchase order that lines come from: receipts also come from transfer orders and customers' returns. The header
 * has no such column.
 */
const ordersOfLines: ChildSource = {
  as: 'orders',
  table: 'transactionline',
  from: 'transactionline l JOIN transaction p ON p.id = l.createdfrom',
  where: [{ sql: "p.type = 'PurchOrd'" }, { sql: "l.mainline = 'F'" }],
  columns: { transaction: plain('l.transaction'), lineid: plain('l.id'), orderid: plain('p.id') },
  parent: 'transaction',
  key: 'lineid',
  optional: true,
}

/** Which line of which purchase order a line receives. */
const linkedLines: ChildSource = {
  as: 'links',
  table: 'previoustransactionlinelink',
  from: 'previoustransactionlinelink k JOIN transaction p ON p.id = k.previousdoc',
  where: [{ sql: "p.type = 'PurchOrd'" }],
  columns: {
    nextdoc: plain('k.nextdoc'),
    nextline: plain('k.nextline'),
    previousdoc: plain('k.previousdoc'),
    previousline: plain('k.previousline'),
  },
  parent: 'nextdoc',
  key: 'nextline',
  optional: true,
}

const movementSource = ({ subsidiaries }: NetSuiteConfig): WindowSource => ({
  table: 'transaction',
  from: "transaction t JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T'",
  where: [{ sql: "t.type IN ('ItemRcpt', 'InvAdjst', 'InvTrnfr')" }, ...oneOf('m.subsidiary', subsidiaries)],
  columns: {
    id: plain('t.id'),
    type: plain('t.type'),
    tranid: plain('t.tranid'),
    entity: plain('t.entity'),
    trandate: dateOf('t.trandate'),
    memo: plain('t.memo'),
    voided: optional(plain('t.voided')),
    transferlocation: optional(plain('t.transferlocation')),
    subsidiary: optional(plain('m.subsidiary')),
    location: optional(plain('m.location')),
    created: instantOf('t.createddate'),
    lastmodified: instantOf('t.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodified',
  deletedAs: ['itemreceipt', 'inventoryadjustment', 'inventorytransfer'],
  children: [movementLines, ordersOfLines, linkedLines],
})

export const inventoryMovements = streamOf<'inventory_movement'>({
  entity: 'inventory_movement',
  mappingVersion: 1,
  ignoresWindow: false,
  source: movementSource,
  complete: completed,
  toUnified: movementOf,
})

/** Lines with what is known of the order line behind each. */
function completed(movement: Row, lookups: Lookups): Row {
  const { orders, links, ...rest } = movement
  const order = new Map(children(orders).map((each) => [ref(each['lineid']), { orderid: each['orderid'] ?? null }]))
  const link = new Map(
    children(links).map((each) => [
      ref(each['nextline']),
      { orderid: each['previousdoc'] ?? null, orderline: each['previousline'] ?? null },
    ]),
  )
  const lines = children(movement['lines']).map((line) => {
    const id = ref(line['lineid'])
    return { ...withConversion(line, 'units', lookups), ...order.get(id), ...link.get(id) }
  })
  return { ...rest, lines }
}

function movementOf(movement: Row, settings: MappingSettings, key: string): Unified<'inventory_movement'> {
  const type = text(movement['type'])
  const number = text(movement['tranid'])
  const rows = children(movement['lines'])
  const named = rows.filter((line) => ref(line['orderid']) !== null)
  const order = named.length === 0 ? null : shared(named.map((line) => ref(line['orderid'])))
  return {
    ...envelope(movement, settings, { key, displayName: number, page: PAGES[type ?? ''] ?? null }),
    movement_number: number ?? key,
    kind: fromVocabulary(settings, 'inventory_movement.kind', type, KINDS, VOCABULARIES.MovementKind),
    status: flag(movement['voided']) === true ? 'REVERSED' : 'POSTED',
    source_kind: type,
    document_date: date(movement['trandate']),
    posting_date: date(movement['trandate']),
    // who a receipt comes from is a vendor only where it comes from a purchase order
    vendor_id: named.length === 0 ? null : idOf(settings, 'vendor', movement['entity']),
    purchase_order_id: idOf(settings, 'purchase_order', order),
    work_order_id: null,
    reference: text(movement['memo']),
    reverses_id: null,
    notes: text(movement['memo']),
    lines: linesOf(movement, rows, settings, key),
  }
}
