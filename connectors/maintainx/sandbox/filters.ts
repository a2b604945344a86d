import type { SQLInputValue } from 'node:sqlite'
import type { Json } from './description/index.ts'
import type { Condition, Resource } from './store.ts'

const field = (name: string): string => `data->>'$.${name}'`
const LIST = 'IN (SELECT value FROM json_each(?))'
const listed = (value: Json): string => JSON.stringify(Array.isArray(value) ? value : [value])

const among =
  (name: string) =>
  (value: Json): Condition => ({ sql: `${field(name)} ${LIST}`, params: [listed(value)] })
const notAmong =
  (name: string) =>
  (value: Json): Condition => ({
    sql: `${field(name)} IS NULL OR NOT ${field(name)} ${LIST}`,
    params: [listed(value)],
  })
/** @param inner where the value is within each of the list's entries; '' = the entry itself */
const anyOf =
  (name: string, inner = '', extra = '') =>
  (value: Json): Condition => ({
    sql: `EXISTS (SELECT 1 FROM json_each(data, '$.${name}') AS each WHERE ${inner === '' ? 'each.value' : `each.value->>'${inner}'`} ${LIST}${extra})`,
    params: [listed(value)],
  })
const noneOf =
  (name: string, inner = '') =>
  (value: Json): Condition => {
    const { sql, params } = anyOf(name, inner)(value)
    return { sql: `NOT ${sql}`, params }
  }
/** A time in any form of ISO 8601, as the store writes it. */
const instant = (value: Json): string => new Date(String(value)).toISOString()
const since =
  (column: 'updated' | 'created') =>
  (value: Json): Condition => ({ sql: `${column} >= ?`, params: [instant(value)] })
const until =
  (column: 'updated' | 'created') =>
  (value: Json): Condition => ({ sql: `${column} <= ?`, params: [instant(value)] })

const TIMES = {
  'updatedAt[gte]': since('updated'),
  'updatedAt[lte]': until('updated'),
  'createdAt[gte]': since('created'),
  'createdAt[lte]': until('created'),
}
const CONDITION_OF_TYPE: Record<string, string> = {
  PARENT: `${field('isParent')} = 1`,
  SUB_WORK_ORDER: `${field('parentId')} IS NOT NULL`,
  STANDALONE: `${field('parentId')} IS NULL AND coalesce(${field('isParent')}, 0) = 0`,
}
/** Categories by label or id; ids are those of the organization's list. */
const CATEGORY = `SELECT c.data->>'$.label' FROM record c WHERE c.resource = 'categories'
  AND (c.id ${LIST} OR c.data->>'$.label' ${LIST})`
const categories =
  (not: '' | 'NOT ') =>
  (value: Json): Condition => ({
    sql: `${not}EXISTS (SELECT 1 FROM json_each(data, '$.categories') AS each WHERE each.value IN (${CATEGORY}))`,
    params: [listed(value), listed(value)],
  })

type Filters = { readonly [parameter: string]: (value: Json) => Condition }

const FILTERS: Partial<Record<Resource, Filters>> = {
  workorders: {
    ...TIMES,
    title: (value) => ({ sql: `${field('title')} LIKE ?`, params: [`%${String(value)}%`] }),
    assets: among('assetId'),
    notAssets: notAmong('assetId'),
    locations: among('locationId'),
    notLocations: notAmong('locationId'),
    parts: anyOf('partsUsed', '$.partId'),
    notParts: noneOf('partsUsed', '$.partId'),
    vendors: anyOf('vendorIds'),
    notVendors: noneOf('vendorIds'),
    assignees: anyOf('assignees', '$.id', ` AND each.value->>'$.type' = 'USER'`),
    teams: anyOf('assignees', '$.id', ` AND each.value->>'$.type' = 'TEAM'`),
    categories: categories(''),
    notCategories: categories('NOT '),
    priorities: among('priority'),
    statuses: among('status'),
    partStatuses: among('partStatus'),
    parentSubWorkOrderTypes: (value) => ({
      sql: (value as readonly string[]).map((type) => `(${CONDITION_OF_TYPE[type]})`).join(' OR '),
      params: [],
    }),
  },
  assets: { ...TIMES, locationId: among('locationId'), manufacturer: among('manufacturer'), model: among('model') },
  parts: { ...TIMES, partNumber: anyOf('vendors', '$.partNumber') },
  purchaseorders: TIMES,
  locations: {
    name: (value) => ({ sql: `substr(${field('name')}, 1, length(?)) = ?`, params: [String(value), String(value)] }),
  },
  users: {
    email: among('email'),
    onlyAssignable: (value) => ({ sql: value === true ? `${field('role')} <> 'REQUESTER'` : '1', params: [] }),
  },
  assetstatuses: { assetId: among('assetId') },
  assetcriticalities: { label: among('label'), level: among('level') },
  parttransferrequests: { statuses: among('status') },
}

/** @param hidesUpcoming whether this list leaves out what is to come, when it is not asked for */
export function conditionsOf(
  resource: Resource,
  query: { readonly [name: string]: Json },
  now: string,
  hidesUpcoming: boolean,
): Condition[] {
  const filters = FILTERS[resource] ?? {}
  const conditions = Object.entries(query).flatMap(([name, value]) => filters[name]?.(value) ?? [])
  // "Include work orders with a future start date": else they are left out
  if (resource === 'workorders' && hidesUpcoming && query['show_upcoming'] !== true) {
    conditions.push({ sql: `${field('startDate')} IS NULL OR ${field('startDate')} <= ?`, params: [now] })
  }
  return conditions
}

/** Records whose custom field of this name has one of the values; `limit__c` is the field `limit`. */
export const customField = (name: string, values: readonly string[]): Condition => ({
  sql: `EXISTS (SELECT 1 FROM json_each(data, '$.extraFields') AS each WHERE each.key = ? AND each.value ${LIST})`,
  params: [name.replace(/__c$/, ''), JSON.stringify(values)] as SQLInputValue[],
})
