import { expect, test } from 'vitest'
import { hideSecret, redactHeaders, redactUrl, scrub } from '../../../core/redact.ts'

test('a hidden secret is taken out in all its usual spellings', () => {
  const forget = hideSecret('pä"ss/wörd')
  const secret = 'pä"ss/wörd'
  for (const form of [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ]) {
    const shown = scrub(`before ${form} after`)
    expect(shown).toContain('[hidden]')
    expect(shown).not.toContain(form.replaceAll(/^"|"$/g, ''))
    expect(shown).toMatch(/^before .* after$/)
  }
  forget()
  expect(scrub(secret)).toBe(secret)
})

test('a secret that two own stays hidden until both let go', () => {
  const first = hideSecret('shared-secret')
  const second = hideSecret('shared-secret')
  first()
  first()
  expect(scrub('a shared-secret b')).toBe('a [hidden] b')
  second()
  expect(scrub('a shared-secret b')).toBe('a shared-secret b')
})

test('of two secrets that start alike the longer one is hidden whole', () => {
  const forget = [hideSecret('abcdef'), hideSecret('abcdefghij')]
  expect(scrub('abcdefghij abcdef')).toBe('[hidden] [hidden]')
  for (const each of forget) each()
})

test('headers and query parameters named like credentials are hidden', () => {
  expect(redactHeaders({ Authorization: 'Basic eA==', 'x-api-key': 'k', accept: 'text/html' })).toEqual({
    Authorization: '[hidden]',
    'x-api-key': '[hidden]',
    accept: 'text/html',
  })
  const shown = redactUrl('https://anna:geheim@erp.example.com/a?access_token=t0p&page=3')
  expect(shown).not.toMatch(/anna|geheim|t0p/)
  expect(shown).toContain('page=3')
})
