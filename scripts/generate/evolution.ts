import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import avsc from 'avsc'

/**
 * What may change between releases: optional fields at the end of a record, symbols at the end of an enum, texts of
 * `doc`. Compacted topics hold records of every release for ever, and consumers upgrade when they like; so every schema
 * must read, and be read by, each released one.
 */
interface Named {
  readonly type?: unknown
  readonly name?: string
  readonly namespace?: string
  readonly logicalType?: string
  readonly precision?: number
  readonly scale?: number
  readonly symbols?: readonly string[]
  readonly items?: unknown
  readonly fields?: readonly Field[]
}
interface Field {
  readonly name: string
  readonly type: unknown
  readonly default?: unknown
}

/** Everything that forbids `newer` as successor of the released `older`; paths are field names. */
export function evolutionProblems(older: unknown, newer: unknown): string[] {
  const problems: string[] = []
  compare(older, newer, '', { older: new Map(), newer: new Map() }, problems)
  for (const [reader, writer, how] of [
    [newer, older, 'the new schema cannot read records of the old one'],
    [older, newer, 'the old schema cannot read records of the new one'],
  ] as const) {
    try {
      typeOf(reader).createResolver(typeOf(writer))
    } catch (error) {
      problems.push(`${how}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return problems
}

const typeOf = (schema: unknown): avsc.Type =>
  avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: 'never', logicalTypes: {} } as never)

type Names = { readonly older: Map<string, Named>; readonly newer: Map<string, Named> }

/** A type by reference is replaced by its definition, so that writing it out elsewhere is no change. */
function resolved(type: unknown, names: Map<string, Named>): Named | readonly unknown[] {
  if (Array.isArray(type)) return type
  if (typeof type === 'string') return names.get(type) ?? { type }
  const named = type as Named
  if (named.name !== undefined) names.set(named.name, named)
  return named
}

function compare(older: unknown, newer: unknown, path: string, names: Names, problems: string[]): void {
  const before = resolved(older, names.older)
  const after = resolved(newer, names.newer)
  const at = path === '' ? 'the record' : path
  if (Array.isArray(before) || Array.isArray(after)) {
    if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) {
      problems.push(`${at} is nullable in one version only`)
    } else before.forEach((branch, i) => compare(branch, after[i], path, names, problems))
    return
  }
  const [a, b] = [before as Named, after as Named]
  for (const key of ['type', 'name', 'namespace', 'logicalType', 'precision', 'scale'] as const) {
    if (a[key] !== b[key]) problems.push(`${at}: ${key} was ${String(a[key])}, now ${String(b[key])}`)
  }
  if (a.symbols !== undefined && b.symbols !== undefined) {
    if (a.symbols.some((symbol, i) => symbol !== b.symbols?.[i])) {
      problems.push(`${at}: symbols may only be added at the end: ${a.symbols.join(', ')} → ${b.symbols.join(', ')}`)
    }
  }
  if (a.items !== undefined && b.items !== undefined) compare(a.items, b.items, `${path}[]`, names, problems)
  if (a.fields !== undefined && b.fields !== undefined) compareFields(a.fields, b.fields, path, names, problems)
}

function compareFields(
  older: readonly Field[],
  newer: readonly Field[],
  path: string,
  names: Names,
  problems: string[],
): void {
  const inside = (field: Field): string => (path === '' ? field.name : `${path}.${field.name}`)
  older.forEach((field, i) => {
    const successor = newer[i]
    if (successor?.name !== field.name) {
      const where = newer.findIndex(({ name }) => name === field.name)
      problems.push(where < 0 ? `${inside(field)} is gone` : `${inside(field)} was field ${i}, now ${where}`)
      return
    }
    if (JSON.stringify(field.default) !== JSON.stringify(successor.default)) {
      problems.push(`${inside(field)}: its default was ${JSON.stringify(field.default)}`)
    }
    compare(field.type, successor.type, inside(field), names, problems)
  })
  for (const field of newer.slice(older.length)) {
    if (!older.some(({ name }) => name === field.name) && field.default === undefined) {
      problems.push(`${inside(field)} is new and has no default`)
    }
  }
}

const ROOT = join(import.meta.dirname, '..', '..')

/** Frozen schemas: version → path below `schemas/` → schema. */
export function releasedSchemas(root = ROOT): Map<string, Map<string, unknown>> {
  const folder = join(root, 'schemas', 'released')
  const releases = new Map<string, Map<string, unknown>>()
  for (const file of globSync('*/*/*.avsc', { cwd: folder }).sort()) {
    const [version = '', ...path] = file.split('/')
    const schemas = releases.get(version) ?? new Map<string, unknown>()
    schemas.set(path.join('/'), JSON.parse(readFileSync(join(folder, file), 'utf8')))
    releases.set(version, schemas)
  }
  return releases
}

/** Problems of the schemas at hand (path below `schemas/` → schema) with every release. */
export function problemsWithReleases(current: ReadonlyMap<string, unknown>, root = ROOT): string[] {
  const releases = releasedSchemas(root)
  if (releases.size === 0 && existsSync(join(root, 'package.json'))) return ['schemas/released holds no release']
  return [...releases].flatMap(([version, schemas]) =>
    [...schemas].flatMap(([path, older]) => {
      const newer = current.get(path)
      const problems = newer === undefined ? ['the schema is gone'] : evolutionProblems(older, newer)
      return problems.map((problem) => `schemas/${path} after ${version}: ${problem}`)
    }),
  )
}
