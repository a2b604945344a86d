import type { SignatureScheme } from '../webhook.ts'
import { fromBase64, fromHex } from './keys.ts'

/** What a signature header says. */
export interface Signed {
  /** Decoded; only those of the scheme's own version, and of the right length. */
  readonly signatures: readonly Buffer[]
  /** From `t=` of the form `kv`; null = not there. */
  readonly timestamp: string | null
}

/** More signatures in one header are refused: each costs a comparison with every secret. */
const MOST_SIGNATURES = 20
const LENGTH = { 'hmac-sha256': 32, ed25519: 64, none: 0 } as const
const NOTHING: Signed = { signatures: [], timestamp: null }

/** Signatures in a header's value, by the form that the scheme names. Never throws. */
export function signaturesIn(scheme: SignatureScheme, value: string): Signed {
  switch (scheme.format) {
    case 'bare':
      return { signatures: decoded(scheme, [value]), timestamp: null }
    case 'prefix': {
      const prefix = scheme.prefix ?? ''
      if (!value.startsWith(prefix)) return NOTHING
      return { signatures: decoded(scheme, [value.slice(prefix.length)]), timestamp: null }
    }
    case 'list': {
      const version = `${scheme.prefix ?? 'v1'},`
      const listed = value.split(' ').filter((part) => part !== '')
      if (listed.length > MOST_SIGNATURES) return NOTHING
      const own = listed.filter((part) => part.startsWith(version)).map((part) => part.slice(version.length))
      return { signatures: decoded(scheme, own), timestamp: null }
    }
    case 'kv':
      return pairsIn(scheme, value)
  }
}

function pairsIn(scheme: SignatureScheme, value: string): Signed {
  const name = scheme.prefix ?? 'v1'
  const pairs = value.split(',')
  if (pairs.length > MOST_SIGNATURES + 1) return NOTHING
  const own: string[] = []
  let timestamp: string | null = null
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const key = pair.slice(0, equals).trim()
    const text = pair.slice(equals + 1).trim()
    if (key === name) own.push(text)
    if (key !== 't') continue
    if (timestamp !== null) return NOTHING
    timestamp = text
  }
  return { signatures: decoded(scheme, own), timestamp }
}

function decoded(scheme: SignatureScheme, texts: readonly string[]): Buffer[] {
  const decode = scheme.encoding === 'hex' ? fromHex : fromBase64
  return texts.flatMap((text) => {
    const bytes = decode(text)
    return bytes !== null && bytes.length === LENGTH[scheme.alg] ? [bytes] : []
  })
}
