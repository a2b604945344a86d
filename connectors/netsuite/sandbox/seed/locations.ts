import { CITIES } from './cities.ts'
import { DAY } from './times.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

export interface Location {
  readonly index: number
  readonly id: number
  readonly name: string
  readonly fullName: string
  readonly parent: number | null
  /** 1 or 2; null in an account without several. */
  readonly subsidiary: number
  readonly isActive: boolean
  readonly holdsStock: boolean
  /** Ids of its bins. */
  readonly bins: readonly number[]
}

const SITES = ['Hamburg', 'Grand Rapids', 'Süd/Müllerstraße', "O'Hare", 'Plzeň', 'Yard "West"']
const PLACES = ['Main store', 'Cold room', 'Cage <small parts>', 'Öl & Fett', 'Receiving', 'Rack 7']
const BINS = 5

/** A tree: sites, their stores, and now and then a store within a store. Two companies when `twoCompanies`. */
export function makeLocations(count: number, twoCompanies: boolean): Location[] {
  const made: Location[] = []
  const atSite = 4
  let bins = 0
  for (let index = 0; index < count; index++) {
    const isSite = index % atSite === 0
    const site = made[index - (index % atSite)]
    const above = isSite ? undefined : index % 8 === 7 ? made[index - 2] : site
    const name = isSite
      ? `${SITES[(index / atSite) % SITES.length]}${index >= atSite * SITES.length ? ` ${index / atSite}` : ''}`
      : (PLACES[index % PLACES.length] ?? 'Store')
    const isActive = index % 8 !== 6
    const holdsStock = isActive && (!isSite || index === count - 1)
    const hasBins = holdsStock && index % atSite === 1
    made.push({
      index,
      id: index + 1,
      name,
      fullName: above === undefined ? name : `${above.fullName} : ${name}`,
      parent: above?.id ?? null,
      subsidiary: twoCompanies && Math.floor(index / atSite) % 2 === 1 ? 2 : 1,
      isActive,
      holdsStock,
      bins: hasBins ? Array.from({ length: BINS }, () => ++bins) : [],
    })
  }
  return made
}

/** The key of a location's address; those of vendors follow. */
export const locationAddress = (location: Location): number => location.index + 1

export function seedLocations(world: World, { write }: Writer): void {
  for (const location of world.locations) {
    const { id, index } = location
    const dice = world.random('location', index)
    const { created, changed } = world.stamps('location', index, world.size.locations)
    const city = CITIES[index % CITIES.length]
    const hasAddress = location.parent === null || dice.chance(0.5)
    if (hasAddress && city !== undefined) {
      write('entityaddress', {
        nkey: locationAddress(location),
        addressee: location.name,
        addr1: `${city.street} ${dice.int(1, 99)}`,
        city: city.name,
        state: city.state,
        zip: city.zip,
        country: city.country,
        addrtext: `${location.name}\r\n${city.street}\r\n${city.zip ?? ''} ${city.name}`,
        lastmodifieddate: changed,
      })
    }
    write('location', {
      id,
      name: location.name,
      fullname: location.fullName,
      parent: location.parent,
      isinactive: !location.isActive,
      subsidiary: world.oneWorld ? location.subsidiary : null,
      locationtype: location.parent === null ? '1' : dice.chance(0.8) ? '2' : null,
      makeinventoryavailable: location.holdsStock,
      usebins: location.bins.length > 0,
      mainaddress: hasAddress ? locationAddress(location) : null,
      tranprefix: dice.chance(0.3) ? `L${id}` : null,
      timezone: location.subsidiary === 2 ? 'America/Detroit' : 'Europe/Berlin',
      externalid: dice.chance(0.4) ? `LOC-${id}` : null,
      datecreated: created - DAY,
      lastmodifieddate: changed,
    })
    for (const [at, bin] of location.bins.entries()) {
      write('bin', {
        id: bin,
        binnumber: `${String.fromCharCode(65 + at)}-0${at + 1}`,
        location: id,
        memo: at === 0 ? 'Wareneingang' : null,
        isinactive: at === BINS - 1,
      })
    }
  }
}
