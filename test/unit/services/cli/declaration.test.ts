import { expect, test } from 'vitest'
import {
  type AnyConnector,
  CONNECTION_DEFAULTS,
  defineConfig,
  defineConnector,
  WEBHOOK_DEFAULTS,
} from '../../../../core/index.ts'
import { type DeclaredConnection, parseDeclaration } from '../../../../services/cli/declaration.ts'

const connectors: AnyConnector[] = [
  defineConnector({
    id: 'mill',
    title: 'Mill',
    config: defineConfig({
      fields: {
        base_url: { kind: 'url', title: 'Address', help: 'Root', required: true },
        password: { kind: 'text', title: 'Password', help: 'Secret', required: true, secret: true },
        page_size: { kind: 'integer', title: 'Page', help: 'Size' },
        extras: { kind: 'list', title: 'Extras', help: 'Fields' },
      },
    }),
    connect: () => Promise.reject(new Error('not in this test')),
    clock: () => Promise.resolve(0),
    streams: { vendor: {} as never, item: {} as never },
  }),
]

const parse = (text: string, variables: Record<string, string> = {}) =>
  parseDeclaration(text, { connectors, variables })

function problemsOf(text: string, variables: Record<string, string> = {}): string[] {
  const parsed = parse(text, variables)
  return parsed.ok ? [] : parsed.problems.map(({ field, message }) => `${field} ${message}`)
}

function onlyOne(text: string, variables: Record<string, string> = {}): DeclaredConnection {
  const parsed = parse(text, variables)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  expect(parsed.connections).toHaveLength(1)
  return parsed.connections[0] as DeclaredConnection
}

const withMore = (lines: string): string => `
connections:
  - id: a
    system: mill
    settings: { base_url: https://mill.example, password: p }
${lines.replace(/^/gm, '    ')}`

test('what is not declared takes its default', () => {
  const { id, system, settings, ...rest } = onlyOne(withMore(''))
  const { status: _status, statusReason: _reason, ...defaults } = CONNECTION_DEFAULTS
  expect({ id, system, settings }).toEqual({
    id: 'a',
    system: 'mill',
    settings: { base_url: 'https://mill.example', password: 'p' },
  })
  expect(rest).toEqual(defaults)
})

test('what is declared stands beside the defaults of the same section', () => {
  const connection = onlyOne(
    withMore(`windowDays: null
tombstoneAfterDays: 7
includeRaw: true
limits: { requestsPerSecond: 2.5 }
sweepGuard: { records: 10 }
streams: { vendor: { pollEveryMs: 2000, sweepEveryMs: null }, item: { enabled: false } }
mapping: { timeZone: Europe/Berlin, units: { Stk: C62 }, remaps: { item.status: { on: ACTIVE } } }`),
  )
  expect(connection).toMatchObject({
    windowDays: null,
    tombstoneAfterDays: 7,
    includeRaw: true,
    limits: { concurrency: 4, requestsPerSecond: 2.5 },
    sweepGuard: { share: 0.2, records: 10 },
    streams: { vendor: { pollEveryMs: 2000, sweepEveryMs: null }, item: { enabled: false } },
    mapping: {
      timeZone: 'Europe/Berlin',
      currency: null,
      units: { Stk: 'C62' },
      remaps: { 'item.status': { on: 'ACTIVE' } },
    },
  })
})

test('JSON is read as well', () => {
  const settings = { base_url: 'https://mill.example', password: 'p' }
  expect(onlyOne(JSON.stringify({ connections: [{ id: 'a', system: 'mill', settings }] })).settings).toEqual(settings)
})

test('references are filled in anywhere, and a value cannot change the structure of the file', () => {
  const connection = onlyOne(
    `
connections:
  - id: plant-\${SITE}
    system: mill
    windowDays: \${DAYS}
    settings: { base_url: "https://\${HOST}:\${PORT}", password: "\${SECRET}", page_size: "\${SIZE}", extras: ["\${X}", "$\${X}"] }
`,
    { SITE: 'b', DAYS: '30', HOST: 'mill', PORT: '8000', SECRET: 'a: "b", c}\n- $1 ${HOST}', SIZE: '50', X: 'x' },
  )
  expect(connection).toMatchObject({
    id: 'plant-b',
    windowDays: 30,
    settings: {
      base_url: 'https://mill:8000',
      password: 'a: "b", c}\n- $1 ${HOST}',
      page_size: '50',
      extras: ['x', '${X}'],
    },
  })
})

test('every problem of every connection is told at once', () => {
  const problems = problemsOf(`
connections:
  - id: Plant Berlin
    system: sap
    colour: red
    settings: {}
  - id: b
    system: mill
    settings: { base_url: '\${NOT_SET}', pasword: '\${NOR_THIS}', page_size: many }
    windowDays: soon
    limits: { concurrency: null, requestsPerSecond: 0 }
    sweepGuard: { share: 2 }
    streams: { asset: { pollEveryMs: 1 } }
    mapping: { timeZone: Europe/Berln, currency: euro, language: "?", units: { Stk: 1 }, remaps: { status: {} } }
  - id: b
    system: mill
    settings: { base_url: https://mill.example, password: p }
  - just text
other: 1
`)
  expect(problems).toEqual([
    'connections[1].settings.base_url refers to the environment variable NOT_SET, which is not set',
    'connections[1].settings.pasword refers to the environment variable NOR_THIS, which is not set',
    'other is not known; a file holds `connections:`',
    'connections[0].colour is not known; known: id, system, settings, streams, windowDays, limits, sweepGuard, tombstoneAfterDays, includeRaw, webhook, mapping',
    'connections[0].id must be 1 to 40 lower-case letters, digits and hyphens, beginning with a letter or digit',
    'connections[0].system is not known; known: mill',
    'connections[1].settings.password is missing (Password)',
    'connections[1].settings.page_size must be a number',
    'connections[1].windowDays must be a number',
    'connections[1].streams.asset is not a stream of mill; known: vendor, item',
    'connections[1].streams.asset.pollEveryMs must be at least 100',
    'connections[1].limits.concurrency must not be null',
    'connections[1].limits.requestsPerSecond must be at least 0.01',
    'connections[1].sweepGuard.share must be at most 1',
    'connections[1].mapping.timeZone Europe/Berln is not an IANA time zone, like Europe/Berlin',
    'connections[1].mapping.currency must be an ISO 4217 code, like EUR',
    'connections[1].mapping.language must be a BCP 47 language tag, like en or de-AT',
    'connections[1].mapping.units.Stk must be text (put it in quotes)',
    expect.stringMatching(/^connections\[1\]\.mapping\.remaps\.status must be named entity\.field/),
    'connections[3] must be an object of names and values',
    'connections[2].id b is declared already by connections[1]',
  ])
})

const scheme = {
  alg: 'hmac-sha256',
  key: 'utf8',
  content: '{body}',
  headers: ['x-bell'],
  encoding: 'hex',
  format: 'bare',
} as const
const bell: AnyConnector = {
  ...(connectors[0] as AnyConnector),
  id: 'bell',
  webhook: { schemes: { bell: scheme }, hints: () => [], subscriptions: {} as never },
}

function webhookOf(webhook: unknown, system = 'bell') {
  const settings = { base_url: 'https://mill.example', password: 'p' }
  const text = JSON.stringify({ connections: [{ id: 'a', system, settings, webhook }] })
  const parsed = parseDeclaration(text, { connectors: [...connectors, bell], variables: {} })
  if (parsed.ok) return parsed.connections[0]?.webhook
  return parsed.problems.map(({ field, message }) => `${field.replace('connections[0].', '')} ${message}`)
}

test('a webhook is declared by true, or by what differs from the defaults', () => {
  expect(webhookOf(true)).toEqual(WEBHOOK_DEFAULTS)
  expect(webhookOf({})).toEqual(WEBHOOK_DEFAULTS)
  for (const none of [false, null, undefined]) expect(webhookOf(none)).toBeNull()
  expect(webhookOf({ pollEveryMs: 60_000, deliveriesPerSecond: 2.5, scheme: null })).toEqual({
    ...WEBHOOK_DEFAULTS,
    pollEveryMs: 60_000,
    deliveriesPerSecond: 2.5,
  })
  expect(webhookOf({ scheme: 'github', secrets: ['new', 'old'] }, 'mill')).toEqual({
    ...WEBHOOK_DEFAULTS,
    scheme: 'github',
    secrets: ['new', 'old'],
  })
  expect(webhookOf({ secrets: 'only one' })).toMatchObject({ secrets: ['only one'] })
})

test('an unknown scheme is told with those that the system and Tributary know, beside every other problem', () => {
  expect(webhookOf({ scheme: 'pepper', secrets: ['x', 7], pollEveryMs: 1, colour: 'red' })).toEqual([
    'webhook.colour is not a setting; known: scheme, secrets, pollEveryMs, deliveriesPerSecond',
    'webhook.secrets must be a list of texts',
    'webhook.pollEveryMs must be at least 100',
    expect.stringMatching(/^webhook\.scheme is not known/),
  ])
  expect(webhookOf({ scheme: 'pepper' })).toEqual([
    expect.stringMatching(/^webhook\.scheme is not known; known for bell: bell, standard-webhooks, .*github/),
  ])
  expect(webhookOf('on')).toEqual(['webhook must be true, false, or an object of names and values'])
})

test('a system that cannot be told of a webhook through its API needs a secret', () => {
  expect(webhookOf(true, 'mill')).toEqual([expect.stringMatching(/^webhook\.secrets is missing.*standard-webhooks/)])
})

test('a secret that its scheme cannot use is told, and not shown', () => {
  const problems = webhookOf({
    scheme: 'standard-webhooks',
    secrets: ['whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0', 'hun ter2'],
  })
  expect(problems).toEqual([expect.stringMatching(/^webhook\.secrets\[1\] is no secret of scheme standard-webhooks/)])
  expect(String(problems)).not.toContain('ter2')
})

test('an empty environment variable counts as not set', () => {
  expect(
    problemsOf('connections: [{ id: a, system: mill, settings: { base_url: "https://m", password: "${P}" } }]', {
      P: '',
    }),
  ).toEqual(['connections[0].settings.password refers to the environment variable P, which is not set'])
})

test('a file that is no YAML is told with its line', () => {
  expect(problemsOf('connections:\n  - id: "a\n')[0]).toMatch(/^file is not YAML or JSON: .*line/)
})

test('a reference that YAML takes for a map is told with the way out', () => {
  expect(problemsOf('connections: [{ id: ${ID} }]')).toEqual([expect.stringMatching(/put "\$\{NAME\}" in quotes/)])
})

test('a file without a list of connections is told', () => {
  expect(problemsOf('')).toEqual(['file must be an object of names and values'])
  expect(problemsOf('connections: {}')).toEqual(['connections must be a list of connections'])
})

test('the value of a secret appears in no problem', () => {
  const text = 'connections: [{ id: a, system: mill, settings: { base_url: "${S}", password: 1, page_size: "${S}" } }]'
  expect(problemsOf(text, { S: 'hunter2hunter2' }).join()).not.toContain('hunter2')
})
