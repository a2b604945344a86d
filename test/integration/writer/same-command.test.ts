import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CommandResult, RecordProducer, WritableEntity } from '../../../core/index.ts'
import { withDatabase } from '../../../scripts/stack/postgres.ts'
import { connectTryton } from '../../../scripts/tryton/rpc.ts'
import { seedTryton } from '../../../scripts/tryton/seed.ts'
import { readResults, SAP_WRITE_SETTINGS, sendCommand } from '../../support/commands.ts'
import { openPipeline, type Pipeline } from '../../support/pipeline.ts'
import { stack } from '../../support/stack.ts'
import { eventually } from '../../support/sync-service.ts'
import { NETSUITE_CONNECTION, testedNetSuite } from '../../support/systems/netsuite.ts'
import { SAP_CONNECTION, testedSap } from '../../support/systems/sap.ts'
import { testedTryton } from '../../support/systems/tryton.ts'
import { plant } from '../../unit/connectors/netsuite/write/driver.ts'

/** The supplier and the material have these numbers in all three systems: so only the connection id differs. */
const VENDOR = 10_300_001
const ITEM = 1_000_004
const TRYTON_CONNECTION = 'erp'
const CONNECTIONS = [SAP_CONNECTION, NETSUITE_CONNECTION, TRYTON_CONNECTION]

let pipeline: Pipeline
let producer: RecordProducer
/** A place to store things in Tryton. */
let bin: number
/** Somebody else changes the order, in the system itself. */
let changeInSource: { readonly [connection: string]: (order: string) => Promise<unknown> }

beforeAll(async () => {
  const [sap, netsuite, tryton] = [
    await testedSap({ size: 60 }),
    await testedNetSuite({ size: 0 }),
    await testedTryton(),
  ]
  const { store } = netsuite.sandbox
  plant(netsuite.sandbox)
  const [vendor, item] = [store.get('vendor', 9001), store.get('item', 9001)]
  store.insert('vendor', { ...vendor, id: VENDOR, entityid: 'Inlandslieferant' })
  store.insert('item', { ...item, id: ITEM, itemid: 'SEAL-50', purchaseunit: 9001 })
  const seeded = await seedTryton(tryton.access, { vendors: 1, items: 4, purchases: 0, employees: 1 })
  bin = seeded.warehouses[0]?.bins[0] ?? 0
  const rpc = await connectTryton(tryton.access)
  const writable = {
    ...SAP_WRITE_SETTINGS,
    adjustment_up: '05/501',
    adjustment_down: '03/551',
    cost_center: '10101101',
  }
  const settings = [
    { ...sap, settings: { ...sap.settings, ...writable } },
    { ...netsuite, settings: { ...netsuite.settings, subsidiary: '1', location: '9001', adjustment_account: '9001' } },
    { ...tryton, settings: { ...tryton.settings, vendor_scope: 'all', warehouse: seeded.warehouses[0]?.id ?? 0 } },
  ]
  pipeline = await openPipeline(...settings)
  producer = pipeline.kafka.producer()
  await pipeline.connect()
  await Promise.all([pipeline.start('writer'), pipeline.start('normalizer')])
  await masterData(tryton.access.database)
  changeInSource = {
    [SAP_CONNECTION]: async (PurchaseOrder) => {
      const { store } = sap.sandbox
      const set = store.set('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder')
      store.update(set, { PurchaseOrder }, { PaymentTerms: '0002', LastChangeDateTime: Date.now() + 5_000 })
    },
    [NETSUITE_CONNECTION]: async (id) => store.update('transaction', Number(id), { otherrefnum: 'THEIRS' }),
    [TRYTON_CONNECTION]: async (id) => rpc.call('purchase.purchase', 'write', [Number(id)], { description: 'THEIRS' }),
  }
})
afterAll(async () => {
  await producer?.close()
  await pipeline?.close()
})

/** In Tryton, by commands, under the numbers that they have elsewhere. */
async function masterData(database: string): Promise<void> {
  const db = new pg.Client({ connectionString: withDatabase(stack().postgres, database) })
  await db.connect()
  await db.query(`ALTER SEQUENCE party_party_id_seq RESTART WITH ${VENDOR}`)
  await db.query(`ALTER SEQUENCE product_product_id_seq RESTART WITH ${ITEM}`)
  await db.end()
  const about = { connection_id: TRYTON_CONNECTION, operation: 'CREATE' }
  const vendor = { name: 'Inlandslieferant', city: 'Kiel', country: 'DE' }
  const item = { name: 'Seal 50 mm', item_type: 'INVENTORY', source_unit: 'u', unit_cost: '9.5' }
  const made = [
    await write('vendor', { ...about, command_id: 'master-vendor', payload: vendor }),
    await write('item', { ...about, command_id: 'master-item', payload: item }),
  ]
  expect(made.map(({ source_id, errors }) => [source_id, errors])).toEqual([
    [String(VENDOR), []],
    [String(ITEM), []],
  ])
}

const result = (id: string): Promise<CommandResult> =>
  eventually(async () => (await readResults(pipeline.kafka, pipeline.codec)).get(id)?.find(({ is_final }) => is_final))

async function write(
  entity: WritableEntity,
  command: Parameters<typeof sendCommand>[2] & { readonly command_id: string },
) {
  await sendCommand(producer, entity, command)
  return result(command.command_id)
}

const command = (connection: string) =>
  JSON.parse(
    JSON.stringify({
      command_id: 'order-~',
      connection_id: '~',
      operation: 'CREATE',
      payload: {
        vendor_id: `~:vendor:${VENDOR}`,
        currency: 'EUR',
        expected_date: '2027-03-15',
        vendor_reference: 'Q-77',
        order_date: '2026-11-20',
        notes: 'gate 4',
        lines: [
          { line_ref: 'a', description: 'seals', item_id: `~:item:${ITEM}`, quantity_ordered: '12', unit_price: '9.5' },
          {
            line_ref: 'b',
            description: 'more seals',
            item_id: `~:item:${ITEM}`,
            quantity_ordered: '3',
            unit_price: '12.34',
            expected_date: '2027-04-01',
          },
        ],
      },
    }).replaceAll('~', connection),
  ) as Parameters<typeof write>[1]

async function unified(entity: WritableEntity, id: string) {
  const rows = await eventually(async () => (await pipeline.history(entity)).get(id))
  return rows.at(-1) as { readonly [field: string]: unknown }
}

/** Ids, numbers and provenance: they are each system's own. */
const OWN =
  /(^|\.)(id|source_id|connection_id|system|version|mapping_version|source_version|synced_at|(created|updated)_at|source_url|organization|order_number|display_name|source_status|source_unit|line_id|custom_fields|raw)$/

function flat(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([name, each]) => flat(each, path === '' ? name : `${path}.${name}`))
}

const comparable = (record: object, connection: string) =>
  new Map(
    flat(record)
      .filter(([path]) => !OWN.test(path))
      .map(([path, value]) => [path, typeof value === 'string' ? value.replace(`${connection}:`, '~:') : value]),
  )

const made = new Map<string, CommandResult>()

test('one command, only the connection id changed, creates the order in SAP, NetSuite and Tryton, and the records agree', async () => {
  const records = []
  for (const connection of CONNECTIONS) {
    const done = await write('purchase_order', command(connection))
    expect([done.outcome, done.errors, connection]).toEqual(['APPLIED', [], connection])
    expect(done.lines.map(({ line_ref }) => line_ref)).toEqual(['a', 'b'])
    made.set(connection, done)
    const record = await unified('purchase_order', done.target_id ?? '')
    expect(record).toMatchObject({ origin: 'WRITE', version: done.version })
    records.push(comparable(record, connection))
  }
  const [sap, netsuite, tryton] = records
  const paths = [...(sap?.keys() ?? [])]
  expect(paths).toEqual([...(netsuite?.keys() ?? [])])
  expect(paths).toEqual([...(tryton?.keys() ?? [])])
  const differences = paths
    .map((path) => [path, sap?.get(path), netsuite?.get(path), tryton?.get(path)])
    .filter(([, one, two, three]) => !(one === two && two === three))
  const line = (nth: number) => [
    // SAP numbers in tens
    [`lines.${nth}.line_number`, `${nth + 1}0`, `${nth + 1}`, `${nth + 1}`],
    // the unit of the item: pieces, each, units
    [`lines.${nth}.unit`, 'H87', 'EA', 'H87'],
    // not in SAP's service for purchase orders
    [`lines.${nth}.quantity_received`, null, '0', '0'],
    [`lines.${nth}.quantity_billed`, null, '0', '0'],
    // the command names no place: each connection's own
    [`lines.${nth}.location_id`, '~:location:plant|1010', '~:location:9001', expect.stringMatching(/^~:location:/)],
  ]
  expect(differences).toEqual([
    // without an approval procedure SAP and NetSuite release an order as it is made; Tryton waits to be told
    ['status', 'APPROVED', 'APPROVED', 'DRAFT'],
    ['billing_status', 'UNKNOWN', 'NOT_BILLED', 'NOT_BILLED'],
    ['tax_amount', null, null, '0'],
    ['total_amount', null, '151.02', '151.02'],
    ['ship_to_location_id', '~:location:plant|1010', '~:location:9001', expect.stringMatching(/^~:location:/)],
    // Tryton puts the vendor's own
    ['bill_to_address', null, null, 'Kiel\nGERMANY'],
    ...line(0),
    ...line(1),
  ])
})

test('after a count the stock level stands on the unified topic with what was counted, without sync', async () => {
  const places = new Map([
    [SAP_CONNECTION, 'sloc|1010|101A'],
    [NETSUITE_CONNECTION, '9001'],
    [TRYTON_CONNECTION, String(bin)],
  ])
  for (const [connection, place] of places) {
    const line = { item_id: `${connection}:item:${ITEM}`, to_location_id: `${connection}:location:${place}` }
    const payload = { kind: 'COUNT', lines: [{ ...line, quantity_counted: '17' }] }
    const about = { connection_id: connection, operation: 'CREATE', command_id: `count-${connection}`, payload }
    const done = await write('inventory_movement', about)
    expect([done.outcome, done.errors]).toEqual(['APPLIED', []])
    const level = await unified('stock_level', `${connection}:stock_level:${levelKey(place)}`)
    expect(level).toMatchObject({ origin: 'WRITE', quantity_on_hand: '17', ...pick(line) })
  }
})

const levelKey = (place: string) => `${ITEM}|${place.replace('sloc|', '')}`
const pick = (line: { item_id: string; to_location_id: string }) => ({
  item_id: line.item_id,
  location_id: line.to_location_id,
})

describe('somebody changed the order in the system meanwhile', () => {
  test.each(CONNECTIONS)('%s: CONFLICT with the current version, and nothing is overwritten', async (connection) => {
    const { target_id, source_id, version } = made.get(connection) as CommandResult
    expect(version).toMatch(/^(etag|hash|ts):/)
    await changeInSource[connection]?.(source_id ?? '')
    const update = { connection_id: connection, operation: 'UPDATE', target_id, payload: { notes: 'gate 5' } }
    const stale = { ...update, command_id: `stale-${connection}`, expected_version: version }
    const refused = await write('purchase_order', stale)
    expect(refused.outcome).toBe('CONFLICT')
    expect(refused.version).not.toBe(version)
    // the version that it tells is the one that the order has: who read it may write
    const current = { ...update, command_id: `current-${connection}`, expected_version: refused.version }
    const written = await write('purchase_order', { ...current, payload: { notes: 'gate 6' } })
    expect([written.outcome, written.errors]).toEqual(['APPLIED', []])
    const record = await eventually(async () => {
      const last = await unified('purchase_order', target_id ?? '')
      return last['version'] === written.version && last
    })
    expect(JSON.stringify(record)).toMatch(/THEIRS|0002/)
    const rows = (await pipeline.history('purchase_order')).get(target_id ?? '') ?? []
    expect(rows.map((row) => row?.['notes'])).toEqual(['gate 4', 'gate 6'])
  })
})
