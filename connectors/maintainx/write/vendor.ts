import type { WriteField } from '../../../core/index.ts'
import { vendors } from '../read/vendors.ts'
import { VENDOR } from './kinds.ts'
import { BOTH, type Mapped, rulesOf } from './mapped.ts'
import { masterOperations, tableAmendment } from './masters.ts'

/** People who answer mail and phone are contacts of their own in MaintainX: only new vendors take an address of each. */
const TABLE: readonly Mapped[] = [
  { field: 'name', native: 'name', kind: 'text', on: BOTH, required: true },
  { field: 'email', native: 'emails', kind: 'list', on: ['CREATE'] },
  { field: 'phone', native: 'phoneNumbers', kind: 'list', on: ['CREATE'] },
  { field: 'notes', native: 'description', kind: 'text', on: BOTH },
]
const FIELDS: readonly WriteField[] = [
  ...rulesOf(TABLE, '/vendors'),
  { path: 'custom_fields', on: BOTH, source: 'openapi /vendors extraFields' },
]

export const [createVendor, updateVendor, deleteVendor] = masterOperations({
  entity: 'vendor',
  kind: VENDOR,
  stream: vendors,
  fields: FIELDS,
  amendment: tableAmendment(VENDOR, TABLE),
})
