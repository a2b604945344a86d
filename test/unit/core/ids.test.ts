import { describe, expect, test } from 'vitest'
import { isConnectionId, parseUnifiedId, sourceKeyOf, unifiedId } from '../../../core/ids.ts'

/** Deterministic numbers in [0, 1). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const ALPHABET = [
  'a',
  'Z',
  '0',
  '-',
  '.',
  ':',
  '/',
  ' ',
  '%',
  '|',
  '~',
  '\n',
  '\u0000',
  '\u0085',
  '%41',
  'ä',
  '漢',
  '🚚',
]

function anyKey(next: () => number): string[] {
  return Array.from({ length: 1 + Math.floor(next() * 4) }, () =>
    Array.from({ length: Math.floor(next() * 12) }, () => ALPHABET[Math.floor(next() * ALPHABET.length)]).join(''),
  )
}

describe('unifiedId', () => {
  test('reads as connection, entity and native key', () => {
    expect(unifiedId('acme-s4', 'purchase_order', '4500000123')).toBe('acme-s4:purchase_order:4500000123')
    expect(unifiedId('acme-s4', 'location', ['sloc', '1010', '101A'])).toBe('acme-s4:location:sloc|1010|101A')
  })

  test('an empty part is a value like any other', () => {
    expect(unifiedId('a', 'stock_level', ['M1', '1010', ''])).toBe('a:stock_level:M1|1010|')
    expect(parseUnifiedId('a:stock_level:M1|1010|').parts).toEqual(['M1', '1010', ''])
  })

  test('encodes what would be mistaken for a separator, and control characters', () => {
    expect(unifiedId('a', 'item', '50%|x\n')).toBe('a:item:50%25%7Cx%0A')
  })

  test('colons, blanks and letters of any script stay readable', () => {
    expect(unifiedId('a', 'item', 'Schraube M8: größer')).toBe('a:item:Schraube M8: größer')
  })

  test('an empty key is refused', () => {
    expect(() => unifiedId('a', 'item', '')).toThrow(RangeError)
    expect(() => unifiedId('a', 'item', [])).toThrow('needs a native key')
  })

  test('gives back the native key, whatever is in it', () => {
    const next = numbers(7)
    for (let i = 0; i < 5_000; i++) {
      const parts = anyKey(next)
      if (parts.join('') === '') continue
      const id = unifiedId('c-1', 'item', parts)
      const parsed = parseUnifiedId(id)
      expect(parsed.connectionId).toBe('c-1')
      expect(parsed.entity).toBe('item')
      const hashed = /^~[\w-]{43}$/.test(parsed.key)
      expect([parts, parsed.parts]).toEqual([parts, hashed ? null : parts])
      expect(id).not.toMatch(/\p{Cc}/u)
    }
  })

  test('different native keys have different ids', () => {
    const next = numbers(11)
    const seen = new Map<string, string>()
    for (let i = 0; i < 20_000; i++) {
      const parts = anyKey(next)
      if (parts.join('') === '') continue
      const key = JSON.stringify(parts)
      const id = unifiedId('c', 'item', parts)
      expect([id, seen.get(id) ?? key]).toEqual([id, key])
      seen.set(id, key)
    }
  })

  test('never exceeds 255 bytes, and is exactly reversible up to there', () => {
    const prefix = 'c:item:'.length
    const longest = 'x'.repeat(255 - prefix)
    expect(unifiedId('c', 'item', longest)).toBe(`c:item:${longest}`)
    expect(parseUnifiedId(`c:item:${longest}`).parts).toEqual([longest])
    for (const key of [
      `${longest}x`,
      'ß'.repeat(125),
      '🚚'.repeat(63),
      '|'.repeat(83),
      ['y'.repeat(200), 'z'.repeat(200)],
    ]) {
      const id = unifiedId('c', 'item', key)
      expect(Buffer.byteLength(id)).toBeLessThanOrEqual(255)
      expect(id).toMatch(/^c:item:~[\w-]{43}$/)
      expect(parseUnifiedId(id).parts).toBeNull()
    }
  })

  test('long keys that differ keep different ids, equal ones the same', () => {
    const long = 'k'.repeat(300)
    expect(unifiedId('c', 'item', long)).toBe(unifiedId('c', 'item', long))
    expect(unifiedId('c', 'item', long)).not.toBe(unifiedId('c', 'item', `${long}k`))
    expect(unifiedId('c', 'item', [long, 'a|b'])).not.toBe(unifiedId('c', 'item', [long, 'a', 'b']))
  })

  test('a native key that looks like a hashed one is not taken for it', () => {
    const forged = `~${'A'.repeat(43)}`
    const id = unifiedId('c', 'item', forged)
    expect(parseUnifiedId(id).parts).toEqual([forged])
  })
})

describe('sourceKeyOf', () => {
  test('joins the parts as they are', () => {
    expect(sourceKeyOf(['2026', '49%'])).toBe('2026|49%')
    expect(sourceKeyOf('17')).toBe('17')
  })
})

describe('parseUnifiedId', () => {
  test('says what is wrong with anything else', () => {
    for (const text of [
      '',
      'a',
      'a:b',
      'a:b:',
      ':item:1',
      'A:item:1',
      'a:Item:1',
      'a::1',
      'a:item:%zz',
      'a:item:%ff',
    ]) {
      expect(() => parseUnifiedId(text)).toThrow(`"${text}" is not a unified id`)
    }
  })

  test('knows the ids of connections', () => {
    expect(['a', 'acme-s4', '0'].every(isConnectionId)).toBe(true)
    expect(['', '-a', 'Acme', 'a_b', 'a'.repeat(41), 'a:b'].some(isConnectionId)).toBe(false)
  })
})
