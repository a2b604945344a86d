import { assignees, costRows, idsOf, partsUsed } from '../derived.ts'
import type { Json, JsonObject } from '../description/index.ts'
import { differs, type Plant, type PlantEvent, time } from '../plant.ts'
import type { Doc } from '../store.ts'

/** Property of a change → fields of the payload. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  ASSET: ['assetId'],
  ASSIGNEES: ['assigneeIds'],
  CATEGORIES: ['categories'],
  COSTS: ['costs'],
  DESCRIPTION: ['description'],
  DUE_DATE: ['dueDate'],
  ESTIMATED_TIME: ['estimatedTime'],
  EXTRA_FIELDS: ['extraFields'],
  LOCATION: ['locationId'],
  PARTS: ['parts'],
  PRIORITY: ['priority'],
  START_DATE: ['startDate'],
  TEAMS: ['teamIds'],
  TITLE: ['title'],
  VENDORS: ['vendorIds'],
}

function categoriesShown(plant: Plant, labels: readonly string[]): JsonObject[] {
  return labels.flatMap((label) => {
    const [category] = plant.store.where('categories', { label })
    return category === undefined
      ? []
      : [{ id: category.id, name: label, description: String(category['description'] ?? '') }]
  })
}

/** As payloads have it. */
function workOrderShown(plant: Plant, doc: Doc): JsonObject {
  const parts = partsUsed(doc).map(({ partId, quantityUsed, locationId, copyOnRecurring }) => ({
    id: partId,
    quantityUsed,
    unitCost: plant.store.get('parts', partId)?.['unitCost'] ?? null,
    locationId,
    copyOnRecurring,
  }))
  return {
    ...Object.fromEntries(
      ['assetId', 'description', 'dueDate', 'estimatedTime', 'locationId', 'startDate'].map((name) => [
        name,
        doc[name] ?? null,
      ]),
    ),
    title: doc['title'] ?? '',
    priority: doc['priority'] ?? 'NONE',
    extraFields: doc['extraFields'] ?? {},
    vendorIds: doc['vendorIds'] ?? [],
    assigneeIds: idsOf(doc, 'USER'),
    teamIds: idsOf(doc, 'TEAM'),
    categories: categoriesShown(plant, (doc['categories'] ?? []) as readonly string[]),
    parts,
  }
}

function costsShown(doc: Doc): JsonObject {
  const rows = costRows(doc).map(({ type, costPerUnit, description, quantity, rowTotal, durationTotal, userId }) => ({
    type,
    costPerUnit,
    description,
    quantity,
    rowTotal,
    durationTotal,
    userId,
  }))
  return { total: rows.reduce((sum, { rowTotal }) => sum + rowTotal, 0), rows }
}

/** @param key of the record in the payload, for subscriptions that want it; null = this event never has it */
export function workOrderEvent(plant: Plant, type: string, doc: Doc, more: JsonObject, key: string | null): PlantEvent {
  return {
    type,
    organizationId: doc.organizationId,
    subject: `workorders/${doc.id}`,
    payload: { workOrderId: doc.id, orgId: doc.organizationId, ...more, occurredAt: time(plant) },
    ...(key === null ? {} : { entity: { key, value: workOrderShown(plant, doc), fields: FIELDS } }),
  }
}

const FIELDS_OF_DOC: Readonly<Record<string, string>> = {
  assetId: 'ASSET',
  categories: 'CATEGORIES',
  costs: 'COSTS',
  description: 'DESCRIPTION',
  dueDate: 'DUE_DATE',
  estimatedTime: 'ESTIMATED_TIME',
  extraFields: 'EXTRA_FIELDS',
  locationId: 'LOCATION',
  partsUsed: 'PARTS',
  priority: 'PRIORITY',
  startDate: 'START_DATE',
  title: 'TITLE',
  vendorIds: 'VENDORS',
}

/** @param before null = it is new: only its categories are told */
export function changeEvents(plant: Plant, before: Doc | null, after: Doc): PlantEvent[] {
  const events: PlantEvent[] = []
  const old = before ?? ({ organizationId: after.organizationId } as Doc)
  const added = ((after['categories'] ?? []) as readonly string[]).filter(
    (label) => !((old['categories'] ?? []) as readonly string[]).includes(label),
  )
  if (before !== null) {
    const changed = Object.entries(FIELDS_OF_DOC).flatMap(([field, property]) =>
      differs(old[field], after[field]) ? [property] : [],
    )
    const people = {
      ...moved('Assignee', idsOf(before, 'USER'), idsOf(after, 'USER')),
      ...moved('Team', idsOf(before, 'TEAM'), idsOf(after, 'TEAM')),
    }
    if (differs(assignees(before), assignees(after))) {
      if (differs(idsOf(before, 'USER'), idsOf(after, 'USER'))) changed.push('ASSIGNEES')
      if (differs(idsOf(before, 'TEAM'), idsOf(after, 'TEAM'))) changed.push('TEAMS')
    }
    if (changed.length > 0) {
      const event = workOrderEvent(plant, 'WORK_ORDER_CHANGE', after, people, 'newWorkOrder')
      const entity = event.entity && { ...event.entity, value: { ...event.entity.value, costs: costsShown(after) } }
      events.push({ ...event, ...(entity === undefined ? {} : { entity }), filters: { oneOfProperties: changed } })
    }
  }
  if (added.length > 0) {
    const newCategories = categoriesShown(plant, added)
    const event = workOrderEvent(plant, 'NEW_CATEGORY_ON_WORK_ORDER', after, { newCategories }, null)
    events.push({
      ...event,
      filters: { oneOfCategories: newCategories.flatMap(({ id, name }) => [id as number, name as string]) },
    })
  }
  return events
}

function moved(name: string, before: readonly number[], after: readonly number[]): JsonObject {
  return {
    [`added${name}Ids`]: after.filter((id) => !before.includes(id)) as Json,
    [`removed${name}Ids`]: before.filter((id) => !after.includes(id)) as Json,
  }
}

/** Cancelled and skipped ones are done, with a sub-status. */
function statusShown(prefix: 'old' | 'new', status: string): JsonObject {
  const isSub = status === 'CANCELED' || status === 'SKIPPED'
  return { [`${prefix}Status`]: isSub ? 'DONE' : status, ...(isSub ? { [`${prefix}SubStatus`]: status } : {}) }
}

export function statusEvent(plant: Plant, before: Doc, after: Doc, userId: number): PlantEvent {
  const status = String(after['status'])
  const more = { ...statusShown('old', String(before['status'])), ...statusShown('new', status), userId }
  return {
    ...workOrderEvent(plant, 'WORK_ORDER_STATUS_CHANGE', after, more, 'newWorkOrder'),
    filters: { oneOfStatuses: [status] },
  }
}
