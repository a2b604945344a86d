import { afterEach, expect, test } from 'vitest'
import { backfillTopic, followTopic, openCodec, SWEEP_REPORTS, type SweepReport } from '../../../core/index.ts'
import { DEFAULTS } from '../../../services/sync/tuning.ts'
import { createFakeSystem, failing } from '../../support/fake-connector.ts'
import { stack, testPrefix } from '../../support/stack.ts'
import { eventually, openStage, type SyncStage } from '../../support/sync-service.ts'

let stage: SyncStage | null = null
afterEach(async () => {
  await stage?.close()
  stage = null
})

const DAY = 86_400_000
const quick = { vendor: { pollEveryMs: 100 }, item: { pollEveryMs: 100 } }
const small = { tuning: { ...DEFAULTS.tuning, pageSize: 50 } }

const streamOf = async (on: SyncStage, key: string) => {
  const record = (await on.states()).get(key)
  return record?.kind === 'stream' ? record.state : null
}

test('snapshot, then live changes, through real Kafka and the registry; a restart goes on where it was', async () => {
  const system = createFakeSystem({ now: Date.now })
  system.seed('vendor', 500, Date.now() - DAY)
  const on = (stage = await openStage({ ...stack(), prefix: testPrefix() }, ['vendor']))
  await on.connect({ id: 'acme', streams: quick })
  const first = await on.join([system.connector], small)
  await eventually(async () => (await streamOf(on, 'acme/vendor'))?.snapshotDone)
  const backfill = await on.changes('vendor', 'backfill')
  expect(backfill.map(({ source_id }) => source_id).sort()).toEqual([...system.records('vendor').keys()])
  expect(backfill[0]).toMatchObject({
    connection_id: 'acme',
    operation: 'UPSERT',
    origin: 'SNAPSHOT',
    entity: 'vendor',
  })
  expect(JSON.parse(backfill[0]?.payload.toString() ?? '')).toEqual({ name: `record ${backfill[0]?.source_id}` })

  system.put('vendor', 'new', { name: 'New' })
  await eventually(async () => (await on.changes('vendor', 'changes')).length === 1)
  await first.stop()
  system.remove('vendor', '000001')
  await on.join([system.connector], small)
  await eventually(async () => (await on.changes('vendor', 'changes')).length === 2)
  const changes = await on.changes('vendor', 'changes')
  expect(changes.map(({ source_id, operation }) => `${operation} ${source_id}`).sort()).toEqual([
    'DELETE 000001',
    'UPSERT new',
  ])
  expect(await on.changes('vendor', 'backfill')).toHaveLength(500)
  expect(
    (await on.history()).filter(({ activity, event }) => activity === 'snapshot' && event === 'finished'),
  ).toHaveLength(1)
})

test('two instances share the connections; when one leaves the other takes over, and nothing is published twice', async () => {
  const system = createFakeSystem({ now: Date.now })
  system.seed('vendor', 50, Date.now() - DAY)
  const on = (stage = await openStage({ ...stack(), prefix: testPrefix() }, ['vendor']))
  const ids = Array.from({ length: 8 }, (_, i) => `c${i}`)
  for (const id of ids) await on.connect({ id, streams: quick })
  const [a, b] = [await on.join([system.connector], small), await on.join([system.connector], small)]
  await eventually(async () => a.partitions().length === 2 && b.partitions().length === 2)
  await eventually(async () => {
    const states = await Promise.all(ids.map((id) => streamOf(on, `${id}/vendor`)))
    return states.every((state) => state?.snapshotDone != null)
  })
  await a.stop()
  system.put('vendor', 'after', { name: 'after the hand-over' })
  await eventually(async () => (await on.changes('vendor', 'changes')).length === ids.length)
  expect(b.partitions()).toEqual([0, 1, 2, 3])
  const snapshots = await on.changes('vendor', 'backfill')
  expect(snapshots).toHaveLength(ids.length * 50)
  expect(new Set(snapshots.map(({ connection_id, source_id }) => `${connection_id}/${source_id}`)).size).toBe(
    ids.length * 50,
  )
})

test('idle polls write next to nothing', async () => {
  const system = createFakeSystem({ now: Date.now })
  system.seed('vendor', 10, Date.now() - DAY)
  const on = (stage = await openStage({ ...stack(), prefix: testPrefix() }, ['vendor']))
  await on.connect({ id: 'acme', streams: quick })
  await on.join([system.connector], small)
  await eventually(async () => (await streamOf(on, 'acme/vendor'))?.snapshotDone)
  const polls = () => system.requests.filter(({ what }) => what === 'incremental').length
  const ends = () => on.kafka.withAdmin((admin) => admin.fetchTopicOffsets(on.kafka.topic('sync-state')))
  await eventually(async () => polls() > 3)
  const [before, at] = [polls(), await ends()]
  await eventually(async () => polls() >= before + 20)
  expect(await ends()).toEqual(at)
})

test('a throttled connection and one with refused credentials leave a third alone; each heals by itself', async () => {
  const throttled = createFakeSystem({ now: Date.now, id: 'throttled' })
  const refused = createFakeSystem({ now: Date.now, id: 'refused' })
  const sound = createFakeSystem({ now: Date.now, id: 'sound' })
  for (const system of [throttled, refused, sound]) system.seed('vendor', 20, Date.now() - DAY)
  throttled.faults.page = failing('rate-limited')
  refused.faults.connect = (settings) => {
    if ((settings as { password?: string }).password !== 'right') failing('auth')()
  }
  const on = (stage = await openStage({ ...stack(), prefix: testPrefix() }, ['vendor']))
  for (const id of ['throttled', 'refused', 'sound']) await on.connect({ id, system: id, streams: quick })
  await on.join([throttled.connector, refused.connector, sound.connector], small)
  await eventually(async () => (await streamOf(on, 'sound/vendor'))?.snapshotDone)
  await eventually(async () => (await streamOf(on, 'throttled/vendor'))?.failures.snapshot?.kind === 'rate-limited')
  const trouble = await eventually(async () => (await on.states()).get('refused/~connection'))
  expect(trouble).toMatchObject({ state: { status: 'auth-failed' } })
  sound.put('vendor', 'live', { name: 'live' })
  await eventually(async () =>
    (await on.changes('vendor', 'changes')).some(({ connection_id }) => connection_id === 'sound'),
  )

  await on.connect({ id: 'refused', system: 'refused', streams: quick, settings: { password: 'right' } })
  await eventually(async () => (await streamOf(on, 'refused/vendor'))?.snapshotDone)
  throttled.faults.page = null
  await on.ask({ kind: 'run', connectionId: 'throttled', entity: null })
  await eventually(async () => (await streamOf(on, 'throttled/vendor'))?.snapshotDone)
})

test('a sweep that would delete too much is held until it is approved', async () => {
  const system = createFakeSystem({ now: Date.now, streams: { item: { deletes: 'by-absence' } } })
  system.seed('item', 200, Date.now() - DAY)
  const addresses = { ...stack(), prefix: testPrefix() }
  const on = (stage = await openStage(addresses, ['item']))
  const normalizer = await answerSweeps(on, addresses)
  await on.connect({ id: 'acme', streams: { item: { pollEveryMs: 100, sweepEveryMs: 300 } } })
  await on.join([system.connector], small)
  await eventually(async () => (await streamOf(on, 'acme/item'))?.sweepDone)
  for (let i = 0; i < 60; i++) system.remove('item', String(i).padStart(6, '0'))
  const held = await eventually(async () => (await streamOf(on, 'acme/item'))?.held)
  expect(held).toMatchObject({ missing: 60, live: 200 })
  expect(normalizer.deleted.size).toBe(0)
  await on.ask({ kind: 'approve-deletes', connectionId: 'acme', entity: 'item' })
  await eventually(async () => ((await streamOf(on, 'acme/item'))?.sweepDone?.deleted ?? 0) === 60)
  await eventually(async () => normalizer.deleted.size === 60)
  await normalizer.close()
})

/** The normalizer's side of the sweep protocol, without mappings: counts, reports, deletes on APPLY. */
async function answerSweeps(on: SyncStage, addresses: { readonly registry: string; readonly prefix: string }) {
  const codec = await openCodec({ registryUrl: addresses.registry, prefix: addresses.prefix, register: true })
  const live = Array.from({ length: on.partitions }, () => new Set<string>())
  const seen = new Map<string, Set<string>>()
  const deleted = new Set<string>()
  const following = followTopic(on.kafka, backfillTopic('item'), ({ partition, value }) => {
    if (value === null) return
    const change = codec.decodeChange(value)
    const keys = live[partition] as Set<string>
    const sweep = seen.get(`${change.run_id}/${partition}`)
    const missing = () => [...keys].filter((key) => !(sweep?.has(key) ?? false))
    if (change.operation === 'UPSERT') keys.add(change.source_id)
    if (change.operation === 'SWEEP_BEGIN') seen.set(`${change.run_id}/${partition}`, new Set())
    if (change.operation === 'SEEN')
      for (const key of (JSON.parse(change.payload.toString()) as { keys: string[] }).keys) sweep?.add(key)
    if (change.operation === 'SWEEP_END') {
      const report: SweepReport = {
        connectionId: change.connection_id,
        entity: 'item',
        runId: change.run_id,
        partition,
        complete: true,
        live: keys.size,
        missing: missing().length,
      }
      void on.send(SWEEP_REPORTS, report.connectionId, Buffer.from(JSON.stringify(report)))
    }
    if (change.operation === 'SWEEP_APPLY')
      for (const key of missing()) {
        keys.delete(key)
        deleted.add(key)
      }
  })
  await following.ready
  return { deleted, close: () => following.close() }
}
