/**
 * Readers of Avro's binary encoding over one record at a time: `begin`, reads in field order, `finish`. Nothing checks
 * for the end in between (reading past it gives zeros); `finish` throws unless the bytes were used up exactly.
 */
import { dateOf } from './date.ts'
import { readDecimal } from './decimal.ts'
import { MalformedRecordError } from './errors.ts'

let at = 0

export function begin(position: number): void {
  at = position
}

export function finish(b: Buffer): void {
  if (at !== b.length) throw new MalformedRecordError(`${b.length} bytes, but the schema says ${at}`)
}

export const position = (): number => at

export function getLong(b: Buffer): number {
  const first = b[at++] as number
  if (first < 0x80) return (first >> 1) ^ -(first & 1)
  let byte = first
  let low = byte & 0x7f
  let shift = 7
  do {
    byte = b[at++] as number
    low |= (byte & 0x7f) << shift
    shift += 7
  } while (byte >= 0x80 && shift < 28)
  if (!(byte >= 0x80)) return (low >>> 1) ^ -(low & 1)
  let factor = 0x10000000
  let high = 0
  do {
    byte = b[at++] as number
    high += (byte & 0x7f) * factor
    factor *= 128
  } while (byte >= 0x80 && factor < 2 ** 70)
  // n is odd for negative numbers: −(n + 1) / 2, in halves so that it stays exact.
  const value = high / 2 + (low >>> 1)
  if (value > Number.MAX_SAFE_INTEGER) throw new MalformedRecordError('a number beyond ±2^53')
  return (low & 1) === 0 ? value : -value - 1
}

/** Length of a string or of bytes that must still fit. */
function getLength(b: Buffer): number {
  const length = getLong(b)
  if (!(length >= 0 && length <= b.length - at)) throw new MalformedRecordError(`a length of ${length} at byte ${at}`)
  return length
}

export function getString(b: Buffer): string {
  const length = getLength(b)
  const start = at
  at += length
  return length === 0 ? '' : b.toString('utf8', start, at)
}

/** A view, not a copy. */
export function getBytes(b: Buffer): Buffer {
  const length = getLength(b)
  const start = at
  at += length
  return b.subarray(start, at)
}

export function getBoolean(b: Buffer): boolean {
  return b[at++] === 1
}

export function getDate(b: Buffer): string {
  const days = getLong(b)
  const text = dateOf(days)
  if (text === null) throw new MalformedRecordError(`${days} days from 1970 is no date`)
  return text
}

export function getDecimal(b: Buffer): string {
  const length = getLength(b)
  const start = at
  at += length
  const text = readDecimal(b, start, at)
  if (text === null) throw new MalformedRecordError('a decimal of more than 38 digits')
  return text
}

export function getSymbol<Symbol extends string>(b: Buffer, symbols: readonly Symbol[]): Symbol {
  const index = getLong(b)
  const symbol = symbols[index]
  if (symbol === undefined) throw new MalformedRecordError(`symbol ${index} of ${symbols.length}`)
  return symbol
}

/** True when the nullable value at hand is there. */
export function getPresence(b: Buffer): boolean {
  const branch = b[at++]
  if (branch === 2) return true
  if (branch === 0) return false
  throw new MalformedRecordError(`branch ${branch} of a nullable field`)
}

/** Items of the next block of an array; 0 = the array ends. */
export function getCount(b: Buffer): number {
  let count = getLong(b)
  if (count < 0) {
    count = -count
    getLong(b)
  }
  if (!(count <= b.length - at)) throw new MalformedRecordError(`an array of ${count} items`)
  return count
}

export function skipString(b: Buffer): void {
  const length = getLength(b)
  at += length
}

export function skipNullableString(b: Buffer): void {
  if (getPresence(b)) skipString(b)
}

// Strings that nearly every record of a stream repeats are kept: a comparison of bytes instead of a new string.
const SLOTS = 512
const LONGEST = 48
const keptBytes: (Buffer | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
const keptStrings: string[] = Array.from({ length: SLOTS }, () => '')

/** Like `getString`, for values with few variants. */
export function getRepeated(b: Buffer): string {
  const length = getLength(b)
  const start = at
  at += length
  if (length === 0) return ''
  if (length > LONGEST) return b.toString('utf8', start, at)
  let hash = length
  for (let i = start; i < at; i++) hash = (Math.imul(hash, 31) + (b[i] as number)) | 0
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
  const kept = keptBytes[slot]
  if (kept !== undefined && kept.length === length) {
    let i = 0
    while (i < length && kept[i] === b[start + i]) i++
    if (i === length) return keptStrings[slot] as string
  }
  keptBytes[slot] = Buffer.from(b.subarray(start, at))
  return (keptStrings[slot] = b.toString('utf8', start, at))
}
