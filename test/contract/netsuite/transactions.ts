import type { Switches } from '../../../connectors/netsuite/sandbox/faults.ts'
import { spoilTime } from './parties.ts'
import { asJson, type Names, type Removable, type Tables } from './table.ts'

const LARGE = '9007199254740993.125'

/** Someone to buy from, something to buy, and two places for it. */
function basis(tables: Tables) {
  const [item, vendor, location, location2] = [
    ...tables.ids(1, 'item'),
    ...tables.ids(1, 'entity'),
    ...tables.ids(2, 'location'),
  ]
  tables.insert('item', [{ id: item, itemid: `BOLT-${item}`, itemtype: 'InvtPart', isinactive: false }])
  tables.insert('vendor', [{ id: vendor, entityid: `V-${vendor}`, companyname: 'Bolts & Co', isinactive: false }])
  const places = [location, location2]
  tables.insert(
    'location',
    places.map((id) => ({ id, name: `Store ${id}`, isinactive: false, subsidiary: 1 })),
  )
  return { item, vendor, location, location2 }
}

export type Basis = ReturnType<typeof basis>

export const basisOf = (tables: Tables): (() => Basis) => {
  let known: Basis | null = null
  return () => {
    known ??= basis(tables)
    return known
  }
}

export function purchaseOrderWorld(tables: Tables, names: Names, switches: Switches, common: () => Basis): Removable {
  const world: Removable = {
    async add(count) {
      const { item, vendor: entity, location } = common()
      const header = { entity, status: 'B', currency: 1, foreigntotal: '1.26', memo: 'seals', location }
      const line = { item, itemtype: 'InvtPart', quantity: '3', foreignamount: '0.63', location }
      const received = { quantityshiprecv: '0', quantitybilled: '0', isclosed: false }
      return tables
        .post('PurchOrd', count, header, (id) =>
          ['a', 'b'].map((part) => ({ ...line, ...received, memo: `Bolt ${id}${part}` })),
        )
        .map(String)
    },
    async change(key) {
      const memo = names.fresh('Line')
      tables.update('transactionline', [Number(key), 2], { memo })
      tables.edit('transaction', Number(key), {})
      return asJson(memo)
    },
    async exact() {
      const [key = ''] = await world.add(1)
      const amounts = [`${LARGE.slice(0, -4)}.1`, '0.2']
      for (const [at, foreignamount] of amounts.entries())
        tables.update('transactionline', [Number(key), at + 1], { foreignamount, quantity: at === 0 ? LARGE : '1' })
      tables.edit('transaction', Number(key), {})
      return {
        key,
        shows: [
          `"line_amount":"${amounts[0]}"`,
          `"quantity_ordered":"${LARGE}"`,
          '"subtotal_amount":"9007199254740993.3"',
        ],
      }
    },
    remove: async (key) => tables.erase('transaction', Number(key), 'PurchOrd'),
    spoil: async (key) => spoilTime(switches, key, 'trandate'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** Adjustments, transfers and receipts by turns. */
export function movementWorld(tables: Tables, names: Names, switches: Switches, common: () => Basis): Removable {
  const world: Removable = {
    async add(count) {
      const { item, vendor: entity, location, location2 } = common()
      const share = (turn: number) => Math.ceil((count - turn) / 3)
      const line = { item, itemtype: 'InvtPart', isinventoryaffecting: true }
      const adjustments = tables.post('InvAdjst', share(0), { memo: 'count', location }, () => [
        { ...line, quantity: '-0.001', location },
      ])
      const places = { location, transferlocation: location2 }
      const transfers = tables.post('InvTrnfr', share(1), places, () => [
        { ...line, quantity: '-0.3', location },
        { ...line, quantity: '0.3', location: location2 },
      ])
      const [order] = tables.post('PurchOrd', 1, { entity, status: 'B', currency: 1, location }, () => [
        { item, itemtype: 'InvtPart', quantity: '1', foreignamount: '1', location },
      ])
      const receipts = tables.post('ItemRcpt', share(2), { entity, location, createdfrom: order }, () => [
        { ...line, quantity: '1', rate: '0.07', location, createdfrom: order, orderline: 1 },
      ])
      return [...adjustments, ...transfers, ...receipts].map(String)
    },
    async change(key) {
      const memo = names.fresh('Recount')
      tables.edit('transaction', Number(key), { memo })
      return asJson(memo)
    },
    async exact() {
      const [key = ''] = await world.add(1)
      tables.update('transactionline', [Number(key), 1], { quantity: LARGE })
      tables.edit('transaction', Number(key), {})
      return { key, shows: [`"quantity":"${LARGE}"`] }
    },
    remove: async (key) =>
      tables.erase('transaction', Number(key), String(tables.need('transaction', Number(key))['type'])),
    spoil: async (key) => spoilTime(switches, key, 'trandate'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** Work orders to build something, of one component. */
export function workOrderWorld(tables: Tables, names: Names, switches: Switches, common: () => Basis): Removable {
  const world: Removable = {
    async add(count) {
      const { item, location } = common()
      return tables
        .post('WorkOrd', count, { status: 'B', startdate: '2026-03-01', location }, (id) => [
          { item, itemtype: 'InvtPart', quantity: '-0.25', quantityshiprecv: '0', memo: `Part of ${id}`, location },
        ])
        .map(String)
    },
    async change(key) {
      const memo = names.fresh('Hurry')
      tables.edit('transaction', Number(key), { memo })
      return asJson(memo)
    },
    async exact() {
      const [key = ''] = await world.add(1)
      tables.update('transactionline', [Number(key), 1], { quantity: `-${LARGE}` })
      tables.edit('transaction', Number(key), {})
      return { key, shows: [`"quantity_planned":"${LARGE}"`] }
    },
    remove: async (key) => tables.erase('transaction', Number(key), 'WorkOrd'),
    spoil: async (key) => spoilTime(switches, key, 'startdate'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}
