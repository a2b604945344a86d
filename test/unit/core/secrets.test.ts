import { expect, test } from 'vitest'
import { createSecretBox, newSecretKey } from '../../../core/secrets.ts'

const first = newSecretKey('2026-01')
const second = newSecretKey('2026-02')

test('what is sealed opens again, and every sealing looks different', () => {
  const box = createSecretBox(first)
  const sealed = [box.seal('pässwörd', 'here'), box.seal('pässwörd', 'here')]
  expect(sealed[0]).not.toBe(sealed[1])
  for (const each of sealed) {
    expect(each).toMatch(/^2026-01:[A-Za-z0-9+/]+=*$/)
    expect(box.open(each, 'here')).toBe('pässwörd')
  }
  expect(box.open(box.seal('', 'here'), 'here')).toBe('')
})

test('a value that was moved or changed is refused, and the message names the place and what to do', () => {
  const box = createSecretBox(first)
  const sealed = box.seal('hunter2', 'secret password of connection a')
  expect(() => box.open(sealed, 'secret password of connection b')).toThrow(
    /^secret password of connection b cannot be opened .*enter the secret again/,
  )
  const [id, body] = sealed.split(':') as [string, string]
  const bytes = Buffer.from(body, 'base64')
  bytes[bytes.length - 1]! ^= 1
  for (const wrong of [bytes.toString('base64'), body.slice(0, 20), ''])
    expect(() => box.open(`${id}:${wrong}`, 'secret password of connection a')).toThrow(/cannot be opened/)
})

test('another key under the same id does not open it', () => {
  const sealed = createSecretBox(first).seal('x', 'here')
  expect(() => createSecretBox(newSecretKey('2026-01')).open(sealed, 'here')).toThrow(/the key is another one/)
})

test('an unknown key id is named', () => {
  const sealed = createSecretBox(first).seal('x', 'here')
  expect(() => createSecretBox(second).open(sealed, 'here')).toThrow(
    'here is sealed with the key "2026-01", which is not configured: add it to TRIBUTARY_SECRET_KEYS',
  )
})

test('a plain text in place of a sealed one is refused without repeating it', () => {
  const outcome = (): unknown => createSecretBox(first).open('hunter2', 'here')
  expect(outcome).toThrow('here is not a sealed value')
  expect(outcome).not.toThrow(/hunter/)
})

test('rotation: the new first key seals, the old one still opens', () => {
  const sealed = createSecretBox(first).seal('x', 'here')
  const box = createSecretBox(`${second},\n${first}`)
  expect(box.open(sealed, 'here')).toBe('x')
  expect(box.isOld(sealed)).toBe(true)
  expect(box.isOld(box.seal('x', 'here'))).toBe(false)
})

test.each([null, '', ' , '])('%j is no key', (keys) => {
  expect(() => createSecretBox(keys)).toThrow(/no secret key is configured: make one with `tributary secrets new-key`/)
})

test('a bad key is counted out, never repeated', () => {
  for (const bad of ['k:c2hvcnQ=', 'nocolonatall', ':c2hvcnQ='])
    expect(() => createSecretBox(`${first},${bad}`)).toThrow(/^secret key number 2 is not/)
  expect(() => createSecretBox(`${first},k:c2hvcnQ=`)).not.toThrow(/c2hvcnQ/)
  expect(() => createSecretBox(`${first},${first}`)).toThrow('two secret keys have the id 2026-01')
})
