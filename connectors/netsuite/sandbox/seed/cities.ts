/** Where locations and vendors are; with the cases that addresses must survive: no state, no postal code, other scripts. */
export interface City {
  readonly country: string
  readonly state: string | null
  readonly name: string
  readonly zip: string | null
  readonly street: string
  readonly dial: string
  /** ISO code. */
  readonly currency: string
  readonly hasVat: boolean
}

const city = (line: string): City => {
  const [country = '', state = '', name = '', zip = '', street = '', dial = '', currency = '', vat = ''] =
    line.split('|')
  return {
    country,
    state: state === '' ? null : state,
    name,
    zip: zip === '' ? null : zip,
    street,
    dial,
    currency,
    hasVat: vat === 'VAT',
  }
}

export const CITIES: readonly City[] = [
  'DE|Hamburg|Hamburg|20095|Kai|+49 40|EUR|VAT',
  'DE||Köln|50667|Große Neugasse|+49 221|EUR|VAT',
  'DE|Bayern|München|80331|Straße "Am Tor"|+49 89|EUR|VAT',
  'AT||Wien|1010|Kärntner Straße|+43 1|EUR|VAT',
  "FR||Lyon|69002|Rue de l'Arbre Sec|+33 4|EUR|VAT",
  "US|MI|Grand Rapids|49503-1234|Saint John's Ave|+1 616|USD|",
  'US|CA|Palo Alto|94304|Deer Creek Road|(650) 555-|USD|',
  'GB||London|EC1A 1BB|Little Britain|+44 20|GBP|VAT',
  'CZ||Plzeň|301 00|Škodova|+420 377|EUR|VAT',
  'JP|東京都|港区|105-0011|芝公園|+81 3|JPY|',
  "IE||Dún Laoghaire||Queen's Road|01 |EUR|VAT",
].map(city)
