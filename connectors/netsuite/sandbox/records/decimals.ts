/** Exact arithmetic on decimal texts ("12", "9.5", "-3"): quantities and amounts never become floats. */

interface Scaled {
  readonly digits: bigint
  readonly scale: number
}

type Given = string | number | null | undefined

function scaled(value: Given): Scaled {
  const text = value === null || value === undefined || value === '' ? '0' : String(value)
  const match = /^([-+]?)(\d*)(?:\.(\d*))?$/.exec(text)
  if (match === null) throw new RangeError(`${text} is no decimal`)
  const [, sign = '', whole = '', fraction = ''] = match
  const digits = BigInt(`${whole}${fraction}` || '0')
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length }
}

function aligned(left: Given, right: Given): readonly [bigint, bigint, number] {
  const [a, b] = [scaled(left), scaled(right)]
  const scale = Math.max(a.scale, b.scale)
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale]
}

function textOf(digits: bigint, scale: number): string {
  const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const fraction = scale === 0 ? '' : padded.slice(-scale).replace(/0+$/, '')
  const whole = scale === 0 ? padded : padded.slice(0, -scale)
  return `${digits < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** Absent values count as zero, here and below. */
export function add(left: Given, right: Given): string {
  const [a, b, scale] = aligned(left, right)
  return textOf(a + b, scale)
}

export function subtract(left: Given, right: Given): string {
  const [a, b, scale] = aligned(left, right)
  return textOf(a - b, scale)
}

export function negate(value: Given): string {
  return subtract('0', value)
}

export function multiply(left: Given, right: Given): string {
  const [a, b] = [scaled(left), scaled(right)]
  return textOf(a.digits * b.digits, a.scale + b.scale)
}

/** Rounded half away from zero to `scale` decimals. */
export function divide(left: Given, right: Given, scale: number): string {
  const [a, b] = aligned(left, right)
  if (b === 0n) throw new RangeError(`dividing ${left} by zero`)
  return halved((a * 10n ** BigInt(scale) * 2n) / b, scale)
}

/** Half away from zero. */
export function round(value: Given, scale: number): string {
  const { digits, scale: own } = scaled(value)
  if (own <= scale) return textOf(digits, own)
  return halved((digits * 2n) / 10n ** BigInt(own - scale), scale)
}

function halved(doubled: bigint, scale: number): string {
  return textOf((doubled + (doubled < 0n ? -1n : 1n)) / 2n, scale)
}

export function compare(left: Given, right: Given): -1 | 0 | 1 {
  const [a, b] = aligned(left, right)
  if (a === b) return 0
  return a < b ? -1 : 1
}

export function isZero(value: Given): boolean {
  return scaled(value).digits === 0n
}
