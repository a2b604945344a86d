import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { SchemaName } from '../../../core/avro/codec.ts'
import { createLocalCodec } from '../../../core/avro/local-codec.ts'
import type { WritableEntity } from '../../../schemas/generated/commands.ts'
import type { EntityName, LineTopicName } from '../../../schemas/generated/entities.ts'
import { SCHEMAS } from '../../../schemas/generated/schemas.ts'
import { evolutionProblems, problemsWithReleases, releasedSchemas } from '../../../scripts/generate/evolution.ts'
import { type Golden, withHex } from '../../../scripts/generate/golden.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const current: ReadonlyMap<string, unknown> = new Map(
  Object.entries(SCHEMAS).flatMap(([folder, schemas]) =>
    Object.entries(schemas).map(([name, schema]) => [`${folder}/${name.replaceAll('_', '-')}.avsc`, schema] as const),
  ),
)
const releases = releasedSchemas()

describe('schemas of today', () => {
  test('read and are read by those of every release', () => {
    expect(releases.size).toBeGreaterThan(0)
    expect(problemsWithReleases(current)).toEqual([])
  })

  test.each([...releases.keys()])('of release %s: every schema was frozen with two golden records', (version) => {
    const golden = goldenOf(version)
    expect(golden).toHaveLength((releases.get(version)?.size ?? 0) * 2)
  })
})

describe.each([...releases.keys()])('golden bytes of release %s', (version) => {
  const older = releases.get(version) as Map<string, unknown>
  const FIRST_ID = 1_000
  const ids = [...older.keys()]
  const codec = createLocalCodec(new Map(ids.map((path, i) => [FIRST_ID + i, older.get(path)])))

  test.each(
    goldenOf(version).map((golden, i) => ({
      ...golden,
      title: `${golden.schema}, ${i % 2 === 0 ? 'everything set' : 'as little as allowed'}`,
    })),
  )('$title: decode to the same record', async ({ schema, body, record }) => {
    const path = ids.find((name) => name.endsWith(`/${schema.replaceAll('_', '-')}.avsc`)) as string
    const id = FIRST_ID + ids.indexOf(path)
    const value = Buffer.alloc(5 + body.length / 2)
    value.writeInt32BE(id, 1)
    value.write(body, 5, 'hex')
    await codec.learn(id)
    const decoded = withHex(decoderOf(schema)(value)) as { [field: string]: unknown }
    // Fields that came later are what the old writer could not say.
    expect(decoded).toMatchObject(record)
    const later = Object.entries(decoded).filter(([field]) => !(field in record))
    expect(later.filter(([, now]) => !isDefault(now))).toEqual([])
  })

  function decoderOf(name: SchemaName): (value: Buffer) => unknown {
    if (name === 'change_record') return codec.decodeChange
    if (name === 'dead_letter') return codec.deadLetter.decode
    if (name === 'inbound_webhook') return codec.inboundWebhook.plain.decode
    if (name === 'command_result') return codec.commandResult.decode
    if (name === 'command_journal') return codec.commandJournal.decode
    if (name === 'capability') return codec.capability.decode
    if (name in SCHEMAS.commands) return codec.command(name.replace('_command', '') as WritableEntity).decode
    if (name in SCHEMAS.lines) return codec.line(name as LineTopicName).decode
    return codec.unified(name as EntityName).decode
  }
})

/** A schema that anything may be done to. */
interface Loose {
  name: string
  namespace: string
  type?: unknown
  fields: LooseField[]
}
interface LooseField {
  name: string
  type: any
  default?: unknown
  doc?: string
}

describe('the check', () => {
  const order = SCHEMAS.entities.purchase_order as unknown as Loose
  const changed = (change: (schema: Loose) => void): Loose => {
    const copy = structuredClone(order)
    change(copy)
    return copy
  }
  const field = (schema: Loose, name: string): LooseField =>
    schema.fields.find((one) => one.name === name) as LooseField
  const lineFields = (schema: Loose): LooseField[] => field(schema, 'lines').type.items.fields

  const ALLOWED: { readonly [what: string]: (schema: Loose) => void } = {
    'an optional field at the end': (s) =>
      s.fields.push({ name: 'incoterms', type: ['null', 'string'], default: null }),
    'an array at the end': (s) =>
      s.fields.push({ name: 'tags', type: { type: 'array', items: 'string' }, default: [] }),
    'an optional field at the end of a line': (s) =>
      lineFields(s).push({ name: 'hs_code', type: ['null', 'string'], default: null }),
    'a symbol at the end of an enum': (s) => field(s, 'status').type.symbols.push('DISPUTED'),
    'another text of doc': (s) => {
      field(s, 'status').doc = 'Deprecated.'
    },
  }
  test.each(Object.keys(ALLOWED))('allows %s', (what) => {
    expect(evolutionProblems(order, changed(ALLOWED[what] as (schema: Loose) => void))).toEqual([])
  })

  const FORBIDDEN: { readonly [what: string]: readonly [(schema: Loose) => void, RegExp] } = {
    'a removed envelope field': [(s) => s.fields.splice(3, 1), /source_id is gone/],
    'a removed optional field': [(s) => s.fields.splice(-2, 1), /notes is gone/],
    'a renamed field': [(s) => void (field(s, 'order_number').name = 'po_number'), /order_number is gone/],
    'another order of fields': [(s) => s.fields.reverse(), /id was field 0, now/],
    'a new required field': [
      (s) => s.fields.push({ name: 'incoterms', type: 'string' }),
      /incoterms is new and has no default|cannot read/,
    ],
    'a new required field of a line': [
      (s) => lineFields(s).push({ name: 'hs_code', type: 'string' }),
      /lines\[\]\.hs_code is new/,
    ],
    'a field in the middle': [
      (s) => s.fields.splice(20, 0, { name: 'x', type: ['null', 'string'], default: null }),
      /was field 20, now 21/,
    ],
    'another type': [
      (s) => void (field(s, 'order_date').type = ['null', 'string']),
      /order_date: type was int, now string/,
    ],
    'a wider type': [(s) => void (field(s, 'order_date').type[1].type = 'long'), /order_date: type was int, now long/],
    'another scale': [(s) => void (field(s, 'total_amount').type[1].scale = 4), /total_amount: scale was 9, now 4/],
    'another precision of a line': [
      (s) => void (lineFields(s)[5]!.type[1].precision = 20),
      /quantity_ordered: precision was 38/,
    ],
    'a date that became a plain number': [
      (s) => void (field(s, 'order_date').type = ['null', 'int']),
      /logicalType was date/,
    ],
    'an optional field that became required': [
      (s) => void (field(s, 'title').type = 'string'),
      /title is nullable in one version only/,
    ],
    'a required field that became optional': [
      (s) => void (field(s, 'display_name').type = ['null', 'string']),
      /display_name is nullable/,
    ],
    'reordered symbols': [(s) => field(s, 'status').type.symbols.reverse(), /status: symbols may only be added/],
    'a removed symbol': [(s) => field(s, 'status').type.symbols.pop(), /status: symbols may only be added/],
    'a symbol in the middle': [
      (s) => field(s, 'status').type.symbols.splice(1, 0, 'NEW'),
      /status: symbols may only be added/,
    ],
    'another default': [(s) => void (field(s, 'status').default = 'DRAFT'), /status: its default was "UNKNOWN"/],
    'another name': [(s) => void (s.name = 'Order'), /name was PurchaseOrder, now Order/],
    'another namespace': [(s) => void (s.namespace = 'tributary.unified.v2'), /namespace was/],
    'another kind of element': [(s) => void (field(s, 'lines').type.items = 'string'), /lines\[\]: type was record/],
  }
  test.each(Object.keys(FORBIDDEN))('refuses %s', (what) => {
    const [change, complaint] = FORBIDDEN[what] as (typeof FORBIDDEN)[string]
    expect(evolutionProblems(order, changed(change as (schema: Loose) => void)).join('\n')).toMatch(complaint)
  })

  describe('over the releases', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-schemas-'))
    afterAll(() => rmSync(folder, { recursive: true }))
    const freeze = (version: string, path: string, schema: unknown): void => {
      const file = join(folder, 'schemas', 'released', version, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(schema))
    }

    test('finds an incompatibility with a release that is not the last one, and a schema that is gone', () => {
      freeze(
        '0.1.0',
        'entities/purchase-order.avsc',
        changed((s) => s.fields.push({ name: 'incoterms', type: ['null', 'string'], default: null })),
      )
      freeze('0.2.0', 'entities/purchase-order.avsc', order)
      freeze('0.2.0', 'entities/ghost.avsc', SCHEMAS.entities.user)
      expect(problemsWithReleases(new Map([['entities/purchase-order.avsc', order]]), folder)).toEqual([
        'schemas/entities/purchase-order.avsc after 0.1.0: incoterms is gone',
        'schemas/entities/ghost.avsc after 0.2.0: the schema is gone',
      ])
    })
  })
})

function goldenOf(version: string): Golden[] {
  return JSON.parse(readFileSync(join(root, 'schemas', 'released', version, 'golden.json'), 'utf8')) as Golden[]
}

const isDefault = (value: unknown): boolean =>
  value === null || value === 'UNKNOWN' || (Array.isArray(value) && value.length === 0)
