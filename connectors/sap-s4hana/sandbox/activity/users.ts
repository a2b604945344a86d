import type { Row } from '../model.ts'
import { CITIES } from '../seed/cities.ts'
import { addressRow, emailRow, roleRow, userRow } from '../seed/partner-rows.ts'
import { userKey } from '../seed/partners.ts'
import { FIRST_NAMES, LAST_NAMES } from '../seed/words.ts'
import { type Desk, type Done, NothingToDo, text } from './desk.ts'
import { partnerStamp } from './stamps.ts'
import { freeAddress } from './vendors.ts'

const SERVICE = 'API_BUSINESS_PARTNER'
const EMPLOYEE = 'BUP003'

/** `key`: number of a business partner who is an employee; without it some employee. */
export function userActions(desk: Desk) {
  const partnerOf = (key?: string): Row => {
    const number =
      key ??
      text(
        desk.pick(SERVICE, 'A_BusinessPartnerRole', (row) => row['BusinessPartnerRole'] === EMPLOYEE),
        'BusinessPartner',
      )
    const row = desk.get(SERVICE, 'A_BusinessPartner', { BusinessPartner: number })
    if (!row) throw new NothingToDo(`there is no business partner ${number}`)
    return row
  }

  return {
    newUser(): Done {
      const now = desk.now()
      const set = desk.set(SERVICE, 'A_BusinessPartner')
      let index = Number(desk.store.nextNumber('user', desk.store.count(set)))
      while (desk.store.get(set, { BusinessPartner: userKey(index) })) index = desk.store.nextNumber('user', index)
      const key = userKey(index)
      const person = { first: desk.dice.pick(FIRST_NAMES), last: desk.dice.pick(LAST_NAMES) }
      const number = String(desk.store.nextNumber('person', 500_000))
      const changed = desk.switches.changeDateNullUntilChange ? null : now
      desk.insert(SERVICE, 'A_BusinessPartner', { ...userRow(desk, key, person, now, changed), PersonNumber: number })
      desk.insert(SERVICE, 'A_BusinessPartnerRole', roleRow(key, EMPLOYEE, now))
      const addressId = freeAddress(desk)
      const name = `${person.first} ${person.last}`
      const address = addressRow(key, addressId, name, desk.dice.pick(CITIES), 'country', 1)
      desk.insert(SERVICE, 'A_BusinessPartnerAddress', { ...address, Person: number })
      desk.insert(SERVICE, 'A_AddressEmailAddress', emailRow(addressId, number, 1, `u${key}@plant.example`))
      return { action: 'newUser', key }
    },

    /** Another surname. Moves the partner's change date and time. */
    renameUser(key?: string): Done {
      const partner = partnerOf(key)
      const last = `${desk.dice.pick(LAST_NAMES)}-${desk.dice.int(1, 99)}`
      const name = `${text(partner, 'FirstName')} ${last}`
      const number = text(partner, 'BusinessPartner')
      desk.update(
        SERVICE,
        'A_BusinessPartner',
        { BusinessPartner: number },
        {
          LastName: last,
          PersonFullName: name,
          BusinessPartnerFullName: name,
          BusinessPartnerName: name,
          ...partnerStamp(desk),
        },
      )
      return { action: 'renameUser', key: number }
    },

    /** Blocks the person, or lifts the block. Moves the partner's change date and time. */
    blockUser(key?: string): Done {
      const partner = partnerOf(key)
      const number = text(partner, 'BusinessPartner')
      const isBlocked = partner['BusinessPartnerIsBlocked'] === true
      desk.update(
        SERVICE,
        'A_BusinessPartner',
        { BusinessPartner: number },
        { BusinessPartnerIsBlocked: !isBlocked, ...partnerStamp(desk) },
      )
      return { action: 'blockUser', key: number }
    },
  }
}
