import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { beforeAll, describe, expect, test } from 'vitest'
import { ALL_SCHEMAS } from '../../core/avro/codec.ts'
import { createRegistryHttp } from '../../core/avro/registry-http.ts'
import { subjectsOf } from '../../core/avro/subjects.ts'
import {
  type ChangeRecord,
  type Codec,
  MalformedRecordError,
  openCodec,
  RefusedCommandError,
  SchemaRefusedError,
  UnknownSchemaIdError,
} from '../../core/index.ts'
import { SCHEMAS } from '../../schemas/generated/schemas.ts'
import { numbers, sampleOf } from '../unit/core/avro/samples.ts'
import { stack, testPrefix } from '../support/stack.ts'

const prefix = testPrefix()
let registryUrl: string
let codec: Codec

beforeAll(async () => {
  registryUrl = stack().registry
  codec = await openCodec({ registryUrl, prefix, register: true })
})

const change: ChangeRecord = {
  connection_id: 'acme',
  system: 'tryton',
  stream: 'vendor',
  entity: 'vendor',
  source_id: '7',
  operation: 'UPSERT',
  origin: 'SNAPSHOT',
  source_version: 1_750_000_000_000,
  extracted_at: 1_750_000_000_500,
  run_id: 'run',
  payload: Buffer.from('{"id":7}'),
}

describe('the registry', () => {
  test('holds a schema for every topic with Avro, with the compatibility we want', async () => {
    const http = createRegistryHttp(registryUrl)
    for (const { name, compatibility } of subjectsOf(prefix)) {
      expect([name, await http.compatibilityOf(name)]).toEqual([name, compatibility])
      expect([name, await http.versionsOf(name)]).toEqual([
        name,
        [expect.objectContaining({ schema: expect.any(String) })],
      ])
    }
  })

  test('gives the same ids again, to whoever opens', async () => {
    const again = await openCodec({ registryUrl, prefix, register: true })
    const reader = await openCodec({ registryUrl, prefix, register: false })
    const value = codec.encodeChange(change)
    expect(again.encodeChange(change).equals(value)).toBe(true)
    expect(reader.decodeChange(value)).toEqual(change)
  })

  test('lets a standard client read what we write', async () => {
    const registry = new SchemaRegistry({ host: registryUrl })
    expect(await registry.decode(codec.encodeChange(change))).toMatchObject({ source_id: '7', operation: 'UPSERT' })
    const user = { ...sampleOf(ALL_SCHEMAS.user, numbers(1)), version: 'v', name: 'Jana Köster' }
    const read = (await registry.decode(codec.unified('user').encode(user as never).value)) as { name: string }
    expect(read.name).toBe('Jana Köster')
  })

  test('lets us read what a standard client writes', async () => {
    const registry = new SchemaRegistry({ host: registryUrl })
    const id = await registry.getLatestSchemaId(`${prefix}changes.vendor-value`)
    expect(codec.decodeChange(await registry.encode(id, change))).toEqual(change)
  })

  test('without permission to register, names a subject that is missing', async () => {
    const opening = openCodec({ registryUrl, prefix: testPrefix(), register: false })
    await expect(opening).rejects.toThrow(/unified\.\w+-value: it is not registered/)
  })
})

describe('a newer version of a schema', () => {
  const subject = () => `${prefix}unified.location-value`
  const newer = structuredClone(SCHEMAS.entities.location) as unknown as { fields: object[] }
  newer.fields.push({ name: 'time_zone', type: ['null', 'string'], default: null, doc: 'IANA.' })

  test('is accepted, and its records are read after learning the schema', async () => {
    const registry = new SchemaRegistry({ host: registryUrl })
    const { id } = await registry.register({ type: 'AVRO', schema: JSON.stringify(newer) } as never, {
      subject: subject(),
      compatibility: 'FULL_TRANSITIVE' as never,
    })
    const location = { ...sampleOf(ALL_SCHEMAS.location, numbers(2)), version: 'v' }
    const value = Buffer.concat([codec.unified('location').encode(location as never).value, Buffer.from([0])])
    value.writeInt32BE(id, 1)
    expect(() => codec.unified('location').decode(value)).toThrow(UnknownSchemaIdError)
    await codec.learn(id)
    expect(codec.unified('location').decode(value)).toEqual(location)

    // Whoever starts now knows it already, and registering our older version again is no step back.
    const later = await openCodec({ registryUrl, prefix, register: true })
    expect(later.unified('location').decode(value)).toEqual(location)
  })

  test('that is incompatible makes the older program refuse to start, saying which subject and what to do', async () => {
    const own = testPrefix()
    const stranger = structuredClone(SCHEMAS.entities.item) as unknown as { fields: { name: string; type: unknown }[] }
    stranger.fields.push({ name: 'colour', type: 'string' })
    const registry = new SchemaRegistry({ host: registryUrl })
    await registry.register({ type: 'AVRO', schema: JSON.stringify(stranger) } as never, {
      subject: `${own}unified.item-value`,
      compatibility: 'FULL_TRANSITIVE' as never,
    })
    const opening = openCodec({ registryUrl, prefix: own, register: true })
    await expect(opening).rejects.toThrow(SchemaRefusedError)
    await expect(opening).rejects.toThrow(
      new RegExp(
        `the schema of ${own}unified\\.item-value: not FULL_TRANSITIVE compatible with an earlier version: .*run a version`,
        's',
      ),
    )
  })
})

describe('a command of a standard client', () => {
  const subject = () => `${prefix}commands.user-value`
  const command = {
    command_id: 'command-1',
    connection_id: 'acme',
    operation: 'UPDATE',
    target_id: 'acme:user:7',
    payload: { first_name: 'Jana' },
  }

  test('may leave out what has a default', async () => {
    const registry = new SchemaRegistry({ host: registryUrl })
    const value = await registry.encode(await registry.getLatestSchemaId(subject()), command)
    expect(codec.command('user').decode(value)).toEqual(codec.command('user').fromJson(command))
  })

  test('with a newer schema is refused as too new, and does not keep the older program from starting', async () => {
    const registry = new SchemaRegistry({ host: registryUrl })
    const newer = structuredClone(SCHEMAS.commands.user_command) as unknown as { fields: object[] }
    newer.fields.push({ name: 'urgency', type: ['null', 'string'], default: null, doc: 'How soon.' })
    const { id } = await registry.register({ type: 'AVRO', schema: JSON.stringify(newer) } as never, {
      subject: subject(),
      compatibility: 'BACKWARD_TRANSITIVE' as never,
    })
    const value = await registry.encode(id, { ...command, urgency: 'today' })
    for (const reader of [codec, await openCodec({ registryUrl, prefix, register: true })]) {
      await reader.learn(id)
      expect(() => reader.command('user').decode(value)).toThrow(RefusedCommandError)
      expect(() => reader.command('user').decode(value)).toThrow(/newer schema of UserCommand.*: urgency/)
    }
  })
})

test('an id that the registry does not know makes the record malformed, not the registry unavailable', async () => {
  const value = Buffer.from(codec.encodeChange(change))
  value.writeInt32BE(2_000_000_000, 1)
  expect(() => codec.decodeChange(value)).toThrow(UnknownSchemaIdError)
  await codec.learn(2_000_000_000)
  expect(() => codec.decodeChange(value)).toThrow(MalformedRecordError)
})
