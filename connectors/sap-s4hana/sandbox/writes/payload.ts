/** Request bodies → drafts: every property known, every value of its type, nested entities read by their own type. */
import type { EntitySet, Property, Row } from '../model.ts'
import { stripZeros } from '../numbers.ts'
import { malformedBody, refusal, unknownProperty } from './refusals.ts'
import { readValue } from './values.ts'

/** An entity to be created: what the caller gave, then completed by the rules of its set. */
export interface Draft {
  readonly set: EntitySet
  /** Values of the row so far; rules write into it. */
  readonly row: Row
  /** By navigation property; rules may add drafts (a schedule line for an item without one). */
  readonly nested: Map<string, Draft[]>
}

export function createDraft(set: EntitySet, row: Row = {}): Draft {
  return { set, row: { ...row }, nested: new Map() }
}

/** The drafts below a navigation property; adding to the array adds entities. */
export function below(draft: Draft, navigation: string): Draft[] {
  const known = draft.nested.get(navigation)
  if (known !== undefined) return known
  const drafts: Draft[] = []
  draft.nested.set(navigation, drafts)
  return drafts
}

export function readCreation(set: EntitySet, body: unknown): Draft {
  const draft = createDraft(set)
  for (const [name, value] of entriesOf(body)) {
    const navigation = set.type.navigations.get(name)
    if (navigation === undefined) {
      const property = propertyOf(set, name)
      const read = readValue(property, value)
      // A value for a field that cannot be set is no error: it is dropped (reference section 6, rule a).
      if (property.creatable || set.type.keys.includes(name)) draft.row[name] = shown(property, read)
    } else {
      for (const item of nestedOf(name, value)) below(draft, name).push(readCreation(navigation.target, item))
    }
  }
  return draft
}

/** The changes of a PATCH, MERGE or PUT, keys left out. `kept`: names whose updatable flag rules judge themselves. */
export function readChanges(set: EntitySet, body: unknown, kept: readonly string[]): Row {
  const changes: Row = {}
  for (const [name, value] of entriesOf(body)) {
    if (set.type.navigations.has(name)) {
      if (nestedOf(name, value).length === 0) continue
      throw refusal(400, '/IWBEP/CX_MGW_NOT_IMPL_EXC', `Deep update is not supported for '${set.name}' (${name})`, name)
    }
    const property = propertyOf(set, name)
    const read = readValue(property, value)
    if (set.type.keys.includes(name)) continue
    if (property.updatable || kept.includes(name)) changes[name] = shown(property, read)
  }
  return changes
}

/** `00010` is sent, `10` is kept and comes back. */
function shown(property: Property, value: Row[string]): Row[string] {
  return property.pad > 0 && typeof value === 'string' ? stripZeros(value) : (value ?? null)
}

function entriesOf(body: unknown): [string, unknown][] {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw malformedBody('Error while parsing the request body: an object is expected')
  const inner = 'd' in body && Object.keys(body).length === 1 ? body.d : body
  if (typeof inner !== 'object' || inner === null) throw malformedBody('Error while parsing the request body')
  return Object.entries(inner).filter(([name]) => !name.startsWith('__'))
}

function propertyOf(set: EntitySet, name: string): Property {
  const property = set.type.properties.get(name)
  if (property === undefined) throw unknownProperty(name, set.type.name)
  return property
}

/** `[…]`, `{"results":[…]}`, one object for to-one; `null` and `{"__deferred":…}` hold nothing. */
function nestedOf(name: string, value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value
  if (typeof value !== 'object') throw malformedBody(`Invalid inline content for navigation property '${name}'`)
  if ('results' in value) {
    if (!Array.isArray(value.results)) throw malformedBody(`Invalid inline content for navigation property '${name}'`)
    return value.results
  }
  return '__deferred' in value ? [] : [value]
}
