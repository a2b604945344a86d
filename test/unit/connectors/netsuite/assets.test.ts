import { expect, test } from 'vitest'
import { assets } from '../../../../connectors/netsuite/read/assets.ts'
import type { JsonObject } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { reading, settings } from './payloads.ts'

const config = {
  asset_source: 'custom_record:customrecord_asset',
  asset_fields: [
    'asset_number=custrecord_no',
    'serial_number=custrecord_serial',
    'status=custrecord_state',
    'location_id=custrecord_place',
    'vendor_id=custrecord_vendor',
    'warranty_end_date=custrecord_warranty',
    'acquisition_cost=custrecord_cost',
  ],
}
const row = {
  id: '77',
  recordname: 'Pump 3',
  isinactive: 'F',
  asset_number: 'P-3',
  serial_number: 'SN1',
  status: 'Under repair',
  location_id: '3',
  vendor_id: '12',
  warranty_end_date: '2027-01-31',
  acquisition_cost: '1200.50',
  created: '2026-01-01 08:15:00',
  lastmodified: '2026-01-15 10:00:00',
}
const account = (more: JsonObject = {}) =>
  fakeSession({ tables: { customrecord_asset: [{ ...row, ...more }] }, config })
const map = (more: JsonObject = {}, own = settings) => reading(assets, account(more).session).unified(own)

test('an asset of a custom record', async () => {
  expect(await map({}, { ...settings, currency: 'EUR' })).toEqual({
    display_name: 'P-3 Pump 3',
    source_url: null,
    organization: null,
    created_at: Date.parse('2026-01-01T08:15:00Z'),
    updated_at: Date.parse('2026-01-15T10:00:00Z'),
    version: null,
    custom_fields: null,
    asset_number: 'P-3',
    name: 'Pump 3',
    description: null,
    kind: 'EQUIPMENT',
    asset_type: null,
    criticality: null,
    status: 'DOWN',
    source_status: 'Under repair',
    parent_id: null,
    location_id: 'books:location:3',
    manufacturer: null,
    model: null,
    serial_number: 'SN1',
    tag: null,
    vendor_id: 'books:vendor:12',
    item_id: null,
    acquired_date: null,
    commissioned_date: null,
    warranty_end_date: '2027-01-31',
    acquisition_cost: '1200.5',
    currency: 'EUR',
    cost_center: null,
    is_active: true,
  })
})

test.each([
  [{ status: null }, 'OPERATIONAL'],
  [{ status: 'In Use' }, 'OPERATIONAL'],
  [{ status: 'Disposed' }, 'DISPOSED'],
  [{ status: 'On the moon' }, 'UNKNOWN'],
  [{ status: 'In Use', isinactive: 'T' }, 'INACTIVE'],
])('%j is %s', async (more, status) => expect((await map(more)).status).toBe(status))

test('lists are shown by their text and other columns taken as they are', async () => {
  const { session, from } = account()
  await reading(assets, session).records()
  const { q = '' } = from('customrecord_asset').at(-1) ?? {}
  expect(q).toContain('BUILTIN.DF(r.custrecord_state) AS status')
  expect(q).toContain('r.custrecord_serial AS serial_number')
  expect(q).toMatch(/TO_CHAR\(r\.custrecord_warranty, ?'YYYY-MM-DD'\) AS warranty_end_date/)
})

test('a connection without a custom record has no assets', async () => {
  const none = reading(assets, fakeSession({ tables: {} }).session)
  expect(await none.pages()).toEqual([])
  expect(await none.listed()).toEqual([])
})
