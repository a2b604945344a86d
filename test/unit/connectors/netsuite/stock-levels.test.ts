import { expect, test } from 'vitest'
import { stockLevels } from '../../../../connectors/netsuite/read/stock-levels.ts'
import type { JsonObject } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { reading, settings } from './payloads.ts'

const level = {
  item: '88',
  location: '3',
  itemid: 'SEAL-40',
  locationname: 'Main store',
  stockunit: '2',
  stockunitname: 'Box',
  quantityonhand: '24',
  quantityavailable: '18',
  quantitycommitted: '6',
  quantityonorder: '12',
  reorderpoint: '12',
  preferredstocklevel: '48',
}
const account = (row: JsonObject = {}, subsidiaries: readonly string[] = []) =>
  fakeSession({
    tables: {
      aggregateitemlocation: [{ ...level, ...row }],
      unitstypeuom: [{ internalid: '2', conversionrate: '12' }],
    },
    config: { subsidiaries },
  })

test('a level in the stock unit; NetSuite counts in base units', async () => {
  expect(await reading(stockLevels, account().session).unified()).toEqual({
    display_name: 'SEAL-40 Main store',
    source_url: null,
    organization: null,
    created_at: null,
    updated_at: null,
    version: null,
    custom_fields: null,
    item_id: 'books:item:88',
    location_id: 'books:location:3',
    unit: 'XBX',
    source_unit: 'Box',
    quantity_on_hand: '2',
    quantity_unrestricted: '2',
    quantity_inspection: null,
    quantity_blocked: null,
    quantity_reserved: '0.5',
    quantity_available: '1.5',
    quantity_on_order: '1',
    quantity_in_transit: null,
    minimum_quantity: '1',
    maximum_quantity: '4',
  })
})

test('where nothing ever was there is nothing, which is a quantity', async () => {
  const levels = reading(stockLevels, account({ quantityonhand: null, quantityavailable: null }).session)
  expect(await levels.unified(settings)).toMatchObject({ quantity_on_hand: '0', quantity_available: null })
})

test('a level has two parts of a key and no version', async () => {
  const levels = reading(stockLevels, account().session)
  expect(await levels.records()).toMatchObject([{ key: ['88', '3'], version: 0, modifiedAt: null }])
  expect(await levels.listed()).toEqual([['88', '3']])
  expect(await levels.one('88|3')).toEqual((await levels.records())[0])
  expect(await levels.one('88')).toBeNull()
  expect(await levels.one('88|x')).toBeNull()
})

test('only levels in locations of the subsidiaries of the connection are asked for', async () => {
  const { session, from } = account({}, ['1'])
  await reading(stockLevels, session).records()
  expect(from('aggregateitemlocation')[0]).toMatchObject({ params: ['1'] })
  expect(from('aggregateitemlocation')[0]?.q).toContain(
    'a.location IN (SELECT l.id FROM location l WHERE l.subsidiary IN (?))',
  )
})
