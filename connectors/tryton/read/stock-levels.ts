import {
  CorruptCursorError,
  decimals,
  defineStream,
  type Json,
  type MappingSettings,
  type Page,
  type RawRecord,
  type ReadRange,
  type Unified,
  unifiedId,
} from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { decimal, isRow, type Row, reference, row, text, toDatetime } from '../values.ts'
import { afterOf } from './by-id.ts'
import { idOf, nextIds, nextRows, rowsById, stampOf } from './rows.ts'
import { unitsOf } from './units.ts'
import { envelope } from './envelope.ts'

/**
 * Tryton keeps no stock level: stock is the sum of moves (`stock.move.internal_quantity`, in the product's unit).
 * A snapshot goes through the products; an increment looks which moves were written and does their products again.
 * There is a row for every product and storage location that done or assigned moves name, and, in increments, for
 * those that a changed move names: what became 0 is sent as 0. Rows therefore never disappear (`deletes: invisible`):
 * Tryton deletes neither done moves nor what they name.
 *
 * A level has no stamp of its own, and the newest stamp among its moves falls when a draft or cancelled move is deleted:
 * it drives the watermark and no more. The version is always 0, so that levels are ordered by the time of reading alone.
 */
const MODELS = ['stock.move', 'stock.location', 'product.product', 'product.template', 'product.uom']
const MOVES_A_REQUEST = 5000

/** Cursor names: a snapshot counts products, an increment moves. */
const BY_PRODUCT = 'stock_level_product'
const BY_MOVE = 'stock_level_move'

export const stockLevels = defineStream<TrytonSession, 'stock_level'>({
  entity: 'stock_level',
  changes: 'incremental',
  deletes: 'invisible',
  mappingVersion: 1,
  ignoresWindow: true,
  read: readLevels,
  readOne,
  toUnified: stockLevelOf,
  levelKey: (item, location) => [...item, ...location].join('|'),
})

async function* readLevels(session: TrytonSession, range: ReadRange, signal: AbortSignal): AsyncGenerator<Page> {
  await session.requireModels(MODELS, signal)
  const { cursor, since } = range
  if (cursor !== null && !(isRow(cursor) && (BY_PRODUCT in cursor || BY_MOVE in cursor)))
    throw new CorruptCursorError(`${JSON.stringify(cursor)} is not a position in stock_level`)
  if (range.mode === 'snapshot' || since === null) yield* everyProduct(session, range, signal)
  else yield* movedProducts(session, range, since, signal)
}

async function* everyProduct(session: TrytonSession, range: ReadRange, signal: AbortSignal): AsyncGenerator<Page> {
  const limit = Math.min(range.pageSize, session.config.page_size)
  let after = afterOf(range.cursor, BY_PRODUCT)
  for (;;) {
    signal.throwIfAborted()
    const ids = await nextIds(session, 'product.product', [['id', '>', after]], limit, signal)
    const last = ids.at(-1)
    if (last === undefined) return
    after = last
    yield { records: await levelsOf(session, ids, [], signal), cursor: { [BY_PRODUCT]: after } }
    if (ids.length < limit) return
  }
}

async function* movedProducts(
  session: TrytonSession,
  range: ReadRange,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const limit = Math.min(range.pageSize, session.config.page_size)
  const from = toDatetime(since)
  const query = { model: 'stock.move', fields: ['product', 'from_location', 'to_location'] }
  let after = afterOf(range.cursor, BY_MOVE)
  for (;;) {
    signal.throwIfAborted()
    const domain: Json[] = [
      ['company', '=', session.company.id],
      ['OR', ['write_date', '>=', from], ['create_date', '>=', from]],
      ['id', '>', after],
    ]
    const found = await nextRows(session, query, domain, limit, signal)
    if (found.lastId === null) return
    after = found.lastId
    const products = new Set(found.rows.flatMap((move) => reference(move['product']) ?? []))
    const records = await levelsOf(session, [...products], found.rows, signal)
    yield {
      records,
      cursor: { [BY_MOVE]: after },
      ...(found.undecodable.length === 0 ? {} : { undecodable: found.undecodable }),
    }
    if (!found.more) return
  }
}

async function readOne(session: TrytonSession, key: string, signal: AbortSignal): Promise<RawRecord | null> {
  const [product, location, ...rest] = key.split('|')
  if (rest.length > 0 || !/^\d{1,10}$/.test(product ?? '') || !/^\d{1,10}$/.test(location ?? '')) return null
  await session.requireModels(MODELS, signal)
  const asked = { product: Number(product), from_location: Number(location), to_location: Number(location) }
  const levels = await levelsOf(session, [Number(product)], [asked], signal)
  return levels.find((level) => Array.isArray(level.key) && level.key[1] === location) ?? null
}

interface Level {
  onHand: string
  reserved: string
}

/** Levels of these products at all storage locations where they are or were, and where `changed` moves them. */
async function levelsOf(
  session: TrytonSession,
  products: readonly number[],
  changed: readonly Row[],
  signal: AbortSignal,
): Promise<RawRecord[]> {
  if (products.length === 0) return []
  const storage = await storageLocations(session, signal)
  const levels = new Map<string, Level>()
  const at = (product: number, location: number | null): Level | null => {
    if (location === null || !storage.has(location)) return null
    const key = `${product}|${location}`
    const level = levels.get(key) ?? { onHand: '0', reserved: '0' }
    levels.set(key, level)
    return level
  }
  const newest = new Map<number, number>()
  for await (const move of movesOf(session, products, signal)) {
    const product = reference(move['product']) ?? 0
    newest.set(product, Math.max(newest.get(product) ?? 0, stampOf(move['_timestamp'])))
    const quantity = decimal(move['internal_quantity']) ?? '0'
    const [from, to] = [reference(move['from_location']), reference(move['to_location'])]
    if (move['state'] === 'done') {
      const [source, target] = [at(product, from), at(product, to)]
      if (source !== null) source.onHand = decimals.subtract(source.onHand, quantity)
      if (target !== null) target.onHand = decimals.add(target.onHand, quantity)
    } else if (move['state'] === 'assigned') {
      const source = at(product, from)
      if (source !== null) source.reserved = decimals.add(source.reserved, quantity)
      at(product, to)
    }
  }
  for (const move of changed)
    for (const side of ['from_location', 'to_location'])
      if (newest.has(reference(move['product']) ?? 0)) at(reference(move['product']) ?? 0, reference(move[side]))
  const units = await unitsByProduct(session, [...newest.keys()], signal)
  return [...levels].map(([key, { onHand, reserved }]) => {
    const [product = '', location = ''] = key.split('|')
    const modified = newest.get(Number(product)) ?? 0
    const uom = units.get(Number(product)) ?? null
    const step = (uom === null ? null : decimal(uom['rounding'])) ?? '0.000000001'
    return {
      key: [product, location],
      version: 0,
      modifiedAt: modified,
      payload: {
        id: Number(product),
        product: Number(product),
        location: Number(location),
        on_hand: decimals.roundTo(onHand, step),
        reserved: decimals.roundTo(reserved, step),
        'default_uom.': uom,
        modified,
        company: session.company.id,
      },
    }
  })
}

async function* movesOf(session: TrytonSession, products: readonly number[], signal: AbortSignal): AsyncGenerator<Row> {
  const fields = ['product', 'from_location', 'to_location', 'internal_quantity', 'state', '_timestamp']
  let after = 0
  for (;;) {
    signal.throwIfAborted()
    const domain: Json[] = [
      ['product', 'in', products],
      ['company', '=', session.company.id],
      ['id', '>', after],
    ]
    const found = await nextRows(session, { model: 'stock.move', fields }, domain, MOVES_A_REQUEST, signal)
    // a sum without one of its moves would be a wrong figure
    const [missing] = found.undecodable
    if (missing !== undefined) throw new TypeError(`adding up stock: ${missing.raw} cannot be read: ${missing.reason}`)
    yield* found.rows
    if (!found.more) return
    after = found.rows.map(idOf).at(-1) ?? after
  }
}

async function storageLocations(session: TrytonSession, signal: AbortSignal): Promise<ReadonlySet<number>> {
  const ids = await session.call('stock.location', 'search', [[['type', '=', 'storage']], 0, null, null], signal)
  return new Set(Array.isArray(ids) ? (ids as number[]) : [])
}

async function unitsByProduct(session: TrytonSession, products: readonly number[], signal: AbortSignal) {
  const fields = ['template.default_uom.symbol', 'template.default_uom.name', 'template.default_uom.rounding']
  const { rows } = await rowsById(session, { model: 'product.product', fields }, products, signal)
  return new Map(rows.map((product) => [idOf(product), row(row(product['template.'])?.['default_uom.'])]))
}

function stockLevelOf(level: Row, settings: MappingSettings, key: string): Unified<'stock_level'> {
  const { connectionId } = settings
  const onHand = decimalText(level['on_hand'])
  const reserved = decimalText(level['reserved'])
  return {
    ...envelope(level, settings, 'product.product', key, null),
    item_id: unifiedId(connectionId, 'item', String(level['product'])),
    location_id: unifiedId(connectionId, 'location', String(level['location'])),
    ...unitsOf(row(level['default_uom.']), settings),
    quantity_on_hand: onHand,
    quantity_unrestricted: onHand,
    quantity_inspection: null,
    quantity_blocked: null,
    quantity_reserved: reserved,
    quantity_available: decimals.add(onHand, decimals.negate(reserved)),
    quantity_on_order: null,
    quantity_in_transit: null,
    minimum_quantity: null,
    maximum_quantity: null,
  }
}

const decimalText = (value: Json | undefined): string => {
  const found = text(value)
  if (found === null) throw new TypeError('a stock level without quantity')
  return found
}
