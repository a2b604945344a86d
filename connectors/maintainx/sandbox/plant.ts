import type { JsonObject } from './description/index.ts'
import type { Switches } from './faults.ts'
import { invalid, missing, Refusal } from './http.ts'
import type { Doc, Resource, Store } from './store.ts'

/** Something that happened, for those who subscribed to it. */
export interface PlantEvent {
  /** `WORK_ORDER_CHANGE` */
  readonly type: string
  readonly organizationId: number
  /** `workorders/70000001`: what it is about. */
  readonly subject: string
  readonly payload: JsonObject
  /** The record, for subscriptions that want it in the payload. */
  readonly entity?: {
    /** `newWorkOrder` */
    readonly key: string
    readonly value: JsonObject
    /** Property of a filter → fields of the record. */
    readonly fields?: Readonly<Record<string, readonly string[]>>
  }
  /** Name of a filter → what it is compared with. */
  readonly filters?: Readonly<Record<string, readonly (string | number)[]>>
}

/** What the writes work on. */
export interface Plant {
  readonly store: Store
  readonly switches: Switches
  emit(event: PlantEvent): void
}

/** Who does something. */
export interface Actor {
  readonly userId: number
  readonly organizationId: number
}

/** A request that was checked against the description. */
export interface Command {
  readonly plant: Plant
  readonly actor: Actor
  /** Numbers of the path by name: `id`, `contactId`. */
  readonly ids: Readonly<Record<string, number>>
  /** Texts of the path: `entity`. */
  readonly path: Readonly<Record<string, string>>
  readonly body: JsonObject
}

/** What a write answers: a record that is shown as the description says, a body as it is, or nothing (204). */
export type Outcome = { readonly doc: Doc; readonly resource: Resource } | { readonly body: unknown } | null

export type Write = (command: Command) => Outcome

const NAMES: Partial<Record<Resource, string>> = {
  assets: 'Asset',
  assetcustomstatuses: 'Asset custom status',
  assetcriticalities: 'Asset criticality',
  assetstatuses: 'Asset status',
  categories: 'Category',
  contacts: 'Vendor contact',
  customfields: 'Custom field',
  locations: 'Location',
  parts: 'Part',
  parttransferrequests: 'Part transfer request',
  purchaseorders: 'Purchase order',
  subscriptions: 'Subscription',
  teams: 'Team',
  users: 'User',
  vendors: 'Vendor',
  workorders: 'Work order',
}

export const nameOf = (resource: Resource): string => NAMES[resource] ?? resource

/** The live record that the path names. @throws Refusal 404 */
export function record(
  { plant, actor }: Pick<Command, 'plant' | 'actor'>,
  resource: Resource,
  id: number | undefined,
): Doc {
  const doc = id === undefined ? null : plant.store.get(resource, id)
  if (doc === null || doc.deletedAt != null || doc.organizationId !== actor.organizationId)
    throw missing(nameOf(resource))
  return doc
}

/** The live record that a field names. @throws Refusal 400 */
export function reference(
  command: Pick<Command, 'plant' | 'actor'>,
  resource: Resource,
  id: number,
  fieldPath: string,
): Doc {
  try {
    return record(command, resource, id)
  } catch (error) {
    if (error instanceof Refusal) throw invalid(fieldPath, `${nameOf(resource)} ${id} does not exist`, id)
    throw error
  }
}

/** Checks the records that fields of the body name; null and what is not given are fine. */
export function checkReferences(command: Command, links: Readonly<Record<string, Resource>>): void {
  for (const [field, resource] of Object.entries(links)) {
    const value = command.body[field]
    if (value === undefined || value === null) continue
    const ids = Array.isArray(value) ? (value as readonly number[]) : [value as number]
    for (const [at, id] of ids.entries())
      reference(command, resource, id, Array.isArray(value) ? `${field}.${at}` : field)
  }
}

export const time = (plant: Plant): string => new Date(plant.store.now()).toISOString()

/** The fields of the body that are given, of those that are named. */
export function given(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => body[name] !== undefined).map((name) => [name, body[name] ?? null]))
}

/** Custom fields are changed one by one. */
export const mergedExtraFields = (doc: Doc, body: JsonObject): JsonObject =>
  body['extraFields'] === undefined
    ? {}
    : { extraFields: { ...(doc['extraFields'] as JsonObject | undefined), ...(body['extraFields'] as JsonObject) } }

/** @throws Refusal 400 when the name is only blanks */
export function checkName(body: JsonObject, field: string): void {
  const name = body[field]
  if (typeof name === 'string' && name.trim() === '') throw invalid(field, `'${field}' must not be empty`, name)
}

export const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) !== JSON.stringify(b ?? null)
