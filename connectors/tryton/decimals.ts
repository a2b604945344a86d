/**
 * Exact arithmetic on decimal texts: quantities and money never pass through floating point.
 * A text is `-?digits[.digits]`; results have no trailing zeros.
 */
interface Exact {
  readonly digits: bigint
  /** Digits after the point. */
  readonly scale: number
}

const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** @throws RangeError when the text is not a number */
function parse(text: string): Exact {
  const match = SHAPE.exec(text.trim())
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? []
  if (match === null || whole + fraction === '') throw new RangeError(`not a decimal number: ${text}`)
  const shift = Number(exponent)
  if (Math.abs(shift) > 400) throw new RangeError(`exponent out of range: ${text}`)
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}` || '0')
  const scale = fraction.length - shift
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale }
}

function print({ digits, scale }: Exact): string {
  const negative = digits < 0n
  const text = (negative ? -digits : digits).toString().padStart(scale + 1, '0')
  const fraction = scale === 0 ? '' : text.slice(-scale).replace(/0+$/, '')
  const whole = scale === 0 ? text : text.slice(0, -scale)
  const plain = fraction === '' ? whole : `${whole}.${fraction}`
  return negative && plain !== '0' ? `-${plain}` : plain
}

function aligned(a: Exact, b: Exact): readonly [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale)
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale]
}

/** The same number without exponent, plus sign and needless zeros. @throws RangeError */
export const plain = (text: string): string => print(parse(text))

export function add(a: string, b: string): string {
  const [left, right, scale] = aligned(parse(a), parse(b))
  return print({ digits: left + right, scale })
}

export const negate = (text: string): string => {
  const { digits, scale } = parse(text)
  return print({ digits: -digits, scale })
}

export const subtract = (a: string, b: string): string => add(a, negate(b))

export const sum = (texts: readonly string[]): string => texts.reduce(add, '0')

/** −1, 0 or 1. */
export function compare(a: string, b: string): number {
  const [left, right] = aligned(parse(a), parse(b))
  return left < right ? -1 : left > right ? 1 : 0
}

/** `a × b ÷ c`, rounded half-even to a multiple of `step` (e.g. `'0.01'`). @throws RangeError when c or step is 0 */
export function multiplyDivide(a: string, b: string, c: string, step: string): string {
  const [left, right, divisor, unit] = [parse(a), parse(b), parse(c), parse(step)]
  if (divisor.digits === 0n || unit.digits <= 0n) throw new RangeError(`dividing by ${c} in steps of ${step}`)
  const top = left.digits * right.digits * 10n ** BigInt(divisor.scale + unit.scale)
  const bottom = divisor.digits * unit.digits * 10n ** BigInt(left.scale + right.scale)
  return print({ digits: divideHalfEven(top, bottom) * unit.digits, scale: unit.scale })
}

/** Rounded half-even to a multiple of `step`. */
export const roundTo = (text: string, step: string): string => multiplyDivide(text, '1', '1', step)

function divideHalfEven(top: bigint, bottom: bigint): bigint {
  const negative = top < 0n !== bottom < 0n
  const [n, d] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom]
  const quotient = n / d
  const twice = (n % d) * 2n
  const up = twice > d || (twice === d && quotient % 2n === 1n)
  const rounded = up ? quotient + 1n : quotient
  return negative ? -rounded : rounded
}
