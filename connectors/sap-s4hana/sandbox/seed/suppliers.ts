import { CITIES, type City } from './cities.ts'
import { FIRST_NUMBER } from './numbers.ts'
import { COMPANY_NAMES, LEGAL_FORMS, TRADES } from './words.ts'
import type { World } from './world.ts'

/** A business partner with a supplier number, before it becomes rows. */
export interface Supplier {
  index: number
  /** Number of the supplier: nearly always the number of the partner too. */
  key: string
  partner: string
  /** A sole trader is a person (category 1) and a supplier. */
  isPerson: boolean
  name: string
  city: City
  currency: string
  paymentTerms: string
  /** Marked for deletion, blocked for purchasing centrally, blocked in one purchasing organization, or none. */
  state: '' | 'deleted' | 'blocked' | 'blocked here' | 'archiving'
}

const PAYMENT_TERMS = ['0001', '0004', 'NT30', ''] as const

export function supplierAt(world: World, index: number): Supplier {
  const dice = world.random('supplier', index)
  const city = dice.pick(CITIES)
  const form = dice.pick(LEGAL_FORMS)
  const isPerson = index % 23 === 7
  const name = `${dice.pick(COMPANY_NAMES)} ${dice.pick(TRADES)}${index >= 200 ? ` ${index}` : ''} ${form}`.trim()
  return {
    index,
    key: supplierKey(index),
    partner: index % 101 === 9 ? String(17000000 + index) : supplierKey(index),
    isPerson,
    name,
    city,
    // Kuwaiti dinars have three decimals and yen none: both must come through exactly.
    currency: dice.chance(0.8) ? city.currency : dice.pick(['EUR', 'USD']),
    paymentTerms: dice.pick(PAYMENT_TERMS),
    // The first few are in order, for whoever needs a supplier to buy from.
    state:
      index < 5
        ? ''
        : dice.weighted([
            ['', 90],
            ['deleted', 2],
            ['blocked', 3],
            ['blocked here', 3],
            ['archiving', 2],
          ] as const),
  }
}

function supplierKey(index: number): string {
  return index % 37 === 5 ? `USSU-V${String(index).padStart(4, '0')}` : String(FIRST_NUMBER.businessPartner + index)
}
