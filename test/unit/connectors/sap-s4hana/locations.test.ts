import { describe, expect, test } from 'vitest'
import { locations } from '../../../../connectors/sap-s4hana/read/locations.ts'
import { CorruptCursorError, type Page } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { settings } from './payloads.ts'

const plants = [
  { Plant: '1010', PlantName: 'Hamburg', CompanyCode: '1010', CompanyCodeName: 'Nordhafen AG' },
  { Plant: '1020', PlantName: 'Kiel', CompanyCode: '1010', CompanyCodeName: 'Nordhafen AG' },
]
const places = [
  { Plant: '1010', StorageLocation: '101A', StorageLocationName: 'Spare parts' },
  { Plant: '1010', StorageLocation: '101B', StorageLocationName: 'Yard' },
  { Plant: '1020', StorageLocation: '101A', StorageLocationName: 'Spare parts' },
]
const tables = { 'API_PLANT_SRV/A_Plant': plants, 'API_STORAGELOCATION_SRV/StorageLocation': places }
const range = { mode: 'snapshot', since: null, until: 0, cursor: null, pageSize: 1 } as const
const signal = new AbortController().signal
const ALL = ['plant|1010', 'plant|1020', 'sloc|1010|101A', 'sloc|1010|101B', 'sloc|1020|101A']

const named = (key: string | readonly string[]) => (typeof key === 'string' ? key : key.join('|'))
const keysOf = (pages: readonly Page[]) => pages.flatMap((page) => page.records.map(({ key }) => named(key)))
async function pagesOf(pages: AsyncIterable<Page>) {
  const found: Page[] = []
  for await (const page of pages) found.push(page)
  return found
}

test('a plant is a site of its company code', () =>
  expect(locations.toUnified(plants[0] ?? {}, settings, 'plant|1010')).toEqual({
    display_name: '1010 Hamburg',
    source_url: null,
    organization: '1010',
    created_at: null,
    updated_at: null,
    version: null,
    custom_fields: null,
    location_code: '1010',
    name: 'Hamburg',
    location_type: 'SITE',
    source_location_type: 'plant',
    parent_id: null,
    holds_stock: false,
    address_line1: null,
    city: null,
    region: null,
    postal_code: null,
    country: null,
    is_active: true,
  }))
test('a storage location is a part of its plant and holds stock', () =>
  expect(locations.toUnified(places[0] ?? {}, settings, 'sloc|1010|101A')).toMatchObject({
    display_name: '1010/101A Spare parts',
    location_code: '101A',
    location_type: 'STORAGE',
    parent_id: 'works:location:plant|1010',
    holds_stock: true,
  }))

describe('reading', () => {
  test('plants come first, then storage locations', async () => {
    const { session } = fakeSession(tables)
    expect(keysOf(await pagesOf(locations.read(session, range, signal)))).toEqual(ALL)
  })
  test('goes on behind every cursor, across both services', async () => {
    const { session } = fakeSession(tables)
    const pages = await pagesOf(locations.read(session, range, signal))
    for (const [at, page] of pages.entries()) {
      const cursor = JSON.parse(JSON.stringify(page.cursor))
      const rest = await pagesOf(locations.read(session, { ...range, cursor }, signal))
      expect(keysOf([...pages.slice(0, at + 1), ...rest])).toEqual(ALL)
    }
  })
  test("takes the connection's plants only", async () => {
    const { session } = fakeSession(tables, { plants: ['1020'] })
    expect(keysOf(await pagesOf(locations.read(session, range, signal)))).toEqual(['plant|1020', 'sloc|1020|101A'])
    expect(await locations.readOne(session, 'sloc|1010|101A', signal)).toBeNull()
  })
  test('refuses a cursor of something else', async () => {
    const { session } = fakeSession(tables)
    const reading = pagesOf(locations.read(session, { ...range, cursor: { warehouse: {} } }, signal))
    await expect(reading).rejects.toThrow(CorruptCursorError)
  })
  test('a sweep lists both', async () => {
    const { session } = fakeSession(tables)
    const keys: string[] = []
    for await (const page of locations.listKeys?.(session, signal) ?? []) keys.push(...page.map(named))
    expect(keys).toEqual(ALL)
  })
  test.each(ALL)('%s alone reads the same as in the list', async (key) => {
    const { session } = fakeSession(tables)
    const records = (await pagesOf(locations.read(session, range, signal))).flatMap((page) => page.records)
    expect(await locations.readOne(session, key, signal)).toEqual(records.find((record) => named(record.key) === key))
  })
  test.each(['plant|9999', 'sloc|1010|9999', 'sloc|1010', 'plant|1010|101A', 'bin|1', ''])(
    '%s is no location',
    async (key) => {
      const { session } = fakeSession(tables)
      expect(await locations.readOne(session, key, signal)).toBeNull()
    },
  )
})
