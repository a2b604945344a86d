import { expect, test } from 'vitest'
import {
  type AnyConnector,
  type Connection,
  createSecretBox,
  decodeConnection,
  defineConfig,
  defineConnector,
  encodeConnection,
  newSecretKey,
  openSettings,
  openWebhookSecrets,
} from '../../../../core/index.ts'
import { type PlanContext, planApply } from '../../../../services/cli/apply.ts'
import { checkDeclaration, type DeclaredConnection } from '../../../../services/cli/declaration.ts'

const mill: AnyConnector = defineConnector({
  id: 'mill',
  title: 'Mill',
  config: defineConfig({
    fields: {
      base_url: { kind: 'url', title: 'Address', help: 'Root', required: true },
      password: { kind: 'text', title: 'Password', help: 'Secret', required: true, secret: true },
      token: { kind: 'text', title: 'Token', help: 'Another secret', secret: true },
    },
  }),
  connect: () => Promise.reject(new Error('not in this test')),
  clock: () => Promise.resolve(0),
  streams: {},
})
const loom: AnyConnector = { ...mill, id: 'loom' }
const connectors = [mill, loom]

function declare(more: object = {}): DeclaredConnection[] {
  const settings = { base_url: 'https://mill.example', password: 'open sesame' }
  const parsed = checkDeclaration(
    { connections: [{ id: 'a', system: 'mill', settings, ...more }] },
    { connectors, variables: {} },
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return [...parsed.connections]
}

const box = createSecretBox(newSecretKey('k1'))
const plan = (declared: DeclaredConnection[], existing: Connection[] = [], more: Partial<PlanContext> = {}) =>
  planApply(declared, {
    existing: new Map(existing.map((each) => [each.id, each])),
    connectorOf: (system) => connectors.find(({ id }) => id === system),
    box: () => box,
    now: 2000,
    ...more,
  })

/** As it comes back from the topic. */
function stored(declared = declare(), more: Partial<Connection> = {}): Connection {
  const [write] = plan(declared, [], { now: 1000 }).writes
  return { ...decodeConnection(encodeConnection(write as Connection)), ...more }
}

test('a new connection is written with its secret sealed', () => {
  const { writes, outcomes } = plan(declare())
  expect(outcomes).toEqual([{ id: 'a', outcome: 'created' }])
  expect(writes).toHaveLength(1)
  expect(JSON.stringify(writes)).not.toContain('sesame')
  expect(openSettings(writes[0] as Connection, mill.config, () => box)).toMatchObject({ password: 'open sesame' })
  expect(writes[0]).toMatchObject({ status: 'active', updatedAt: 2000 })
})

test('what is stored already is not written again', () => {
  expect(plan(declare(), [stored()])).toEqual({
    writes: [],
    outcomes: [{ id: 'a', outcome: 'unchanged' }],
    problems: [],
  })
})

test('a change is written; an unchanged secret stays sealed as it is', () => {
  const before = stored()
  const { writes, outcomes } = plan(declare({ windowDays: 3 }), [before])
  expect(outcomes).toEqual([{ id: 'a', outcome: 'changed' }])
  expect(writes).toEqual([{ ...before, windowDays: 3, updatedAt: 2000 }])
})

test('a changed secret is sealed anew', () => {
  const before = stored()
  const { writes } = plan(declare({ settings: { base_url: 'https://mill.example', password: 'other' } }), [before])
  expect(openSettings(writes[0] as Connection, mill.config, () => box)).toMatchObject({ password: 'other' })
})

test('a setting that is no longer declared is no longer stored', () => {
  const declared = declare({ settings: { base_url: 'https://mill.example', password: 'open sesame', token: 't' } })
  const { writes } = plan(declare(), [stored(declared)])
  expect(Object.keys(writes[0]?.settings ?? {})).toEqual(['base_url', 'password'])
})

test('a secret whose key is lost is sealed anew from the declaration', () => {
  const other = createSecretBox(newSecretKey('k2'))
  const { writes, outcomes } = plan(declare(), [stored()], { box: () => other })
  expect(outcomes).toEqual([{ id: 'a', outcome: 'changed' }])
  expect(openSettings(writes[0] as Connection, mill.config, () => other)).toMatchObject({ password: 'open sesame' })
})

const withSecrets = (...secrets: string[]) => declare({ webhook: { scheme: 'github', secrets } })
const openedOf = (connection: Connection | undefined, with_ = box) =>
  openWebhookSecrets(connection as Connection, null, () => with_, 0)

test('secrets of a webhook are sealed in their order, and stay as they are while they are the same', () => {
  const before = stored(withSecrets('first secret', 'second secret'))
  expect(JSON.stringify(before)).not.toContain('first secret')
  expect(openedOf(before)).toEqual(['first secret', 'second secret'])
  expect(plan(withSecrets('first secret', 'second secret'), [before]).writes).toEqual([])
  const [rotated] = plan(withSecrets('third secret', 'first secret'), [before]).writes
  expect(openedOf(rotated)).toEqual(['third secret', 'first secret'])
  expect(rotated?.webhook?.secrets[1]).toEqual(before.webhook?.secrets[0])
})

test('a webhook that is no longer declared is switched off', () => {
  expect(plan(declare(), [stored(withSecrets('first secret'))]).writes).toMatchObject([{ webhook: null }])
})

test('secrets of a webhook whose key is lost are sealed anew', () => {
  const other = createSecretBox(newSecretKey('k2'))
  const { writes } = plan(withSecrets('first secret'), [stored(withSecrets('first secret'))], { box: () => other })
  expect(openedOf(writes[0], other)).toEqual(['first secret'])
})

test('a paused connection stays paused', () => {
  const before = stored(declare(), { status: 'paused', statusReason: 'stocktaking' })
  expect(plan(declare(), [before]).writes).toEqual([])
  expect(plan(declare({ windowDays: 3 }), [before]).writes).toMatchObject([
    { status: 'paused', statusReason: 'stocktaking' },
  ])
})

test('a removed id and a changed system are refused, and then nothing is written', () => {
  const existing = [stored(declare(), { status: 'removed' }), stored(declare({ id: 'b' }))]
  const declared = [...declare(), ...declare({ id: 'b', system: 'loom' }), ...declare({ id: 'c' })]
  const { writes, problems } = plan(declared, existing)
  expect(writes).toEqual([])
  expect(problems.map(({ field }) => field)).toEqual(['a', 'b'])
})
