import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * Secrets at rest: AES-256-GCM under named keys. A sealed text is `<key id>:<base64 of nonce, tag, ciphertext>`.
 * The context (connection and field) is authenticated, so that a sealed value cannot be moved to another place.
 */
export interface SecretBox {
  seal(text: string, context: string): string
  /** @throws SecretError naming what to fix */
  open(sealed: string, context: string): string
  /** Sealed with a key that is not the current one. */
  isOld(sealed: string): boolean
}

export class SecretError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SecretError'
  }
}

const NONCE_BYTES = 12
const TAG_BYTES = 16
const HOW = 'make one with `tributary secrets new-key` and set TRIBUTARY_SECRET_KEYS (or TRIBUTARY_SECRET_KEYS_FILE)'

/** A new key in the form that `createSecretBox` takes. */
export const newSecretKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`

function parseKeys(text: string): Map<string, Buffer> {
  const keys = new Map<string, Buffer>()
  for (const part of text.split(/[,\s]+/).filter((each) => each !== '')) {
    const colon = part.indexOf(':')
    const id = part.slice(0, colon)
    const key = Buffer.from(part.slice(colon + 1), 'base64')
    if (colon <= 0 || !/^[A-Za-z0-9_.-]+$/.test(id) || key.length !== 32)
      throw new SecretError(`secret key number ${keys.size + 1} is not "<id>:<base64 of 32 bytes>"; ${HOW}`)
    if (keys.has(id)) throw new SecretError(`two secret keys have the id ${id}`)
    keys.set(id, key)
  }
  if (keys.size === 0) throw new SecretError(`no secret key is configured: ${HOW}`)
  return keys
}

/** @param keys `id:base64key`, separated by commas or white space; the first one seals, all of them open */
export function createSecretBox(keys: string | null): SecretBox {
  const known = parseKeys(keys ?? '')
  const [currentId, currentKey] = [...known][0] as [string, Buffer]
  return {
    seal(text, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', currentKey, nonce).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `${currentId}:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')}`
    },
    open(sealed, context) {
      const colon = sealed.indexOf(':')
      if (colon <= 0) throw new SecretError(`${context} is not a sealed value; enter the secret again`)
      const id = sealed.slice(0, colon)
      const key = known.get(id)
      if (key === undefined)
        throw new SecretError(
          `${context} is sealed with the key "${id}", which is not configured: add it to TRIBUTARY_SECRET_KEYS`,
        )
      const bytes = Buffer.from(sealed.slice(colon + 1), 'base64')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
          'utf8',
        )
      } catch {
        throw new SecretError(
          `${context} cannot be opened with the key "${id}": the value was changed, moved, or the key is another one; enter the secret again`,
        )
      }
    },
    isOld: (sealed) => sealed.slice(0, sealed.indexOf(':')) !== currentId,
  }
}
