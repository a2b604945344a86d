/** Exact arithmetic on decimal texts (values.ts), as the database's NUMBER has it. */
import { decimalText } from '../values.ts'

interface Decimal {
  readonly digits: bigint
  /** Digits after the point. */
  readonly scale: number
}

const DIVISION_DIGITS = 38
/** Longer numbers than the database holds: the operation fails. */
const MAX_DIGITS = 200

export function add(a: string, b: string): string | null {
  return sum(decimal(a), decimal(b))
}

export function subtract(a: string, b: string): string | null {
  const right = decimal(b)
  return sum(decimal(a), { digits: -right.digits, scale: right.scale })
}

function sum(a: Decimal, b: Decimal): string | null {
  const scale = Math.max(a.scale, b.scale)
  return show({ digits: scaled(a, scale) + scaled(b, scale), scale })
}

export function multiply(a: string, b: string): string | null {
  const [left, right] = [decimal(a), decimal(b)]
  return show({ digits: left.digits * right.digits, scale: left.scale + right.scale })
}

/** @returns null for a division by zero */
export function divide(a: string, b: string): string | null {
  const [left, right] = [decimal(a), decimal(b)]
  if (right.digits === 0n) return null
  const length = (value: bigint) => String(value < 0n ? -value : value).length
  const scale = Math.max(0, DIVISION_DIGITS - (length(left.digits) - left.scale) + (length(right.digits) - right.scale))
  const numerator = left.digits * 10n ** BigInt(scale + 1 + right.scale)
  const denominator = right.digits * 10n ** BigInt(left.scale)
  return show({ digits: halfUp(numerator / denominator, 1), scale })
}

/** Half away from zero. `places` may be negative. */
export function round(a: string, places: number): string | null {
  const { digits, scale } = decimal(a)
  if (places >= scale) return show({ digits, scale })
  return show(shifted(halfUp(digits, scale - places), places))
}

export function truncate(a: string, places: number): string | null {
  const { digits, scale } = decimal(a)
  if (places >= scale) return show({ digits, scale })
  return show(shifted(digits / 10n ** BigInt(scale - places), places))
}

export function compareDecimals(a: string, b: string): number {
  const [left, right] = [decimal(a), decimal(b)]
  const scale = Math.max(left.scale, right.scale)
  const difference = scaled(left, scale) - scaled(right, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function shifted(digits: bigint, places: number): Decimal {
  return places >= 0 ? { digits, scale: places } : { digits: digits * 10n ** BigInt(-places), scale: 0 }
}

function halfUp(digits: bigint, drop: number): bigint {
  const unit = 10n ** BigInt(drop)
  const half = unit / 2n
  return digits < 0n ? -((-digits + half) / unit) : (digits + half) / unit
}

function scaled({ digits, scale }: Decimal, to: number): bigint {
  return to === scale ? digits : digits * 10n ** BigInt(to - scale)
}

function decimal(text: string): Decimal {
  const point = text.indexOf('.')
  if (point < 0) return { digits: BigInt(text), scale: 0 }
  return { digits: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 }
}

function show({ digits, scale }: Decimal): string | null {
  const negative = digits < 0n
  const text = String(negative ? -digits : digits).padStart(scale + 1, '0')
  if (text.length > MAX_DIGITS) return null
  const point = text.length - scale
  return decimalText(`${negative ? '-' : ''}${text.slice(0, point)}.${text.slice(point)}`)
}
