import { takeRoundings } from './decimal.ts'
import { InvalidRecordError, MalformedRecordError } from './errors.ts'
import { keepExact } from './exact.ts'
import { createPool, HEADER, type Pool, refill, schemaIdOf, takeRecord } from './frame.ts'
import { begin, finish } from './get.ts'
import { WRONG_TYPE } from './put.ts'
import { problemsOf, type RecordSchema } from './schema.ts'
import type { Writers } from './writers.ts'

/** Every codec of the process writes into the same buffer. */
export const pool: Pool = createPool()

export interface RecordCodec<R> {
  /** Framed bytes of the record, never overwritten later. Throws InvalidRecordError naming the fields that are wrong. */
  readonly encode: (record: R) => Buffer
  /**
   * Bytes inside the result are views. Throws MalformedRecordError, or UnknownSchemaIdError: `await codec.learn(error)`
   * and call again.
   */
  readonly decode: (value: Buffer) => R
}

/** What turns one kind of record into bytes and back: generated (`generated/records.ts`). */
export interface RecordFunctions<R> {
  readonly put: (bytes: Buffer, at: number, record: R) => number
  readonly get: (bytes: Buffer) => R
}

/** What `put` threw, as the error for the caller. */
export function invalid(error: unknown, schema: RecordSchema, record: unknown): unknown {
  takeRoundings()
  if (error !== WRONG_TYPE && !(error instanceof TypeError)) return error
  const problems = problemsOf(schema, record)
  return problems.length === 0 ? error : new InvalidRecordError(schema.name, problems)
}

/** Decodes with the generated reader when our own schema wrote the record, else as Avro resolves schemas. */
export function decodeRecord<R>(
  value: Buffer,
  schemaId: number,
  schema: RecordSchema,
  get: (bytes: Buffer) => R,
  writers: Writers,
): R {
  const written = schemaIdOf(value)
  if (written !== schemaId) return writers.decode(value, written, schema) as R
  begin(HEADER)
  let record: R
  try {
    record = get(value)
  } catch (error) {
    // Node's own complaint about a range of bytes that is not there.
    throw error instanceof RangeError ? new MalformedRecordError(`reading ${schema.name}`, { cause: error }) : error
  }
  finish(value)
  return record
}

export function createRecordCodec<R>(
  schema: RecordSchema,
  schemaId: number,
  { put, get }: RecordFunctions<R>,
  writers: Writers,
  /** The record to write instead of one whose decimals do not fit. */
  rounded: (record: R) => R = (record) => keepExact(schema, record),
): RecordCodec<R> {
  function encode(given: R): Buffer {
    let record = given
    for (;;) {
      let end: number
      try {
        end = put(pool.bytes, pool.at + HEADER, record)
      } catch (error) {
        throw invalid(error, schema, record)
      }
      if (takeRoundings() > 0 && record === given) {
        record = rounded(given)
        continue
      }
      if (end <= pool.bytes.length) return takeRecord(pool, schemaId, end)
      refill(pool, end - pool.at)
    }
  }
  return { encode, decode: (value) => decodeRecord(value, schemaId, schema, get, writers) }
}
