import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigurationError, defineConfig, readEnvironment, requireRegistry } from '../../../core/config.ts'
import { newSecretKey } from '../../../core/secrets.ts'

const spec = defineConfig({
  fields: {
    base_url: { kind: 'url', title: 'Address', help: 'Where the system is', required: true },
    user: { kind: 'text', title: 'User', help: 'Login', required: true },
    password: { kind: 'text', title: 'Password', help: 'Of the user', required: true, secret: true },
    page_size: { kind: 'integer', title: 'Page size', help: 'Records a page', default: 500, min: 1, max: 1000 },
    share: { kind: 'decimal', title: 'Share', help: 'Of something' },
    archived: { kind: 'boolean', title: 'Archived', help: 'Read archived ones', default: false },
    flavour: { kind: 'choice', title: 'Flavour', help: 'Of the API', options: ['new', 'old'], default: 'new' },
    companies: { kind: 'list', title: 'Companies', help: 'Only these' },
  },
})
const GOOD = { base_url: 'https://erp.example.com', user: 'anna', password: 'geheim' }

function problemsOf(input: unknown): Record<string, string> {
  const parsed = spec.parse(input)
  return parsed.ok ? {} : Object.fromEntries(parsed.problems.map(({ field, message }) => [field, message]))
}

function environmentProblems(env: Record<string, string>): Record<string, string> {
  try {
    readEnvironment(env)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return Object.fromEntries(error.problems.map(({ field, message }) => [field, message]))
  }
  return {}
}

test('defaults are filled in, absent optional fields are null', () => {
  expect(spec.parse(GOOD)).toEqual({
    ok: true,
    value: { ...GOOD, page_size: 500, share: null, archived: false, flavour: 'new', companies: null },
  })
})

test('numbers and booleans may be written as text', () => {
  const parsed = spec.parse({ ...GOOD, page_size: ' 20 ', share: '0.5', archived: 'true' })
  expect(parsed).toMatchObject({ ok: true, value: { page_size: 20, share: 0.5, archived: true } })
})

test('every problem is reported at once, and no value is repeated', () => {
  const input = {
    base_url: 'ftp://s3cret-host/',
    password: '',
    page_size: 's3cret',
    share: Number.NaN,
    archived: 's3cret',
    flavour: 's3cret',
    companies: 's3cret',
    pasword: 's3cret',
  }
  const problems = problemsOf(input)
  expect(problems).toEqual({
    base_url: 'must be an address like https://erp.example.com',
    user: 'is missing (User)',
    password: 'must not be empty',
    page_size: 'must be a number',
    share: 'must be a number',
    archived: 'must be true or false',
    flavour: 'must be one of new, old',
    companies: 'must be a list of texts',
    pasword: expect.stringContaining('is not a setting (did you mean password?); known: base_url, user,') as string,
  })
  expect(JSON.stringify(problems)).not.toContain('s3cret')
})

test.each([
  [{ page_size: 0 }, 'must be at least 1'],
  [{ page_size: 1001 }, 'must be at most 1000'],
  [{ page_size: 1.5 }, 'must be a whole number'],
  [{ page_size: '1e3' }, 'must be a number'],
  [{ base_url: 'erp.example.com' }, 'must be an address like https://erp.example.com'],
  [{ base_url: 'https://a:b@erp.example.com' }, expect.stringContaining('must not hold a user or password')],
  [{ user: 12 }, 'must be text'],
  [{ companies: ['a', 1] }, 'must be a list of texts'],
])('%j is refused', (part, message) => {
  expect(Object.values(problemsOf({ ...GOOD, ...part }))).toEqual([message])
})

test.each([null, 'text', 7, []])('%j is no object of settings', (input) => {
  expect(problemsOf(input)).toEqual({ '': 'settings must be an object' })
})

test('names of the object prototype are no settings', () => {
  expect(problemsOf({ ...GOOD, constructor: 'x', toString: 'y' })).toMatchObject({
    constructor: expect.stringContaining('is not a setting') as string,
    toString: expect.stringContaining('is not a setting') as string,
  })
})

test('the nearest name is suggested, not the first one that is near', () => {
  const names = defineConfig({
    fields: {
      ca_file: { kind: 'text', title: 'a', help: 'a' },
      key_file: { kind: 'text', title: 'b', help: 'b' },
    },
  })
  const parsed = names.parse({ ke_file: 'x' })
  expect(parsed).toMatchObject({ problems: [{ message: expect.stringContaining('did you mean key_file?') as string }] })
})

test('redaction hides secrets, and unknown fields too: they may be misspelt secrets', () => {
  expect(spec.redact({ ...GOOD, pasword: 'x' })).toEqual({ ...GOOD, password: '[hidden]', pasword: '[hidden]' })
  expect(spec.secretFields).toEqual(['password'])
})

test('the description lists the fields in order', () => {
  const described = spec.describe()
  expect(described.map(({ field }) => field).slice(0, 3)).toEqual(['base_url', 'user', 'password'])
  expect(described[6]).toEqual({
    field: 'flavour',
    kind: 'choice',
    title: 'Flavour',
    help: 'Of the API',
    required: false,
    secret: false,
    options: ['new', 'old'],
    default: 'new',
  })
})

test('an environment with the brokers alone is usable', () => {
  expect(readEnvironment({ TRIBUTARY_KAFKA_BROKERS: 'a:9092, b:9093,', HOME: '/root' })).toMatchObject({
    kafka: { brokers: ['a:9092', 'b:9093'], ssl: false, sasl: undefined, prefix: '' },
    registryUrl: null,
    partitions: 12,
    secretKeys: null,
    logLevel: 'info',
    http: { host: '127.0.0.1', port: 0 },
    webhook: { host: '127.0.0.1', port: 8090 },
    webhookUrl: null,
    allowPrivateHosts: false,
  })
})

test('files, SASL and keys are read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const keys = newSecretKey('k1')
  writeFileSync(join(folder, 'keys'), `${keys}\n`)
  writeFileSync(join(folder, 'ca'), 'PEM')
  const env = readEnvironment({
    TRIBUTARY_KAFKA_BROKERS: 'a:9092',
    TRIBUTARY_KAFKA_CA_FILE: join(folder, 'ca'),
    TRIBUTARY_KAFKA_SASL_MECHANISM: 'scram-sha-256',
    TRIBUTARY_KAFKA_SASL_USERNAME: 'u',
    TRIBUTARY_KAFKA_SASL_PASSWORD: 'p',
    TRIBUTARY_SECRET_KEYS_FILE: join(folder, 'keys'),
  })
  expect(env.kafka).toMatchObject({
    ssl: { ca: 'PEM' },
    sasl: { mechanism: 'scram-sha-256', username: 'u', password: 'p' },
  })
  expect(env.secretKeys).toBe(keys)
})

test.each(['https://hooks.plant.example', 'https://hooks.plant.example/', 'https://plant.example/tributary//'])(
  'the public address %s of the receiver loses its last slash',
  (address) => {
    const env = readEnvironment({ TRIBUTARY_KAFKA_BROKERS: 'a:9092', TRIBUTARY_WEBHOOK_URL: address })
    expect(env.webhookUrl).toBe(address.replace(/(?<=\w)\/+$/, ''))
  },
)

test('an environment reports every problem at once, under the full names', () => {
  const problems = environmentProblems({
    TRIBUTARY_KAFKA_BROKER: 'a:9092',
    TRIBUTARY_PARTITIONS: '0',
    TRIBUTARY_LOG_LEVEL: 'loud',
    TRIBUTARY_REGISTRY_URL: 'localhost:8081',
    TRIBUTARY_KAFKA_SASL_MECHANISM: 'plain',
    TRIBUTARY_KAFKA_CERT_FILE: '/does/not/exist',
    TRIBUTARY_SECRET_KEYS: 'k1:dG9vIHNob3J0',
  })
  expect(problems).toEqual({
    TRIBUTARY_KAFKA_BROKER: 'is not a setting (did you mean TRIBUTARY_KAFKA_BROKERS?)',
    TRIBUTARY_KAFKA_BROKERS: 'is missing (Kafka brokers)',
    TRIBUTARY_PARTITIONS: 'must be at least 1',
    TRIBUTARY_LOG_LEVEL: expect.stringMatching(/^must be one of fatal, .*silent$/) as string,
    TRIBUTARY_REGISTRY_URL: 'must be an address like https://erp.example.com',
    TRIBUTARY_KAFKA_SASL_USERNAME: 'is missing: a SASL mechanism is set',
    TRIBUTARY_KAFKA_SASL_PASSWORD: 'is missing: a SASL mechanism is set',
    TRIBUTARY_KAFKA_CERT_FILE: expect.stringMatching(/cannot be read: ENOENT/) as string,
    TRIBUTARY_KAFKA_KEY_FILE: 'is missing: TRIBUTARY_KAFKA_CERT_FILE is set',
    TRIBUTARY_SECRET_KEYS: expect.stringMatching(/^is not usable: secret key number 1 is not/) as string,
  })
  expect(JSON.stringify(problems)).not.toContain('dG9vIHNob3J0')
})

test.each([
  [{ TRIBUTARY_KAFKA_BROKERS: 'kafka' }, 'TRIBUTARY_KAFKA_BROKERS'],
  [{ TRIBUTARY_KAFKA_BROKERS: ' , ' }, 'TRIBUTARY_KAFKA_BROKERS'],
  [{ TRIBUTARY_KAFKA_SASL_USERNAME: 'u' }, 'TRIBUTARY_KAFKA_SASL_MECHANISM'],
  [{ TRIBUTARY_SECRET_KEYS_FILE: '/does/not/exist' }, 'TRIBUTARY_SECRET_KEYS_FILE'],
])('%j is refused', (env, field) => {
  expect(Object.keys(environmentProblems({ TRIBUTARY_KAFKA_BROKERS: 'a:9092', ...env }))).toEqual([field])
})

test('variables of the test stack and names unlike any setting are left alone: connection files may use them', () => {
  const env = { TRIBUTARY_KAFKA_BROKERS: 'a:9092', TRIBUTARY_TRYTON_PASSWORD: 'x', TRIBUTARY_ACME_ERP_TOKEN: 'y' }
  expect(environmentProblems(env)).toEqual({})
})

test('who needs the registry is told how to give it', () => {
  const env = readEnvironment({ TRIBUTARY_KAFKA_BROKERS: 'a:9092' })
  expect(() => requireRegistry(env)).toThrow(/TRIBUTARY_REGISTRY_URL/)
})
