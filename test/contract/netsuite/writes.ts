import { netsuite } from '../../../connectors/netsuite/index.ts'
import type { Sandbox } from '../../../connectors/netsuite/sandbox/index.ts'
import type { Row } from '../../../connectors/netsuite/sandbox/store.ts'
import { type EntityName, type MappingSettings, unifiedId } from '../../../core/index.ts'
import { createMaker } from '../kit/maker.ts'
import type { Answer } from '../kit/wire.ts'
import type { WriteSide, WriteWorld } from '../kit/writing.ts'

type Worlds = { readonly [operation: string]: WriteWorld }

/** Commands for an account that holds what orders and movements refer to; effects are counted in its store. */
export function netsuiteWrites(sandbox: Sandbox, config: WriteSide['config'], mapping: MappingSettings): WriteSide {
  const { store } = sandbox
  plant(sandbox)
  const settings = { ...config, adjustment_account: '9001', subsidiary: '1' }
  const make = createMaker(netsuite, settings, mapping)
  const id = (entity: EntityName, key: number) => unifiedId(mapping.connectionId, entity, String(key))
  const count = (table: string, where: Row) => async () => store.rows(table, where).length
  const flag = (holds: () => boolean) => async () => (holds() ? 1 : 0)
  let counter = 0
  const mark = (what: string) => `${what} ${++counter}-${process.pid}`

  const newVendor = async () => (await make('vendor', { name: mark('Nordhafen') })).target
  const vendor = (over: object = {}) => {
    const name = mark('Suedhafen')
    return { payload: { name, city: 'Hamburg', ...over }, times: count('vendor', { companyname: name }) }
  }
  const noted = (target: string, over: object = {}) => {
    const notes = mark('note')
    return { target, payload: { notes, ...over }, times: count('vendor', { comments: notes }) }
  }
  const gone = (table: string, target: string) => ({
    target,
    payload: null,
    times: flag(() => store.get(table, Number(target)) === null),
  })
  const misspelled = { custom_fields: '{"legalNmae":"Typo GmbH"}' }
  const vendors: Worlds = {
    CREATE: {
      isUnique: true,
      make: async () => vendor(),
      refused: async () => ({ ...vendor(misspelled), field: null, words: /legalNmae/ }),
    },
    UPDATE: {
      make: async () => noted(await newVendor(), { city: 'Bremen', country: 'DE' }),
      next: ({ target = '' }) => noted(target),
      refused: async () => ({ ...noted(await newVendor(), misspelled), field: null, words: /legalNmae/ }),
    },
    DELETE: {
      make: async () => gone('vendor', await newVendor()),
      async refused() {
        const target = await newVendor()
        await make('purchase_order', order(mark('bolts'), { vendor_id: id('vendor', Number(target)) }))
        return { ...gone('vendor', target), field: null, words: /dependent records/ }
      },
    },
  }

  function order(notes: string, over: object = {}, line: object = {}) {
    return {
      vendor_id: id('vendor', 9001),
      ship_to_location_id: id('location', 9001),
      notes,
      lines: [{ line_ref: 'a', item_id: id('item', 9002), quantity_ordered: '10', unit_price: '340', ...line }],
      ...over,
    }
  }
  const newOrder = async (over: object = {}) => (await make('purchase_order', order(mark('bolts'), over))).target
  const lineOf = (target: string, line: number) =>
    unifiedId(mapping.connectionId, 'purchase_order_line', [target, String(line)])
  const ordered = (line: object = {}) => {
    const notes = mark('bolts')
    return { payload: order(notes, {}, line), times: count('transaction', { memo: notes }) }
  }
  const added = (target: string, over: object = {}) => {
    const description = mark('washers')
    const lines = [
      { line_id: lineOf(target, 1), quantity_ordered: '12' },
      { line_ref: 'b', item_id: id('item', 9002), quantity_ordered: '1', unit_price: '3', description, ...over },
    ]
    return { target, payload: { lines }, times: count('transactionline', { memo: description }) }
  }
  const renoted = (target: string) => {
    const notes = mark('nuts')
    return { target, payload: { notes }, times: count('transaction', { memo: notes }) }
  }
  const linesOf = (target: string) => store.rows('transactionline', { transaction: Number(target), mainline: 'F' })
  const closed = (target: string) => ({
    target,
    payload: { status: 'CLOSED' },
    times: flag(() => linesOf(target).every((line) => line['isclosed'] === 'T')),
  })
  const nowhere = { location_id: id('location', 4242) }
  const orders: Worlds = {
    CREATE: {
      make: async () => ordered(),
      refused: async () => ({ ...ordered(nowhere), field: 'lines[0].location_id', words: /location/i }),
    },
    UPDATE: {
      make: async () => added(await newOrder()),
      next: ({ target = '' }) => renoted(target),
      refused: async () => ({ ...added(await newOrder(), nowhere), field: 'lines[1].location_id', words: /location/i }),
    },
    SET_STATUS: {
      make: async () => closed(await newOrder()),
      async refused() {
        const target = await newOrder()
        const answer = refusing(target, 'Budget exceeded: ask Finance')
        return { ...closed(target), field: null, words: /ask Finance/, answer }
      },
    },
    DELETE: {
      make: async () => gone('transaction', await newOrder()),
      async refused() {
        const target = await newOrder()
        const answer = refusing(target, 'This record cannot be deleted because it has dependent records')
        return { ...gone('transaction', target), field: null, words: /dependent records/, answer }
      },
    },
  }

  sandbox.switches.closedPeriods.add('2020-01')
  const KINDS = [
    { kind: 'ADJUSTMENT', line: { quantity: '7', to_location_id: id('location', 9001), unit_cost: '9.31' } },
    { kind: 'ISSUE', line: { quantity: '1', from_location_id: id('location', 9001) } },
    {
      kind: 'TRANSFER',
      line: { quantity: '1', from_location_id: id('location', 9001), to_location_id: id('location', 9002) },
    },
  ] as const
  let turn = 0
  const movement = ({ kind, line }: { readonly kind: string; readonly line: object }, over: object = {}) => {
    const notes = mark('kit')
    const lines = [{ line_ref: 'a', item_id: id('item', 9002), ...line }]
    return { payload: { kind, notes, lines, ...over }, times: count('transaction', { memo: notes }) }
  }
  const newMovement = async () => (await make('inventory_movement', movement(KINDS[0]).payload)).target
  const movements: Worlds = {
    CREATE: {
      make: async () => movement(KINDS[turn++ % KINDS.length] ?? KINDS[0]),
      refused: async () => ({
        ...movement(KINDS[0], { posting_date: '2020-01-15' }),
        field: null,
        words: /period/i,
      }),
    },
    DELETE: {
      make: async () => gone('transaction', await newMovement()),
      async refused() {
        const target = await newMovement()
        const answer = refusing(target, 'This record cannot be deleted because it has dependent records')
        return { ...gone('transaction', target), field: null, words: /dependent records/, answer }
      },
    },
  }

  const item = (over: object = {}) => {
    const name = mark('seal')
    const payload = { name, item_number: name, item_type: 'NON_INVENTORY', unit: 'EA', ...over }
    return { payload, times: count('item', { displayname: name }) }
  }
  const newItem = async () => (await make('item', item().payload)).target
  const renamed = (target: string, over: object = {}) => {
    const name = mark('gasket')
    return { target, payload: { name, ...over }, times: count('item', { displayname: name }) }
  }
  const items: Worlds = {
    CREATE: {
      isUnique: true,
      make: async () => item(),
      refused: async () => ({ ...item(misspelled), field: null, words: /legalNmae/ }),
    },
    UPDATE: {
      make: async () => renamed(await newItem(), { manufacturer: 'Suedhafen' }),
      next: ({ target = '' }) => renamed(target),
      refused: async () => ({ ...renamed(await newItem(), misspelled), field: null, words: /legalNmae/ }),
    },
    DELETE: {
      make: async () => gone('item', await newItem()),
      async refused() {
        const target = await newItem()
        const answer = refusing(target, 'This record cannot be deleted because it has dependent records')
        return { ...gone('item', target), field: null, words: /dependent records/, answer }
      },
    },
  }

  const worldsOf = (entity: EntityName, worlds: Worlds) =>
    Object.entries(worlds).map(([operation, world]) => [`${operation} ${entity}`, world] as const)
  return {
    config: settings,
    isWrite: ({ method, url }) => method !== 'GET' && url.includes('/record/v1/'),
    worlds: Object.fromEntries([
      ...worldsOf('vendor', vendors),
      ...worldsOf('purchase_order', orders),
      ...worldsOf('inventory_movement', movements),
      ...worldsOf('item', items),
    ]),
  }
}

/** As scripts and rules of an account refuse a change of this record. */
const refusing =
  (target: string, detail: string) =>
  ({ url }: { readonly url: string }): Partial<Answer> | null =>
    url.includes(`/${target}`)
      ? {
          status: 400,
          headers: { 'content-type': 'application/vnd.oracle.resource+json; type=error' },
          body: JSON.stringify({
            type: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1',
            title: 'Bad Request',
            status: 400,
            'o:errorDetails': [{ detail, 'o:errorCode': 'USER_ERROR' }],
          }),
        }
      : null

/** Something to buy, somebody to buy it from, somewhere to put it. */
function plant({ store }: Sandbox): void {
  const ensure = (table: string, row: Row) => {
    if (store.get(table, Number(row['id'] ?? row['internalid'])) === null) store.insert(table, row)
  }
  ensure('subsidiary', { id: 1, name: 'Parent', isinactive: 'F', currency: 1 })
  ensure('currency', { id: 1, name: 'Euro', symbol: 'EUR', isbasecurrency: 'T', exchangerate: '1' })
  ensure('account', { id: 9001, acctnumber: '5010', accountsearchdisplayname: '5010 Inventory Adjustment' })
  ensure('unitstype', { id: 9001, name: 'Pieces' })
  const unit = { internalid: 9001, unitstype: 9001, unitname: 'Each', conversionrate: '1', baseunit: 'T' }
  ensure('unitstypeuom', unit)
  const place = { isinactive: 'F', subsidiary: 1 }
  ensure('location', { id: 9001, name: 'Main store', fullname: 'Main store', ...place })
  ensure('location', { id: 9002, name: 'Depot', fullname: 'Depot', ...place })
  const works = { entityid: 'Nordhafen', companyname: 'Nordhafen', isperson: 'F', currency: 1 }
  ensure('vendor', { id: 9001, ...works, ...place })
  const units = { unitstype: 9001, stockunit: 9001, purchaseunit: 9001 }
  const item = { itemid: 'PUMP-3', displayname: 'Pump 3', itemtype: 'InvtPart', isinactive: 'F', cost: '9.5' }
  ensure('item', { id: 9002, ...item, ...units })
}
