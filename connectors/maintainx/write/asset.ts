import type { WriteField, WriteRequest } from '../../../core/index.ts'
import { assets } from '../read/assets.ts'
import type { MaintainXSession } from '../session.ts'
import type { Row } from '../values.ts'
import { ASSET } from './kinds.ts'
import { withFirst } from './lists.ts'
import { BOTH, idIn, type Mapped, namesOf, rulesOf, valuesOf } from './mapped.ts'
import { masterOperations } from './masters.ts'
import type { Values } from './native-values.ts'
import { type Amendment, settled, withCustom } from './records.ts'
import { type Sent, sentOf } from './sent.ts'

const TABLE: readonly Mapped[] = [
  { field: 'name', native: 'name', kind: 'text', on: BOTH, required: true },
  { field: 'description', native: 'description', kind: 'text', on: BOTH },
  { field: 'parent_id', native: 'parentId', kind: { record: 'asset' }, on: BOTH },
  { field: 'location_id', native: 'locationId', kind: { record: 'location' }, on: BOTH },
  { field: 'serial_number', native: 'serialNumber', kind: 'text', on: BOTH },
  { field: 'tag', native: 'barcode', kind: 'text', on: BOTH },
]
/** The first of a list, or a name that MaintainX looks up. */
const OTHERS: readonly Mapped[] = [
  { field: 'asset_type', native: 'assetTypes', kind: 'text', on: BOTH },
  { field: 'vendor_id', native: 'vendorIds', kind: { record: 'vendor' }, on: BOTH },
  { field: 'manufacturer', native: 'manufacturer', kind: 'text', on: BOTH },
  { field: 'model', native: 'model', kind: 'text', on: BOTH },
]
const NAMES = { fields: { ...namesOf(TABLE), ...namesOf(OTHERS) } }
const FIELDS: readonly WriteField[] = [
  ...rulesOf(TABLE, '/assets'),
  ...rulesOf(OTHERS, '/assets'),
  // what MaintainX calls an asset is always one
  { path: 'kind', on: ['CREATE'], required: true, values: ['EQUIPMENT'], source: 'openapi /assets' },
  { path: 'custom_fields', on: BOTH, source: 'openapi /assets extraFields' },
]

type Request = WriteRequest<'asset'>

function amendment(session: MaintainXSession, { payload, target }: Request, record: Row | null): Amendment {
  const sent = sentOf(payload)
  return settled(target === null ? 'creating an asset' : `changing asset ${target}`, (findings) => {
    let body: Values = { ...valuesOf(TABLE, sent, findings), ...named(sent, 'manufacturer'), ...named(sent, 'model') }
    const type = sent.text('asset_type')
    if (type !== null || sent.cleared('asset_type')) body['assetTypes'] = type
    const vendor = idIn(sent, 'vendor_id', 'vendor', findings)
    if (vendor !== null || sent.cleared('vendor_id')) body['vendorIds'] = vendor
    // MaintainX knows a model only beside its manufacturer
    if ('model' in body && body['model'] !== null && !('manufacturer' in body)) {
      const maker = record?.['manufacturer']
      if (typeof maker === 'string') body['manufacturer'] = { name: maker }
      else findings.add('manufacturer', 'REQUIRED', 'a model is known by its manufacturer')
    }
    for (const list of ['assetTypes', 'vendorIds']) body = withFirst(body, list, record)
    return { body: withCustom(session, ASSET, body, sent, findings), names: NAMES }
  })
}

function named(sent: Sent, field: 'manufacturer' | 'model'): Values {
  const name = sent.text(field)
  if (name !== null) return { [field]: { name } }
  return sent.cleared(field) ? { [field]: null } : {}
}

export const [createAsset, updateAsset, deleteAsset] = masterOperations({
  entity: 'asset',
  kind: ASSET,
  stream: assets,
  fields: FIELDS,
  amendment,
})
