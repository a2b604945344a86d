/**
 * Confluent's framing: 0x00, the schema id in four bytes big-endian, the Avro body. Records are encoded into a shared
 * buffer of 1 MiB; what was given out is never overwritten, a full buffer is replaced by a new one.
 */
import { MalformedRecordError } from './errors.ts'

export const HEADER = 5
const POOL_SIZE = 1024 * 1024

export interface Pool {
  bytes: Buffer
  view: DataView
  /** Where the next record begins. */
  at: number
}

export function createPool(): Pool {
  const pool: Pool = { bytes: Buffer.alloc(0), view: new DataView(new ArrayBuffer(0)), at: 0 }
  refill(pool, 0)
  return pool
}

/** A new buffer with room for at least `size` bytes. */
export function refill(pool: Pool, size: number): void {
  pool.bytes = Buffer.allocUnsafeSlow(Math.max(POOL_SIZE, size))
  pool.view = new DataView(pool.bytes.buffer)
  pool.at = 0
}

/** Writes the header before the body that ends at `end`, and gives the record out. */
export function takeRecord(pool: Pool, schemaId: number, end: number): Buffer {
  const start = pool.at
  pool.bytes[start] = 0
  pool.view.setInt32(start + 1, schemaId)
  pool.at = end
  return pool.bytes.subarray(start, end)
}

/** Schema id of a framed record. */
export function schemaIdOf(value: Buffer): number {
  if (value.length < HEADER || value[0] !== 0) {
    throw new MalformedRecordError(
      value.length < HEADER
        ? `${value.length} bytes are no framed Avro record`
        : `the first byte is ${value[0]}, not 0: no framed Avro record`,
    )
  }
  return (
    ((value[1] as number) << 24) | ((value[2] as number) << 16) | ((value[3] as number) << 8) | (value[4] as number)
  )
}

let viewedBuffer: ArrayBufferLike | undefined
let lastView: DataView = new DataView(new ArrayBuffer(0))

/** The view over the memory behind `value` (positions count from the start of that memory). */
export function viewOf(value: Buffer): DataView {
  if (value.buffer !== viewedBuffer) {
    viewedBuffer = value.buffer
    lastView = new DataView(value.buffer)
  }
  return lastView
}
