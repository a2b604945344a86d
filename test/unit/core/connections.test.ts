import { expect, test } from 'vitest'
import { defineConfig } from '../../../core/config.ts'
import {
  CONNECTION_DEFAULTS,
  decodeConnection,
  encodeConnection,
  mappingSettings,
  openSettings,
  resealSettings,
  sealSettings,
  shownSettings,
} from '../../../core/connections.ts'
import type { Connection } from '../../../core/control.ts'
import { scrub } from '../../../core/redact.ts'
import { createSecretBox, newSecretKey } from '../../../core/secrets.ts'

const spec = defineConfig({
  fields: {
    base_url: { kind: 'url', title: 'Address', help: 'Where', required: true },
    user: { kind: 'text', title: 'User', help: 'Login', required: true },
    password: { kind: 'text', title: 'Password', help: 'Secret', required: true, secret: true },
  },
})
const plain = { base_url: 'https://erp.example.com', user: 'anna', password: 'connections-geheim' }
const oldKey = newSecretKey('old')
const box = createSecretBox(oldKey)

const connection = (settings: Connection['settings'], id = 'erp'): Connection => ({
  ...CONNECTION_DEFAULTS,
  id,
  system: 'test',
  settings,
  updatedAt: 1,
})
const sealed = (id = 'erp') =>
  connection(
    sealSettings(id, plain, spec, () => box),
    id,
  )

test('a connection survives the topic, and holds no secret there', () => {
  const bytes = encodeConnection(sealed())
  expect(bytes.toString()).not.toContain('connections-geheim')
  expect(decodeConnection(bytes)).toEqual(sealedLike(decodeConnection(bytes)))
  expect(openSettings(decodeConnection(bytes), spec, () => box)).toEqual(plain)
})

const sealedLike = (read: Connection): Connection => ({ ...sealed(), settings: read.settings })

test('fields that an older version did not write get their defaults', () => {
  const old = { id: 'erp', system: 'test', limits: { concurrency: 2 }, mapping: { currency: 'EUR' } }
  expect(decodeConnection(Buffer.from(JSON.stringify(old)))).toEqual({
    ...connection({}),
    updatedAt: 0,
    limits: { concurrency: 2, requestsPerSecond: null },
    mapping: { ...CONNECTION_DEFAULTS.mapping, currency: 'EUR' },
  })
})

test.each(['null', '{}', '7', '{"id":"Not Valid","system":"x"}', '{"id":"erp"}', 'no json'])(
  '%s is no connection record',
  (text) => {
    expect(() => decodeConnection(Buffer.from(text))).toThrow()
  },
)

test('sealing seals secrets alone, and leaves alone what is sealed', () => {
  const once = sealSettings('erp', plain, spec, () => box)
  expect(once).toMatchObject({ base_url: plain.base_url, user: 'anna' })
  expect(once['password']).toEqual({ $secret: expect.stringMatching(/^old:/) as string })
  expect(sealSettings('erp', once, spec, () => box)).toEqual(once)
})

test('without secrets no key is needed', () => {
  const noBox = (): never => {
    throw new Error('no key')
  }
  const open = defineConfig({ fields: { user: { kind: 'text', title: 'User', help: 'Login' } } })
  const settings = sealSettings('erp', { user: 'anna' }, open, noBox)
  expect(openSettings(connection(settings), open, noBox)).toEqual({ user: 'anna' })
})

test('a secret that was opened is hidden in everything people read', () => {
  openSettings(sealed(), spec, () => box)
  expect(scrub('login with connections-geheim')).toBe('login with [hidden]')
})

test('a secret copied to another connection or field does not open', () => {
  const other = { ...sealed(), id: 'other' }
  expect(() => openSettings(other, spec, () => box)).toThrow(/secret password of connection other cannot be opened/)
  const { settings } = sealed()
  const moved = connection({ ...settings, user: settings['password']! })
  expect(() => openSettings(moved, spec, () => box)).toThrow(/secret user of connection erp cannot be opened/)
})

test('settings that do not fit are listed all at once', () => {
  const wrong = connection({ base_url: 'x', usr: 'anna' })
  expect(() => openSettings(wrong, spec, () => box)).toThrow(
    /^settings of connection erp are not usable:\n.*usr is not a setting[^]*base_url must be[^]*user is missing[^]*password is missing/,
  )
})

test('after a rotation secrets are sealed anew with the current key, once', () => {
  const rotated = createSecretBox(`${newSecretKey('new')},${oldKey}`)
  const anew = resealSettings(sealed(), rotated)
  expect(anew).toMatchObject({ ...plain, password: { $secret: expect.stringMatching(/^new:/) as string } })
  expect(openSettings(connection(anew!), spec, () => rotated)).toEqual(plain)
  expect(resealSettings(connection(anew!), rotated)).toBeNull()
})

test('mappings and people get no secrets', () => {
  expect(mappingSettings(sealed())).toEqual({
    connectionId: 'erp',
    system: 'test',
    ...CONNECTION_DEFAULTS.mapping,
    settings: { base_url: plain.base_url, user: 'anna' },
  })
  expect(shownSettings(sealed())).toEqual({ ...plain, password: '[sealed]' })
})
