/**
 * What a stream delivered of late: native key → fingerprint of (version, payload). Overlaps are read again and again;
 * what is known is dropped before Kafka. The payload is part of it because many systems stamp in whole seconds: a
 * second change within the same second has the same version and must not be lost.
 * Forgetting is harmless: the record is published again and the normalizer sees that nothing changed.
 */
export interface Recent {
  isKnown(key: string, fingerprint: number): boolean
  /** `modifiedAt` null = kept until the limit pushes it out. */
  remember(key: string, fingerprint: number, modifiedAt: number | null): void
  forget(key: string): void
  /** Forgets what was modified before `instant` (epoch ms, system's clock): no overlap reaches it any more. */
  forgetBefore(instant: number): void
  readonly size: number
}

interface Entry {
  readonly fingerprint: number
  readonly modifiedAt: number | null
}

/** `limit`: most records kept; the oldest go first. */
export function createRecent(limit: number, restored: readonly (readonly [string, number])[] = []): Recent {
  const entries = new Map<string, Entry>()
  for (const [key, fingerprint] of restored) entries.set(key, { fingerprint, modifiedAt: null })
  return {
    isKnown: (key, fingerprint) => entries.get(key)?.fingerprint === fingerprint,
    remember(key, fingerprint, modifiedAt) {
      entries.delete(key)
      entries.set(key, { fingerprint, modifiedAt })
      if (entries.size > limit) for (const oldest of entries.keys()) return void entries.delete(oldest)
    },
    forget: (key) => void entries.delete(key),
    forgetBefore(instant) {
      for (const [key, entry] of entries)
        if (entry.modifiedAt !== null && entry.modifiedAt < instant) entries.delete(key)
    },
    get size() {
      return entries.size
    },
  }
}

/** 53-bit fingerprint of a record's version and payload bytes. */
export function fingerprintOf(version: number, payload: Buffer): number {
  let a = 0x811c9dc5 ^ (version | 0)
  let b = 0x9747b28c ^ Math.floor(version / 2 ** 32)
  for (let i = 0; i < payload.length; i++) {
    const byte = payload[i] as number
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x5bd1e995) ^ (b >>> 15)
  }
  return (a >>> 0) * 2 ** 21 + ((b >>> 0) & 0x1fffff)
}
