import { expect, test } from 'vitest'
import { locations } from '../../../../connectors/netsuite/read/locations.ts'
import type { JsonObject } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { reading } from './payloads.ts'

const location = {
  id: '3',
  name: 'Main store',
  fullname: 'Works : Main store',
  parent: '2',
  isinactive: 'F',
  locationtype: '2',
  locationtypename: 'Warehouse',
  makeinventoryavailable: 'T',
  subsidiary: '1',
  lastmodified: '2026-01-15 10:00:00',
}
const map = (row: JsonObject = {}) =>
  reading(
    locations,
    fakeSession({
      tables: {
        'location l': [{ ...location, ...row }],
        'location p': [
          { location: '3', addressid: '70', addr1: 'Kai 7', city: 'Hamburg', zip: '20095', country: 'DE' },
        ],
      },
    }).session,
  ).unified()

test('a location with its address', async () => {
  expect(await map()).toEqual({
    display_name: 'Works : Main store',
    source_url: 'https://1234567-sb1.app.netsuite.com/app/common/otherlists/locationtype.nl?id=3',
    organization: '1',
    created_at: null,
    updated_at: Date.parse('2026-01-15T10:00:00Z'),
    version: null,
    custom_fields: null,
    location_code: null,
    name: 'Main store',
    location_type: 'WAREHOUSE',
    source_location_type: 'Warehouse',
    parent_id: 'books:location:2',
    holds_stock: true,
    address_line1: 'Kai 7',
    city: 'Hamburg',
    region: null,
    postal_code: '20095',
    country: 'DE',
    is_active: true,
  })
})

test.each([
  ['1', null, 'SITE'],
  ['2', 'Lager', 'WAREHOUSE'],
  ['1', 'Warehouse', 'WAREHOUSE'],
  [null, null, 'UNKNOWN'],
  ['7', 'Truck', 'UNKNOWN'],
])('type %s "%s" is %s', async (locationtype, locationtypename, type) =>
  expect((await map({ locationtype, locationtypename })).location_type).toBe(type),
)

test('a location whose stock counts for nobody holds none; one that is inactive is told so', async () =>
  expect(await map({ makeinventoryavailable: 'F', isinactive: 'T' })).toMatchObject({
    holds_stock: false,
    is_active: false,
  }))
