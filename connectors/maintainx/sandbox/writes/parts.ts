import type { Json, JsonObject } from '../description/index.ts'
import { invalid, Refusal } from '../http.ts'
import {
  type Actor,
  checkName,
  checkReferences,
  type Command,
  differs,
  given,
  mergedExtraFields,
  type Plant,
  type PlantEvent,
  record,
  reference,
  time,
  type Write,
} from '../plant.ts'
import type { Doc } from '../store.ts'

/** What lies at one place. */
export interface Shelf {
  readonly [field: string]: Json
  readonly locationId: number
  readonly availableQuantity: number
  readonly minimumQuantity: number | null
  readonly maximumQuantity: number | null
  readonly area: string | null
}

export type Cause = 'PURCHASE_ORDER' | 'WORK_ORDER' | 'MANUAL_RESTOCK' | 'PART_TRANSFER' | 'CYCLE_COUNT'

const FIELDS = ['name', 'description', 'unitCost', 'barcode', 'partTypes', 'assetIds', 'teamIds']
/** The older form of a part at one place; "will cause error if both fields are sent". */
const SINGLE_PLACE = ['area', 'availableQuantity', 'minimumQuantity', 'locationId']
const LINKS = { assetIds: 'assets', teamIds: 'teams', locationId: 'locations' } as const

export const shelvesOf = (part: Doc): readonly Shelf[] => (part['locations'] ?? []) as unknown as readonly Shelf[]

/** The sums that follow from the shelves. */
export function totalsOf(shelves: readonly Shelf[]): JsonObject {
  const sum = (name: 'availableQuantity' | 'minimumQuantity' | 'maximumQuantity'): number =>
    shelves.reduce((total, shelf) => total + (shelf[name] ?? 0), 0)
  return {
    availableQuantity: sum('availableQuantity'),
    inStockQuantity: sum('availableQuantity'),
    minimumQuantity: sum('minimumQuantity'),
    maximumQuantity: shelves.some(({ maximumQuantity }) => maximumQuantity !== null) ? sum('maximumQuantity') : null,
    locationId: shelves.length === 1 ? (shelves[0]?.locationId ?? null) : null,
    area: shelves.length === 1 ? (shelves[0]?.area ?? null) : null,
  }
}

function shelfGiven(command: Command, given: JsonObject, before: Shelf | undefined, path: string): Shelf {
  const locationId = Number(given['locationId'])
  // a place that is gone keeps what lies there
  if (before === undefined) reference(command, 'locations', locationId, `${path}.locationId`)
  const number = (name: string, otherwise: number | null): number | null =>
    given[name] === undefined ? otherwise : (given[name] as number | null)
  const [minimumQuantity, maximumQuantity] = [
    number('minimumQuantity', before?.minimumQuantity ?? 0),
    number('maximumQuantity', before?.maximumQuantity ?? null),
  ]
  if (maximumQuantity !== null && maximumQuantity < (minimumQuantity ?? 0)) {
    throw invalid(
      `${path}.maximumQuantity`,
      'maximumQuantity must be greater than or equal to minimumQuantity',
      maximumQuantity,
    )
  }
  const area = (given['area'] === undefined ? (before?.area ?? null) : given['area']) as string | null
  return {
    locationId,
    availableQuantity: number('availableQuantity', before?.availableQuantity ?? 0) ?? 0,
    minimumQuantity,
    maximumQuantity,
    area,
  }
}

function checkOneForm(body: JsonObject): void {
  const [both] = body['locations'] === undefined ? [] : SINGLE_PLACE.filter((name) => body[name] !== undefined)
  if (both !== undefined) throw invalid(both, `'${both}' and 'locations' cannot both be sent`)
}

function vendorsGiven(command: Command): JsonObject {
  const { body } = command
  checkReferences(command, { vendorIds: 'vendors' })
  const list = body['vendors'] as readonly { vendorId?: number; partNumber?: string }[] | undefined
  for (const [at, { vendorId }] of (list ?? []).entries())
    if (vendorId !== undefined) reference(command, 'vendors', vendorId, `vendors.${at}.vendorId`)
  if (list !== undefined) return { vendors: list as unknown as Json }
  const ids = body['vendorIds'] as readonly number[] | undefined
  return ids === undefined ? {} : { vendors: ids.map((vendorId) => ({ vendorId, partNumber: '' })) }
}

const createPart: Write = (command) => {
  const { plant, actor, body } = command
  checkName(body, 'name')
  checkReferences(command, LINKS)
  checkOneForm(body)
  const named = (body['locations'] ??
    (typeof body['locationId'] === 'number' ? [given(body, SINGLE_PLACE)] : [])) as readonly JsonObject[]
  const shelves = named.map((each, at) => shelfGiven(command, each, undefined, `locations.${at}`))
  const loose =
    named.length === 0
      ? {
          availableQuantity: body['availableQuantity'] ?? 0,
          inStockQuantity: body['availableQuantity'] ?? 0,
          minimumQuantity: body['minimumQuantity'] ?? 0,
        }
      : {}
  const doc = plant.store.insert('parts', {
    organizationId: actor.organizationId,
    description: null,
    unitCost: null,
    barcode: null,
    partTypes: [],
    assetIds: [],
    teamIds: [],
    extraFields: {},
    vendors: [],
    orderedQuantity: 0,
    reservedQuantity: 0,
    committedQuantities: { kitted: 0, reserved: 0, staged: 0 },
    assignedQuantity: 0,
    ...given(body, [...FIELDS, 'extraFields']),
    ...vendorsGiven(command),
    locations: shelves as unknown as Json,
    ...totalsOf(shelves),
    ...loose,
  })
  plant.emit(partEvent(plant, 'NEW_PART', doc, 'newPart'))
  return { doc, resource: 'parts' }
}

const changePart: Write = (command) => {
  const { plant, actor, body, ids } = command
  const doc = record(command, 'parts', ids['id'])
  checkName(body, 'name')
  checkReferences(command, LINKS)
  checkOneForm(body)
  const changes = {
    ...given(body, FIELDS),
    ...vendorsGiven(command),
    ...mergedExtraFields(doc, body),
    ...placesGiven(command, doc),
  }
  return { doc: apply(plant, actor, doc, changes, 'MANUAL_RESTOCK'), resource: 'parts' }
}

function placesGiven(command: Command, doc: Doc): JsonObject {
  const { body } = command
  const before = shelvesOf(doc)
  const lists = body['locations'] as
    | { addedUpdated?: readonly JsonObject[]; removedLocationIds?: readonly number[] }
    | undefined
  if (lists !== undefined) {
    const shelves = before.filter(({ locationId }) => !(lists.removedLocationIds ?? []).includes(locationId))
    for (const [at, each] of (lists.addedUpdated ?? []).entries()) {
      const index = shelves.findIndex(({ locationId }) => locationId === each['locationId'])
      const shelf = shelfGiven(command, each, shelves[index], `locations.addedUpdated.${at}`)
      if (index < 0) shelves.push(shelf)
      else shelves[index] = shelf
    }
    return { locations: shelves as unknown as Json, ...totalsOf(shelves) }
  }
  const single = given(body, SINGLE_PLACE)
  if (Object.keys(single).length === 0) return {}
  if (before.length > 1)
    throw invalid(Object.keys(single)[0] ?? 'locations', `the part is at ${before.length} locations: use 'locations'`)
  const locationId = single['locationId'] ?? before[0]?.locationId
  if (locationId == null)
    return {
      ...single,
      ...(single['availableQuantity'] === undefined ? {} : { inStockQuantity: single['availableQuantity'] }),
    }
  const shelf = shelfGiven(command, { ...single, locationId }, before[0], 'locations.0')
  return { locations: [shelf] as unknown as Json, ...totalsOf([shelf]) }
}

/** Changes a part and tells what follows from it. */
function apply(plant: Plant, actor: Actor, doc: Doc, changes: JsonObject, cause: Cause): Doc {
  const changed = plant.store.update('parts', doc.id, changes)
  const properties = Object.entries(FIELDS_OF_DOC).flatMap(([field, property]) =>
    differs(doc[field], changed[field]) ? [property] : [],
  )
  if (properties.length > 0)
    plant.emit({
      ...partEvent(plant, 'PART_CHANGE', changed, 'newPart'),
      filters: { oneOfPartProperties: [...new Set(properties)] },
    })
  const [oldQuantity, newQuantity] = [Number(doc['availableQuantity']), Number(changed['availableQuantity'])]
  const places = new Set([...shelvesOf(doc), ...shelvesOf(changed)].map(({ locationId }) => locationId))
  const locations = [...places].flatMap((locationId) => {
    const at = (part: Doc): number =>
      shelvesOf(part).find((shelf) => shelf.locationId === locationId)?.availableQuantity ?? 0
    const quantityDiff = at(changed) - at(doc)
    return quantityDiff === 0 ? [] : [{ locationId, quantityDiff, oldQuantity: at(doc), newQuantity: at(changed) }]
  })
  if (oldQuantity !== newQuantity || locations.length > 0) {
    plant.emit({
      type: 'PART_QUANTITY_CHANGE',
      organizationId: doc.organizationId,
      subject: `parts/${doc.id}`,
      payload: {
        partId: doc.id,
        orgId: doc.organizationId,
        quantityDiff: newQuantity - oldQuantity,
        oldQuantity,
        newQuantity,
        userId: actor.userId,
        triggeredFrom: cause,
        locations,
        occurredAt: time(plant),
      },
    })
  }
  return changed
}

/** Takes from a shelf or puts onto it; a shelf that is not there yet is made. Stock may fall below zero. */
export function moveStock(
  plant: Plant,
  actor: Actor,
  part: Doc,
  locationId: number | null,
  difference: number,
  cause: Cause,
  more: JsonObject = {},
): Doc {
  const shelves = [...shelvesOf(part)]
  const at = locationId === null ? 0 : shelves.findIndex((shelf) => shelf.locationId === locationId)
  const shelf = shelves[at]
  if (shelf !== undefined) shelves[at] = { ...shelf, availableQuantity: shelf.availableQuantity + difference }
  else if (locationId !== null)
    shelves.push({ locationId, availableQuantity: difference, minimumQuantity: 0, maximumQuantity: null, area: null })
  const total = Number(part['availableQuantity']) + difference
  const totals = shelves.length === 0 ? { availableQuantity: total, inStockQuantity: total } : totalsOf(shelves)
  return apply(plant, actor, part, { locations: shelves as unknown as Json, ...totals, ...more }, cause)
}

/** Property of a change → fields of the payload, which are those of the record. */
const FIELDS_OF_PROPERTY: Readonly<Record<string, readonly string[]>> = {
  AREA: ['area'],
  ASSETS: ['assetIds'],
  AVAILABLE_QUANTITY: ['availableQuantity'],
  BARCODE: ['barcode'],
  DESCRIPTION: ['description'],
  EXTRA_FIELDS: ['extraFields'],
  LOCATION: ['locationId'],
  LOCATIONS: ['locations'],
  MAXIMUM_QUANTITY: ['maximumQuantity'],
  MINIMUM_QUANTITY: ['minimumQuantity'],
  NAME: ['name'],
  PART_TYPES: ['partTypes'],
  TEAMS: ['teamIds'],
  UNIT_COST: ['unitCost'],
  VENDORS: ['vendors'],
}
const FIELDS_OF_DOC = Object.fromEntries(
  Object.entries(FIELDS_OF_PROPERTY).map(([property, [field]]) => [field ?? '', property]),
)
const SHOWN = [...Object.values(FIELDS_OF_PROPERTY).flat(), 'inStockQuantity']

function partEvent(plant: Plant, type: string, doc: Doc, key: string): PlantEvent {
  const value = given(doc as unknown as JsonObject, type === 'NEW_PART' ? SHOWN : ['id', ...SHOWN])
  return {
    type,
    organizationId: doc.organizationId,
    subject: `parts/${doc.id}`,
    payload: { partId: doc.id, orgId: doc.organizationId, occurredAt: time(plant) },
    entity: { key, value, fields: FIELDS_OF_PROPERTY },
  }
}

const removePart: Write = (command) => {
  const { plant, ids } = command
  const doc = record(command, 'parts', ids['id'])
  plant.store.remove('parts', doc.id)
  plant.emit(partEvent(plant, 'PART_DELETE', doc, 'deletedPart'))
  return null
}

const requestTransfer: Write = (command) => {
  const { plant, actor, body } = command
  // the two parts are of different organizations, as a rule
  const part = (field: string): Doc => {
    const found = plant.store.get('parts', Number(body[field]))
    if (found === null || found.deletedAt != null)
      throw invalid(field, `Part ${String(body[field])} does not exist`, Number(body[field]))
    return found
  }
  const [source, destination] = [part('sourcePartId'), part('destinationPartId')]
  if (Number(body['quantityRequested']) <= 0)
    throw invalid('quantityRequested', `'quantityRequested' must be positive`, Number(body['quantityRequested']))
  const doc = plant.store.insert('parttransferrequests', {
    organizationId: actor.organizationId,
    quantityRequested: Number(body['quantityRequested']),
    quantityReceived: null,
    quantityTransferred: null,
    requestMessage: body['requestMessage'] ?? null,
    responseMessage: null,
    status: 'PENDING',
    sourcePartId: source.id,
    destinationPartId: destination.id,
    transferrerId: null,
    requesterId: actor.userId,
    destinationOrganizationId: destination.organizationId,
    sourceOrganizationId: source.organizationId,
    destinationLocations: [],
  })
  return { doc, resource: 'parttransferrequests' }
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['APPROVED', 'CANCELED', 'DECLINED'],
  APPROVED: ['COMPLETED', 'CANCELED'],
}

const answerTransfer: Write = (command) => {
  const { plant, actor, body, ids } = command
  const doc = record(command, 'parttransferrequests', ids['id'])
  const [before, after] = [String(doc['status']), String(body['status'])]
  if (before !== after && !(NEXT[before] ?? []).includes(after))
    throw invalid('status', `a request that is ${before} cannot become ${after}`, after)
  const quantity = Number(body['quantity'] ?? doc['quantityTransferred'] ?? doc['quantityRequested'])
  const changes: Record<string, Json> = {
    status: after,
    ...given(body, ['responseMessage', 'sourceLocationId', 'destinationLocations']),
  }
  const [source, destination] = [
    plant.store.get('parts', Number(doc['sourcePartId'])),
    plant.store.get('parts', Number(doc['destinationPartId'])),
  ]
  if (source === null || destination === null) throw new Refusal(400, 'the part is gone')
  if (after === 'APPROVED' && before !== after) {
    moveStock(plant, actor, source, (body['sourceLocationId'] ?? null) as number | null, -quantity, 'PART_TRANSFER')
    Object.assign(changes, { quantityTransferred: quantity, transferrerId: actor.userId })
  }
  const locations = (body['destinationLocations'] ?? []) as readonly { locationId?: number; quantity: number }[]
  if (after === 'COMPLETED' && before !== after) {
    const received = locations.length === 0 ? [{ quantity }] : locations
    for (const { locationId, quantity: n } of received as typeof locations) {
      const part = plant.store.get('parts', destination.id)
      if (part !== null) moveStock(plant, actor, part, locationId ?? null, n, 'PART_TRANSFER')
    }
    changes['quantityReceived'] = received.reduce((sum, { quantity: n }) => sum + n, 0)
  }
  const changed = plant.store.update('parttransferrequests', doc.id, changes)
  const causes: Readonly<Record<string, string>> = { APPROVED: 'REQUEST_APPROVAL', COMPLETED: 'FULFILLMENT_APPROVAL' }
  const cause = after === 'CANCELED' && before === 'APPROVED' ? 'FULFILLMENT_CANCELLATION' : causes[after]
  if (cause !== undefined && before !== after) {
    plant.emit({
      type: 'PART_TRANSFER',
      organizationId: doc.organizationId,
      subject: `parttransferrequests/${doc.id}`,
      payload: {
        triggeredFrom: cause,
        transferRequestId: doc.id,
        userId: actor.userId,
        // both names are the vendor's
        quantity,
        totalQuantity: quantity,
        sourceData: { partId: source.id, partUnitCost: Number(source['unitCost'] ?? 0), orgId: source.organizationId },
        destinationData: {
          partId: destination.id,
          orgId: destination.organizationId,
          locations: locations.flatMap(({ locationId, quantity: n }) =>
            locationId === undefined ? [] : [{ locationId, locationQuantity: n }],
          ),
        },
        triggeredAt: time(plant),
      },
    })
  }
  return { doc: changed, resource: 'parttransferrequests' }
}

export const partWrites: Readonly<Record<string, Write>> = {
  'POST /parts': createPart,
  'PATCH /parts/{id}': changePart,
  'DELETE /parts/{id}': removePart,
  'POST /parttransferrequests': requestTransfer,
  'PATCH /parttransferrequests/{id}': answerTransfer,
}
