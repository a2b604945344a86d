import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { createPageSource, type PageSource } from '../../../bench/source/server.ts'
import { stack, testPrefix } from '../../support/stack.ts'
import { DEFAULTS } from '../../../services/sync/tuning.ts'
import { eventually, openStage, type SyncStage } from '../../support/sync-service.ts'

const open: { stage?: SyncStage; source?: PageSource; children: ChildProcess[] } = { children: [] }
afterEach(async () => {
  for (const child of open.children.splice(0)) child.kill('SIGKILL')
  await open.stage?.close()
  await open.source?.close()
})

async function setUp(records: number, latencyMs: number, pageSize: number) {
  const addresses = { ...stack(), prefix: testPrefix() }
  const stage = await openStage(addresses, ['vendor'])
  const source = await createPageSource({ records, latencyMs })
  open.stage = stage
  open.source = source
  const order = JSON.stringify({
    kafka: addresses.kafka,
    registry: addresses.registry,
    prefix: addresses.prefix,
    partitions: stage.partitions,
    figures: { tuning: { ...DEFAULTS.tuning, pageSize } },
  })
  const spawn = async () => {
    const child = fork(fileURLToPath(new URL('../../support/sync-child.ts', import.meta.url)), [order], {
      stdio: 'inherit',
    })
    open.children.push(child)
    await once(child, 'message')
    return child
  }
  const kill = async (child: ChildProcess) => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await stage.connect({ id: 'acme', system: 'page-source', settings: { base_url: source.url } })
  const snapshotPages = () => source.requests.filter((query) => query.endsWith('since=0'))
  const done = async () => {
    const record = (await stage.states()).get('acme/vendor')
    return record?.kind === 'stream' && record.state.snapshotDone !== null
  }
  return { stage, source, spawn, kill, snapshotPages, done }
}

test('kill -9 again and again during a snapshot: every record once, and hardly a page asked for twice', async () => {
  const pages = 120
  const { stage, spawn, kill, snapshotPages, done } = await setUp(pages * 50, 40, 50)
  const kills = [1, 23, 57, 90, 118]
  for (const page of kills) {
    const child = await spawn()
    await eventually(async () => snapshotPages().length >= page)
    await kill(child)
  }
  const last = await spawn()
  await eventually(done)
  last.kill('SIGTERM')
  const [code] = (await once(last, 'exit')) as [number]
  expect(code).toBe(0)

  const keys = (await stage.changes('vendor', 'backfill')).map(({ source_id }) => source_id)
  expect(keys).toHaveLength(pages * 50)
  expect(new Set(keys).size).toBe(pages * 50)
  const asked = snapshotPages()
  // the source takes longer than a commit: at most the page in flight and the one being committed
  expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(2 * kills.length)
  const runs = new Set((await stage.changes('vendor', 'backfill')).map(({ run_id }) => run_id))
  expect(runs.size).toBe(1)
})

test('SIGTERM finishes the page in hand; the next process asks for no page again', async () => {
  const pages = 60
  const { stage, spawn, snapshotPages, done } = await setUp(pages * 50, 60, 50)
  const first = await spawn()
  await eventually(async () => snapshotPages().length >= 20)
  first.kill('SIGTERM')
  await once(first, 'exit')
  await spawn()
  await eventually(done)
  const keys = (await stage.changes('vendor', 'backfill')).map(({ source_id }) => source_id)
  expect(keys).toHaveLength(pages * 50)
  expect(new Set(keys).size).toBe(pages * 50)
  const asked = snapshotPages()
  // a request that was in flight is given up
  expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(1)
})
