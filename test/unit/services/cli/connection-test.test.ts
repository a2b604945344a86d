import { expect, test } from 'vitest'
import {
  type AnyConnector,
  AuthError,
  CONNECTION_DEFAULTS,
  type Connection,
  createSecretBox,
  defineConfig,
  newSecretKey,
  readEnvironment,
  silentLogger,
} from '../../../../core/index.ts'
import { settingsFrom } from '../../../../services/cli/connection-add.ts'
import { testConnection } from '../../../../services/cli/connection-test.ts'

const connection: Connection = { ...CONNECTION_DEFAULTS, id: 'a', system: 'mill', settings: {}, updatedAt: 0 }
const box = createSecretBox(newSecretKey('k1'))
const parts = { env: readEnvironment({ TRIBUTARY_KAFKA_BROKERS: 'unused:1' }), log: silentLogger, box: () => box }

function connector(more: Partial<AnyConnector>): AnyConnector & { ended: unknown[] } {
  const ended: unknown[] = []
  return {
    id: 'mill',
    title: 'Mill',
    config: defineConfig({ fields: {} }),
    connect: () => Promise.resolve('session'),
    clock: () => Promise.resolve(Date.now() + 60_000),
    disconnect: async (session: unknown) => void ended.push(session),
    streams: { vendor: {} as never },
    ended,
    ...more,
  }
}

test('a connection that works tells its streams and how far its clock is off, and the session is ended', async () => {
  const mill = connector({})
  const result = await testConnection(connection, mill, parts)
  expect(result).toMatchObject({ ok: true, streams: ['vendor'], error: null })
  expect(Math.abs((result.skewMs ?? 0) - 60_000)).toBeLessThan(5_000)
  expect(mill.ended).toEqual(['session'])
})

test('refused credentials are told in the connector’s words', async () => {
  const mill = connector({ connect: () => Promise.reject(new AuthError('the user is locked')) })
  expect(await testConnection(connection, mill, parts)).toMatchObject({
    ok: false,
    kind: 'auth',
    error: 'the user is locked',
    skewMs: null,
  })
})

test('the session is ended when the system does not tell its time', async () => {
  const mill = connector({ clock: () => Promise.reject(new Error('no time')) })
  expect(await testConnection(connection, mill, parts)).toMatchObject({ ok: false, error: 'no time' })
  expect(mill.ended).toEqual(['session'])
})

test('settings that are not usable are told before anything is asked', async () => {
  const config = defineConfig({ fields: { base_url: { kind: 'url', title: 'Address', help: 'Root', required: true } } })
  const result = await testConnection(connection, connector({ config }), parts)
  expect(result.error).toMatch(/base_url is missing/)
})

test('key=value pairs become settings, lists where the connector wants a list', () => {
  expect(settingsFrom(['url=https://x?a=b', 'extras=a, b', 'empty='], ['extras'])).toEqual({
    url: 'https://x?a=b',
    extras: ['a', 'b'],
    empty: '',
  })
  expect(() => settingsFrom(['hunter2'], [])).toThrow('key=value')
})
