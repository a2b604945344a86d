import { createHash } from 'node:crypto'

/**
 * Unified ids: `<connection id>:<entity>:<source key>`, e.g. `acme-s4:purchase_order:4500000123`.
 * Deterministic and reversible: a reference is computed from the foreign key alone, a write finds the native key in it.
 */

/** Size of a `VARCHAR(255)` primary key. */
const MOST_BYTES = 255
const CONNECTION_ID = /^[a-z0-9][a-z0-9-]{0,39}$/
const ENTITY = /^[a-z][a-z0-9_]*$/
const SPECIAL = /[%|\p{Cc}]|^~/gu
const HASHED = /^~[A-Za-z0-9_-]{43}$/

/** A native key: one value, or the parts of a composite key in the connector's fixed order. */
export type NativeKey = string | readonly string[]

/** Whether `text` may be the id of a connection. */
export const isConnectionId = (text: string): boolean => CONNECTION_ID.test(text)

/**
 * The key as `source_id` holds it: parts joined by "|", nothing encoded. A key of one part equals the plain key.
 */
export function sourceKeyOf(key: NativeKey): string {
  return typeof key === 'string' ? key : key.join('|')
}

/**
 * The key as the unified id holds it: `%`, `|`, control characters and a leading `~` of a part are percent-encoded.
 * Throws RangeError for an empty key (an empty part is allowed: SAP's storage location may be empty).
 */
function encodedKey(key: NativeKey): string {
  const text = typeof key === 'string' ? encodePart(key) : key.map(encodePart).join('|')
  if (text === '') throw new RangeError('a unified id needs a native key; the one given is empty')
  return text
}

function encodePart(part: string): string {
  return needsEncoding(part) ? part.toWellFormed().replace(SPECIAL, percent) : part
}

/** Nearly all keys are numbers or plain codes: a loop over their characters is faster than an expression. */
function needsEncoding(part: string): boolean {
  if (part.length > 64) return true
  for (let i = 0; i < part.length; i++) {
    const c = part.charCodeAt(i)
    if (c < 0x20 || c > 0x7d || c === 0x25 || c === 0x7c) return true
  }
  return false
}

const percent = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

/**
 * Unified id of a record, at most 255 bytes of UTF-8. A key that would make it longer becomes `~` and the base64url
 * SHA-256 of its encoded form: still stable, but a command cannot target it.
 */
export function unifiedId(connectionId: string, entity: string, key: NativeKey): string {
  const source = encodedKey(key)
  const id = `${connectionId}:${entity}:${source}`
  // Three bytes of UTF-8 a character at most.
  if (id.length * 3 <= MOST_BYTES || Buffer.byteLength(id) <= MOST_BYTES) return id
  return `${connectionId}:${entity}:~${createHash('sha256').update(source).digest('base64url')}`
}

export interface ParsedId {
  readonly connectionId: string
  readonly entity: string
  /** Native key parts, decoded; null when the id holds only a hash of the key. */
  readonly parts: readonly string[] | null
  /** The key as it stands in the id. */
  readonly key: string
}

/** Takes a unified id apart. Throws RangeError when it is none. */
export function parseUnifiedId(id: string): ParsedId {
  const afterConnection = id.indexOf(':')
  const afterEntity = id.indexOf(':', afterConnection + 1)
  const connectionId = id.slice(0, afterConnection)
  const entity = id.slice(afterConnection + 1, afterEntity)
  const key = id.slice(afterEntity + 1)
  if (afterConnection < 0 || afterEntity < 0 || key === '' || !isConnectionId(connectionId) || !ENTITY.test(entity)) {
    throw new RangeError(`"${id}" is not a unified id: expected <connection id>:<entity>:<source key>`)
  }
  return { connectionId, entity, key, parts: HASHED.test(key) ? null : key.split('|').map((part) => decoded(part, id)) }
}

function decoded(part: string, id: string): string {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch (cause) {
    throw new RangeError(`"${id}" is not a unified id: "${part}" is not percent-encoded`, { cause })
  }
}
