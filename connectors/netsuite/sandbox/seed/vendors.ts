import { CITIES, type City } from './cities.ts'
import { idsOf } from './ids.ts'
import { COUNTS } from './lists.ts'
import type { Random } from './random.ts'
import { COMPANY_NAMES, FIRST_NAMES, LAST_NAMES, LEGAL_FORMS, TEXTS, TRADES } from './words.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

export interface Vendor {
  readonly index: number
  readonly id: number
  readonly isPerson: boolean
  readonly city: City
  /** Place in `world.currencies`. */
  readonly currency: number
  readonly terms: number | null
}

export function vendorAt(world: World, index: number): Vendor {
  const dice = world.random('vendor', index)
  const city = CITIES[index] ?? dice.pick(CITIES)
  const own = world.currencies.findIndex((it) => it.symbol === city.currency)
  return {
    index,
    id: idsOf(world.size).vendor(index),
    isPerson: index % 9 === 4,
    city,
    currency: Math.max(0, own),
    terms: dice.chance(0.85) ? dice.int(1, COUNTS.terms) : null,
  }
}

/** Keys of a vendor's address and of its second one. */
const addressKey = (world: World, index: number, second = false): number =>
  world.locations.length + 1 + index * 2 + (second ? 1 : 0)

export function seedVendors(world: World, writer: Writer): void {
  for (let index = 0; index < world.size.vendors; index++) seedVendor(world, writer, vendorAt(world, index))
}

function seedVendor(world: World, { write }: Writer, vendor: Vendor): void {
  const { id, index, city, isPerson } = vendor
  const dice = world.random('vendor rows', index)
  const { created, changed } = world.stamps('vendor', index, world.size.vendors)
  const firstname = isPerson ? dice.pick(FIRST_NAMES) : null
  const lastname = isPerson ? dice.pick(LAST_NAMES) : null
  const company = `${dice.pick(COMPANY_NAMES)} ${dice.pick(TRADES)} ${index + 1}`
  const name = isPerson ? `${firstname} ${lastname}` : company
  const hasAddress = dice.chance(0.9)
  const hasSecond = hasAddress && dice.chance(0.15)
  const key = addressKey(world, index)
  const shipping = hasSecond ? addressKey(world, index, true) : key
  write('vendor', {
    id,
    entityid: isPerson ? `${name} (${index + 1})` : company,
    altname: name,
    companyname: isPerson ? null : company,
    legalname: !isPerson && dice.chance(0.6) ? `${company} ${dice.pick(LEGAL_FORMS)}` : null,
    isperson: isPerson,
    firstname,
    lastname,
    email: dice.chance(0.85) ? `orders+${id}@${dice.chance(0.1) ? 'münchen.example' : 'example.com'}` : null,
    phone: dice.chance(0.8) ? `${city.dial} ${dice.int(10, 99)} ${dice.int(1000, 9999)}` : null,
    altphone: dice.chance(0.1) ? `${city.dial}/${dice.int(100_000, 999_999)}` : null,
    url: dice.chance(0.2) ? `https://v${id}.example/?a=1&b="2"` : null,
    isinactive: index % 16 === 11 || dice.chance(0.03),
    currency: vendor.currency + 1,
    terms: vendor.terms,
    category: dice.chance(0.6) ? dice.int(1, COUNTS.categories) : null,
    subsidiary: world.oneWorld ? (index % 3 === 1 && world.currencies.length > 1 ? 2 : 1) : null,
    vatregnumber: city.hasVat && dice.chance(0.8) ? `${city.country}${100_000_000 + index * 7919}` : null,
    taxidnum: dice.chance(0.2) ? `${index}/815` : null,
    accountnumber: dice.chance(0.2) ? `00${index}` : null,
    creditlimit: dice.chance(0.2) ? `${dice.int(1, 50)}000` : null,
    comments: dice.chance(0.15) ? dice.pick(TEXTS) : null,
    externalid: dice.chance(0.4) ? `V-${id}` : null,
    defaultbillingaddress: hasAddress ? key : null,
    defaultshippingaddress: hasAddress ? shipping : null,
    datecreated: created,
    lastmodifieddate: changed,
    ...world.customValues('vendor', dice),
  })
  if (!hasAddress) return
  const keys = hasSecond ? [key, shipping] : [key]
  for (const [at, nkey] of keys.entries()) {
    write('entityaddress', { nkey, ...addressRow(city, name, dice), lastmodifieddate: changed })
    write('vendoraddressbook', {
      internalid: nkey,
      entity: id,
      addressbookaddress: nkey,
      label: at === 0 ? 'Office' : 'Lager <2>',
      defaultbilling: at === 0,
      defaultshipping: nkey === shipping,
      isresidential: isPerson,
    })
  }
}

/** Some with only a town, some with lines that others leave empty. */
export function addressRow(city: City, name: string, dice: Random) {
  const street = dice.chance(0.9) ? `${city.street} ${dice.int(1, 199)}` : null
  return {
    addressee: name,
    attention: dice.chance(0.1) ? 'Frau Groß' : null,
    addr1: street,
    addr2: street !== null && dice.chance(0.2) ? 'Gate 3, "back"' : null,
    city: city.name,
    state: city.state,
    zip: city.zip,
    country: dice.chance(0.97) ? city.country : null,
    addrphone: dice.chance(0.2) ? `${city.dial} 1234` : null,
    addrtext: [name, street, `${city.zip ?? ''} ${city.name}`.trim(), city.country].filter(Boolean).join('\r\n'),
  }
}
