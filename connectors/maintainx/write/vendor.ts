import { defineOperation, type WriteField, type WriteRequest } from '../../../core/index.ts'
import { vendors } from '../read/vendors.ts'
import type { MaintainXSession } from '../session.ts'
import { VENDOR } from './kinds.ts'
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

/** People who answer mail and phone are contacts of their own in MaintainX: only new vendors take an address of each. */
const TABLE: readonly Mapped[] = [
  { field: 'name', native: 'name', kind: 'text', on: BOTH, required: true },
  { field: 'email', native: 'emails', kind: 'list', on: ['CREATE'] },
  { field: 'phone', native: 'phoneNumbers', kind: 'list', on: ['CREATE'] },
  { field: 'notes', native: 'description', kind: 'text', on: BOTH },
]
const NAMES = { fields: namesOf(TABLE) }
const FIELDS: readonly WriteField[] = [
  ...rulesOf(TABLE, '/vendors'),
  { path: 'custom_fields', on: BOTH, source: 'openapi /vendors extraFields' },
]
const SUBJECT = { kind: VENDOR, stream: vendors }

type Request = WriteRequest<'vendor'>

function amendment(session: MaintainXSession, { payload, target }: Request): Amendment {
  const sent = sentOf(payload)
  return settled(target === null ? 'creating a vendor' : `changing vendor ${target}`, (findings) => ({
    body: withCustom(session, VENDOR, valuesOf(TABLE, sent, findings), sent, findings),
    names: NAMES,
  }))
}

export const createVendor = defineOperation<MaintainXSession, 'vendor'>({
  entity: 'vendor',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS,
  execute: async (session, request, signal) => create(session, request, VENDOR, amendment(session, request), signal),
  find: (session, request, signal) => findCreated(session, request, VENDOR, signal),
})

export const updateVendor = defineOperation<MaintainXSession, 'vendor'>({
  entity: 'vendor',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: FIELDS.filter(({ on }) => on.includes('UPDATE')),
  execute: (session, request, signal) => update(session, request, SUBJECT, () => amendment(session, request), signal),
  find: (session, request, signal) => findUpdate(session, request, VENDOR, () => amendment(session, request), signal),
})

export const deleteVendor = defineOperation<MaintainXSession, 'vendor'>({
  entity: 'vendor',
  operation: 'DELETE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  execute: (session, request, signal) => remove(session, request, SUBJECT, signal),
  find: (session, request, signal) => findRemoved(session, request, VENDOR, signal),
})
