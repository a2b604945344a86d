import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { MalformedRecordError, RegistryUnavailableError, UnknownSchemaIdError } from '../../../../core/avro/errors.ts'
import { openCodec } from '../../../../core/avro/open-codec.ts'
import { subjectsOf } from '../../../../core/avro/subjects.ts'
import { TOPICS } from '../../../../core/topics.ts'
import { SCHEMAS } from '../../../../schemas/generated/schemas.ts'

/** A Confluent-compatible registry in memory, to fail on demand (the real one: test/integration/registry.test.ts). */
interface FakeRegistry {
  readonly url: string
  readonly requests: string[]
  readonly authorizations: Set<string | undefined>
  readonly schemas: string[]
  readonly compatibility: Map<string, string>
  /** Status that every further request gets, with this body. */
  fail: { status: number; body: string; only?: RegExp } | null
  /** Answers wait until this resolves. */
  hold: Promise<void>
  close(): Promise<void>
}

let registry: FakeRegistry | undefined
afterEach(() => registry?.close())

async function startRegistry(): Promise<FakeRegistry> {
  const subjects = new Map<string, number[]>()
  const answer = (request: IncomingMessage, body: string): [number, unknown] => {
    const [, area, name = '', part, last] = (request.url ?? '').split('/').map(decodeURIComponent)
    if (fake.fail !== null && (fake.fail.only?.test(`${request.method} ${request.url}`) ?? true)) {
      return [fake.fail.status, fake.fail.body]
    }
    if (area === 'config' && request.method === 'PUT') {
      fake.compatibility.set(name, JSON.parse(body).compatibility)
      return [200, JSON.parse(body)]
    }
    if (area === 'config') {
      const compatibilityLevel = fake.compatibility.get(name)
      return compatibilityLevel === undefined ? [404, { error_code: 40408 }] : [200, { compatibilityLevel }]
    }
    if (area === 'schemas') {
      const schema = fake.schemas[Number(part) - 1]
      return schema === undefined ? [404, { error_code: 40403, message: 'no such schema' }] : [200, { schema }]
    }
    const ids = subjects.get(name) ?? []
    if (request.method === 'POST') {
      const { schema } = JSON.parse(body) as { schema: string }
      let id = fake.schemas.indexOf(schema) + 1
      if (part === undefined)
        return ids.includes(id) ? [200, { id }] : [404, { error_code: 40403, message: 'not found' }]
      if (id === 0) id = fake.schemas.push(schema)
      if (!ids.includes(id)) subjects.set(name, [...ids, id])
      return [200, { id }]
    }
    if (last === undefined) return ids.length === 0 ? [404, { error_code: 40401 }] : [200, ids.map((_, i) => i + 1)]
    const id = ids[Number(last) - 1] as number
    return [200, { id, schema: fake.schemas[id - 1] }]
  }
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const chunk of request) body += chunk
    fake.requests.push(`${request.method} ${request.url}`)
    fake.authorizations.add(request.headers.authorization)
    await fake.hold
    const [status, value] = answer(request, body)
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof value === 'string' ? value : JSON.stringify(value))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: FakeRegistry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    authorizations: new Set(),
    schemas: [],
    compatibility: new Map(),
    fail: null,
    hold: Promise.resolve(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  registry = fake
  return fake
}

const open = (fake: FakeRegistry, register = true) => openCodec({ registryUrl: fake.url, prefix: 'p.', register })

/** A dead letter that a newer version wrote, with a field that we do not know, under the next free id. */
function newerRecord(fake: FakeRegistry, value: Buffer): { value: Buffer; id: number } {
  const schema = structuredClone(SCHEMAS.envelopes.dead_letter) as unknown as { fields: object[] }
  schema.fields.push({ name: 'hint', type: ['null', 'string'], default: null })
  const id = fake.schemas.push(JSON.stringify(schema))
  const newer = Buffer.concat([value, Buffer.from([0])])
  newer.writeInt32BE(id, 1)
  return { value: newer, id }
}
const letter = {
  topic: 't',
  partition: 0,
  offset: 1,
  key: null,
  value: Buffer.from('x'),
  error: 'e',
  kind: 'k',
  service: 's',
  connection_id: null,
  at: 1,
  run_id: null,
  request_id: null,
}

describe('opening', () => {
  test('registers every topic that holds Avro, unified and raw ones compatible both ways with all versions', async () => {
    const fake = await startRegistry()
    await open(fake)
    const avroTopics = TOPICS.map(({ name }) => name).filter((name) =>
      /^(changes|backfill|unified|commands)\.|^(dead-letters|command-journal|command-results|capabilities|webhooks\.inbound)$/.test(
        name,
      ),
    )
    expect([...fake.compatibility.keys()].sort()).toEqual(avroTopics.map((name) => `p.${name}-value`).sort())
    for (const [subject, level] of fake.compatibility) {
      const oneWay = subject.startsWith('p.commands.') ? 'BACKWARD_TRANSITIVE' : 'FULL_TRANSITIVE'
      expect([subject, level]).toEqual([subject, subject === 'p.dead-letters-value' ? 'BACKWARD' : oneWay])
    }
    expect(fake.schemas).toHaveLength(29)
  })

  test('again changes nothing, and without permission to register finds what is there', async () => {
    const fake = await startRegistry()
    await open(fake)
    const writes = () => fake.requests.filter((request) => request.startsWith('PUT')).length
    const before = writes()
    const codec = await open(fake)
    expect(writes()).toBe(before)
    fake.requests.length = 0
    const reader = await open(fake, false)
    expect(fake.requests.some((request) => request.includes('/config') || /POST .*versions/.test(request))).toBe(false)
    expect(reader.deadLetter.decode(codec.deadLetter.encode(letter))).toEqual(letter)
  })

  test('without permission to register says which subject is missing', async () => {
    const fake = await startRegistry()
    await expect(open(fake, false)).rejects.toThrow(/p\.unified\.\w+-value: it is not registered\. Start the service/)
  })

  test('names the subject, the reason and the remedy when a schema is refused', async () => {
    const fake = await startRegistry()
    fake.fail = { status: 409, body: '{"message":"reader type INT"}', only: /POST .*unified\.item-value\/versions/ }
    await expect(open(fake)).rejects.toThrow(
      /refuses the schema of p\.unified\.item-value: not FULL_TRANSITIVE compatible .*reader type INT\. Records .* another topic prefix/,
    )
    fake.fail = { status: 403, body: '{"message":"forbidden"}', only: /POST/ }
    await expect(open(fake)).rejects.toThrow(/access denied .*the right to register/)
  })

  test('tells a registry that is down from one that refuses', async () => {
    const fake = await startRegistry()
    fake.fail = { status: 500, body: 'oops', only: /config/ }
    await expect(open(fake)).rejects.toThrow(RegistryUnavailableError)
    await fake.close()
    await expect(open(fake)).rejects.toThrow(RegistryUnavailableError)
  })

  test('uses the credentials of the address, and never shows them', async () => {
    const fake = await startRegistry()
    const registryUrl = fake.url.replace('//', '//me:s%2Fecret@')
    await openCodec({ registryUrl, prefix: '', register: true })
    expect([...fake.authorizations]).toEqual([`Basic ${Buffer.from('me:s/ecret').toString('base64')}`])
    await fake.close()
    const error = await openCodec({ registryUrl, prefix: '', register: true }).catch((thrown: unknown) => thrown)
    expect(String(error)).not.toMatch(/ecret/)
  })

  test('fails when ids do not lead back to the schemas that were registered', async () => {
    const fake = await startRegistry()
    fake.fail = {
      status: 200,
      body: JSON.stringify({ schema: JSON.stringify(SCHEMAS.entities.user) }),
      only: /schemas.ids/,
    }
    await expect(open(fake)).rejects.toThrow(/another schema than was registered|does not give back/)
  })
})

describe('a record with a schema that is not known yet', () => {
  test('is decoded after learning it, with one request for all who wait', async () => {
    const fake = await startRegistry()
    const codec = await open(fake)
    const { value, id } = newerRecord(fake, codec.deadLetter.encode(letter))
    const failure = failureOf(() => codec.deadLetter.decode(value))
    expect(failure).toBeInstanceOf(UnknownSchemaIdError)
    fake.requests.length = 0
    await Promise.all([codec.learn(failure), codec.learn(failure), codec.learn(id)])
    await codec.learn(failure)
    expect(fake.requests).toEqual([`GET /schemas/ids/${id}`])
    expect(codec.deadLetter.decode(value)).toEqual(letter)
  })

  test('is known from the start when the schema was a version of the subject', async () => {
    const fake = await startRegistry()
    const codec = await open(fake)
    const { value, id } = newerRecord(fake, codec.deadLetter.encode(letter))
    const registered = await fetch(`${fake.url}/subjects/p.dead-letters-value/versions`, {
      method: 'POST',
      body: JSON.stringify({ schema: fake.schemas[id - 1] }),
    })
    expect(registered.ok).toBe(true)
    expect((await open(fake)).deadLetter.decode(value)).toEqual(letter)
  })

  test('waits for a registry that is down, until the signal says stop', async () => {
    const fake = await startRegistry()
    const waits: RegistryUnavailableError[] = []
    const codec = await openCodec({
      registryUrl: fake.url,
      prefix: 'p.',
      register: true,
      onWaiting: (error) => {
        waits.push(error)
        if (waits.length === 2) fake.fail = null
      },
    })
    const { value, id } = newerRecord(fake, codec.deadLetter.encode(letter))
    fake.fail = { status: 503, body: 'starting' }
    await expect(codec.learn(id)).rejects.toThrow(RegistryUnavailableError)
    await codec.learn(id, new AbortController().signal)
    expect(waits).toHaveLength(2)
    expect(codec.deadLetter.decode(value)).toEqual(letter)

    fake.fail = { status: 503, body: 'starting' }
    const stop = new AbortController()
    const learning = codec.learn(9_999, stop.signal)
    stop.abort(new Error('partition lost'))
    await expect(learning).rejects.toThrow()
  })

  test('is malformed when the registry knows no such id, or when it is no record of that kind', async () => {
    const fake = await startRegistry()
    const codec = await open(fake)
    const value = Buffer.from(codec.deadLetter.encode(letter))
    value.writeInt32BE(77_777, 1)
    await codec.learn(77_777)
    expect(failureOf(() => codec.deadLetter.decode(value))).toBeInstanceOf(MalformedRecordError)
    const user = fake.schemas.findIndex((schema) => JSON.parse(schema).name === 'User') + 1
    value.writeInt32BE(user, 1)
    expect(failureOf(() => codec.deadLetter.decode(value))).toBeInstanceOf(MalformedRecordError)
    fake.schemas[499] = '{"type":"object"}'
    value.writeInt32BE(500, 1)
    await codec.learn(500)
    expect(failureOf(() => codec.deadLetter.decode(value))).toBeInstanceOf(MalformedRecordError)
  })

  test('learn throws again what is no unknown schema', async () => {
    const fake = await startRegistry()
    const codec = await open(fake)
    await expect(codec.learn(new MalformedRecordError('broken'))).rejects.toThrow('broken')
  })
})

test('subjects are the topic names with -value', () => {
  expect(subjectsOf('acme.').map(({ name }) => name)).toContain('acme.unified.purchase_order_line-value')
})

function failureOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
