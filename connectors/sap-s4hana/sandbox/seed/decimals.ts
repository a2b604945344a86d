/** Decimal text of a number of thousandths, with at least `places` digits after the point: `decimal(9500, 2)` is `9.50`. */
export function decimal(thousandths: number, places = 0): string {
  const sign = thousandths < 0 ? '-' : ''
  const size = Math.abs(Math.round(thousandths))
  const whole = Math.floor(size / 1000)
  let fraction = String(size % 1000).padStart(3, '0')
  while (fraction.length > places && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}

/** The thousandths of a decimal text; digits beyond the third are cut. */
export function thousandthsOf(text: unknown): number {
  return Math.round(Number(text ?? 0) * 1000)
}

/** Cut to the length of a column, without a trailing blank, as SAP stores texts. */
export function fit(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).trimEnd()
}
