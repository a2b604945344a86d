import type { OutRecord } from '../records.ts'

/** Up to this length a loop over ASCII beats the call into native code. */
const SHORT_KEY = 64

const varintSize = (zigzag: number): number =>
  zigzag < 0x80 ? 1 : zigzag < 0x4000 ? 2 : zigzag < 0x200000 ? 3 : zigzag < 0x10000000 ? 4 : 5

/** Size of a varlong that is not negative, below 2^52, already doubled. */
function varlongSize(zigzag: number): number {
  let size = 1
  for (let rest = zigzag; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++
  return size
}

/** `zigzag` is the doubled value (all lengths and deltas here are positive), below 2^32. */
function putVarint(buffer: Buffer, at: number, zigzag: number): number {
  let rest = zigzag
  let to = at
  while (rest >= 0x80) {
    buffer[to++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  buffer[to++] = rest
  return to
}

function putVarlong(buffer: Buffer, at: number, zigzag: number): number {
  let rest = zigzag
  let to = at
  while (rest >= 0x80000000) {
    buffer[to++] = (rest % 0x80) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  return putVarint(buffer, to, rest)
}

/** Writes a short ASCII string; false = it is not ASCII (what was written does not count). */
function putAscii(buffer: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return false
    buffer[at + i] = code
  }
  return true
}

/**
 * Writes records `[from, to)` in the format of record batches (magic 2) from `at` on; returns the position behind.
 * @param firstTimestamp no later than any of theirs, epoch ms
 * @param now timestamp of records that have none
 */
export function putRecords(
  buffer: Buffer,
  at: number,
  records: readonly OutRecord[],
  from: number,
  to: number,
  firstTimestamp: number,
  now: number,
): number {
  let position = at
  for (let i = from; i < to; i++) {
    const { key, value, timestamp } = records[i] as OutRecord
    const delta = ((timestamp ?? now) - firstTimestamp) * 2
    const offset = (i - from) * 2
    const deltaSize = delta < 0x80 ? 1 : varlongSize(delta)
    const valueLength = value === null ? 0 : value.length
    const valueSize = value === null ? 1 : varintSize(valueLength * 2) + valueLength
    const fixed = 2 + deltaSize + varintSize(offset) + valueSize
    const start = position
    for (let keyLength = key.length; ; ) {
      position = putVarint(buffer, start, (fixed + varintSize(keyLength * 2) + keyLength) * 2)
      buffer[position++] = 0
      position = putVarlong(buffer, position, delta)
      position = putVarint(buffer, position, offset)
      position = putVarint(buffer, position, keyLength * 2)
      let written = keyLength
      if (typeof key !== 'string') buffer.set(key, position)
      else if (keyLength !== key.length || keyLength > SHORT_KEY || !putAscii(buffer, position, key))
        written = buffer.write(key, position, 'utf8')
      if (written === keyLength) {
        position += keyLength
        break
      }
      // Not ASCII: the length before it was wrong.
      keyLength = written
    }
    if (value === null) buffer[position++] = 1
    else {
      position = putVarint(buffer, position, valueLength * 2)
      buffer.set(value, position)
      position += valueLength
    }
    buffer[position++] = 0
  }
  return position
}
