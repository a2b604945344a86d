import type { Json, JsonObject } from './description/index.ts'
import type { Doc, Resource, Store } from './store.ts'

export interface Shown {
  readonly store: Store
  readonly doc: Doc
  /** Fields asked for with `expand`. */
  readonly asked: ReadonlySet<string>
}

type Derived = { readonly [field: string]: (shown: Shown) => Json | undefined }

export interface PartUsed {
  readonly [field: string]: Json
  readonly partId: number
  readonly quantityUsed: number
  readonly locationId: number | null
  readonly copyOnRecurring: string
}

export interface CostRow {
  readonly [field: string]: Json
  readonly type: string
  readonly costPerUnit: number | null
  readonly description: string | null
  readonly quantity: number
  readonly rowTotal: number
  readonly durationTotal: number
  readonly userId: number | null
}

export interface Assignee {
  readonly [field: string]: Json
  readonly type: 'USER' | 'TEAM'
  readonly id: number
}

const listOf = <T>(value: Json | undefined): readonly T[] => (value ?? []) as unknown as readonly T[]
export const partsUsed = (doc: Doc): readonly PartUsed[] => listOf(doc['partsUsed'])
export const costRows = (doc: Doc): readonly CostRow[] => listOf(doc['costs'])
export const assignees = (doc: Doc): readonly Assignee[] => listOf(doc['assignees'])
export const idsOf = (doc: Doc, type: Assignee['type']): number[] =>
  assignees(doc)
    .filter((each) => each.type === type)
    .map(({ id }) => id)

const pick = (doc: Doc, names: readonly string[]): Record<string, Json> =>
  Object.fromEntries(names.map((name) => [name, doc[name] ?? null]))

/** A record that another one names; null when there is none, or it is gone. */
function linked(
  { store, doc, asked }: Shown,
  link: string,
  resource: Resource,
  names: readonly string[],
  extra: string,
): Json {
  const id = doc[link]
  const found = typeof id === 'number' ? store.get(resource, id) : null
  if (found === null || found.deletedAt != null) return null
  const record: Record<string, Json> = {
    ...pick(found, ['id', ...names]),
    createdAt: found.createdAt,
    updatedAt: found.updatedAt,
  }
  if (asked.has(extra)) record[extra] = found['extraFields'] ?? {}
  return record
}

const ASSET = ['name', 'description', 'parentId', 'criticalityId', 'locationId', 'serialNumber', 'creatorId']
const LOCATION = ['name', 'description', 'address', 'parentId']
const PART = ['name', 'description', 'area', 'unitCost', 'availableQuantity', 'minimumQuantity', 'barcode']

function partOf({ store, asked }: Shown, used: PartUsed): JsonObject | null {
  const part = store.get('parts', used.partId)
  if (part === null) return null
  const { quantityUsed, copyOnRecurring, locationId } = used
  return {
    ...pick(part, ['id', ...PART]),
    quantityUsed,
    copyOnRecurring,
    ...(locationId === null ? {} : { locationId }),
    extraFields: {},
    ...(asked.has('partExtraFields') ? { partExtraFields: part['extraFields'] ?? {} } : {}),
  }
}

function children({ store, doc }: Shown, resource: Resource): number[] {
  return store.where(resource, { parentId: doc.id }).map(({ id }) => id)
}

function availability({ store, doc }: Shown): string {
  const used = partsUsed(doc)
  const there = used.filter(
    ({ partId, quantityUsed }) => Number(store.get('parts', partId)?.['availableQuantity'] ?? 0) >= quantityUsed,
  )
  if (there.length === used.length) return 'PARTS_AVAILABLE'
  return there.length === 0 ? 'PARTS_UNAVAILABLE' : 'PARTIAL_PARTS'
}

const ofType = (doc: Doc, type: string): Json[] =>
  costRows(doc)
    .filter((row) => row.type === type)
    .map(({ type: kind, costPerUnit, description, quantity, rowTotal, durationTotal, userId }) => ({
      type: kind,
      costPerUnit,
      description,
      quantity,
      rowTotal,
      durationTotal,
      userId,
    }))

function progress({ store, doc }: Shown): Json {
  if (doc['isParent'] !== true) return null
  const statuses = store.where('workorders', { parentId: doc.id }).map((each) => each['status'])
  const count = (status: string): number => statuses.filter((each) => each === status).length
  return {
    openCount: count('OPEN'),
    inProgressCount: count('IN_PROGRESS'),
    onHoldCount: count('ON_HOLD'),
    doneCount: count('DONE'),
  }
}

const NO_FILES: Derived = { attachments: () => [], thumbnail: () => null }

const DERIVED: Partial<Record<Resource, Derived>> = {
  workorders: {
    ...NO_FILES,
    assigneeIds: ({ doc }) => idsOf(doc, 'USER'),
    teamIds: ({ doc }) => idsOf(doc, 'TEAM'),
    asset: (shown) => linked(shown, 'assetId', 'assets', ASSET, 'assetExtraFields'),
    location: (shown) => linked(shown, 'locationId', 'locations', LOCATION, 'locationExtraFields'),
    parts: (shown) => partsUsed(shown.doc).flatMap((used) => partOf(shown, used) ?? []),
    partsAvailability: availability,
    times: ({ doc }) => ofType(doc, 'TIME'),
    timeItems: ({ doc }) => ofType(doc, 'TIME'),
    expenditures: ({ doc }) => ofType(doc, 'EXPENSE'),
    procedure: () => null,
    progress,
  },
  assets: {
    ...NO_FILES,
    childrenIds: (shown) => children(shown, 'assets'),
    currentOwnerId: ({ doc }) => doc.organizationId,
    status({ store, doc }) {
      const current = typeof doc['statusId'] === 'number' ? store.get('assetstatuses', doc['statusId']) : null
      if (current === null) return undefined
      const names = ['id', 'status', 'downtimeType', 'startedAt', 'endedAt', 'description', 'createdAt', 'updatedAt']
      const custom =
        typeof current['customStatusId'] === 'number'
          ? store.get('assetcustomstatuses', current['customStatusId'])
          : null
      return {
        ...pick(current, names),
        deletedAt: null,
        customStatusId: current['customStatusId'] ?? null,
        customStatus: custom === null ? null : pick(custom, ['id', 'label', 'createdAt', 'updatedAt', 'deletedAt']),
      }
    },
  },
  locations: { ...NO_FILES, childrenIds: (shown) => children(shown, 'locations') },
  parts: {
    ...NO_FILES,
    vendorIds: ({ doc }) => listOf<{ vendorId: number }>(doc['vendors']).map(({ vendorId }) => vendorId),
  },
  purchaseorders: NO_FILES,
  vendors: {
    ...NO_FILES,
    contactIds: ({ store, doc }) => store.where('contacts', { vendorId: doc.id }).map(({ id }) => id),
  },
  teams: { membersCount: ({ doc }) => listOf(doc['members']).length },
  categories: {
    workOrderCount: ({ store, doc }) =>
      store.page('workorders', {
        conditions: [
          {
            sql: `EXISTS (SELECT 1 FROM json_each(data, '$.categories') AS each WHERE each.value = ?)`,
            params: [String(doc['label'])],
          },
        ],
        order: 'id',
        limit: -1,
        offset: 0,
      }).length,
  },
  users: { removedFromOrganization: ({ doc }) => doc.deletedAt != null },
}

export const derivedFields = (resource: Resource): Derived => DERIVED[resource] ?? {}
