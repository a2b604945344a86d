import { createHash, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import type { SignatureScheme } from '../webhook.ts'

/** SubjectPublicKeyInfo of an Ed25519 key, without its 32 bytes (RFC 8410). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** The bytes that strict base64 stands for; null when it is not: other characters, missing padding, spare bits. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? bytes : null
}

/** The bytes that hex of either case stands for; null when it is not. */
export function fromHex(text: string): Buffer | null {
  return text !== '' && text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text) ? Buffer.from(text, 'hex') : null
}

function keyBytes(scheme: SignatureScheme, secret: string): Buffer | null {
  switch (scheme.key) {
    case 'utf8':
      return secret === '' ? null : Buffer.from(secret, 'utf8')
    case 'base64':
      return fromBase64(secret)
    case 'base64-after-prefix':
      return fromBase64(secret.replace(/^[a-z]+_/, ''))
    case 'sha256hex-of-secret':
      return Buffer.from(createHash('sha256').update(secret).digest('hex'))
  }
}

/** The key that a stored secret becomes under a scheme; null when it cannot become one. */
export function keyOf(scheme: SignatureScheme, secret: string): KeyObject | null {
  const bytes = keyBytes(scheme, secret)
  if (bytes === null || bytes.length === 0) return null
  if (scheme.alg !== 'ed25519') return createSecretKey(bytes)
  if (bytes.length !== 32) return null
  return createPublicKey({ key: Buffer.concat([ED25519_SPKI, bytes]), format: 'der', type: 'spki' })
}
