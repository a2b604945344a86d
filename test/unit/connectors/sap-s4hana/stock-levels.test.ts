import { describe, expect, test } from 'vitest'
import { stockLevels } from '../../../../connectors/sap-s4hana/read/stock-levels.ts'
import { type JsonObject, type Page, type RawRecord, RetryableError } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { settings } from './payloads.ts'

const row = (
  Material: string,
  StorageLocation: string,
  type: string,
  quantity: string,
  more: JsonObject = {},
): JsonObject => ({
  Material,
  Plant: '1010',
  StorageLocation,
  Batch: '',
  Supplier: '',
  Customer: '',
  WBSElementInternalID: '0',
  SDDocument: '',
  SDDocumentItem: '0',
  InventorySpecialStockType: '',
  InventoryStockType: type,
  MaterialBaseUnit: 'PC',
  MatlWrhsStkQtyInMatlBaseUnit: quantity,
  ...more,
})
const batches = (Material: string, StorageLocation: string, count: number) =>
  Array.from({ length: count }, (_, at) =>
    row(Material, StorageLocation, '01', '0.1', { Batch: String(at).padStart(4, '0') }),
  )

const range = { mode: 'snapshot', since: null, until: 0, cursor: null, pageSize: 500 } as const
const signal = new AbortController().signal
const over = (rows: readonly JsonObject[], more: Parameters<typeof fakeSession>[1] = {}, most?: number) =>
  fakeSession({ 'API_MATERIAL_STOCK_SRV/A_MatlStkInAcctMod': rows }, more, most)

const named = (key: string | readonly string[]) => (typeof key === 'string' ? key : key.join('|'))
const recordsOf = (pages: readonly Page[]): readonly RawRecord[] => pages.flatMap((page) => page.records)
const quantitiesOf = (records: readonly RawRecord[]) =>
  Object.fromEntries(records.map(({ key, payload }) => [named(key), payload['MatlWrhsStkQtyInMatlBaseUnit']]))
async function pagesOf(pages: AsyncIterable<Page>) {
  const found: Page[] = []
  for await (const page of pages) found.push(page)
  return found
}
async function levelOf(...rows: readonly JsonObject[]) {
  const [record] = recordsOf(await pagesOf(stockLevels.read(over(rows).session, range, signal)))
  return stockLevels.toUnified(record?.payload ?? {}, settings, named(record?.key ?? ''))
}

describe('a level', () => {
  test('sums the rows of a storage location by stock type', async () => {
    const seal = (type: string, quantity: string, batch = '') =>
      row('SEAL-40', '101A', type, quantity, { Batch: batch })
    expect(
      await levelOf(seal('01', '37'), seal('01', '0.5', 'B1'), seal('02', '2'), seal('07', '1'), seal('03', '4')),
    ).toEqual({
      display_name: 'SEAL-40 1010/101A',
      source_url: null,
      organization: null,
      created_at: null,
      updated_at: null,
      version: null,
      custom_fields: null,
      item_id: 'works:item:SEAL-40',
      location_id: 'works:location:sloc|1010|101A',
      unit: 'H87',
      source_unit: 'PC',
      quantity_on_hand: '44.5',
      quantity_unrestricted: '37.5',
      quantity_inspection: '2',
      quantity_blocked: '1',
      quantity_reserved: null,
      quantity_available: null,
      quantity_on_order: null,
      quantity_in_transit: '0',
      minimum_quantity: null,
      maximum_quantity: null,
    })
  })
  test('keeps every digit, where floats would not', async () => {
    const exact = await levelOf(...batches('A', '101A', 3), row('A', '101A', '02', '99999999999999999.00000000000001'))
    expect(exact.quantity_unrestricted).toBe('0.3')
    expect(exact.quantity_on_hand).toBe('99999999999999999.30000000000001')
  })
  test('of goods in transit belongs to the plant and is not on hand', async () =>
    expect(await levelOf(row('A', '', '06', '5'))).toMatchObject({
      location_id: 'works:location:plant|1010',
      display_name: 'A 1010',
      quantity_on_hand: '0',
      quantity_in_transit: '5',
    }))
  test('whose rows are there with 0 is 0', async () =>
    expect((await levelOf(row('A', '101A', '01', '0.00000000000000'))).quantity_on_hand).toBe('0'))
  test('may be negative', async () => expect((await levelOf(row('A', '101A', '01', '-3'))).quantity_on_hand).toBe('-3'))
  test('counts stock of a type nobody knows as on hand', async () =>
    expect(await levelOf(row('A', '101A', '99', '3'))).toMatchObject({
      quantity_on_hand: '3',
      quantity_unrestricted: '0',
    }))
})

describe('special stock', () => {
  const consigned = row('A', '101A', '01', '9', { InventorySpecialStockType: 'K', Supplier: '10300001' })
  test("is not one's own and left out", async () => {
    const { session } = over([row('A', '101A', '01', '1'), consigned])
    expect(quantitiesOf(recordsOf(await pagesOf(stockLevels.read(session, range, signal))))).toEqual({
      'A|1010|101A': { '01': '1' },
    })
  })
  test('alone makes no level', async () => {
    const { session } = over([consigned])
    expect(recordsOf(await pagesOf(stockLevels.read(session, range, signal)))).toEqual([])
    expect(await stockLevels.readOne(session, 'A|1010|101A', signal)).toBeNull()
  })
})

describe('pages', () => {
  const rows = [
    ...batches('A', '', 1),
    ...batches('A', '101A', 3),
    ...batches('A', '101B', 2),
    ...batches('B', '101A', 4),
    ...batches('C', '101A', 1),
  ]
  const sums = {
    'A|1010|': { '01': '0.1' },
    'A|1010|101A': { '01': '0.3' },
    'A|1010|101B': { '01': '0.2' },
    'B|1010|101A': { '01': '0.4' },
    'C|1010|101A': { '01': '0.1' },
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 10, 11, 12])('of %i rows never split a level', async (pageSize) => {
    const pages = await pagesOf(stockLevels.read(over(rows).session, { ...range, pageSize }, signal))
    const records = recordsOf(pages)
    expect(records.map(({ key }) => named(key))).toEqual(Object.keys(sums))
    expect(quantitiesOf(records)).toEqual(sums)
  })
  test.each([1, 2, 3, 4, 7])('of %i rows go on behind every cursor', async (pageSize) => {
    const pages = await pagesOf(stockLevels.read(over(rows).session, { ...range, pageSize }, signal))
    for (const [at, { cursor }] of pages.entries()) {
      const from = { ...range, pageSize, cursor: JSON.parse(JSON.stringify(cursor)) }
      const rest = await pagesOf(stockLevels.read(over(rows).session, from, signal))
      expect(recordsOf([...pages.slice(0, at + 1), ...rest]).map(({ key }) => named(key))).toEqual(Object.keys(sums))
    }
  })
  test('that SAP cuts shorter than asked lose nothing', async () => {
    const pages = await pagesOf(stockLevels.read(over(rows, {}, 3).session, range, signal))
    expect(quantitiesOf(recordsOf(pages))).toEqual(sums)
  })
  test('of a stock that is empty are none', async () =>
    expect(await pagesOf(stockLevels.read(over([]).session, range, signal))).toEqual([]))
  test('that take one answer take one request', async () => {
    const { session, asked } = over(rows)
    await pagesOf(stockLevels.read(session, range, signal))
    expect(asked).toHaveLength(1)
  })
  test("hold the connection's plants only", async () => {
    const { session } = over([...rows, row('A', '201A', '01', '1', { Plant: '2010' })], { plants: ['2010'] })
    const records = recordsOf(await pagesOf(stockLevels.read(session, range, signal)))
    expect(records.map(({ key }) => named(key))).toEqual(['A|2010|201A'])
  })
})

describe('what cannot be read', () => {
  test('a quantity that is none makes its whole level undecodable, and the others are read', async () => {
    const { session } = over([row('A', '101A', '01', '1'), row('A', '101A', '02', 'many'), row('B', '101A', '01', '2')])
    const pages = await pagesOf(stockLevels.read(session, range, signal))
    expect(quantitiesOf(recordsOf(pages))).toEqual({ 'B|1010|101A': { '01': '2' } })
    expect(pages.flatMap((page) => page.undecodable ?? []).map(({ key }) => key)).toEqual(['A|1010|101A'])
  })
  describe('a level that SAP itself cannot read (a short dump)', () => {
    const sound = ['A', 'B', 'C', 'E', 'F'].flatMap((material) => batches(material, '101A', 3))
    const all = [...sound, ...batches('D', '101A', 3)]
    const isBad = (each: JsonObject) => each['Material'] === 'D' && 'MaterialBaseUnit' in each
    /** Reading more than the key of material D fails. */
    function dumping(isBroken: (each: JsonObject) => boolean, most?: number) {
      const { session } = over(all, {}, most)
      const page: typeof session.client.page = async (...asked) => {
        const found = await session.client.page(...asked)
        if (found.rows.some(isBroken)) throw new RetryableError('dump', { status: 500 })
        return found
      }
      return { ...session, client: { ...session.client, page } }
    }

    test.each([
      [500, undefined],
      [4, undefined],
      [3, undefined],
      [1, undefined],
      [500, 4],
    ])('is reported once, and the others are whole sums (pages of %i, of the server %s)', async (pageSize, most) => {
      const pages = await pagesOf(stockLevels.read(dumping(isBad, most), { ...range, pageSize }, signal))
      const expected = Object.fromEntries(
        ['A', 'B', 'C', 'E', 'F'].map((name) => [`${name}|1010|101A`, { '01': '0.3' }]),
      )
      expect(quantitiesOf(recordsOf(pages))).toEqual(expected)
      expect(recordsOf(pages)).toHaveLength(5)
      expect(pages.flatMap((each) => each.undecodable ?? []).map(({ key }) => key)).toEqual(['D|1010|101A'])
    })

    test('where none can be read it is not the rows that are at fault', async () => {
      const broken = dumping((each) => 'MaterialBaseUnit' in each)
      await expect(pagesOf(stockLevels.read(broken, range, signal))).rejects.toThrow(RetryableError)
    })
  })

  test('rows of one level in different units are not added up', async () => {
    const { session } = over([row('A', '101A', '01', '1'), row('A', '101A', '02', '1', { MaterialBaseUnit: 'KG' })])
    const pages = await pagesOf(stockLevels.read(session, range, signal))
    expect(recordsOf(pages)).toEqual([])
    expect(pages.flatMap((page) => page.undecodable ?? [])).toHaveLength(1)
  })
})

describe('one level and all keys', () => {
  const rows = [...batches('A', '', 2), ...batches('A', '101A', 3), ...batches('B|2', '101A', 1)]
  test.each(['A|1010|', 'A|1010|101A', 'B|2|1010|101A'])('%s alone reads the same as in the list', async (key) => {
    const records = recordsOf(await pagesOf(stockLevels.read(over(rows).session, range, signal)))
    const listed = records.find((record) => named(record.key) === key)
    expect(listed).toBeDefined()
    expect(await stockLevels.readOne(over(rows).session, key, signal)).toEqual(listed)
  })
  test.each(['A|1010|101Z', 'A|1010', 'A', ''])('%s is no level', async (key) =>
    expect(await stockLevels.readOne(over(rows).session, key, signal)).toBeNull(),
  )
  test.each([5000, 1])('every key is listed once, in pages of %i', async (most) => {
    const keys: string[] = []
    const { session } = over(rows, {}, most)
    for await (const page of stockLevels.listKeys?.(session, signal) ?? []) keys.push(...page.map(named))
    expect(keys).toEqual(['A|1010|', 'A|1010|101A', 'B|2|1010|101A'])
  })
})
