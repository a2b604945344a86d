import { describe, expect, test } from 'vitest'
import { random } from '../../../../bench/support/vendor-changes.ts'
import { createPayloadParser } from '../../../../services/normalizer/payload-parser.ts'

const parse = (text: string): unknown => createPayloadParser()(Buffer.from(text))

/** Like a deep comparison, and the order of keys too. */
const same = (ours: unknown, text: string): void => {
  const theirs = JSON.parse(text) as unknown
  expect(ours).toEqual(theirs)
  expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs))
}

describe('reading payloads', () => {
  test.each([
    '{}',
    '{"a":1}',
    '{"a":-0,"b":0,"c":-1,"d":123456789012345,"e":1234567890123456789,"f":1.5,"g":-2.50e-3,"h":1E5}',
    '{"a":true,"b":false,"c":null,"d":[],"e":{},"f":[[],[1,[2]],{"x":[{}]}]}',
    String.raw`{"a":"q\"uote","b":"back\\slash","c":"\u00e4\ud83d\ude00","d":"line\nbreak","e":"\\"}`,
    '{"Größe":"größer","名":"名前","emoji":"😀","empty":""}',
    String.raw`{"k\"ey":1,"k\\":2}`,
    '{"10":"ten","2":"two","b":1,"a":2}',
    '{"a":1,"a":2}',
    '{"__proto__":{"polluted":true},"a":1}',
    '{ "a" : 1 ,\n "b" : [ 1 , 2 ] }',
    '{"constructor":1,"toString":"x","hasOwnProperty":null}',
    '[1,2]',
    '"text"',
    '7',
    'null',
  ])('gives what JSON.parse gives for %s, the second time too', (text) => {
    const parser = createPayloadParser()
    for (let time = 0; time < 3; time++) same(parser(Buffer.from(text)), text)
  })

  test.each([
    '',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a":01}',
    '{"a":-}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":1e}',
    '{"a":+1}',
    '{"a":--1}',
    '{"a":1-2}',
    '{"a":tru}',
    '{"a":truex}',
    '{"a":nul}',
    '{"a":NaN}',
    '{"a":"open}',
    '{"a":"tab\t"}',
    '{"a":"nul\u0000"}',
    String.raw`{"a":"bad \x escape"}`,
    String.raw`{"a":"half \u12"}`,
    String.raw`{"a":"ends in backslash\\`,
    String.raw`{"a":"ends in backslash\"`,
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a":[1}',
    '{"a":1}}',
    '{"a":1} x',
    '{"a":1},{"b":2}',
    '{a:1}',
    "{'a':1}",
    '\ufeff{"a":1}',
    '{,}',
    '{"a":1"b":2}',
    '<html>',
  ])('refuses %j as JSON.parse does, also after good ones', (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
    const parser = createPayloadParser()
    for (const good of ['{"a":1}', '{"a":"x","b":[1]}', '{"a":true}']) parser(Buffer.from(good))
    expect(() => parser(Buffer.from(text))).toThrow(SyntaxError)
    same(parser(Buffer.from('{"a":[1,{"b":2}]}')), '{"a":[1,{"b":2}]}')
  })

  test('a stray byte anywhere in a record gives what JSON.parse gives', () => {
    const parser = createPayloadParser()
    const text = '{"id":7,"name":"Köster \\"& Söhne","lines":[{"qty":"1.50","n":-2.5},{"qty":null}],"on":true,"z":{}}'
    parser(Buffer.from(text))
    const next = random(5)
    for (let turn = 0; turn < 4_000; turn++) {
      const bytes = Buffer.from(text)
      bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256)
      const cut = next() < 0.2 ? bytes.subarray(0, Math.floor(next() * bytes.length)) : bytes
      let theirs: unknown
      try {
        theirs = JSON.stringify(JSON.parse(cut.toString()))
      } catch {
        expect(() => parser(cut)).toThrow(SyntaxError)
        continue
      }
      expect(JSON.stringify(parser(cut))).toBe(theirs)
    }
  })

  test('random records of changing shape are read as JSON.parse reads them', () => {
    const next = random(11)
    const pick = <Value>(list: readonly Value[]): Value => list[Math.floor(next() * list.length)] as Value
    const keys = ['id', 'name', 'größe', 'to_Item', '__metadata', 'x y', '1', 'a"b']
    const value = (depth: number): unknown => {
      const kind = next()
      if (depth < 4 && kind < 0.2) return object(depth + 1)
      if (depth < 4 && kind < 0.35) return Array.from({ length: Math.floor(next() * 4) }, () => value(depth + 1))
      return pick([
        1,
        -5,
        1.25,
        1e21,
        2 ** 53,
        'text',
        'a longer text that is cut out',
        'ümläut',
        'a"\\\n',
        '',
        true,
        null,
      ])
    }
    const object = (depth: number): object =>
      Object.fromEntries(keys.filter(() => next() < 0.6).map((key) => [key, value(depth)]))
    const parser = createPayloadParser()
    for (let turn = 0; turn < 3_000; turn++) {
      const text = JSON.stringify(object(0))
      same(parser(Buffer.from(text)), text)
    }
  })

  test('what was read stays as it is when the next payload is read from the same buffer', () => {
    const parser = createPayloadParser()
    const buffer = Buffer.from('{"a":"first value of it","b":["x"]}')
    const first = parser(buffer)
    buffer.write('{"a":"other value of it","b":["y"]}')
    parser(buffer)
    expect(first).toEqual({ a: 'first value of it', b: ['x'] })
  })

  test('objects used as tables, and endless nesting, are read too', () => {
    const parser = createPayloadParser()
    for (let turn = 0; turn < 500; turn++) {
      const text = JSON.stringify({
        table: Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`k${turn}-${n}`, n])),
      })
      same(parser(Buffer.from(text)), text)
    }
    const deep = `{"a":${'['.repeat(500)}${']'.repeat(500)}}`
    same(parse(deep), deep)
  })
})
