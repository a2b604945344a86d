import { createHash, createHmac, createPrivateKey, generateKeyPairSync, sign as signEd25519 } from 'node:crypto'
import type { SignatureScheme } from '../../core/index.ts'

/** A sender's side of the signature schemes, written apart from the verifier: two readings of one table. */
export interface Message {
  readonly body: Buffer
  /** As sent. */
  readonly ts?: string
  readonly id?: string
  readonly token?: string
}

export function signature(scheme: SignatureScheme, secret: string, message: Message): string {
  const content = Buffer.concat(
    scheme.content
      .split(/(\{\w+\})/)
      .map((part) =>
        part === '{body}'
          ? message.body
          : Buffer.from(part.replace(/^\{(\w+)\}$/, (_, name: 'ts' | 'id' | 'token') => message[name] ?? '')),
      ),
  )
  if (scheme.alg === 'ed25519') {
    const key = createPrivateKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'pkcs8' })
    return signEd25519(null, content, key).toString(scheme.encoding)
  }
  const key = {
    utf8: () => Buffer.from(secret),
    base64: () => Buffer.from(secret, 'base64'),
    'base64-after-prefix': () => Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64'),
    'sha256hex-of-secret': () => Buffer.from(createHash('sha256').update(secret).digest('hex')),
  }[scheme.key]()
  return createHmac('sha256', key).update(content).digest(scheme.encoding)
}

/** Headers of a signed delivery, names and values in turn as Node gives them. */
export function signedHeaders(scheme: SignatureScheme, secret: string, message: Message): string[] {
  const signed = signature(scheme, secret, message)
  const value = {
    bare: signed,
    prefix: `${scheme.prefix ?? ''}${signed}`,
    kv: `t=${message.ts ?? ''},${scheme.prefix ?? 'v1'}=${signed}`,
    list: `${scheme.prefix ?? 'v1'},${signed}`,
  }[scheme.format]
  const headers = ['Content-Type', 'application/json']
  if (scheme.headers[0] !== undefined) headers.push(scheme.headers[0], value)
  if (scheme.timestamp?.header !== undefined) headers.push(scheme.timestamp.header, message.ts ?? '')
  if (scheme.idHeader !== undefined && message.id !== undefined) headers.push(scheme.idHeader, message.id)
  return headers
}

/** A fresh secret of a scheme: what the sender signs with, and what the receiver is told. */
export function newSecret(scheme: SignatureScheme): { readonly sender: string; readonly receiver: string } {
  if (scheme.alg === 'ed25519') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const sender = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
    return { sender, receiver: `whpk_${raw.toString('base64')}` }
  }
  const text = createHash('sha256').update(String(Math.random())).digest('base64')
  const secret = scheme.key === 'base64-after-prefix' ? `whsec_${text}` : text
  return { sender: secret, receiver: secret }
}
