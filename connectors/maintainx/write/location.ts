import type { WriteField } from '../../../core/index.ts'
import { locations } from '../read/locations.ts'
import { LOCATION } from './kinds.ts'
import { BOTH, type Mapped, rulesOf } from './mapped.ts'
import { masterOperations, tableAmendment } from './masters.ts'

/** The postal address is one text in MaintainX: the whole of it is `address_line1`. */
const TABLE: readonly Mapped[] = [
  { field: 'name', native: 'name', kind: 'text', on: BOTH, required: true },
  { field: 'location_code', native: 'barcode', kind: 'text', on: BOTH },
  { field: 'parent_id', native: 'parentId', kind: { record: 'location' }, on: BOTH },
  { field: 'address_line1', native: 'address', kind: 'text', on: BOTH },
]
const FIELDS: readonly WriteField[] = [
  ...rulesOf(TABLE, '/locations'),
  { path: 'custom_fields', on: BOTH, source: 'openapi /locations extraFields' },
]

export const [createLocation, updateLocation, deleteLocation] = masterOperations({
  entity: 'location',
  kind: LOCATION,
  stream: locations,
  fields: FIELDS,
  amendment: tableAmendment(LOCATION, TABLE),
})
