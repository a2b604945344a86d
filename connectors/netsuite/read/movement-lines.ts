import { decimals, type InventoryMovementLine, type MappingSettings, unifiedId } from '../../../core/index.ts'
import { decimal, flag, type Row, ref, text } from '../values.ts'
import { customFields } from './envelope.ts'
import { orderLineId } from './purchase-lines.ts'
import { quantityOf, unitsOf } from './quantities.ts'
import { idOf, keyIn } from './references.ts'
import { type ChildSource, display, optional, plain } from './source.ts'

export const movementLines: ChildSource = {
  as: 'lines',
  table: 'transactionline',
  from: 'transactionline l',
  where: [{ sql: "l.mainline = 'F'" }, { sql: "l.taxline = 'F'" }, { sql: 'l.item IS NOT NULL' }],
  columns: {
    transaction: plain('l.transaction'),
    lineid: plain('l.id'),
    item: plain('l.item'),
    quantity: plain('l.quantity'),
    units: optional(plain('l.units')),
    unitname: optional(display('l.units')),
    rate: plain('l.rate'),
    location: optional(plain('l.location')),
    isinventoryaffecting: optional(plain('l.isinventoryaffecting')),
  },
  parent: 'transaction',
  key: 'lineid',
}

/** A row that moved goods, and what it moved: in base units or the row's own alike. */
interface Moved {
  readonly line: Row
  readonly quantity: string
}

/**
 * A posting transaction has a row for each account it touches: those of the stock account move goods, their
 * counter-entries have the same item with the opposite quantity. Where nothing says which is which (goods without
 * stock, accounts without the flag) a receipt is what came in.
 */
function movedBy(lines: readonly Row[], type: string, settings: MappingSettings): readonly Moved[] {
  const affecting = lines.filter((line) => flag(line['isinventoryaffecting']) === true)
  const moved = (affecting.length > 0 ? affecting : lines).flatMap((line) => {
    const quantity = quantityOf(line, 'quantity', settings)
    return quantity === null || decimals.signOf(quantity) === 0 ? [] : [{ line, quantity }]
  })
  const incoming = moved.filter(({ quantity }) => decimals.signOf(quantity) > 0)
  return affecting.length === 0 && type === 'ItemRcpt' && incoming.length > 0 ? incoming : moved
}

/** Lines of a movement; `type` is that of `transaction`: ItemRcpt, InvAdjst, InvTrnfr. */
export function linesOf(movement: Row, lines: readonly Row[], settings: MappingSettings, key: string) {
  const type = text(movement['type']) ?? ''
  const moved = movedBy(lines, type, settings)
  const here = (line: Row) => idOf(settings, 'location', line['location'] ?? movement['location'])
  if (type === 'InvTrnfr') {
    return transfersOf(moved).map(({ out, into }) => {
      const [from, to] = placesOf(movement, out.line, into?.line ?? null).map((place) =>
        idOf(settings, 'location', place),
      )
      const places = { from_location_id: from ?? null, to_location_id: to ?? null }
      return lineOf(out.line, decimals.absolute(out.quantity), places, settings, key)
    })
  }
  const isSigned = type === 'InvAdjst'
  return moved.map(({ line, quantity }) => {
    const isIn = decimals.signOf(quantity) > 0
    const places = { from_location_id: isIn ? null : here(line), to_location_id: isIn ? here(line) : null }
    return lineOf(line, isSigned ? quantity : decimals.absolute(quantity), places, settings, key)
  })
}

interface Transfer {
  readonly out: Moved
  readonly into: Moved | null
}

/** A transfer has a row for the place that gives (negative) and one for the place that takes, in any order. */
function transfersOf(moved: readonly Moved[]): readonly Transfer[] {
  const giving = moved.filter(({ quantity }) => decimals.signOf(quantity) < 0)
  const taking = moved.filter(({ quantity }) => decimals.signOf(quantity) > 0)
  if (giving.length === 0) return taking.map((out) => ({ out, into: null }))
  return giving.map((out) => {
    const place = taking.findIndex(
      (into) => ref(into.line['item']) === ref(out.line['item']) && into.quantity === decimals.absolute(out.quantity),
    )
    const [into = null] = place < 0 ? [] : taking.splice(place, 1)
    return { out, into }
  })
}

/** From and to; where only one row is there, the header names what it does not. */
function placesOf(movement: Row, line: Row, into: Row | null): readonly Row[string][] {
  const header = [movement['location'] ?? null, movement['transferlocation'] ?? null] as const
  const own = line['location'] ?? null
  if (into !== null) return [own ?? header[0], into['location'] ?? header[1]]
  if (decimals.signOf(decimal(line['quantity']) ?? '0') < 0) return [own ?? header[0], header[1]]
  return [header[0] ?? own, header[1] ?? (own === header[0] ? null : own)]
}

type Places = Pick<InventoryMovementLine, 'from_location_id' | 'to_location_id'>

function lineOf(
  line: Row,
  quantity: string,
  places: Places,
  settings: MappingSettings,
  key: string,
): InventoryMovementLine {
  const number = keyIn(line, 'lineid')
  const item = idOf(settings, 'item', line['item'])
  if (item === null) throw new TypeError(`line ${number} of inventory movement ${key} has no item`)
  return {
    line_id: unifiedId(settings.connectionId, 'inventory_movement_line', [key, number]),
    line_number: number,
    item_id: item,
    quantity,
    quantity_counted: null,
    ...unitsOf(line, 'unitname', settings),
    ...places,
    purchase_order_line_id: orderLineOf(line, settings),
    work_order_id: null,
    lot_number: null,
    serial_numbers: null,
    // in the books' currency, which is what stock is valued in
    unit_cost: costOf(line),
    reason: null,
    custom_fields: customFields(line, settings.customFields),
  }
}

function costOf(line: Row): string | null {
  const rate = decimal(line['rate'])
  return rate === null ? null : decimals.absolute(rate)
}

/** The order line that the row receives: `orderid`, `orderline`. */
function orderLineOf(line: Row, { connectionId }: MappingSettings): string | null {
  const [order, number] = [ref(line['orderid']), ref(line['orderline'])]
  return order === null || number === null ? null : orderLineId(connectionId, order, number)
}
