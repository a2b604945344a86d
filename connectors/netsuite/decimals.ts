/**
 * Exact arithmetic on decimal texts as `decimal` of values.ts gives them (`-?digits[.digits]`): quantities and money
 * never pass through floating point. Results have no needless zeros.
 */
interface Exact {
  readonly digits: bigint
  /** Digits after the point. */
  readonly scale: number
}

/** Fractional digits of every decimal of the unified model. */
const MODEL_SCALE = 9

/** @throws SyntaxError when the text is not a number */
function exact(text: string): Exact {
  const [whole = '', fraction = ''] = text.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}

function print({ digits, scale }: Exact): string {
  const sign = digits < 0n ? '-' : ''
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const point = text.length - scale
  const fraction = text.slice(point).replace(/0+$/, '')
  return sign + text.slice(0, point) + (fraction === '' ? '' : `.${fraction}`)
}

const raised = ({ digits, scale }: Exact, to: number): bigint => digits * 10n ** BigInt(to - scale)

/** '0' for none. */
export function sum(texts: readonly string[]): string {
  const terms = texts.map(exact)
  const scale = Math.max(0, ...terms.map((term) => term.scale))
  return print({ digits: terms.reduce((total, term) => total + raised(term, scale), 0n), scale })
}

/** Negative, 0 or positive. */
export function compare(a: string, b: string): number {
  const [left, right] = [exact(a), exact(b)]
  const scale = Math.max(left.scale, right.scale)
  const difference = raised(left, scale) - raised(right, scale)
  return difference < 0n ? -1 : Number(difference > 0n)
}

export const signOf = (text: string): number => compare(text, '0')

export const absolute = (text: string): string => text.replace(/^-/, '')

export const negate = (text: string): string =>
  signOf(text) === 0 ? text : text.startsWith('-') ? text.slice(1) : `-${text}`

const times = (a: Exact, b: Exact): Exact => ({ digits: a.digits * b.digits, scale: a.scale + b.scale })

/**
 * Product of the factors divided by the product of the divisors, rounded once, half-even, to 9 fractional digits.
 * null when a divisor is 0.
 */
export function ratio(factors: readonly string[], divisors: readonly string[]): string | null {
  const one: Exact = { digits: 1n, scale: 0 }
  const top = factors.map(exact).reduce(times, one)
  const bottom = divisors.map(exact).reduce(times, one)
  if (bottom.digits === 0n) return null
  const shift = MODEL_SCALE + bottom.scale - top.scale
  const [n, d] =
    shift >= 0
      ? [raised({ ...top, scale: 0 }, shift), bottom.digits]
      : [top.digits, raised({ ...bottom, scale: 0 }, -shift)]
  return print({ digits: halfEven(n, d), scale: MODEL_SCALE })
}

function halfEven(n: bigint, d: bigint): bigint {
  if (d < 0n) return halfEven(-n, -d)
  if (n < 0n) return -halfEven(-n, d)
  const twice = (n % d) * 2n
  const down = n / d
  return twice > d || (twice === d && down % 2n === 1n) ? down + 1n : down
}
