import { CITIES } from '../seed/cities.ts'
import { addressRow } from '../seed/vendors.ts'
import { COMPANY_NAMES, TRADES } from '../seed/words.ts'
import type { StoredRow } from '../store.ts'
import { erase } from './deletions.ts'
import { type Desk, type Done, NothingToDo } from './desk.ts'

/** `id`: a vendor; without it some vendor. */
export function vendorActions(desk: Desk) {
  const done = (action: string, id: unknown): Done => ({ action, table: 'vendor', id: Number(id) })
  const vendorOf = (id?: number): StoredRow => (id === undefined ? desk.pick('vendor') : desk.need('vendor', id))
  const newName = (): string =>
    `${desk.dice.pick(COMPANY_NAMES)} ${desk.dice.pick(TRADES)} "neu" ${desk.dice.int(1, 999_999)}`

  return {
    /** Moves the vendor. */
    renameVendor(id?: number): Done {
      const vendor = vendorOf(id)
      const name = newName()
      const names =
        vendor['isperson'] === 'T'
          ? { lastname: name, altname: `${vendor['firstname']} ${name}`, entityid: `${vendor['firstname']} ${name}` }
          : { companyname: name, altname: name, entityid: name }
      desk.update('vendor', Number(vendor['id']), { ...names, lastmodifieddate: desk.now() })
      return done('renameVendor', vendor['id'])
    },

    /** Sets it inactive, or active again. Moves the vendor. */
    toggleVendor(id?: number): Done {
      const vendor = vendorOf(id)
      const isinactive = vendor['isinactive'] === 'T' ? 'F' : 'T'
      desk.update('vendor', Number(vendor['id']), { isinactive, lastmodifieddate: desk.now() })
      return done('toggleVendor', vendor['id'])
    },

    /** Moves the vendor and the address. */
    changeVendorAddress(id?: number): Done {
      const vendor =
        id === undefined ? desk.pick('vendor', '"defaultbillingaddress" IS NOT NULL') : desk.need('vendor', id)
      const key = vendor['defaultbillingaddress'] ?? null
      if (key === null) throw new NothingToDo(`vendor ${vendor['id']} has no address`)
      const address = addressRow(desk.dice.pick(CITIES), String(vendor['altname']), desk.dice)
      desk.update('entityaddress', Number(key), { ...address, lastmodifieddate: desk.now() })
      desk.update('vendor', Number(vendor['id']), { lastmodifieddate: desk.now() })
      return done('changeVendorAddress', vendor['id'])
    },

    newVendor(): Done {
      const id = desk.nextId('entity')
      const name = newName()
      const city = desk.dice.pick(CITIES)
      const nkey = desk.nextId('entityaddress')
      const now = desk.now()
      desk.insert('entityaddress', { nkey, ...addressRow(city, name, desk.dice), lastmodifieddate: now })
      desk.insert('vendor', {
        id,
        entityid: name,
        altname: name,
        companyname: name,
        isperson: false,
        email: `neu.${id}@example.com`,
        isinactive: false,
        currency: 1,
        terms: 1,
        subsidiary: desk.oneWorld ? 1 : null,
        defaultbillingaddress: nkey,
        defaultshippingaddress: nkey,
        datecreated: now,
        lastmodifieddate: now,
      })
      desk.insert('vendoraddressbook', {
        internalid: desk.nextId('vendoraddressbook'),
        entity: id,
        addressbookaddress: nkey,
        label: 'Office',
        defaultbilling: true,
        defaultshipping: true,
        isresidential: false,
      })
      return done('newVendor', id)
    },

    /**
     * Puts `winner` in the place of `loser` everywhere, and deletes the loser. Moves the winner and every record that
     * named the loser. `Done.id` is the loser.
     */
    mergeVendors(loser?: number, winner?: number): Done {
      const gone = vendorOf(loser)
      const stays =
        winner === undefined ? desk.pick('vendor', '"id" <> ?', [Number(gone['id'])]) : desk.need('vendor', winner)
      const [from, to] = [Number(gone['id']), Number(stays['id'])]
      if (from === to) throw new NothingToDo('a vendor cannot be merged with itself')
      for (const [table, column] of desk.referring('vendor')) {
        if (desk.isReferred(table, column, from, 'hidden')) throw new NothingToDo(`${table}: somebody is at work there`)
      }
      moveTransactions(from, to)
      moveItemVendors(from, to)
      for (const [table, column] of desk.referring('vendor')) {
        if (OWN.includes(table)) continue
        const stamp = table.startsWith('customrecord') ? 'lastmodified' : 'lastmodifieddate'
        for (const row of desk.rows(table, { [column]: from })) {
          desk.update(table, Number(row['id']), { [column]: to, [stamp]: desk.now() })
        }
      }
      desk.update('vendor', to, { lastmodifieddate: desk.now() })
      erase(desk, 'vendor', from)
      return done('mergeVendors', from)
    },
  }

  function moveTransactions(from: number, to: number): void {
    for (const transaction of desk.rows('transaction', { entity: from })) {
      const id = Number(transaction['id'])
      desk.update('transaction', id, { entity: to, lastmodifieddate: desk.now() })
      for (const line of desk.rows('transactionline', { transaction: id })) {
        if (line['entity'] === from) desk.update('transactionline', [id, Number(line['id'])], { entity: to })
      }
    }
  }

  function moveItemVendors(from: number, to: number): void {
    for (const row of desk.rows('itemvendor', { vendor: from })) {
      const item = Number(row['item'])
      desk.remove('itemvendor', [item, from])
      if (desk.get('itemvendor', [item, to]) === null) desk.insert('itemvendor', { ...row, vendor: to })
      desk.update('item', item, { lastmodifieddate: desk.now() })
    }
  }
}

/** Tables that are handled on their own, or go with the vendor. */
const OWN: readonly string[] = ['transaction', 'transactionline', 'itemvendor', 'vendoraddressbook']
