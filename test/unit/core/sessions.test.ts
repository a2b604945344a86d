import { expect, test } from 'vitest'
import {
  type AnyConnector,
  AuthError,
  CONNECTION_DEFAULTS,
  type Connection,
  createManualClock,
  createSessions,
  type HttpClient,
  SettingsError,
} from '../../../core/index.ts'

const connection = { ...CONNECTION_DEFAULTS, id: 'acme', system: 'fake', settings: {}, updatedAt: 0 } as Connection

function sessionsOf(connect: () => Promise<unknown>, settingsOf: () => unknown = () => ({})) {
  const closed: string[] = []
  const connector = { id: 'fake', connect, clock: async () => 0, streams: {} } as unknown as AnyConnector
  const sessions = createSessions({
    clock: createManualClock(),
    connectorOf: (system) => (system === 'fake' ? connector : undefined),
    settingsOf,
    turn: async () => () => {},
    httpFor: () => ({ http: {} as HttpClient, close: async () => void closed.push('http') }),
  })
  return { sessions, closed }
}

test('callers at the same time share one attempt to connect', async () => {
  let attempts = 0
  const { sessions } = sessionsOf(async () => ++attempts)
  const [a, b] = await Promise.all([sessions.open(connection), sessions.open(connection)])
  expect(a).toBe(b)
  expect(attempts).toBe(1)
})

test('a refused login is shared by all who wait, closes its client, and the next caller tries anew', async () => {
  let attempts = 0
  const { sessions, closed } = sessionsOf(async () => {
    if (++attempts === 1) throw new AuthError('wrong password')
    return attempts
  })
  const both = await Promise.allSettled([sessions.open(connection), sessions.open(connection)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(closed).toEqual(['http'])
  expect((await sessions.open(connection)).value).toBe(2)
})

test('settings that cannot be used and systems that nobody knows are told as such', async () => {
  const { sessions } = sessionsOf(
    async () => 1,
    () => {
      throw new Error('no key')
    },
  )
  await expect(sessions.open(connection)).rejects.toThrow(SettingsError)
  await expect(sessions.open({ ...connection, id: 'b', system: 'other' })).rejects.toThrow('no connector for other')
})
