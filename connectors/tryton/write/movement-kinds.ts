import { reference, text } from '../values.ts'
import type { Document } from './movement-documents.ts'
import { nativeId, partsIn } from './natives.ts'
import { payloadOf } from './requests.ts'

const HEADER = { reference: 'reference', effective_date: 'posting_date', planned_date: 'document_date' }
const MOVE = {
  model: 'stock.move',
  fields: { quantity: 'lines[].quantity', product: 'lines[].item_id', uom: 'lines[].unit' },
}

export const RECEIPT: Document = {
  name: 'shipment_in',
  model: 'stock.shipment.in',
  path: [
    ['receive', 'received'],
    ['done', 'done'],
  ],
  lines: 'incoming_moves',
  lineFields: ['origin'],
  // its moves are the order's
  disposable: false,
  names: { models: [MOVE, { model: 'stock.shipment.in', fields: HEADER }] },
  lineAt(request, move) {
    const line = text(move['origin'])?.match(/^purchase\.line,(\d+)$/)?.[1]
    return payloadOf(request).lines.findIndex(
      (each) => partsIn(each.purchase_order_line_id ?? '', 'purchase_order_line')?.[1] === line,
    )
  },
}

export const TRANSFER: Document = {
  name: 'shipment_internal',
  model: 'stock.shipment.internal',
  path: [
    ['wait', 'waiting'],
    ['assign_try', 'assigned'],
    ['done', 'done'],
  ],
  lines: 'moves',
  lineFields: ['product'],
  disposable: true,
  names: {
    models: [
      MOVE,
      {
        model: 'stock.shipment.internal',
        fields: { ...HEADER, from_location: 'lines[].from_location_id', to_location: 'lines[].to_location_id' },
      },
    ],
  },
  lineAt: (request, line) => itemAt(payloadOf(request).lines, reference(line['product'])),
}

/** COUNT, and ADJUSTMENT as a count of what is planned to be there afterwards. */
export const INVENTORY: Document = {
  name: 'inventory',
  model: 'stock.inventory',
  path: [['confirm', 'done']],
  lines: 'lines',
  lineFields: ['product'],
  disposable: true,
  names: {
    models: [
      { model: 'stock.inventory.line', fields: { quantity: 'lines[].quantity_counted', product: 'lines[].item_id' } },
      { model: 'stock.inventory', fields: { location: 'lines[].to_location_id', date: 'posting_date' } },
    ],
  },
  lineAt: (request, line) => itemAt(payloadOf(request).lines, reference(line['product'])),
}

const itemAt = (lines: readonly { readonly item_id: string | null }[], product: number | null): number =>
  lines.findIndex((each) => nativeId(partsIn(each.item_id ?? '', 'item')?.[0] ?? '') === product)

const DOCUMENTS: { readonly [kind: string]: Document } = {
  RECEIPT,
  TRANSFER,
  COUNT: INVENTORY,
  ADJUSTMENT: INVENTORY,
}

/** @throws TypeError: the fields of the operation let no other kind through */
export function documentFor(kind: string | null): Document {
  const document = DOCUMENTS[kind ?? '']
  if (document === undefined) throw new TypeError(`Tryton has no document for ${kind}`)
  return document
}
