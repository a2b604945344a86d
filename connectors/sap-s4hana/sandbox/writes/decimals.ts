/** Exact arithmetic on decimal texts ("12", "12.500", "-3"): quantities and amounts never become floats. */

const FORM = /^[+-]?\d+(\.\d*)?$|^[+-]?\.\d+$/

interface Scaled {
  readonly digits: bigint
  readonly scale: number
}

function scaled(text: string): Scaled {
  const [whole = '0', fraction = ''] = text.split('.')
  return {
    digits: BigInt(`${whole === '' || whole === '-' || whole === '+' ? `${whole}0` : whole}${fraction}`),
    scale: fraction.length,
  }
}

function aligned(left: string, right: string): readonly [bigint, bigint, number] {
  const [a, b] = [scaled(left), scaled(right)]
  const scale = Math.max(a.scale, b.scale)
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale]
}

function text(digits: bigint, scale: number): string {
  const sign = digits < 0n ? '-' : ''
  const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  if (scale === 0) return `${sign}${padded}`
  const fraction = padded.slice(-scale).replace(/0+$/, '')
  return `${sign}${padded.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`.replace(/^-0$/, '0')
}

export function isDecimal(value: string): boolean {
  return FORM.test(value)
}

/** The shortest form: "12.500" → "12.5". */
export function canonical(value: string): string {
  const { digits, scale } = scaled(value)
  return text(digits, scale)
}

export function add(left: string, right: string): string {
  const [a, b, scale] = aligned(left, right)
  return text(a + b, scale)
}

export function subtract(left: string, right: string): string {
  const [a, b, scale] = aligned(left, right)
  return text(a - b, scale)
}

export function multiply(left: string, right: string): string {
  const [a, b] = [scaled(left), scaled(right)]
  return text(a.digits * b.digits, a.scale + b.scale)
}

/** Rounded half away from zero to `scale` decimals. */
export function divide(left: string, right: string, scale: number): string {
  const [a, b] = aligned(left, right)
  if (b === 0n) throw new RangeError(`dividing ${left} by zero`)
  const doubled = (a * 10n ** BigInt(scale) * 2n) / b
  return text((doubled + (doubled < 0n ? -1n : 1n)) / 2n, scale)
}

export function compare(left: string, right: string): -1 | 0 | 1 {
  const [a, b] = aligned(left, right)
  if (a === b) return 0
  return a < b ? -1 : 1
}

export function isZero(value: string): boolean {
  return scaled(value).digits === 0n
}

/** Digits before and after the point that a value needs. */
export function sizeOf(value: string): { readonly whole: number; readonly fraction: number } {
  const [whole = '', fraction = ''] = canonical(value).replace('-', '').split('.')
  return { whole: whole === '0' ? 0 : whole.length, fraction: fraction.length }
}
