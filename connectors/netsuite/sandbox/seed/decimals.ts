/** Decimal text of a whole number of 10^-places: `decimal(9500, 3)` is `9.5`. */
export function decimal(units: number, places: number): string {
  const whole = Math.round(units)
  const digits = String(Math.abs(whole)).padStart(places + 1, '0')
  const point = digits.length - places
  const fraction = digits.slice(point).replace(/0+$/, '')
  return `${whole < 0 ? '-' : ''}${digits.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}`
}

/** The whole number of 10^-places of a decimal text; absent is 0, further digits are rounded. */
export function unitsOf(text: unknown, places: number): number {
  return Math.round(Number(text ?? 0) * 10 ** places)
}

/** Quantities count in thousandths, prices in ten-thousandths, amounts in hundredths, exchange rates in millionths. */
export const quantityText = (thousandths: number): string => decimal(thousandths, 3)
export const priceText = (tenThousandths: number): string => decimal(tenThousandths, 4)
export const amountText = (hundredths: number): string => decimal(hundredths, 2)
export const rateText = (millionths: number): string => decimal(millionths, 6)

/** Hundredths of quantity × price. */
export function amountOf(thousandths: number, tenThousandths: number): number {
  return Math.round((thousandths * tenThousandths) / 100_000)
}
