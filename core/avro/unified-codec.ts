import { takeRoundings } from './decimal.ts'
import { keepExact } from './exact.ts'
import { HEADER, refill, schemaIdOf, takeRecord, viewOf } from './frame.ts'
import { marks } from './generated/records.ts'
import { begin, getLong, getPresence, position, skipNullableString, skipString } from './get.ts'
import { hashSlices, hashWords, putHashHex } from './hash.ts'
import { decodeRecord, invalid, pool } from './record-codec.ts'
import type { RecordSchema } from './schema.ts'
import type { Writers } from './writers.ts'

export interface EncodedUnified {
  /** Framed bytes, never overwritten later. */
  readonly value: Buffer
  /**
   * 128-bit hash of everything but `raw`, `source_version`, `origin` and `synced_at`. The same four words are used
   * again by the next call on any codec: copy what you keep.
   */
  readonly hash: Uint32Array
  /** Decimals with more than 9 fractional digits: rounded half to even, exact text in `custom_fields._exact`. */
  readonly rounded: number
}

/** What a state table needs of a unified record. */
export interface UnifiedSummary {
  /** As `EncodedUnified.hash`; used again by the next call. */
  readonly hash: Uint32Array
  readonly sourceVersion: number
  readonly syncedAt: number
  readonly deleted: boolean
}

export interface UnifiedCodec<R> {
  /**
   * A record whose `version` is empty gets `hash:` and the 128-bit hash of its business fields (custom fields and all
   * that follows the envelope). Throws InvalidRecordError naming the fields that are wrong.
   */
  readonly encode: (record: R) => EncodedUnified
  /** Throws MalformedRecordError, or UnknownSchemaIdError: `await codec.learn(error)` and call again. */
  readonly decode: (value: Buffer) => R
  /** Without building the record; the object is used again by the next call. Throws as `decode`. */
  readonly summary: (value: Buffer) => UnifiedSummary
  /** The hash alone. Throws as `decode`. */
  readonly contentHashOf: (value: Buffer) => Uint32Array
}

/** As long as the version that replaces it. */
const PLACEHOLDER = `hash:${'0'.repeat(32)}`
/** Of the placeholder's digits: one byte of length, then `hash:`. */
const DIGITS_AT = 6

export interface UnifiedFunctions<R> {
  readonly put: (bytes: Buffer, at: number, record: R, version: string) => number
  readonly get: (bytes: Buffer) => R
}

export function createUnifiedCodec<R extends { readonly version: string }>(
  schema: RecordSchema,
  schemaId: number,
  { put, get }: UnifiedFunctions<R>,
  writers: Writers,
): UnifiedCodec<R> {
  /** Writes the body into the pool at its position; returns where it ends. */
  function write(record: R, version: string): number {
    for (;;) {
      let end: number
      try {
        end = put(pool.bytes, pool.at + HEADER, record, version)
      } catch (error) {
        throw invalid(error, schema, record)
      }
      if (end <= pool.bytes.length) return end
      takeRoundings()
      refill(pool, end - pool.at)
    }
  }

  /** Hashes the record written last: the envelope up to `raw`, the mapping version, the fields after the envelope. */
  function hashWritten(end: number): void {
    hashSlices(
      pool.view,
      pool.at + HEADER,
      marks[2] as number,
      marks[3] as number,
      marks[4] as number,
      marks[5] as number,
      end,
    )
  }

  function versionFromContent(end: number): void {
    hashSlices(pool.view, marks[1] as number, marks[2] as number, marks[5] as number, end, 0, 0)
    putHashHex(pool.bytes, (marks[0] as number) + DIGITS_AT)
  }

  const summary = { hash: hashWords, sourceVersion: 0, syncedAt: 0, deleted: false }

  function summarize(value: Buffer): UnifiedSummary {
    begin(HEADER)
    skipString(value)
    skipString(value)
    skipString(value)
    skipString(value)
    skipString(value)
    skipNullableString(value)
    skipNullableString(value)
    if (getPresence(value)) getLong(value)
    if (getPresence(value)) getLong(value)
    summary.deleted = getPresence(value)
    if (summary.deleted) getLong(value)
    skipString(value)
    skipNullableString(value)
    const raw = position()
    skipNullableString(value)
    const mapping = position()
    skipString(value)
    const version = position()
    summary.sourceVersion = getLong(value)
    getLong(value)
    summary.syncedAt = getLong(value)
    const offset = value.byteOffset
    hashSlices(
      viewOf(value),
      offset + HEADER,
      offset + raw,
      offset + mapping,
      offset + version,
      offset + position(),
      offset + value.length,
    )
    return summary
  }

  const codec: UnifiedCodec<R> = {
    encode(record) {
      const given = record.version
      const version = given === '' ? PLACEHOLDER : given
      let end = write(record, version)
      const rounded = takeRoundings()
      if (rounded > 0) {
        end = write(keepExact(schema, record), version)
        takeRoundings()
      }
      if (given === '') versionFromContent(end)
      hashWritten(end)
      return { value: takeRecord(pool, schemaId, end), hash: hashWords, rounded }
    },
    decode: (value) => decodeRecord(value, schemaId, schema, get, writers),
    summary(value) {
      const written = schemaIdOf(value)
      // An older schema: the hash is that of the record as it would be written today.
      return summarize(written === schemaId ? value : codec.encode(codec.decode(value)).value)
    },
    contentHashOf: (value) => codec.summary(value).hash,
  }
  return codec
}
