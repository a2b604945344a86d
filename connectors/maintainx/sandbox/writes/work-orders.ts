import { type Assignee, costRows, partsUsed } from '../derived.ts'
import type { Json, JsonObject } from '../description/index.ts'
import { invalid, Refusal } from '../http.ts'
import {
  checkName,
  checkReferences,
  type Command,
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
import { changeEvents, statusEvent, workOrderEvent } from './work-order-events.ts'

const FIELDS = [
  'title',
  'description',
  'assetId',
  'locationId',
  'dueDate',
  'startDate',
  'estimatedTime',
  'externalData',
  'priority',
  'type',
  'vendorIds',
  'recurrenceInfo',
]
const LINKS = { assetId: 'assets', locationId: 'locations', vendorIds: 'vendors' } as const

/** Users by id or e-mail address, teams by id. */
function assigneesGiven(command: Command): JsonObject {
  const list = command.body['assignees'] as readonly { type: 'USER' | 'TEAM'; id: number | string }[] | undefined
  if (list === undefined) return {}
  const found = list.map(({ type, id }, at): Assignee => {
    const path = `assignees.${at}.id`
    return {
      type,
      id: type === 'USER' ? userGiven(command, id, path) : reference(command, 'teams', Number(id), path).id,
    }
  })
  return { assignees: found }
}

function userGiven(command: Command, id: number | string, path: string): number {
  if (typeof id === 'number' || /^\d+$/.test(id)) return reference(command, 'users', Number(id), path).id
  const [user] = command.plant.store.where('users', { email: id })
  if (user === undefined) throw invalid(path, `there is no user ${id}`, id)
  return user.id
}

function requesterGiven(command: Command): JsonObject {
  const id = command.body['requesterId'] as number | string | null | undefined
  if (id === undefined) return {}
  return { requesterId: id === null ? null : userGiven(command, id, 'requesterId') }
}

/** Parts by place; the place of a part that lies at one only need not be named. */
function partsGiven(command: Command): JsonObject {
  const list = command.body['partsUsed'] as readonly JsonObject[] | undefined
  if (list === undefined) return {}
  const found = list.map((used, at): JsonObject => {
    const part = reference(command, 'parts', Number(used['partId']), `partsUsed.${at}.partId`)
    const places = (part['locations'] ?? []) as unknown as readonly { locationId: number }[]
    const locationId = (used['locationId'] ?? (places.length === 1 ? places[0]?.locationId : null) ?? null) as
      | number
      | null
    if (locationId !== null && places.length > 0 && !places.some((place) => place.locationId === locationId)) {
      throw invalid(`partsUsed.${at}.locationId`, `part ${part.id} is not at location ${locationId}`, locationId)
    }
    return {
      partId: part.id,
      quantityUsed: used['quantityUsed'] ?? 1,
      locationId,
      copyOnRecurring: used['copyOnRecurring'] ?? 'Default',
    }
  })
  return { partsUsed: found }
}

/** Labels that are new become categories. */
function categoriesGiven({ plant, actor, body }: Command): JsonObject {
  const labels = body['categories'] as readonly string[] | undefined
  if (labels === undefined) return {}
  for (const label of labels) {
    if (plant.store.where('categories', { label }).length > 0) continue
    plant.store.insert('categories', { organizationId: actor.organizationId, label, description: '' })
  }
  return { categories: [...new Set(labels)] }
}

/** "Only valid when dueDate is set". */
function checkDates(dueDate: Json | undefined, startDate: Json | undefined): void {
  if (startDate != null && dueDate == null)
    throw invalid('startDate', `'startDate' is only valid when 'dueDate' is set`, String(startDate))
  if (startDate != null && dueDate != null && Date.parse(String(startDate)) > Date.parse(String(dueDate))) {
    throw invalid('startDate', `'startDate' must not be after 'dueDate'`, String(startDate))
  }
}

const instants = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    ['dueDate', 'startDate']
      .filter((name) => typeof body[name] === 'string')
      .map((name) => [name, new Date(String(body[name])).toISOString()]),
  )

const createWorkOrder: Write = (command) => {
  const { plant, actor, body } = command
  checkName(body, 'title')
  checkReferences(command, LINKS)
  checkDates(body['dueDate'], body['startDate'])
  const parent =
    typeof body['parentId'] === 'number' ? reference(command, 'workorders', body['parentId'], 'parentId') : null
  if (parent !== null && parent['isParent'] !== true) plant.store.update('workorders', parent.id, { isParent: true })
  const doc = plant.store.insert('workorders', {
    ...blankWorkOrder(plant, actor.organizationId),
    creatorId: actor.userId,
    ...(parent === null
      ? {}
      : { parentId: parent.id, assetId: parent['assetId'] ?? null, locationId: parent['locationId'] ?? null }),
    isParent: body['isParent'] ?? false,
    ...given(body, [...FIELDS, 'extraFields']),
    ...(body['repeatability'] === undefined ? {} : { recurrenceInfo: body['repeatability'] }),
    ...instants(body),
    ...assigneesGiven(command),
    ...requesterGiven(command),
    ...partsGiven(command),
    ...categoriesGiven(command),
  })
  plant.emit(workOrderEvent(plant, 'NEW_WORK_ORDER', doc, {}, 'newWorkOrder'))
  for (const event of changeEvents(plant, null, doc)) plant.emit(event)
  return { doc, resource: 'workorders' }
}

export function blankWorkOrder(plant: Plant, organizationId: number) {
  return {
    organizationId,
    sequentialId: plant.store.nextId(`workorder:${organizationId}`),
    status: 'OPEN',
    description: null,
    assetId: null,
    locationId: null,
    dueDate: null,
    dueDateIsFullDay: false,
    startDate: null,
    estimatedTime: null,
    externalData: null,
    priority: 'NONE',
    type: 'REACTIVE',
    vendorIds: [],
    recurrenceInfo: null,
    extraFields: {},
    assignees: [],
    requesterId: null,
    partsUsed: [],
    categories: [],
    costs: [],
    completedAt: null,
    completerId: null,
    startedAt: null,
    lastMessageSentAt: null,
    parentId: null,
    previousId: null,
    nextId: null,
    partStatus: 'NO_PARTS',
    workOrderSummary: null,
  } as const
}

const changeWorkOrder: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'workorders', ids['id'])
  checkName(body, 'title')
  checkReferences(command, LINKS)
  const changes = {
    ...given(body, FIELDS),
    ...instants(body),
    ...assigneesGiven(command),
    ...requesterGiven(command),
    ...partsGiven(command),
    ...categoriesGiven(command),
    ...mergedExtraFields(doc, body),
  }
  checkDates(pick(changes, doc, 'dueDate'), pick(changes, doc, 'startDate'))
  const changed = plant.store.update('workorders', doc.id, changes)
  for (const event of changeEvents(plant, doc, changed)) plant.emit(event)
  return { doc: changed, resource: 'workorders' }
}

const pick = (changes: JsonObject, doc: Doc, name: string): Json | undefined =>
  name in changes ? changes[name] : doc[name]

const CLOSED = new Set(['DONE', 'CANCELED', 'SKIPPED'])

const setStatus: Write = (command) => {
  const { plant, actor, body, ids } = command
  const doc = record(command, 'workorders', ids['id'])
  const status = (body['status'] ?? doc['status']) as string
  const before = String(doc['status'])
  const now = time(plant)
  const isDone = status === 'DONE'
  const changed = plant.store.update('workorders', doc.id, {
    status,
    ...(isDone && before !== 'DONE' ? { completedAt: now, completerId: actor.userId } : {}),
    ...(!CLOSED.has(status) ? { completedAt: null, completerId: null } : {}),
    ...(status === 'IN_PROGRESS' && doc['startedAt'] == null ? { startedAt: now } : {}),
  })
  if (status === before) return { doc: changed, resource: 'workorders' }
  plant.emit(statusEvent(plant, doc, changed, actor.userId))
  // what was taken from the shelf for it is gone when it is done, and back when it is opened again
  if (isDone) usePartsOf(command, changed, -1)
  else if (before === 'DONE') usePartsOf(command, changed, 1)
  if (isDone && changed['recurrenceInfo'] != null && changed['nextId'] == null)
    return { doc: repeat(plant, changed), resource: 'workorders' }
  return { doc: changed, resource: 'workorders' }
}

function usePartsOf({ plant, actor }: Command, doc: Doc, sign: 1 | -1): void {
  for (const { partId, quantityUsed, locationId } of partsUsed(doc)) {
    const part = plant.store.get('parts', partId)
    if (part === null || part.deletedAt != null) continue
    moveStock(plant, actor, part, locationId, sign * quantityUsed, 'WORK_ORDER')
  }
}

const DAY = 86_400_000
const INTERVALS: Readonly<Record<string, number>> = {
  DAILY: DAY,
  WEEKLY: 7 * DAY,
  MONTHLY: 30 * DAY,
  YEARLY: 365 * DAY,
  PERIODICALLY: DAY,
}

/** The next of a chain. @returns the finished one, with its link */
function repeat(plant: Plant, doc: Doc): Doc {
  const { type, interval = 1 } = doc['recurrenceInfo'] as { type: string; interval?: number }
  const from = doc['dueDate'] == null ? plant.store.now() : Date.parse(String(doc['dueDate']))
  const kept = given(doc as unknown as JsonObject, [
    ...FIELDS,
    'assignees',
    'categories',
    'extraFields',
    'requesterId',
    'creatorId',
  ])
  const next = plant.store.insert('workorders', {
    ...blankWorkOrder(plant, doc.organizationId),
    ...kept,
    dueDate: new Date(from + (INTERVALS[type] ?? DAY) * Math.max(1, interval)).toISOString(),
    startDate: null,
    partsUsed: partsUsed(doc).filter(({ copyOnRecurring }) => copyOnRecurring !== 'NoCopy') as unknown as Json,
    previousId: doc.id,
  })
  const changed = plant.store.update('workorders', doc.id, { nextId: next.id })
  plant.emit(workOrderEvent(plant, 'NEW_WORK_ORDER', next, {}, 'newWorkOrder'))
  return changed
}

const setPartStatus: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'workorders', ids['id'])
  const [before, after] = [String(doc['partStatus']), String(body['partStatus'])]
  if (after !== 'NO_PARTS' && partsUsed(doc).length === 0)
    throw invalid('partStatus', 'the work order has no parts', after)
  const changed = plant.store.update('workorders', doc.id, { partStatus: after })
  if (after !== before) {
    const event = workOrderEvent(
      plant,
      'WORK_ORDER_PART_STATUS_CHANGE',
      changed,
      { oldPartStatus: before, newPartStatus: after },
      'newWorkOrder',
    )
    plant.emit({ ...event, filters: { oneOfPartStatuses: [after.toLowerCase()] } })
  }
  return { doc: changed, resource: 'workorders' }
}

const comment: Write = (command) => {
  const { plant, actor, body, ids } = command
  const doc = record(command, 'workorders', ids['id'])
  const content = String(body['content'])
  if (content.trim() === '') throw invalid('content', `'content' must not be empty`, content)
  const made = plant.store.insert('comments', {
    organizationId: actor.organizationId,
    parentId: doc.id,
    authorId: actor.userId,
    content,
  })
  // "last updated. This doesn't include comments"
  plant.store.update('workorders', doc.id, { lastMessageSentAt: made.createdAt }, false)
  const { payload, ...event } = workOrderEvent(plant, 'NEW_COMMENT_ON_WORK_ORDER', doc, {}, null)
  plant.emit({ ...event, payload: { ...payload, type: 'TEXT', comment: content } })
  return { body: { id: made.id } }
}

const addCost: Write = (command) => {
  const { plant, actor, body, ids } = command
  const doc = record(command, 'workorders', ids['id'])
  const isTime = body['type'] === 'TIME'
  const durationTotal = isTime ? Number(body['durationTotal'] ?? 0) : 0
  const quantity = isTime ? durationTotal / 3600 : 1
  const rate = plant.store.get('users', actor.userId)?.['hourlyRate'] ?? null
  const costPerUnit = ((isTime ? (body['hourlyRate'] ?? rate) : body['costPerUnit']) ?? null) as number | null
  const row = {
    id: plant.store.nextId('cost', 8_000_001),
    type: String(body['type']),
    costType: String(body['costType']),
    costPerUnit,
    description: (body['description'] ?? null) as string | null,
    quantity,
    rowTotal: Math.round(quantity * (costPerUnit ?? 0)),
    durationTotal,
    userId: actor.userId,
  }
  const changed = plant.store.update('workorders', doc.id, { costs: [...costRows(doc), row] as unknown as Json })
  for (const event of changeEvents(plant, doc, changed)) plant.emit(event)
  const { costType: _, ...shown } = row
  return { body: { ...shown, total: costRows(changed).reduce((sum, { rowTotal }) => sum + rowTotal, 0) } }
}

const removeWorkOrder: Write = (command) => {
  const { plant, ids } = command
  const doc = record(command, 'workorders', ids['id'])
  if (plant.store.where('workorders', { parentId: doc.id }).length > 0)
    throw new Refusal(500, 'the work order has sub work orders')
  plant.store.remove('workorders', doc.id)
  plant.emit(workOrderEvent(plant, 'WORK_ORDER_DELETE', doc, {}, 'WorkOrder'))
  return null
}

/** Work orders whose due date has passed since the last look: their event is sent once. */
export function tellOverdue(plant: Plant): number {
  const now = time(plant)
  const condition = {
    sql: `data->>'$.status' IN ('OPEN', 'IN_PROGRESS', 'ON_HOLD') AND data->>'$.dueDate' < ? AND data->>'$.overdueTold' IS NULL`,
    params: [now],
  }
  const late = plant.store.page('workorders', { conditions: [condition], order: 'id', limit: 1000, offset: 0 })
  for (const doc of late) {
    plant.store.update('workorders', doc.id, { overdueTold: now }, false)
    const { payload, ...event } = workOrderEvent(plant, 'WORK_ORDER_OVERDUE', doc, {}, null)
    plant.emit({ ...event, payload: { ...payload, dueDate: doc['dueDate'] ?? now } })
  }
  return late.length
}

export const workOrderWrites: Readonly<Record<string, Write>> = {
  'POST /workorders': createWorkOrder,
  'PATCH /workorders/{id}': changeWorkOrder,
  'DELETE /workorders/{id}': removeWorkOrder,
  'PATCH /workorders/{id}/status': setStatus,
  'PATCH /workorders/{id}/partStatus': setPartStatus,
  'POST /workorders/{id}/comments': comment,
  'POST /workorders/{id}/costs': addCost,
}
