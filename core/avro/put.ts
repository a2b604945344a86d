/**
 * Writers of Avro's binary encoding. Each takes the buffer, the position and the value, and returns the position after
 * it. Beyond the end of the buffer nothing is written but the position goes on: the caller compares once, at the end,
 * and repeats with a larger buffer. A value of the wrong type throws `WRONG_TYPE`; finding out which field it was is
 * left to the slow path (`explain.ts`).
 */
import { daysOf } from './date.ts'
import { putDecimal as putDecimalText } from './decimal.ts'

/** Thrown without a stack: the caller turns it into an InvalidRecordError that names the fields. */
export const WRONG_TYPE: Error = new TypeError('a field does not fit its schema')

/** Up to here a loop over the characters is faster than the call into native code (bench/codec.ts). */
const SHORT = 24
/** So many characters, at three bytes each, have their length in at most two bytes. */
const MEDIUM = 2730

export function putInt(b: Uint8Array, at: number, value: number): number {
  let z = (value << 1) ^ (value >> 31)
  while ((z & ~0x7f) !== 0) {
    b[at++] = (z & 0x7f) | 0x80
    z >>>= 7
  }
  b[at] = z
  return at + 1
}

export function putLong(b: Uint8Array, at: number, value: number): number {
  if (value >= -0x40000000 && value < 0x40000000 && Number.isInteger(value)) return putInt(b, at, value)
  if (!Number.isSafeInteger(value)) throw WRONG_TYPE
  // Zigzag in two halves: the low 28 bits (four bytes of 7), then the rest.
  const negative = value < 0
  const magnitude = negative ? -1 - value : value
  let high = Math.floor(magnitude / 0x8000000)
  const low = (magnitude - high * 0x8000000) * 2 + (negative ? 1 : 0)
  b[at] = (low & 0x7f) | 0x80
  b[at + 1] = ((low >> 7) & 0x7f) | 0x80
  b[at + 2] = ((low >> 14) & 0x7f) | 0x80
  b[at + 3] = ((low >> 21) & 0x7f) | 0x80
  at += 4
  while (high > 0x7f) {
    b[at++] = (high & 0x7f) | 0x80
    high >>>= 7
  }
  b[at] = high
  return at + 1
}

export function putString(b: Buffer, at: number, value: string): number {
  if (typeof value !== 'string') throw WRONG_TYPE
  const length = value.length
  if (length >= SHORT) return putLongString(b, at, value)
  let to = at + 1
  for (let i = 0; i < length; i++) {
    const c = value.charCodeAt(i)
    if (c < 0x80) b[to++] = c
    else if (c < 0x800) {
      b[to] = (c >> 6) | 0xc0
      b[to + 1] = (c & 0x3f) | 0x80
      to += 2
    } else if (c < 0xd800 || c > 0xdfff) {
      b[to] = (c >> 12) | 0xe0
      b[to + 1] = ((c >> 6) & 0x3f) | 0x80
      b[to + 2] = (c & 0x3f) | 0x80
      to += 3
    } else return putLongString(b, at, value)
  }
  const size = to - at - 1
  if (size >= 64) return putLongString(b, at, value)
  b[at] = size << 1
  return to
}

function putLongString(b: Buffer, at: number, value: string): number {
  const length = value.length
  // Room for the worst case: then one call writes it and tells its size, else the size must be asked first.
  if (length > MEDIUM || at + 2 + length * 3 > b.length) return putMeasuredString(b, at, value)
  const size = b.write(value, at + (length < 64 ? 1 : 2))
  if (size < 64) b[at] = size << 1
  else {
    if (length < 64) b.copyWithin(at + 2, at + 1, at + 1 + size)
    putInt(b, at, size)
  }
  return at + size + (size < 64 ? 1 : 2)
}

function putMeasuredString(b: Buffer, at: number, value: string): number {
  const size = Buffer.byteLength(value)
  const start = putLong(b, at, size)
  if (start + size <= b.length) b.write(value, start, size, 'utf8')
  return start + size
}

export function putBytes(b: Buffer, at: number, value: Uint8Array): number {
  if (!(value instanceof Uint8Array)) throw WRONG_TYPE
  const start = putLong(b, at, value.length)
  if (start + value.length <= b.length) b.set(value, start)
  return start + value.length
}

export function putBoolean(b: Uint8Array, at: number, value: boolean): number {
  if (typeof value !== 'boolean') throw WRONG_TYPE
  b[at] = value ? 1 : 0
  return at + 1
}

export function putWhole(b: Uint8Array, at: number, value: number): number {
  if ((value | 0) !== value) throw WRONG_TYPE
  return putInt(b, at, value)
}

export function putDate(b: Uint8Array, at: number, value: string): number {
  if (typeof value !== 'string') throw WRONG_TYPE
  const days = daysOf(value)
  if (days !== days) throw WRONG_TYPE
  return putInt(b, at, days)
}

export function putDecimal(b: Uint8Array, at: number, value: string): number {
  if (typeof value !== 'string') throw WRONG_TYPE
  const end = putDecimalText(b, at, value)
  if (end < 0) throw WRONG_TYPE
  return end
}

export function putSymbol(b: Uint8Array, at: number, indexes: ReadonlyMap<string, number>, value: string): number {
  const index = indexes.get(value)
  if (index === undefined) throw WRONG_TYPE
  return putInt(b, at, index)
}

/** Start of an array of `count` items, which the caller writes; a zero follows unless it is empty. */
export function putCount(b: Uint8Array, at: number, items: readonly unknown[]): number {
  if (!Array.isArray(items)) throw WRONG_TYPE
  return putInt(b, at, items.length)
}
