import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordProducer } from '../../../core/index.ts'
import { runCommand } from '../../../scripts/services.ts'
import { orderParts, readResults, SAP_WRITE_SETTINGS, sendCommand } from '../../support/commands.ts'
import { openPipeline, type Pipeline } from '../../support/pipeline.ts'
import { eventually } from '../../support/sync-service.ts'
import { SAP_CONNECTION, testedSap } from '../../support/systems/sap.ts'

let system: Awaited<ReturnType<typeof testedSap>>
let pipeline: Pipeline
let producer: RecordProducer
const folder = mkdtempSync(join(tmpdir(), 'tributary-command-'))

beforeAll(async () => {
  system = await testedSap({ size: 60 })
  pipeline = await openPipeline(system)
  producer = pipeline.kafka.producer()
  await pipeline.connect({ settings: { ...system.settings, ...SAP_WRITE_SETTINGS } })
  await Promise.all([pipeline.start('writer'), pipeline.start('normalizer')])
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await producer?.close()
  await pipeline?.close()
})

const result = (id: string) =>
  eventually(async () => (await readResults(pipeline.kafka, pipeline.codec)).get(id)?.find(({ is_final }) => is_final))

function order() {
  const { vendor_id, item_id, location_id } = orderParts(system.sandbox, SAP_CONNECTION)
  const line = { line_ref: 'a', item_id, location_id, quantity_ordered: '10', unit_price: '12.34' }
  return { vendor_id, currency: 'EUR', expected_date: '2026-12-15', lines: [line] }
}

test('an order written by a command stands on the unified topic, without sync, with the version of its result', async () => {
  const about = { connection_id: SAP_CONNECTION, operation: 'CREATE', payload: order() }
  await sendCommand(producer, 'purchase_order', { ...about, command_id: 'create-order-1' })
  const created = await result('create-order-1')
  expect(created).toMatchObject({ outcome: 'APPLIED', errors: [], lines: [{ line_ref: 'a', line_number: '10' }] })
  const id = created?.target_id ?? ''
  const rows = await eventually(async () => (await pipeline.history('purchase_order')).get(id))
  expect(rows?.at(-1)).toMatchObject({ origin: 'WRITE', version: created?.version, vendor_id: order().vendor_id })
})

test('a stale version ends in CONFLICT, the current one in an update; what is wrong is told field by field', async () => {
  const created = await result('create-order-1')
  const update = {
    connection_id: SAP_CONNECTION,
    operation: 'UPDATE',
    target_id: created?.target_id,
    payload: { notes: 'gate 4' },
  }
  const { version } = created ?? {}
  await sendCommand(producer, 'purchase_order', { ...update, command_id: 'update-order-1', expected_version: version })
  expect(await result('update-order-1')).toMatchObject({ outcome: 'APPLIED' })
  await sendCommand(producer, 'purchase_order', { ...update, command_id: 'update-order-2', expected_version: version })
  const stale = await result('update-order-2')
  expect(stale).toMatchObject({ outcome: 'CONFLICT' })
  const bad = { ...order(), vendor_id: 'elsewhere:vendor:1', lines: [{ quantity_ordered: '0' }] }
  const about = { connection_id: SAP_CONNECTION, operation: 'CREATE', payload: bad }
  await sendCommand(producer, 'purchase_order', { ...about, command_id: 'create-order-2' })
  const refused = await result('create-order-2')
  expect(refused?.outcome).toBe('REJECTED')
  expect(refused?.errors.map(({ field }) => field)).toEqual(
    expect.arrayContaining(['vendor_id', 'lines[0].quantity_ordered', 'lines[0].item_id']),
  )
})

test('operators send commands, look at them, and ask what a connection can do', async () => {
  const run = (...args: string[]) => runCommand(args, pipeline.env)
  const file = join(folder, 'order.json')
  const about = { connection_id: SAP_CONNECTION, operation: 'CREATE', payload: order() }
  writeFileSync(file, JSON.stringify({ ...about, command_id: 'from-the-shell-2' }))
  const dry = JSON.parse(await run('command', 'send', 'purchase_order', file, '--dry-run', '--json')) as object
  expect(dry).toMatchObject({ outcome: 'VALIDATED', is_final: true })
  expect(await run('command', 'send', 'purchase_order', file)).toMatch(
    /^from-the-shell-2: APPLIED\n {2}plant-s4:purchase_/,
  )
  expect(await run('command', 'status', 'from-the-shell-2')).toContain('APPLIED')
  expect(await run('command', 'list', '--outcome', 'validated')).toMatch(/CREATE purchase_order +VALIDATED/)
  await expect(run('command', 'resolve', 'from-the-shell-2', 'applied')).rejects.toThrow('is not in doubt')
  expect(await run('capabilities', SAP_CONNECTION)).toMatch(/purchase_order +searchable/)
  const schema = JSON.parse(await run('capabilities', 'schema', SAP_CONNECTION, 'purchase_order', 'create')) as {
    properties: { [field: string]: object }
  }
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['vendor_id', 'lines']))
})
