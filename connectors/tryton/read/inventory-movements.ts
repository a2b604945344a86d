import {
  CorruptCursorError,
  decimals,
  defineStream,
  fromVocabulary,
  type InventoryMovementLine,
  type MappingSettings,
  type ReadRange,
  type Unified,
  unifiedId,
  VOCABULARIES,
} from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { date, decimal, isRow, type Row, reference, row, rows, text } from '../values.ts'
import { listKeys, readOne, readPages, type Source } from './by-id.ts'
import { customFields, envelope } from './envelope.ts'
import { unitsOf } from './units.ts'

type MovementSource = Source<'inventory_movement'> & { readonly name: string }

const COMMON = {
  entity: 'inventory_movement',
  mappingVersion: 1,
  ignoresWindow: false,
  domain: (session: TrytonSession) => [['company', '=', session.company.id]],
} as const

const moveFields = (path: string) =>
  [
    'state',
    'product',
    'quantity',
    'uom.symbol',
    'uom.name',
    'from_location.type',
    'to_location.type',
    'unit_price',
    'origin',
    'purchase',
  ].map((field) => `${path}${field}`)

/** Goods from a supplier; the putting away within the warehouse is not a movement of its own. */
const receipts: MovementSource = {
  ...COMMON,
  name: 'shipment_in',
  keyOf: (id) => ['shipment_in', String(id)],
  model: 'stock.shipment.in',
  models: ['stock.shipment.in', 'stock.move', 'stock.location', 'product.uom'],
  fields: [
    'number',
    'reference',
    'state',
    'planned_date',
    'effective_date',
    'supplier',
    ...moveFields('incoming_moves.'),
  ],
  // `incoming_moves` is computed and cannot be searched; `moves` holds them and the putting away
  touchedBy: ['', 'moves.'],
  toUnified: movementOf,
}

const transfers: MovementSource = {
  ...COMMON,
  name: 'shipment_internal',
  keyOf: (id) => ['shipment_internal', String(id)],
  model: 'stock.shipment.internal',
  models: ['stock.shipment.internal', 'stock.move', 'stock.location', 'product.uom'],
  fields: ['number', 'reference', 'state', 'planned_date', 'effective_date', ...moveFields('moves.')],
  touchedBy: ['', 'moves.'],
  toUnified: movementOf,
}

const counts: MovementSource = {
  ...COMMON,
  name: 'inventory',
  keyOf: (id) => ['inventory', String(id)],
  model: 'stock.inventory',
  models: ['stock.inventory', 'stock.inventory.line', 'stock.location', 'product.uom'],
  fields: [
    'number',
    'state',
    'date',
    'location',
    'empty_quantity',
    ...['product', 'quantity', 'expected_quantity', 'uom.symbol', 'uom.name'].map((field) => `lines.${field}`),
  ],
  touchedBy: ['', 'lines.'],
  toUnified: movementOf,
}

const SOURCES = [receipts, transfers, counts] as const

export const inventoryMovements = defineStream<TrytonSession, 'inventory_movement'>({
  entity: 'inventory_movement',
  changes: 'incremental',
  deletes: 'by-absence',
  mappingVersion: COMMON.mappingVersion,
  ignoresWindow: COMMON.ignoresWindow,
  async *read(session, range, signal) {
    for (const [source, cursor] of fromCursor(range)) yield* readPages(source, session, { ...range, cursor }, signal)
  },
  async *listKeys(session, signal) {
    for (const source of SOURCES) {
      for await (const ids of listKeys(source, session, signal)) yield ids.map((id) => [source.name, id])
    }
  },
  async readOne(session, key, signal) {
    const [name, id = '', ...rest] = key.split('|')
    const source = SOURCES.find((each) => each.name === name)
    return source === undefined || rest.length > 0 ? null : readOne(source, session, id, signal)
  },
  toUnified: movementOf,
})

/** The sources that are still to be read, the first one from the cursor on. */
function fromCursor({ cursor }: ReadRange): (readonly [MovementSource, ReadRange['cursor']])[] {
  if (cursor === null) return SOURCES.map((source) => [source, null])
  const [name] = isRow(cursor) ? Object.keys(cursor) : []
  const first = SOURCES.findIndex((source) => source.name === name)
  if (first < 0) throw new CorruptCursorError(`${JSON.stringify(cursor)} is not a position in inventory_movement`)
  return SOURCES.slice(first).map((source, at) => [source, at === 0 ? cursor : null])
}

/**
 * Posted = stock has moved: a received shipment lies in the input zone, a shipped one has left. A cancelled document
 * counts no more and has no other document that takes it back; REVERSED says that.
 */
const KNOWN_STATUSES = {
  request: 'DRAFT',
  draft: 'DRAFT',
  waiting: 'DRAFT',
  assigned: 'DRAFT',
  received: 'POSTED',
  shipped: 'POSTED',
  done: 'POSTED',
  cancelled: 'REVERSED',
} as const
const KINDS = { shipment_in: 'RECEIPT', shipment_internal: 'TRANSFER', inventory: 'COUNT' } as const
const MODELS = { shipment_in: receipts.model, shipment_internal: transfers.model, inventory: counts.model } as const

function movementOf(document: Row, settings: MappingSettings, key: string): Unified<'inventory_movement'> {
  const { connectionId } = settings
  const name = key.split('|')[0] as keyof typeof KINDS
  const model = MODELS[name]
  if (model === undefined) throw new TypeError(`${key} is not the key of a movement`)
  const number = text(document['number'])
  const supplier = reference(document['supplier'])
  const moves = byId(rows(name === 'shipment_in' ? document['incoming_moves.'] : document['moves.']))
  const purchases = new Set(moves.map((move) => reference(move['purchase'])))
  const [purchase = null] = purchases.size === 1 ? purchases : []
  return {
    ...envelope(document, settings, model, key, number),
    movement_number: number,
    kind: KINDS[name],
    status: fromVocabulary(
      settings,
      'inventory_movement.status',
      text(document['state']),
      KNOWN_STATUSES,
      VOCABULARIES.MovementStatus,
    ),
    source_kind: model,
    document_date: date(document['planned_date']) ?? date(document['date']),
    posting_date: date(document['effective_date']) ?? date(document['date']),
    vendor_id: supplier === null ? null : unifiedId(connectionId, 'vendor', String(supplier)),
    purchase_order_id: purchase === null ? null : unifiedId(connectionId, 'purchase_order', String(purchase)),
    work_order_id: null,
    reference: text(document['reference']),
    reverses_id: null,
    notes: null,
    lines:
      name === 'inventory'
        ? byId(rows(document['lines.'])).map((line, at) => countedLine(line, at, document, settings, key))
        : moves.filter((move) => move['state'] !== 'cancelled').map((move, at) => movedLine(move, at, settings, key)),
  }
}

/** In the order of entry; Tryton lists moves newest first. */
const byId = (lines: readonly Row[]) => [...lines].sort((a, b) => Number(a['id']) - Number(b['id']))

const lineId = (settings: MappingSettings, key: string, line: Row) =>
  unifiedId(settings.connectionId, 'inventory_movement_line', [...key.split('|'), String(line['id'])])

const itemOf = (settings: MappingSettings, line: Row) =>
  unifiedId(settings.connectionId, 'item', String(line['product']))

function movedLine(move: Row, at: number, settings: MappingSettings, key: string): InventoryMovementLine {
  const origin = text(move['origin'])?.match(/^purchase\.line,(\d+)$/)?.[1]
  const purchase = reference(move['purchase'])
  return {
    line_id: lineId(settings, key, move),
    line_number: String(at + 1),
    item_id: itemOf(settings, move),
    quantity: decimal(move['quantity']) ?? '0',
    quantity_counted: null,
    ...unitsOf(row(move['uom.']), settings),
    from_location_id: realLocation(row(move['from_location.']), settings),
    to_location_id: realLocation(row(move['to_location.']), settings),
    purchase_order_line_id:
      origin === undefined || purchase === null
        ? null
        : unifiedId(settings.connectionId, 'purchase_order_line', [String(purchase), origin]),
    work_order_id: null,
    lot_number: null,
    serial_numbers: null,
    unit_cost: decimal(move['unit_price']),
    reason: null,
    custom_fields: customFields(move, settings.customFields),
  }
}

/** What was found, and the change that makes of it. Nothing entered: 0, or left as it is (`empty_quantity`). */
function countedLine(
  line: Row,
  at: number,
  inventory: Row,
  settings: MappingSettings,
  key: string,
): InventoryMovementLine {
  const expected = decimal(line['expected_quantity']) ?? '0'
  const counted = decimal(line['quantity']) ?? (inventory['empty_quantity'] === 'empty' ? '0' : null)
  const change = counted === null ? '0' : decimals.subtract(counted, expected)
  const location = reference(inventory['location'])
  const place = location === null ? null : unifiedId(settings.connectionId, 'location', String(location))
  return {
    line_id: lineId(settings, key, line),
    line_number: String(at + 1),
    item_id: itemOf(settings, line),
    quantity: change,
    quantity_counted: counted,
    ...unitsOf(row(line['uom.']), settings),
    // the location counted: where the change goes to, or comes from
    from_location_id: decimals.compare(change, '0') < 0 ? place : null,
    to_location_id: decimals.compare(change, '0') < 0 ? null : place,
    purchase_order_line_id: null,
    work_order_id: null,
    lot_number: null,
    serial_numbers: null,
    unit_cost: null,
    reason: null,
    custom_fields: customFields(line, settings.customFields),
  }
}

/** Suppliers, lost and found and their like are not places. */
function realLocation(location: Row | null, settings: MappingSettings): string | null {
  if (location === null || location['type'] !== 'storage') return null
  return unifiedId(settings.connectionId, 'location', String(location['id']))
}
