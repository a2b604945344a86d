import { expect, test } from 'vitest'
import { vendors } from '../../../../connectors/netsuite/read/vendors.ts'
import type { JsonObject } from '../../../../core/index.ts'
import { fakeSession, type Tables } from './fake-session.ts'
import { reading } from './payloads.ts'

const vendor = {
  id: '12',
  entityid: 'V0012',
  companyname: 'Nordhafen',
  legalname: 'Nordhafen GmbH',
  isperson: 'F',
  email: 'orders@example.com',
  phone: '+49 40 12345',
  isinactive: 'F',
  currency: '1',
  terms: 'Net 30',
  vatregnumber: 'DE123456789',
  comments: 'pays late',
  subsidiary: '1',
  created: '2026-01-01 08:15:00',
  lastmodified: '2026-01-15 10:00:00',
}
const address = (more: JsonObject): JsonObject => ({
  entity: '12',
  addressid: '7',
  defaultbilling: 'F',
  defaultshipping: 'F',
  addr1: 'Kai 7',
  addr2: 'Tor 2',
  city: 'Hamburg',
  zip: '20095',
  state: 'HH',
  country: 'DE',
  ...more,
})
const tables = (row: JsonObject, ...addresses: readonly JsonObject[]): Tables => ({
  vendor: [row],
  currency: [{ id: '1', symbol: 'EUR' }],
  vendoraddressbook: addresses,
})
const map = (row: JsonObject = {}, ...addresses: readonly JsonObject[]) =>
  reading(vendors, fakeSession({ tables: tables({ ...vendor, ...row }, ...addresses) }).session).unified()

test('a vendor with its address', async () => {
  const other = address({ addressid: '8', city: 'Bremen' })
  expect(await map({}, other, address({ defaultbilling: 'T' }))).toEqual({
    display_name: 'V0012 Nordhafen',
    source_url: 'https://1234567-sb1.app.netsuite.com/app/common/entity/vendor.nl?id=12',
    organization: '1',
    created_at: Date.parse('2026-01-01T08:15:00Z'),
    updated_at: Date.parse('2026-01-15T10:00:00Z'),
    version: null,
    custom_fields: null,
    vendor_number: 'V0012',
    name: 'Nordhafen',
    email: 'orders@example.com',
    phone: '+49 40 12345',
    tax_id: 'DE123456789',
    address_line1: 'Kai 7',
    address_line2: 'Tor 2',
    city: 'Hamburg',
    postal_code: '20095',
    region: 'HH',
    country: 'DE',
    currency: 'EUR',
    payment_terms: 'Net 30',
    is_active: true,
    is_blocked: null,
    notes: 'pays late',
  })
})

test('a person goes by its name, a vendor without number by its company', async () => {
  expect(
    await map({ isperson: 'T', firstname: 'Kim', lastname: 'Roe', companyname: null, legalname: null }),
  ).toMatchObject({
    name: 'Kim Roe',
    display_name: 'V0012 Kim Roe',
  })
  expect(await map({ entityid: 'Nordhafen' })).toMatchObject({ display_name: 'Nordhafen', name: 'Nordhafen' })
  expect(await map({ entityid: null, companyname: null, legalname: null })).toMatchObject({
    display_name: '12',
    name: '12',
    vendor_number: null,
  })
})

test('without an address for bills the one for deliveries is taken, else the first', async () => {
  const first = address({ city: 'Bremen' })
  expect((await map({}, first, address({ addressid: '8', defaultshipping: 'T' }))).city).toBe('Hamburg')
  expect((await map({}, first, address({ addressid: '8' }))).city).toBe('Bremen')
})

test('a role that may see no addresses still sees vendors', async () => {
  const { session } = fakeSession({ tables: { vendor: [{ ...vendor, isinactive: 'T' }] } })
  expect(await reading(vendors, session).unified()).toMatchObject({ city: null, currency: null, is_active: false })
})
