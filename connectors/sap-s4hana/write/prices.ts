import { decimals } from '../../../core/index.ts'
import { decimal, type Row } from '../values.ts'
import { fractionDigits, isDecimal, wholeDigits } from './native-values.ts'

/** ISO 4217 currencies whose amounts have other than two digits behind the point. */
const DIGITS: { readonly [currency: string]: number } = {
  ...Object.fromEntries(
    [
      'BIF',
      'CLP',
      'DJF',
      'GNF',
      'ISK',
      'JPY',
      'KMF',
      'KRW',
      'PYG',
      'RWF',
      'UGX',
      'UYI',
      'VND',
      'VUV',
      'XAF',
      'XOF',
      'XPF',
    ].map((each) => [each, 0]),
  ),
  ...Object.fromEntries(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((each) => [each, 3])),
}

export interface NetPrice {
  readonly NetPriceAmount: string
  /** The amount is for so many units. */
  readonly NetPriceQuantity: string
}

/** Digits before the point that SAP's price has room for. */
const MOST_WHOLE = 9

/**
 * The price of one unit as amount per 1, 10, 100 or 1000 units, so that the currency's digits suffice: 12.345 EUR is
 * 123.45 for 10. null = it cannot be said exactly.
 */
export function netPrice(price: string, currency: string | null): NetPrice | null {
  if (!isDecimal(price)) return null
  const missing = Math.max(0, fractionDigits(price) - (DIGITS[currency ?? ''] ?? 2))
  if (missing > 3) return null
  const per = `1${'0'.repeat(missing)}`
  const amount = decimals.ratio([price, per], ['1']) as string
  return wholeDigits(amount) > MOST_WHOLE ? null : { NetPriceAmount: amount, NetPriceQuantity: per }
}

/** The price of one order unit of an existing line, told in the unit that its price is given for. null = not exactly. */
export function netPriceIn(item: Row, price: string, currency: string | null): NetPrice | null {
  const [numerator, denominator] = [
    factor(item['OrderPriceUnitToOrderUnitNmrtr']),
    factor(item['OrdPriceUnitToOrderUnitDnmntr']),
  ]
  if (numerator === denominator) return netPrice(price, currency)
  const perPriceUnit = decimals.ratio([price, denominator], [numerator]) as string
  const back = decimals.ratio([perPriceUnit, numerator], [denominator])
  return back === decimals.ratio([price], ['1']) && fractionDigits(perPriceUnit) < 9
    ? netPrice(perPriceUnit, currency)
    : null
}

/** SAP leaves factors that are not needed at 0. */
function factor(value: Row[string] | undefined): string {
  const number = decimal(value)
  return number === null || decimals.isZero(number) ? '1' : number
}
