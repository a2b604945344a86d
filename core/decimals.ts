/**
 * Exact arithmetic on decimal texts: quantities and money never pass through floating point.
 * A text is `-?digits[.digits]`; results have no needless zeros.
 */
interface Exact {
  readonly digits: bigint
  /** Digits after the point. */
  readonly scale: number
}

/** Fractional digits of every decimal of the unified model. */
const MODEL_SCALE = 9
const SHAPE = /^-?\d+(?:\.\d+)?$/
const LOOSE_SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
const LARGEST_EXPONENT = 400

/** @throws RangeError when the text is not a number */
function parse(text: string): Exact {
  if (!SHAPE.test(text)) throw new RangeError(`not a decimal number: ${text}`)
  const point = text.indexOf('.')
  if (point < 0) return { digits: BigInt(text), scale: 0 }
  return { digits: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 }
}

function print({ digits, scale }: Exact): string {
  const negative = digits < 0n
  const text = (negative ? -digits : digits).toString().padStart(scale + 1, '0')
  const whole = text.slice(0, text.length - scale)
  const fraction = text.slice(text.length - scale).replace(/0+$/, '')
  const plain = fraction === '' ? whole : `${whole}.${fraction}`
  return negative ? `-${plain}` : plain
}

/** A number written as programs do (`1E+3`, `+7`, `.5`) as a plain text without needless zeros. @throws RangeError */
export function plain(text: string): string {
  const match = LOOSE_SHAPE.exec(text.trim())
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? []
  if (match === null || whole + fraction === '') throw new RangeError(`not a decimal number: ${text}`)
  const shift = Number(exponent)
  if (Math.abs(shift) > LARGEST_EXPONENT) throw new RangeError(`exponent out of range: ${text}`)
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`)
  const scale = fraction.length - shift
  return print(scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale })
}

const scaledTo = ({ digits, scale }: Exact, wanted: number): bigint => digits * 10n ** BigInt(wanted - scale)

/** '0' for none. @throws RangeError */
export function sum(texts: readonly string[]): string {
  let total: Exact = { digits: 0n, scale: 0 }
  for (const each of texts.map(parse)) {
    const scale = Math.max(total.scale, each.scale)
    total = { digits: scaledTo(total, scale) + scaledTo(each, scale), scale }
  }
  return print(total)
}

/** −1, 0 or 1. @throws RangeError */
export function compare(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  const scale = Math.max(left.scale, right.scale)
  const difference = scaledTo(left, scale) - scaledTo(right, scale)
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

/** −1, 0 or 1. @throws RangeError */
export const signOf = (text: string): number => compare(text, '0')

/** @throws RangeError */
export const isZero = (text: string): boolean => parse(text).digits === 0n

/** @throws RangeError */
export function negate(text: string): string {
  const { digits, scale } = parse(text)
  return print({ digits: -digits, scale })
}

/** @throws RangeError */
export const add = (a: string, b: string): string => sum([a, b])

/** @throws RangeError */
export const subtract = (a: string, b: string): string => sum([a, negate(b)])

/** @throws RangeError */
export const absolute = (text: string): string => (text.startsWith('-') ? negate(text) : print(parse(text)))

/**
 * Product of the factors divided by the product of the divisors, rounded once, half-even, to 9 fractional digits.
 * null when a divisor is 0. @throws RangeError
 */
export function ratio(factors: readonly string[], divisors: readonly string[]): string | null {
  const [top, bottom] = [product(factors), product(divisors)]
  if (bottom.digits === 0n) return null
  const scale = MODEL_SCALE + bottom.scale - top.scale
  const [raise, lower] = scale >= 0 ? [10n ** BigInt(scale), 1n] : [1n, 10n ** BigInt(-scale)]
  return print({ digits: divideHalfEven(top.digits * raise, bottom.digits * lower), scale: MODEL_SCALE })
}

/** `a × b ÷ c`, rounded half-even to a multiple of `step` (e.g. `'0.01'`). @throws RangeError when c or step is 0 */
export function multiplyDivide(a: string, b: string, c: string, step: string): string {
  const [left, right, divisor, unit] = [parse(a), parse(b), parse(c), parse(step)]
  if (divisor.digits === 0n || unit.digits <= 0n) throw new RangeError(`dividing by ${c} in steps of ${step}`)
  const top = left.digits * right.digits * 10n ** BigInt(divisor.scale + unit.scale)
  const bottom = divisor.digits * unit.digits * 10n ** BigInt(left.scale + right.scale)
  return print({ digits: divideHalfEven(top, bottom) * unit.digits, scale: unit.scale })
}

/** Rounded half-even to a multiple of `step`. @throws RangeError */
export const roundTo = (text: string, step: string): string => multiplyDivide(text, '1', '1', step)

const product = (texts: readonly string[]): Exact =>
  texts.map(parse).reduce((a, b) => ({ digits: a.digits * b.digits, scale: a.scale + b.scale }), {
    digits: 1n,
    scale: 0,
  })

function divideHalfEven(top: bigint, bottom: bigint): bigint {
  const negative = top < 0n !== bottom < 0n
  const [n, d] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom]
  const quotient = n / d
  const twice = (n % d) * 2n
  const rounded = twice > d || (twice === d && quotient % 2n === 1n) ? quotient + 1n : quotient
  return negative ? -rounded : rounded
}
