import { priceText } from '../seed/decimals.ts'
import { ACCOUNT, UNITS } from '../seed/lists.ts'
import { GOODS } from '../seed/words.ts'
import type { StoredRow } from '../store.ts'
import type { Desk, Done } from './desk.ts'

/** `id`: an item; without it some item. Every action moves the item. */
export function itemActions(desk: Desk) {
  const done = (action: string, id: unknown): Done => ({ action, table: 'item', id: Number(id) })
  const itemOf = (id?: number): StoredRow => (id === undefined ? desk.pick('item') : desk.need('item', id))

  return {
    renameItem(id?: number): Done {
      const item = itemOf(id)
      const name = `${desk.dice.pick(GOODS).name} "neu" ${desk.dice.int(1, 99_999)}`
      desk.update('item', Number(item['id']), { displayname: name, lastmodifieddate: desk.now() })
      return done('renameItem', item['id'])
    },

    changeItemCost(id?: number): Done {
      const item = itemOf(id)
      const cost = priceText(desk.dice.int(1, 900_000))
      desk.update('item', Number(item['id']), { cost, lastpurchaseprice: cost, lastmodifieddate: desk.now() })
      return done('changeItemCost', item['id'])
    },

    /** Sets it inactive, or active again. */
    toggleItem(id?: number): Done {
      const item = itemOf(id)
      const isinactive = item['isinactive'] === 'T' ? 'F' : 'T'
      desk.update('item', Number(item['id']), { isinactive, lastmodifieddate: desk.now() })
      return done('toggleItem', item['id'])
    },

    /** An inventory item that may lie in one place, and of which there is none yet. */
    newItem(): Done {
      const location = desk.pick('location', `"makeinventoryavailable" = 'T'`)
      const id = desk.nextId('item')
      const good = desk.dice.pick(GOODS)
      const units = UNITS[good.units]
      const unit = units?.units[0]?.id ?? null
      const now = desk.now()
      desk.insert('item', {
        id,
        itemid: `${good.code}-N${id}`,
        fullname: `${good.code}-N${id}`,
        displayname: good.name,
        description: good.text,
        itemtype: 'InvtPart',
        isinactive: false,
        isserialitem: false,
        islotitem: false,
        subsidiary: desk.oneWorld ? 1 : null,
        unitstype: units?.id ?? null,
        stockunit: unit,
        purchaseunit: unit,
        cost: priceText(desk.dice.int(1, 900_000)),
        costingmethod: 'AVG',
        totalquantityonhand: '0',
        assetaccount: ACCOUNT.asset,
        cogsaccount: ACCOUNT.cogs,
        usebins: false,
        createddate: now,
        lastmodifieddate: now,
      })
      // enabled, and never in stock: no quantities
      desk.insert('aggregateitemlocation', { item: id, location: Number(location['id']) })
      return done('newItem', id)
    },
  }
}
