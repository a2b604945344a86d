import type { Json, JsonObject, Operation } from './description/index.ts'
import { derivedFields } from './derived.ts'
import type { Doc, Resource, Store } from './store.ts'

/** What is shown of a record: the fields that the description names, and those that are asked for with `expand`. */
export interface View {
  readonly resource: Resource
  readonly properties: JsonObject
  /** Fields that are only shown when they are asked for. */
  readonly onRequest: ReadonlySet<string>
  readonly asked: ReadonlySet<string>
}

/** `extra_fields` → `extraFields`. */
const fieldOf = (choice: string): string => choice.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Fields within others: asking for them asks for those. */
const WITHIN: Readonly<Record<string, string>> = {
  partExtraFields: 'parts',
  assetExtraFields: 'asset',
  locationExtraFields: 'location',
}

/** Where the records are in an answer: `{"vendors":[…]}`, `{"vendor":{…}}`, or the record itself. */
export interface Envelope {
  readonly key: string | null
  readonly isList: boolean
  readonly properties: JsonObject
}

export function envelopeOf(operation: Operation): Envelope {
  const properties = (operation.answer?.['properties'] ?? {}) as Readonly<Record<string, JsonObject>>
  for (const [key, schema] of Object.entries(properties)) {
    const items = schema['items'] as JsonObject | undefined
    if (key !== 'items' && schema['type'] === 'array' && 'nextCursor' in properties) {
      return { key, isList: true, properties: (items?.['properties'] ?? {}) as JsonObject }
    }
    if (schema['type'] === 'object' && Object.keys(properties).length === 1) {
      return { key, isList: false, properties: (schema['properties'] ?? {}) as JsonObject }
    }
  }
  return { key: null, isList: false, properties: properties as JsonObject }
}

export function viewOf(resource: Resource, operation: Operation, expand: readonly string[]): View {
  const choices = operation.parameters.find(({ name }) => name === 'expand')?.choices ?? []
  const named = expand.map(fieldOf)
  const asked = new Set([...named, ...named.flatMap((name) => WITHIN[name] ?? [])])
  return { resource, properties: envelopeOf(operation).properties, onRequest: new Set(choices.map(fieldOf)), asked }
}

/** A live record has `deletedAt` too: null. */
const stored = (doc: Doc, name: string): Json | undefined =>
  name === 'deletedAt' ? (doc.deletedAt ?? null) : doc[name]

export function show(store: Store, { resource, properties, onRequest, asked }: View, doc: Doc): JsonObject {
  const derived = derivedFields(resource)
  const shown: Record<string, Json> = {}
  const names = new Set([...Object.keys(properties), ...[...asked].filter((name) => WITHIN[name] === undefined)])
  for (const name of names) {
    if (onRequest.has(name) && !asked.has(name)) continue
    const value = derived[name] === undefined ? stored(doc, name) : derived[name]({ store, doc, asked })
    const schema = properties[name] as JsonObject | undefined
    // what is empty is left out where the description has no null
    if (value === undefined || (value === null && schema?.['nullable'] !== true)) continue
    shown[name] = value
  }
  return shown
}
