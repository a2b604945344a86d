import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordProducer } from '../../../core/index.ts'
import { orderParts, readResults, SAP_WRITE_SETTINGS, sendCommand } from '../../support/commands.ts'
import { openPipeline, type Pipeline } from '../../support/pipeline.ts'
import { stack } from '../../support/stack.ts'
import { SAP_CONNECTION, testedSap } from '../../support/systems/sap.ts'

const ORDERS = 200
const KILLS = 8
/** The sandbox answers at once or never: it works on nothing that nobody waits for. */
const POLICY = { settleMs: 3_000, lookAgainMs: 1_000, retryCapMs: 2_000 }

let system: Awaited<ReturnType<typeof testedSap>>
let pipeline: Pipeline
let producer: RecordProducer
let writer: ChildProcess | undefined

beforeAll(async () => {
  system = await testedSap({ size: 60 })
  pipeline = await openPipeline(system)
  producer = pipeline.kafka.producer()
  const limits = { concurrency: 4, requestsPerSecond: null }
  await pipeline.connect({ settings: { ...system.settings, ...SAP_WRITE_SETTINGS }, limits })
})
afterAll(async () => {
  writer?.kill('SIGKILL')
  await producer?.close()
  await pipeline?.close()
})

async function start(): Promise<void> {
  const { kafka, registry } = stack()
  const order = JSON.stringify({ kafka, registry, prefix: pipeline.prefix, partitions: 4, policy: POLICY })
  writer = fork(join(import.meta.dirname, '../../support/writer-child.ts'), [order])
  await once(writer, 'message')
}

async function kill(): Promise<void> {
  const gone = writer === undefined ? null : once(writer, 'exit')
  writer?.kill('SIGKILL')
  await gone
}

const headers = () => {
  const { store } = system.sandbox
  const set = store.set('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrder')
  return store.select(set, { where: { sql: '1', params: [] } })
}

test(`${ORDERS} orders with ${KILLS} deaths of the writer and cut connections: each is created once, none is in doubt`, async () => {
  const before = headers().length
  const { vendor_id, item_id, location_id } = orderParts(system.sandbox, SAP_CONNECTION)
  const payload = {
    vendor_id,
    currency: 'EUR',
    lines: [{ item_id, location_id, quantity_ordered: '1', unit_price: '2' }],
  }
  await start()
  const ids = Array.from({ length: ORDERS }, (_, nth) => `${pipeline.prefix}order-${nth}`)
  const sending = (async () => {
    for (const command_id of ids) {
      await sendCommand(producer, 'purchase_order', {
        connection_id: SAP_CONNECTION,
        operation: 'CREATE',
        command_id,
        payload,
      })
      await delay(20)
    }
  })()
  for (let nth = 0; nth < KILLS; nth++) {
    await delay(600 + nth * 150)
    Object.assign(system.sandbox.switches, nth % 2 === 0 ? { cutAfter: 3 } : { cutBefore: 3 })
    await delay(400)
    await kill()
    await start()
  }
  await sending
  Object.assign(system.sandbox.switches, { cutAfter: 0, cutBefore: 0 })
  const deadline = Date.now() + 180_000
  let open: string[] = ids
  while (open.length > 0 && Date.now() < deadline) {
    await delay(1_000)
    const results = await readResults(pipeline.kafka, pipeline.codec)
    open = ids.filter((id) => results.get(id)?.at(-1)?.is_final !== true)
  }
  const results = await readResults(pipeline.kafka, pipeline.codec)
  const outcomes = new Map<string, number>()
  for (const id of ids) {
    const outcome = results.get(id)?.at(-1)?.outcome ?? 'none'
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  const replays = ids.filter((id) => results.get(id)?.at(-1)?.is_replay === true).length
  console.log(
    `${ORDERS} orders, ${KILLS} kills: ${JSON.stringify(Object.fromEntries(outcomes))}, ${replays} found again`,
  )
  expect(Object.fromEntries(outcomes)).toEqual({ APPLIED: ORDERS })
  const targets = ids.map((id) => results.get(id)?.at(-1)?.source_id)
  expect(new Set(targets).size).toBe(ORDERS)
  expect(headers().length - before).toBe(ORDERS)
})
