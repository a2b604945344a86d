import type { Json, JsonObject } from '../description/index.ts'
import { invalid } from '../http.ts'
import {
  checkReferences,
  type Command,
  differs,
  given,
  mergedExtraFields,
  type Plant,
  record,
  reference,
  time,
  type Write,
} from '../plant.ts'
import type { Doc } from '../store.ts'
import { moveStock } from './parts.ts'
import { changeEvent, newOrderEvent, orderStatusEvent } from './purchase-order-events.ts'

export interface Fulfillment {
  readonly [field: string]: Json
  readonly id: number
  readonly locationId: number | null
  /** Decimal text, `3.000000`. */
  readonly quantityReceived: string
  readonly isLegacy: boolean
}

export interface Item {
  readonly [field: string]: Json
  readonly id: number
  readonly partId: number | null
  readonly quantityOrdered: number
  readonly quantityReceived: number
  /** Cents. */
  readonly unitCost: number | null
  readonly price: number | null
  readonly fulfillments: readonly Fulfillment[]
}

const FIELDS = [
  'note',
  'title',
  'dueDate',
  'vendorId',
  'overrideNumber',
  'vendorContactIds',
  'shippingAddress',
  'billingAddress',
]
const LINKS = { vendorId: 'vendors', vendorContactIds: 'contacts' } as const

export const itemsOf = (order: Doc): readonly Item[] => (order['items'] ?? []) as unknown as readonly Item[]
const six = (value: number): string => value.toFixed(6)
const decimal = (cents: number | null): string | null => (cents === null ? null : six(cents / 100))

/** An item as the system keeps it, of what a request or the seed says. `before` = it is there already. */
export function itemGiven(plant: Pick<Plant, 'store'>, body: JsonObject, before: Item | undefined): Item {
  const { store } = plant
  const partId = (body['partId'] === undefined ? (before?.partId ?? null) : body['partId']) as number | null
  const part = partId === null ? null : store.get('parts', partId)
  const quantityOrdered = Number(body['quantityOrdered'])
  const stated = body['price'] as number | null | undefined
  const unitCost = (body['unitCost'] ??
    (stated == null ? (before?.unitCost ?? part?.['unitCost'] ?? null) : stated / quantityOrdered)) as number | null
  const price = stated ?? (unitCost === null ? null : unitCost * quantityOrdered)
  const [vendor] = (part?.['vendors'] ?? []) as unknown as readonly { partNumber: string }[]
  return {
    id: before?.id ?? store.nextId('item', 9_000_001),
    partId,
    name: (body['name'] ?? before?.['name'] ?? part?.['name'] ?? null) as string | null,
    partNumber: (body['partNumber'] ?? before?.['partNumber'] ?? vendor?.partNumber ?? null) as string | null,
    quantityOrdered,
    quantityReceived: before?.quantityReceived ?? 0,
    unitCost,
    unitCostDecimal: decimal(unitCost),
    price,
    priceDecimal: decimal(price),
    fulfillments: before?.fulfillments ?? [],
    lineExtraFields: body['lineExtraFields'] ?? body['extraFields'] ?? before?.['lineExtraFields'] ?? {},
    partExtraFields: part?.['extraFields'] ?? {},
  } as Item
}

function itemsGiven(command: Command, before: Doc | null): JsonObject {
  const list = command.body['items'] as readonly JsonObject[] | undefined
  if (list === undefined) return {}
  const known = before === null ? [] : itemsOf(before)
  if (list.length === 0) throw invalid('items', 'at least one item is required')
  const items = list.map((each, at) => {
    const path = `items.${at}`
    const old = known.find(({ id }) => id === each['id'])
    if (each['id'] !== undefined && old === undefined)
      throw invalid(`${path}.id`, `Item ${String(each['id'])} does not exist`, Number(each['id']))
    if (each['partId'] != null) reference(command, 'parts', Number(each['partId']), `${path}.partId`)
    else if (each['name'] == null && old === undefined) throw invalid(`${path}.name`, 'an item needs a part or a name')
    if (Number(each['quantityOrdered']) <= 0)
      throw invalid(`${path}.quantityOrdered`, `'quantityOrdered' must be positive`, Number(each['quantityOrdered']))
    return itemGiven(command.plant, each, old)
  })
  return { items: items as unknown as Json }
}

const costsGiven = ({ plant, body }: Command): JsonObject =>
  body['costs'] === undefined
    ? {}
    : {
        costs: (body['costs'] as readonly JsonObject[]).map((cost) => ({
          ...cost,
          id: cost['id'] ?? plant.store.nextId('order cost', 9_500_001),
        })),
      }

const dateGiven = (body: JsonObject): JsonObject => {
  if (typeof body['dueDate'] !== 'string') return {}
  const date = new Date(body['dueDate'])
  if (Number.isNaN(date.getTime())) throw invalid('dueDate', `'dueDate' is no date`, body['dueDate'])
  return { dueDate: date.toISOString() }
}

function checkNumber({ plant, body, ids }: Command): void {
  const overrideNumber = body['overrideNumber']
  if (typeof overrideNumber !== 'string') return
  const taken = plant.store.where('purchaseorders', { overrideNumber }).some(({ id }) => id !== ids['id'])
  if (taken)
    throw invalid('overrideNumber', `a purchase order with the number '${overrideNumber}' exists`, overrideNumber)
}

const createOrder: Write = (command) => {
  const { plant, actor, body } = command
  checkReferences(command, LINKS)
  checkNumber(command)
  const doc = plant.store.insert('purchaseorders', {
    organizationId: actor.organizationId,
    autoGeneratedNumber: plant.store.nextId(`order:${actor.organizationId}`),
    // "Initial state when PO is first created"
    status: 'REQUESTED',
    creatorId: actor.userId,
    note: null,
    title: null,
    reviewNote: null,
    dueDate: null,
    overrideNumber: null,
    approverId: null,
    approvalDate: null,
    vendorContactIds: [],
    shippingAddress: null,
    billingAddress: null,
    extraFields: {},
    costs: [],
    ...given(body, [...FIELDS, 'extraFields']),
    ...dateGiven(body),
    ...itemsGiven(command, null),
    ...costsGiven(command),
  })
  plant.emit(newOrderEvent(doc))
  return { doc, resource: 'purchaseorders' }
}

const changeOrder: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'purchaseorders', ids['id'])
  if (doc['status'] === 'CANCELED')
    throw invalid('status', 'the purchase order has been canceled and cannot be modified', 'CANCELED')
  checkReferences(command, LINKS)
  checkNumber(command)
  if (typeof body['status'] === 'string') checkStep(doc, body['status'])
  const changed = plant.store.update('purchaseorders', doc.id, {
    ...given(body, [...FIELDS, 'reviewNote']),
    ...(typeof body['status'] === 'string' ? stepTo(command, body['status']) : {}),
    ...dateGiven(body),
    ...itemsGiven(command, doc),
    ...costsGiven(command),
    ...mergedExtraFields(doc, body),
  })
  tell(command, doc, changed)
  return { doc: changed, resource: 'purchaseorders' }
}

/** The vendor's table of steps. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  REQUESTED: ['CANCELED', 'DECLINED', 'PENDING'],
  PENDING: ['APPROVED', 'CANCELED', 'DECLINED'],
  DECLINED: ['CANCELED', 'PENDING'],
  APPROVED: ['CANCELED'],
  PARTIALLY_FULFILLED: ['COMPLETED'],
  CANCELED: [],
  COMPLETED: ['PARTIALLY_FULFILLED'],
}

function checkStep(doc: Doc, after: string): void {
  const before = String(doc['status'])
  if (before !== after && !(STEPS[before] ?? []).includes(after)) {
    throw invalid('status', `Invalid status transition from ${before} to ${after}`, after)
  }
}

const stepTo = ({ plant, actor }: Command, status: string): JsonObject =>
  status === 'APPROVED' ? { status, approverId: actor.userId, approvalDate: time(plant) } : { status }

const setStatus: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'purchaseorders', ids['id'])
  const status = String(body['status'])
  checkStep(doc, status)
  const changes = status === doc['status'] ? {} : stepTo(command, status)
  const changed = plant.store.update('purchaseorders', doc.id, { ...changes, ...given(body, ['reviewNote']) })
  tell(command, doc, changed)
  return { doc: changed, resource: 'purchaseorders' }
}

/** Tells what a change of an order brought about, and keeps what is on order of its parts. */
function tell({ plant }: Command, before: Doc, after: Doc): void {
  const change = changeEvent(plant, before, after)
  if (change !== null) plant.emit(change)
  if (differs(before['status'], after['status'])) plant.emit(orderStatusEvent(plant, before, after))
  countOrdered(plant, before, after)
}

/** What is still to come of each part. */
function awaited(order: Doc): Map<number, number> {
  const sums = new Map<number, number>()
  if (order['status'] !== 'APPROVED' && order['status'] !== 'PARTIALLY_FULFILLED') return sums
  for (const { partId, quantityOrdered, quantityReceived } of itemsOf(order)) {
    if (partId !== null) sums.set(partId, (sums.get(partId) ?? 0) + Math.max(0, quantityOrdered - quantityReceived))
  }
  return sums
}

export function countOrdered({ store, switches }: Plant, before: Doc | null, after: Doc | null): void {
  const [old, now] = [
    before === null ? new Map<number, number>() : awaited(before),
    after === null ? new Map<number, number>() : awaited(after),
  ]
  for (const partId of new Set([...old.keys(), ...now.keys()])) {
    const difference = (now.get(partId) ?? 0) - (old.get(partId) ?? 0)
    const part = store.get('parts', partId)
    if (difference === 0 || part === null || part.deletedAt != null) continue
    store.update(
      'parts',
      partId,
      { orderedQuantity: Number(part['orderedQuantity']) + difference },
      switches.ordersTouchParts,
    )
  }
}

interface Received {
  readonly id: number
  readonly unitCost?: number
  readonly quantityReceived?: number
  readonly fulfillments?: readonly {
    readonly id?: number
    readonly locationId?: number
    readonly quantityReceived: number
    readonly isLegacy?: boolean
  }[]
}

const fulfill: Write = (command) => {
  const { plant, actor, body, ids } = command
  const doc = record(command, 'purchaseorders', ids['id'])
  const status = String(doc['status'])
  if (status !== 'APPROVED' && status !== 'PARTIALLY_FULFILLED')
    throw invalid('status', `items of a purchase order that is ${status} cannot be received`, status)
  const list = body['items'] as unknown as readonly Received[]
  const moves: { partId: number; locationId: number | null; difference: number }[] = []
  const items = itemsOf(doc).map((item): Item => {
    const at = list.findIndex(({ id }) => id === item.id)
    const received = list[at]
    if (received === undefined) return item
    const fulfillments =
      received.fulfillments === undefined
        ? singleFulfillment(command, item, received)
        : mergedFulfillments(command, item, received, at)
    for (const { locationId, difference } of differences(item.fulfillments, fulfillments)) {
      if (item.partId !== null) moves.push({ partId: item.partId, locationId, difference })
    }
    const quantityReceived = fulfillments.reduce((sum, each) => sum + Number(each.quantityReceived), 0)
    const unitCost = received.unitCost ?? item.unitCost
    const price = unitCost === null ? item.price : unitCost * item.quantityOrdered
    return {
      ...item,
      fulfillments,
      quantityReceived,
      unitCost,
      unitCostDecimal: decimal(unitCost),
      price,
      priceDecimal: decimal(price),
    }
  })
  for (const [at, { id }] of list.entries()) {
    if (!itemsOf(doc).some((item) => item.id === id)) throw invalid(`items.${at}.id`, `Item ${id} does not exist`, id)
  }
  const isStarted = items.some(({ quantityReceived }) => quantityReceived > 0)
  const changed = plant.store.update('purchaseorders', doc.id, {
    items: items as unknown as Json,
    ...(isStarted ? { status: 'PARTIALLY_FULFILLED' } : {}),
  })
  tell(command, doc, changed)
  for (const { partId, locationId, difference } of moves) {
    const part = plant.store.get('parts', partId)
    if (part !== null && part.deletedAt == null) moveStock(plant, actor, part, locationId, difference, 'PURCHASE_ORDER')
  }
  return { doc: changed, resource: 'purchaseorders' }
}

/** The older form: received to date, at the place where the part lies. */
function singleFulfillment({ plant }: Command, item: Item, { quantityReceived = 0 }: Received): Fulfillment[] {
  const part = item.partId === null ? null : plant.store.get('parts', item.partId)
  const [shelf] = (part?.['locations'] ?? []) as unknown as readonly { locationId: number }[]
  const [first] = item.fulfillments
  const id = first?.id ?? plant.store.nextId('fulfillment', 9_700_001)
  return [
    {
      id,
      locationId: first?.locationId ?? shelf?.locationId ?? null,
      quantityReceived: six(quantityReceived),
      isLegacy: true,
    },
  ]
}

/** Entries with an id are changed, the others are added. */
function mergedFulfillments(command: Command, item: Item, { fulfillments = [] }: Received, at: number): Fulfillment[] {
  const merged = [...item.fulfillments]
  for (const [n, { id, locationId, quantityReceived, isLegacy }] of fulfillments.entries()) {
    const path = `items.${at}.fulfillments.${n}`
    if (quantityReceived < 0)
      throw invalid(`${path}.quantityReceived`, `'quantityReceived' must not be negative`, quantityReceived)
    if (locationId !== undefined) reference(command, 'locations', locationId, `${path}.locationId`)
    const index = id === undefined ? -1 : merged.findIndex((each) => each.id === id)
    const before = merged[index]
    if (id !== undefined && before === undefined) throw invalid(`${path}.id`, `Fulfillment ${id} does not exist`, id)
    const after: Fulfillment = {
      id: before?.id ?? command.plant.store.nextId('fulfillment', 9_700_001),
      locationId: locationId ?? before?.locationId ?? null,
      quantityReceived: six(quantityReceived),
      isLegacy: isLegacy ?? before?.isLegacy ?? false,
    }
    if (index < 0) merged.push(after)
    else merged[index] = after
  }
  return merged
}

function differences(
  before: readonly Fulfillment[],
  after: readonly Fulfillment[],
): { locationId: number | null; difference: number }[] {
  const sums = new Map<number | null, number>()
  const add = (list: readonly Fulfillment[], sign: 1 | -1): void => {
    for (const { locationId, quantityReceived } of list)
      sums.set(locationId, (sums.get(locationId) ?? 0) + sign * Number(quantityReceived))
  }
  add(before, -1)
  add(after, 1)
  return [...sums]
    .filter(([, difference]) => difference !== 0)
    .map(([locationId, difference]) => ({ locationId, difference }))
}

const comment: Write = (command) => {
  const { plant, actor, body, ids } = command
  const doc = record(command, 'purchaseorders', ids['id'])
  const content = String(body['content'])
  if (content.trim() === '') throw invalid('content', `'content' must not be empty`, content)
  return {
    body: {
      id: plant.store.insert('comments', {
        organizationId: actor.organizationId,
        parentId: doc.id,
        authorId: actor.userId,
        content,
      }).id,
    },
  }
}

const removeOrder: Write = (command) => {
  const doc = record(command, 'purchaseorders', command.ids['id'])
  command.plant.store.remove('purchaseorders', doc.id)
  countOrdered(command.plant, doc, null)
  return null
}

export const purchaseOrderWrites: Readonly<Record<string, Write>> = {
  'POST /purchaseorders': createOrder,
  'PATCH /purchaseorders/{id}': changeOrder,
  'DELETE /purchaseorders/{id}': removeOrder,
  'PATCH /purchaseorders/{id}/status': setStatus,
  'PATCH /purchaseorders/{id}/fulfillment': fulfill,
  'POST /purchaseorders/{id}/comments': comment,
}
