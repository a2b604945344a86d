export interface Currency {
  readonly symbol: string
  readonly name: string
  readonly sign: string
  /** Millionths of a euro. */
  readonly inEuro: number
  /** Decimal places of its amounts. */
  readonly precision: number
}

export const CURRENCIES: readonly Currency[] = [
  { symbol: 'EUR', name: 'Euro', sign: '€', inEuro: 1_000_000, precision: 2 },
  { symbol: 'USD', name: 'US Dollar', sign: '$', inEuro: 917_431, precision: 2 },
  { symbol: 'GBP', name: 'British pound', sign: '£', inEuro: 1_162_790, precision: 2 },
  { symbol: 'JPY', name: 'Yen', sign: '¥', inEuro: 6_173, precision: 0 },
]

/** Millionths of `to` that one `from` costs. */
export function exchangeRate(from: Currency, to: Currency): number {
  return Math.round((from.inEuro * 1_000_000) / to.inEuro)
}
