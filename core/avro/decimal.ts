/**
 * Decimal text ↔ the bytes of Avro's decimal(38, 9): the unscaled number, big-endian two's complement, as short as
 * possible. So `10` and `10.00` are the same bytes, and the text read back is `10`.
 */
export const SCALE = 9
const PRECISION = 38
const MOST_BYTES = 16
const BOUND = 10n ** BigInt(PRECISION)
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] as const

/** Unscaled number of at most 53 bits, or NaN when the text needs the exact way. */
function smallUnscaled(text: string): number {
  const length = text.length
  const negative = text.charCodeAt(0) === 45
  let at = negative ? 1 : 0
  // 15 digits at most once the fraction is filled up to 9: below 2^53.
  let digits = 0
  let unscaled = 0
  let fraction = -1
  for (; at < length; at++) {
    const c = text.charCodeAt(at)
    if (c === 46) {
      if (fraction >= 0 || digits === 0) return Number.NaN
      fraction = 0
      continue
    }
    if (c < 48 || c > 57) return Number.NaN
    unscaled = unscaled * 10 + (c - 48)
    digits++
    if (fraction >= 0) fraction++
  }
  if (fraction === 0) return Number.NaN
  if (fraction < 0) fraction = 0
  if (digits === 0 || fraction > SCALE || digits + SCALE - fraction > 15) return Number.NaN
  unscaled *= POWERS[(SCALE - fraction) as 0]
  return negative && unscaled !== 0 ? -unscaled : unscaled
}

interface Exact {
  readonly unscaled: bigint
  /** More than 9 fractional digits: the unscaled number is rounded half to even. */
  readonly rounded: boolean
}

/** Any decimal text, also with an exponent; null when it is none or has more than 29 digits before the point. */
function exactUnscaled(text: string): Exact | null {
  const match = DECIMAL.exec(text)
  if (match === null) return null
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  if (digits === '') return null
  const shift = SCALE - fraction.length + Number(exponent)
  if (shift > 2 * PRECISION && /^0*$/.test(digits)) return { unscaled: 0n, rounded: false }
  if (shift > 2 * PRECISION || digits.length > 4096) return null
  let unscaled = BigInt(digits)
  let rounded = false
  if (shift >= 0) unscaled *= 10n ** BigInt(shift)
  else {
    const divisor = 10n ** BigInt(-shift)
    const rest = unscaled % divisor
    unscaled /= divisor
    rounded = rest !== 0n
    if (rest * 2n > divisor || (rest * 2n === divisor && (unscaled & 1n) === 1n)) unscaled += 1n
  }
  if (unscaled >= BOUND) return null
  return { unscaled: sign === '-' ? -unscaled : unscaled, rounded }
}

let roundings = 0

/** How many decimals were rounded since the last call. */
export function takeRoundings(): number {
  const count = roundings
  roundings = 0
  return count
}

/** Whether the text has more than 9 fractional digits that matter. */
export const isRounded = (text: string): boolean => exactUnscaled(text)?.rounded === true

/** Whether the text is a decimal number that fits decimal(38, 9), possibly after rounding. */
export const isDecimal = (text: string): boolean => exactUnscaled(text) !== null

/**
 * Writes length and bytes of a decimal; returns the position after them, or −1 when the text is no such number.
 * Beyond the end of `bytes` nothing is written, but the position goes on (the caller takes a larger buffer).
 */
export function putDecimal(bytes: Uint8Array, at: number, text: string): number {
  const small = smallUnscaled(text)
  if (small === small) return putSmall(bytes, at, small)
  const exact = exactUnscaled(text)
  if (exact === null) return -1
  if (exact.rounded) roundings++
  const { unscaled } = exact
  let size = 1
  while (BigInt.asIntN(size * 8, unscaled) !== unscaled) size++
  bytes[at] = size << 1
  for (let i = size; i >= 1; i--) bytes[at + i] = Number((unscaled >> BigInt((size - i) * 8)) & 0xffn)
  return at + 1 + size
}

function putSmall(bytes: Uint8Array, at: number, unscaled: number): number {
  // Magnitudes of the shortest two's complement: −128…127 is one byte, and so on.
  const magnitude = unscaled < 0 ? -unscaled - 1 : unscaled
  let size = 1
  if (magnitude >= 0x80000000) {
    size = magnitude >= 0x800000000000 ? 7 : magnitude >= 0x8000000000 ? 6 : 5
    const high = Math.floor(unscaled / 0x100000000)
    const low = (unscaled - high * 0x100000000) | 0
    bytes[at] = size << 1
    const end = at + size
    bytes[end] = low
    bytes[end - 1] = low >> 8
    bytes[end - 2] = low >> 16
    bytes[end - 3] = low >> 24
    bytes[end - 4] = high
    if (size > 5) bytes[end - 5] = high >> 8
    if (size > 6) bytes[end - 6] = high >> 16
    return end + 1
  }
  if (magnitude >= 0x80) size = magnitude >= 0x800000 ? 4 : magnitude >= 0x8000 ? 3 : 2
  bytes[at] = size << 1
  for (let i = at + size, rest = unscaled | 0; i > at; i--, rest >>= 8) bytes[i] = rest
  return at + 1 + size
}

/** Shortest plain text of the decimal in `bytes[start, end)`; null when there are more digits than precision 38. */
export function readDecimal(bytes: Uint8Array, start: number, end: number): string | null {
  const size = end - start
  if (size === 0) return '0'
  if (size > 6) return size > MOST_BYTES + 8 ? null : readLarge(bytes, start, end)
  let unscaled = ((bytes[start] as number) << 24) >> 24
  for (let i = start + 1; i < end; i++) unscaled = unscaled * 256 + (bytes[i] as number)
  const negative = unscaled < 0
  const magnitude = negative ? -unscaled : unscaled
  const whole = Math.floor(magnitude / 1e9)
  const fraction = magnitude - whole * 1e9
  return plain(negative, String(whole), fraction === 0 ? '' : String(fraction))
}

function readLarge(bytes: Uint8Array, start: number, end: number): string | null {
  let unscaled = 0n
  for (let i = start; i < end; i++) unscaled = (unscaled << 8n) | BigInt(bytes[i] as number)
  unscaled = BigInt.asIntN((end - start) * 8, unscaled)
  const negative = unscaled < 0n
  const magnitude = negative ? -unscaled : unscaled
  if (magnitude >= BOUND) return null
  const digits = magnitude.toString().padStart(SCALE + 1, '0')
  return plain(negative, digits.slice(0, -SCALE), digits.slice(-SCALE))
}

function plain(negative: boolean, whole: string, fraction: string): string {
  const sign = negative ? '-' : ''
  if (fraction === '') return sign + whole
  const padded = fraction.padStart(SCALE, '0')
  let last = SCALE
  while (last > 0 && padded.charCodeAt(last - 1) === 48) last--
  return last === 0 ? sign + whole : `${sign}${whole}.${padded.slice(0, last)}`
}
