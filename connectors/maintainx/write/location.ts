import { defineOperation, type WriteField, type WriteRequest } from '../../../core/index.ts'
import { locations } from '../read/locations.ts'
import type { MaintainXSession } from '../session.ts'
import { LOCATION } from './kinds.ts'
import { BOTH, type Mapped, namesOf, rulesOf, valuesOf } from './mapped.ts'
import {
  type Amendment,
  create,
  findCreated,
  findRemoved,
  findUpdate,
  remove,
  settled,
  update,
  withCustom,
} from './records.ts'
import { sentOf } from './sent.ts'

/** The postal address is one text in MaintainX: the whole of it is `address_line1`. */
const TABLE: readonly Mapped[] = [
  { field: 'name', native: 'name', kind: 'text', on: BOTH, required: true },
  { field: 'location_code', native: 'barcode', kind: 'text', on: BOTH },
  { field: 'parent_id', native: 'parentId', kind: { record: 'location' }, on: BOTH },
  { field: 'address_line1', native: 'address', kind: 'text', on: BOTH },
]
const NAMES = { fields: namesOf(TABLE) }
const FIELDS: readonly WriteField[] = [
  ...rulesOf(TABLE, '/locations'),
  { path: 'custom_fields', on: BOTH, source: 'openapi /locations extraFields' },
]
const SUBJECT = { kind: LOCATION, stream: locations }

type Request = WriteRequest<'location'>

function amendment(session: MaintainXSession, { payload, target }: Request): Amendment {
  const sent = sentOf(payload)
  return settled(target === null ? 'creating a location' : `changing location ${target}`, (findings) => ({
    body: withCustom(session, LOCATION, valuesOf(TABLE, sent, findings), sent, findings),
    names: NAMES,
  }))
}

export const createLocation = defineOperation<MaintainXSession, 'location'>({
  entity: 'location',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS,
  execute: async (session, request, signal) => create(session, request, LOCATION, amendment(session, request), signal),
  find: (session, request, signal) => findCreated(session, request, LOCATION, signal),
})

export const updateLocation = defineOperation<MaintainXSession, 'location'>({
  entity: 'location',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: FIELDS,
  execute: (session, request, signal) => update(session, request, SUBJECT, () => amendment(session, request), signal),
  find: (session, request, signal) => findUpdate(session, request, LOCATION, () => amendment(session, request), signal),
})

export const deleteLocation = defineOperation<MaintainXSession, 'location'>({
  entity: 'location',
  operation: 'DELETE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  execute: (session, request, signal) => remove(session, request, SUBJECT, signal),
  find: (session, request, signal) => findRemoved(session, request, LOCATION, signal),
})
