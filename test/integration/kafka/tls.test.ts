import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKafka, ensureTopics, type KafkaOptions, readTopic } from '../../../core/index.ts'
import { silentLogger } from '../../../core/log.ts'
import { fetchArtifact, KAFKA } from '../../../scripts/stack/artifacts.ts'
import { requireJava } from '../../../scripts/stack/java.ts'
import { startKafka } from '../../../scripts/stack/kafka.ts'
import { freePort } from '../../../scripts/stack/ports.ts'
import type { Server } from '../../../scripts/stack/server.ts'

const dir = mkdtempSync(join(tmpdir(), 'tributary-tls-'))
chmodSync(dir, 0o755)
let broker: Server
let secure: string
let ca: string

/** A multi-line value in a Java properties file. */
const escaped = (pem: string): string => pem.replaceAll('\n', '\\n')

beforeAll(async () => {
  const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', keyFile, '-out', certFile].concat([
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    ]),
    { stdio: 'ignore' },
  )
  ca = readFileSync(certFile, 'utf8')
  const [port, controllerPort, securePort] = [await freePort(), await freePort(), await freePort()]
  secure = `127.0.0.1:${securePort}`
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_app="right";'
  broker = await startKafka({
    java: await requireJava(),
    jars: await fetchArtifact(KAFKA),
    dir: join(dir, 'kafka'),
    port,
    controllerPort,
    heapMb: 384,
    settings: {
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort},SECURE://${secure}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},SECURE://${secure}`,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL',
      'listener.name.secure.ssl.keystore.type': 'PEM',
      'listener.name.secure.ssl.keystore.certificate.chain': escaped(ca),
      'listener.name.secure.ssl.keystore.key': escaped(readFileSync(keyFile, 'utf8')),
      'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.secure.plain.sasl.jaas.config': login,
    },
  })
})
afterAll(async () => {
  await broker.kill()
  rmSync(dir, { recursive: true, force: true })
})

const open = (prefix: string, options: Partial<KafkaOptions>) =>
  createKafka({ brokers: [secure], clientId: 'tls', prefix, ...options }, silentLogger)
const password = (word: string) => ({ mechanism: 'plain', username: 'app', password: word })
const spec = { name: 't', key: '', cleanup: 'delete' as const, config: {}, about: '' }

describe.each(['fast', 'stock'] as const)('with the %s codec', (wire) => {
  test('records go both ways over TLS, logged in with a password', async () => {
    const kafka = open(`${wire}.`, { wire, ssl: { ca }, sasl: password('right') })
    await ensureTopics(kafka, [spec], { partitions: 2, replicationFactor: 1 })
    const producer = kafka.producer()
    const records = Array.from({ length: 3_000 }, (_, i) => ({
      topic: 't',
      key: `k${i}`,
      value: Buffer.alloc(1_000, i % 256),
    }))
    await producer.send(records)
    await producer.close()
    const seen = new Map<string, Buffer>()
    await readTopic(kafka, 't', { onRecord: ({ key, value }) => void seen.set(String(key), Buffer.from(value ?? '')) })
    expect(seen.size).toBe(3_000)
    expect(records.every(({ key, value }) => seen.get(key)?.equals(value))).toBe(true)
    await kafka.close()
  })
})

const attempt = (options: Partial<KafkaOptions>) => {
  const kafka = open('wrong.', options)
  return readTopic(kafka, 't', { onRecord: () => undefined }).finally(() => kafka.close())
}

test('a wrong password is a clear error at once', async () => {
  await expect(attempt({ ssl: { ca }, sasl: password('wrong') })).rejects.toThrow(
    /Authentication failed|Invalid username or password/i,
  )
})

test('a certificate that is not trusted is a clear error at once', async () => {
  await expect(attempt({ ssl: true, sasl: password('right') })).rejects.toThrow(/certificate/i)
})

test('a port that is not Kafka is a clear error at once', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await expect(attempt({ brokers: [`127.0.0.1:${port}`] })).rejects.toThrow(/not Kafka's: is this the right port/)
  server.close()
})
