/** Assets, locations, vendors and what belongs to them. */
import {
  type Actor,
  checkName,
  checkReferences,
  type Command,
  given,
  mergedExtraFields,
  type Plant,
  record,
  time,
  type Write,
} from '../plant.ts'
import { invalid } from '../http.ts'
import type { Doc, Resource } from '../store.ts'
import type { JsonObject } from '../description/index.ts'

const ASSET_FIELDS = [
  'name',
  'description',
  'barcode',
  'criticalityId',
  'parentId',
  'locationId',
  'teamIds',
  'assetTypes',
  'vendorIds',
  'serialNumber',
  'depreciation',
]
const ASSET_LINKS = {
  criticalityId: 'assetcriticalities',
  parentId: 'assets',
  locationId: 'locations',
  teamIds: 'teams',
  vendorIds: 'vendors',
} as const
const LOCATION_FIELDS = ['name', 'description', 'address', 'barcode', 'parentId', 'vendorIds']
const LOCATION_LINKS = { parentId: 'locations', vendorIds: 'vendors' } as const
const CONTACT_FIELDS = ['name', 'role', 'email', 'phoneNumber', 'extension']

/** Manufacturer and model are named by an object, and shown by their name. */
const makers = ({ body }: Command): JsonObject =>
  Object.fromEntries(
    ['manufacturer', 'model']
      .filter((name) => body[name] !== undefined)
      .map((name) => [name, (body[name] as { name?: string } | null)?.name ?? null]),
  )

/** @throws Refusal 400 when a record would be its own ancestor */
function checkParent({ plant, body, ids }: Command, resource: Resource): void {
  let at = body['parentId']
  for (let depth = 0; typeof at === 'number' && depth < 100; depth++) {
    if (at === ids['id']) throw invalid('parentId', 'a record cannot be below itself', at)
    at = plant.store.get(resource, at)?.['parentId'] ?? null
  }
}

const createAsset: Write = (command) => {
  const { plant, actor, body } = command
  checkName(body, 'name')
  checkReferences(command, ASSET_LINKS)
  const doc = plant.store.insert('assets', {
    organizationId: actor.organizationId,
    creatorId: actor.userId,
    globalUuid: null,
    description: null,
    barcode: null,
    criticalityId: null,
    parentId: null,
    locationId: null,
    serialNumber: null,
    teamIds: [],
    assetTypes: [],
    vendorIds: [],
    extraFields: {},
    manufacturer: null,
    model: null,
    depreciation: null,
    ...given(body, [...ASSET_FIELDS, 'extraFields']),
    ...makers(command),
  })
  const { id, organizationId: orgId, createdAt: occurredAt } = doc
  const shown = [
    'name',
    'description',
    'locationId',
    'barcode',
    'parentId',
    'vendorIds',
    'teamIds',
    'assetTypes',
    'extraFields',
  ]
  plant.emit({
    type: 'NEW_ASSET',
    organizationId: orgId,
    subject: `assets/${id}`,
    payload: { assetId: id, orgId, occurredAt },
    entity: { key: 'newAsset', value: given(doc as unknown as JsonObject, shown) },
  })
  setAssetStatus(plant, actor, doc, { status: 'ONLINE' })
  return { doc, resource: 'assets' }
}

const changeAsset: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'assets', ids['id'])
  checkName(body, 'name')
  checkReferences(command, ASSET_LINKS)
  checkParent(command, 'assets')
  return {
    doc: plant.store.update('assets', doc.id, {
      ...given(body, ASSET_FIELDS),
      ...makers(command),
      ...mergedExtraFields(doc, body),
    }),
    resource: 'assets',
  }
}

/** A new status ends the one before. The asset's `updatedAt` moves, as its status is shown with it. */
function setAssetStatus(plant: Plant, actor: Actor, asset: Doc, body: JsonObject): Doc {
  const { store } = plant
  const before = typeof asset['statusId'] === 'number' ? store.get('assetstatuses', asset['statusId']) : null
  const custom =
    typeof body['customStatusId'] === 'number' ? store.get('assetcustomstatuses', body['customStatusId']) : null
  const startedAt = (body['startedAt'] as string | undefined) ?? time(plant)
  if (before !== null) store.update('assetstatuses', before.id, { endedAt: startedAt, updaterId: actor.userId })
  const status = store.insert('assetstatuses', {
    organizationId: asset.organizationId,
    assetId: asset.id,
    status: body['status'] ?? custom?.['baseAssetStatus'] ?? 'ONLINE',
    customStatusId: custom?.id ?? null,
    downtimeType: body['downtimeType'] ?? null,
    startedAt,
    endedAt: body['endedAt'] ?? null,
    description: body['description'] ?? null,
    creatorId: actor.userId,
    updaterId: null,
  })
  store.update('assets', asset.id, { statusId: status.id })
  if (before !== null) {
    plant.emit({
      type: 'ASSET_STATUS_CHANGE',
      organizationId: asset.organizationId,
      subject: `assets/${asset.id}`,
      payload: {
        assetId: asset.id,
        orgId: asset.organizationId,
        oldStatus: statusShown(before),
        newStatus: statusShown(status),
        occurredAt: time(plant),
      },
      filters: {
        oneOfAssetStatusTypes: [String(status['status'])],
        oneOfCustomAssetStatusesIds: custom === null ? [] : [custom.id],
      },
    })
  }
  return status
}

const STATUS_FIELDS = [
  'id',
  'customStatusId',
  'status',
  'downtimeType',
  'startedAt',
  'endedAt',
  'description',
  'createdAt',
  'updatedAt',
]
const statusShown = (doc: Doc): JsonObject => ({
  ...given(doc as unknown as JsonObject, STATUS_FIELDS),
  deletedAt: null,
  customStatus: null,
})

const newAssetStatus: Write = (command) => {
  const { plant, actor, body, ids } = command
  const asset = record(command, 'assets', ids['assetId'])
  if (body['status'] === undefined && body['customStatusId'] == null) throw invalid('status', 'a status is required')
  checkReferences(command, { customStatusId: 'assetcustomstatuses' })
  return { doc: setAssetStatus(plant, actor, asset, body), resource: 'assetstatuses' }
}

const changeAssetStatus: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'assetstatuses', ids['id'])
  const changed = plant.store.update(
    'assetstatuses',
    doc.id,
    given(body, ['status', 'customStatusId', 'downtimeType', 'startedAt', 'endedAt', 'description']),
  )
  return { doc: changed, resource: 'assetstatuses' }
}

const createLocation: Write = (command) => {
  const { plant, actor, body } = command
  checkName(body, 'name')
  checkReferences(command, LOCATION_LINKS)
  const doc = plant.store.insert('locations', {
    organizationId: actor.organizationId,
    description: null,
    address: null,
    barcode: null,
    parentId: null,
    vendorIds: [],
    teamIds: [],
    extraFields: {},
    ...given(body, [...LOCATION_FIELDS, 'extraFields']),
  })
  plant.emit({
    type: 'NEW_LOCATION',
    organizationId: doc.organizationId,
    subject: `locations/${doc.id}`,
    payload: { locationId: doc.id, orgId: doc.organizationId, occurredAt: doc.createdAt },
  })
  return { doc, resource: 'locations' }
}

const changeLocation: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'locations', ids['id'])
  checkName(body, 'name')
  checkReferences(command, LOCATION_LINKS)
  checkParent(command, 'locations')
  return {
    doc: plant.store.update('locations', doc.id, { ...given(body, LOCATION_FIELDS), ...mergedExtraFields(doc, body) }),
    resource: 'locations',
  }
}

const createVendor: Write = ({ plant, actor, body }) => {
  checkName(body, 'name')
  const doc = plant.store.insert('vendors', {
    organizationId: actor.organizationId,
    description: null,
    emails: [],
    phoneNumbers: [],
    extraFields: {},
    ...given(body, ['name', 'description', 'emails', 'phoneNumbers', 'extraFields']),
  })
  plant.emit({
    type: 'NEW_VENDOR',
    organizationId: doc.organizationId,
    subject: `vendors/${doc.id}`,
    payload: { vendorId: doc.id, orgId: doc.organizationId, occurredAt: doc.createdAt },
  })
  return { doc, resource: 'vendors' }
}

const changeVendor: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'vendors', ids['id'])
  checkName(body, 'name')
  return {
    doc: plant.store.update('vendors', doc.id, {
      ...given(body, ['name', 'description']),
      ...mergedExtraFields(doc, body),
    }),
    resource: 'vendors',
  }
}

const createContact: Write = (command) => {
  const { plant, actor, body, ids } = command
  const vendor = record(command, 'vendors', ids['id'])
  checkName(body, 'name')
  const doc = plant.store.insert('contacts', {
    organizationId: actor.organizationId,
    vendorId: vendor.id,
    role: null,
    email: null,
    phoneNumber: null,
    extension: null,
    ...given(body, CONTACT_FIELDS),
  })
  return { doc, resource: 'contacts' }
}

/** @throws Refusal 404 when it is another vendor's */
export function contactOf(command: Command): Doc {
  record(command, 'vendors', command.ids['id'])
  const contact = record(command, 'contacts', command.ids['contactId'])
  return contact['vendorId'] === command.ids['id'] ? contact : record(command, 'contacts', undefined)
}

const changeContact: Write = (command) => {
  checkName(command.body, 'name')
  return {
    doc: command.plant.store.update('contacts', contactOf(command).id, given(command.body, CONTACT_FIELDS)),
    resource: 'contacts',
  }
}

const removeContact: Write = (command) => {
  command.plant.store.remove('contacts', contactOf(command).id)
  return null
}

export const placeWrites: Readonly<Record<string, Write>> = {
  'POST /assets': createAsset,
  'PATCH /assets/{id}': changeAsset,
  'POST /assets/{assetId}/status': newAssetStatus,
  'PATCH /assetstatuses/{id}': changeAssetStatus,
  'POST /locations': createLocation,
  'PATCH /locations/{id}': changeLocation,
  'POST /vendors': createVendor,
  'PATCH /vendors/{id}': changeVendor,
  'POST /vendors/{id}/contacts': createContact,
  'PATCH /vendors/{id}/contacts/{contactId}': changeContact,
  'DELETE /vendors/{id}/contacts/{contactId}': removeContact,
}
