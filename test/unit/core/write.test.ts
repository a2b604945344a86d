import { describe, expect, test } from 'vitest'
import {
  anchorToken,
  ConflictError,
  type Connector,
  defineConfig,
  defineConnector,
  defineOperation,
  Failure,
  LONGEST_TOKEN,
  RejectedError,
} from '../../../core/index.ts'

describe('the anchor of a command', () => {
  /** From Python: 'T' + base64.b32encode(hashlib.sha256(f'{connection}/{command}'.encode()).digest()) */
  test.each([
    ['acme-s4', '8f1c2a52-6f0e-4f0b-9d57-0a3f6f1f2c11', 'T7J4IB6G3I3XHGJBQUA7SU2552PBMVPEVUH24TLFTXEVU2O2OXJ2A'],
    ['a', '00000000', 'T5Y47MOZLISB2HVTJE73UX3MFTCGGT27HGO5XN3CUYAWAPXK7CASQ'],
    ['süd', 'cmd.0001_x-y', 'TK4OAWGK4FS2MCQLKV4MAIN6HZMXJOM5SWHDKUSAPJ6EYWHC2SHMQ'],
  ])('of %s/%s is T and the start of the hash in base32, in every length', (connection, command, whole) => {
    expect(whole).toHaveLength(LONGEST_TOKEN)
    for (let length = 2; length <= LONGEST_TOKEN; length++) {
      expect(anchorToken(connection, command, length)).toBe(whole.slice(0, length))
    }
  })

  test('differs between connections and between commands', () => {
    const tokens = ['a', 'b', 'c'].flatMap((c) => ['command-1', 'command-2'].map((k) => anchorToken(c, k, 12)))
    expect(new Set(tokens).size).toBe(6)
  })

  test.each([1, 54, 2.5, Number.NaN])('has no %s characters', (length) => {
    expect(() => anchorToken('a', 'command-1', length)).toThrow(RangeError)
  })
})

test('a conflict is a refusal that carries the version of now', () => {
  const error = new ConflictError('changed by somebody else', 'etag:2', { status: 412 })
  expect(error).toBeInstanceOf(RejectedError)
  expect(error).toBeInstanceOf(Failure)
  expect(error).toMatchObject({ kind: 'rejected', currentVersion: 'etag:2', status: 412, name: 'ConflictError' })
})

test('a connector lists operations of several entities, and those that it refuses', () => {
  interface Session {
    readonly token: string
  }
  const rename = defineOperation<Session, 'vendor'>({
    entity: 'vendor',
    operation: 'UPDATE',
    anchor: 'absolute',
    conflicts: 'native',
    atomic: true,
    fields: [{ path: 'name', on: ['UPDATE'], source: 'test' }],
    execute: async (_, { target, payload }) => ({ target: `${target}:${payload?.name}`, replay: false }),
    find: async () => 'unknown',
  })
  const receive = defineOperation<Session, 'inventory_movement'>({
    entity: 'inventory_movement',
    operation: 'CREATE',
    anchor: 'searchable',
    conflicts: 'none',
    atomic: true,
    fields: [{ path: 'lines[].quantity', on: ['CREATE'], required: true, scale: 3, source: 'test' }],
    execute: async (_, { payload }) => ({ target: String(payload?.lines.length), replay: false }),
    find: async () => 'not-applied',
  })
  const connector: Connector<{ url: string }, Session> = defineConnector({
    id: 'toy',
    title: 'Toy',
    config: defineConfig({ fields: { url: { kind: 'url', title: 'URL', help: 'Where.', required: true } } }),
    connect: async () => ({ token: 't' }),
    clock: async () => 0,
    streams: {},
    operations: [rename, receive],
    unsupported: [{ entity: 'location', operation: 'CREATE', reason: 'plants are configuration' }],
  })
  expect(connector.operations?.map(({ entity, operation }) => `${entity} ${operation}`)).toEqual([
    'vendor UPDATE',
    'inventory_movement CREATE',
  ])
})
