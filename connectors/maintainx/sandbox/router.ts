import type { Visitor } from './access.ts'
import {
  type Json,
  type JsonObject,
  type Matched,
  match,
  type Operation,
  parametersOf,
  type Problem,
} from './description/index.ts'
import { conditionsOf, customField } from './filters.ts'
import { type Answer, json, missing, noContent, Refusal, refusalAnswer } from './http.ts'
import { list } from './listing.ts'
import { type Plant, type PlantEvent, record } from './plant.ts'
import type { Doc, Resource } from './store.ts'
import { envelopeOf, show, viewOf } from './views.ts'
import { writeOf } from './writes/index.ts'
import { contactOf } from './writes/places.ts'
import { memberShown, membersOf } from './writes/people.ts'

/** A request whose visitor is known. */
export interface Call {
  readonly method: string
  /** Without the root: `/vendors/5`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Buffer | JsonObject | null
  readonly visitor: Visitor
}

export type Router = (call: Call) => Answer

interface Asked extends Matched {
  readonly call: Call
  readonly query: { readonly [name: string]: Json }
  readonly ids: Readonly<Record<string, number>>
}

/** Lists below a record: where they are, and the field that names the record. */
const BELOW: Readonly<
  Record<string, { readonly resource: Resource; readonly owner: Resource; readonly link: string }>
> = {
  '/vendors/{id}/contacts': { resource: 'contacts', owner: 'vendors', link: 'vendorId' },
  '/workorders/{id}/comments': { resource: 'comments', owner: 'workorders', link: 'parentId' },
  '/workorders/{id}/subworkorders': { resource: 'workorders', owner: 'workorders', link: 'parentId' },
}
const ID_OF_PATH: Readonly<Record<string, string>> = { '/vendors/{id}/contacts/{contactId}': 'contactId' }

export function createRouter(plant: Plant): Router {
  return (call) => {
    const matched = match(call.method, call.path)
    if (matched === 'no-path') return refusalAnswer(missing('Endpoint'), false)
    if (matched === 'no-method') return refusalAnswer(new Refusal(405, 'Method not allowed'), false)
    const { operation } = matched
    try {
      if (plant.switches.forbidden.has(operation.resource))
        throw new Refusal(403, `You are not allowed to access ${operation.resource}`)
      const asked = checked(plant, call, matched)
      return operation.method === 'GET' ? read(plant, asked) : write(plant, asked)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const isListed = error.status === 400 ? operation.listsErrors : error.status === 403
      return refusalAnswer(error, isListed)
    }
  }
}

/** @throws Refusal 400 with all that is wrong with path and query */
function checked(plant: Plant, call: Call, matched: Matched): Asked {
  const { operation, path } = matched
  const inPath = parametersOf(operation, 'path', (name) => (path[name] === undefined ? [] : [path[name]]))
  const inQuery = parametersOf(operation, 'query', (name) => call.query.getAll(name))
  const problems = [...inPath.problems, ...inQuery.problems]
  const known = new Set(operation.parameters.filter((each) => each.in === 'query').map(({ name }) => name))
  const unknown = [...new Set(call.query.keys())].filter((name) => !known.has(name))
  if (!operation.filtersCustomFields && plant.switches.unknownParameters === 'refuse') {
    problems.push(...unknown.map((name): Problem => ({ error: `'${name}' is not a known parameter`, fieldPath: name })))
  }
  for (const each of Object.keys(inQuery.values).filter((name) => name.includes('At['))) {
    if (Number.isNaN(Date.parse(String(inQuery.values[each]))))
      problems.push({ error: `'${each}' is no date-time`, fieldPath: each })
  }
  if (problems.length > 0) throw new Refusal(400, problems)
  const ids = Object.fromEntries(operation.pathNames.map((name) => [name, Number(path[name])]))
  return { ...matched, call, query: inQuery.values, ids }
}

function read(plant: Plant, asked: Asked): Answer {
  const { operation, ids, call } = asked
  const { template } = operation
  const context = { plant, actor: call.visitor }
  if (template === '/workorders/{id}/costs') return json(200, costsOf(record(context, 'workorders', ids['id'])))
  if (template === '/subscriptions/{id}/secret')
    return json(200, { secret: record(context, 'subscriptions', ids['id'])['secret'] })
  if (template === '/teams/{id}/members') return members(plant, asked)
  if (template === '/customfields/{entity}') {
    const fields = plant.store.where('customfields', { entity: asked.path['entity'] ?? '' })
    return customFields(operation, fields)
  }
  const below = BELOW[template]
  if (below !== undefined || operation.pathNames.length === 0) return listed(plant, asked, below)
  const { key } = envelopeOf(operation)
  const doc = distorted(plant, operation.resource as Resource, one(plant, asked))
  const resource = template.includes('/contacts/') ? 'contacts' : (operation.resource as Resource)
  const shown = show(plant.store, viewOf(resource, operation, expandOf(asked)), doc)
  return json(200, key === null ? shown : { [key]: shown })
}

const expandOf = ({ query }: Asked): readonly string[] => (query['expand'] ?? []) as readonly string[]

function one(plant: Plant, asked: Asked): Doc {
  const { operation, ids, query, call } = asked
  const context = { plant, actor: call.visitor }
  const resource = operation.resource as Resource
  if (ID_OF_PATH[operation.template] !== undefined) return contactOf({ ...context, ids, path: asked.path, body: {} })
  if (query['useSequentialId'] === true) {
    const [found] = plant.store.where(resource, {
      sequentialId: ids['id'] ?? 0,
      organizationId: call.visitor.organizationId,
    })
    if (found === undefined) throw missing('Work order')
    return found
  }
  const doc = plant.store.get(resource, ids['id'] ?? 0)
  const isShown = (resource === 'users' ? plant.switches.removedUsers : plant.switches.deletedRecords) === 'shown'
  if (doc !== null && doc.deletedAt != null && isShown && doc.organizationId === call.visitor.organizationId) return doc
  return record(context, resource, ids['id'])
}

function listed(plant: Plant, asked: Asked, below: (typeof BELOW)[string] | undefined): Answer {
  const { operation, query, ids, call } = asked
  const resource = below?.resource ?? (operation.resource as Resource)
  const { visitor } = call
  const owner = below === undefined ? null : record({ plant, actor: visitor }, below.owner, ids['id'])
  const known = new Set(operation.parameters.map(({ name }) => name))
  const custom = operation.filtersCustomFields ? [...new Set(call.query.keys())].filter((name) => !known.has(name)) : []
  const { docs, nextCursor } = list(plant.store, {
    resource,
    conditions: [
      { sql: 'organization IN (SELECT value FROM json_each(?))', params: [JSON.stringify(visitor.organizationIds)] },
      ...(owner === null || below === undefined ? [] : [{ sql: `data->>'$.${below.link}' = ?`, params: [owner.id] }]),
      ...conditionsOf(resource, query, new Date(plant.store.now()).toISOString(), below === undefined),
      ...custom.map((name) => customField(name, call.query.getAll(name))),
    ],
    sort: query['sort'] as string | undefined,
    limit: (query['limit'] as number | undefined) ?? 100,
    cursor: query['cursor'] as string | undefined,
    byOffset: plant.switches.offsetPaged.has(operation.template.slice(1)),
  })
  const view = viewOf(resource, operation, expandOf(asked))
  const shown = docs.map((doc) => show(plant.store, view, distorted(plant, resource, doc)))
  return json(200, pageOf(operation, shown, nextCursor, call))
}

function pageOf(
  operation: Operation,
  shown: readonly Json[],
  nextCursor: string | null,
  { path, query }: Call,
): JsonObject {
  const next = new URLSearchParams(query)
  if (nextCursor !== null) next.set('cursor', nextCursor)
  return {
    [envelopeOf(operation).key ?? operation.resource]: shown,
    nextCursor,
    nextPageUrl: nextCursor === null ? null : `${path}?${next.toString()}`,
  }
}

function distorted(plant: Plant, resource: Resource, doc: Doc): Doc {
  const bad = plant.switches.badRecord
  return bad !== null && bad.record === `${resource}/${doc.id}` ? { ...doc, [bad.field]: bad.value as Json } : doc
}

function costsOf(doc: Doc): JsonObject {
  const rows = ((doc['costs'] ?? []) as readonly JsonObject[]).map(({ costType: _, id: __, ...row }) => row)
  return { costs: { total: rows.reduce((sum, row) => sum + Number(row['rowTotal']), 0), rows } }
}

function members(plant: Plant, { operation, ids, call, query }: Asked): Answer {
  const team = record({ plant, actor: call.visitor }, 'teams', ids['id'])
  const all = membersOf(team).flatMap((member) => memberShown({ plant }, member) ?? [])
  const limit = (query['limit'] as number | undefined) ?? 100
  const from = Number(query['cursor'] ?? 0)
  if (!Number.isInteger(from)) throw new Refusal(400, 'Invalid cursor')
  return json(
    200,
    pageOf(operation, all.slice(from, from + limit), from + limit < all.length ? String(from + limit) : null, call),
  )
}

function customFields(operation: Operation, fields: readonly Doc[]): Answer {
  const shown = fields.map(({ id, label, type, sortOrder, options }) => ({
    id,
    label,
    type,
    sortOrder,
    options: options ?? [],
  }))
  const { key } = envelopeOf(operation)
  return json(200, key === null ? shown : { [key]: shown })
}

function write(plant: Plant, asked: Asked): Answer {
  const { operation, ids, path, call, query } = asked
  const run = writeOf(operation)
  if (run === null) throw new Refusal(501, `${operation.method} ${operation.template} is not part of this sandbox`)
  const body = operation.body === null ? {} : bodyOf(operation, call.body)
  const isSilent = query['skipWebhook'] === true || body['skipRestHook'] === true
  // told once it is certain
  const events: PlantEvent[] = []
  const told: Plant = { ...plant, emit: (event) => void events.push(event) }
  const outcome = plant.store.transaction(() => run({ plant: told, actor: call.visitor, ids, path, body }))
  if (!isSilent) for (const event of events) plant.emit(event)
  if (outcome === null) return operation.status === 204 ? noContent() : json(operation.status, {})
  if ('body' in outcome) return json(operation.status, outcome.body)
  const { key } = envelopeOf(operation)
  const shown = show(plant.store, viewOf(outcome.resource, operation, expandOf(asked)), outcome.doc)
  return json(operation.status, key === null ? shown : { [key]: shown })
}

function bodyOf(operation: Operation, given: Call['body']): JsonObject {
  const value = given instanceof Buffer ? parsed(given) : (given ?? {})
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(400, 'the body must be an object')
  const result = operation.body?.(value as JsonObject)
  if (result !== undefined && 'problems' in result) throw new Refusal(400, result.problems)
  return value as JsonObject
}

function parsed(body: Buffer): Json {
  try {
    return JSON.parse(body.toString('utf8')) as Json
  } catch {
    throw new Refusal(400, 'the body is no JSON')
  }
}
