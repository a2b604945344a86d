import { expect, test } from 'vitest'
import {
  type AnyConnector,
  CONNECTION_DEFAULTS,
  type Connection,
  newSyncState,
  type SyncFailure,
  type SyncRun,
  type SyncState,
  WEBHOOK_DEFAULTS,
  type WebhookState,
} from '../../../../core/index.ts'
import { type StatusInput, statusCells, streamStatuses } from '../../../../services/cli/sync-table.ts'

const connector = { id: 'mill', streams: { vendor: {} } } as unknown as AnyConnector
const connection: Connection = { ...CONNECTION_DEFAULTS, id: 'a', system: 'mill', settings: {}, updatedAt: 0 }
const NOW = 1_000_000
const range = { runId: 'r', startedAt: 0, since: null, until: 0, cursor: null, records: 250, pages: 5, total: 1000 }
const done = { runId: 'd', startedAt: 0, finishedAt: NOW - 30_000, records: 10 }
const failure: SyncFailure = {
  kind: 'retryable',
  message: 'HTTP 503',
  requestId: null,
  since: 0,
  attempts: 3,
  retryAt: NOW + 60_000,
}

function status(state: Partial<SyncState> | null, more: Partial<StatusInput> = {}) {
  const streams = new Map(state === null ? [] : [['a/vendor', { ...newSyncState('a', 'vendor'), ...state }]])
  const rows = streamStatuses({
    connections: [connection],
    connectorOf: () => connector,
    streams,
    troubles: new Map(),
    runs: new Map(),
    webhooks: new Map(),
    ...more,
  })
  return rows[0]
}

test('a snapshot under way shows how far it is, and its rate from the history', () => {
  const runs = new Map([['r', { ratePerSecond: 123.4 } as SyncRun]])
  const row = status({ snapshot: range, records: 250 }, { runs })
  expect(row).toMatchObject({ phase: 'snapshot', share: 0.25, ratePerSecond: 123.4, records: 250 })
})

test('a snapshot of unknown size shows no share', () => {
  expect(status({ snapshot: { ...range, total: null } })?.share).toBeNull()
  expect(status({ snapshot: { ...range, total: 0 } })?.share).toBeNull()
})

test('the state of a stream is told in words', () => {
  expect(status(null)?.phase).toBe('not started')
  expect(status({ snapshotDone: done })?.phase).toBe('in step')
  expect(status({ snapshotDone: done, incremental: { ...range, newest: null } })?.phase).toBe('reading')
  expect(status({ snapshotDone: done, resyncRequested: true })?.phase).toBe('resync asked')
  expect(status({ snapshotDone: done, failures: { incremental: failure } })?.phase).toBe('failing')
  expect(status({ failures: { snapshot: { ...failure, kind: 'corrupt-cursor', retryAt: null } } })?.phase).toBe(
    'stopped',
  )
  expect(status({}, { connections: [{ ...connection, streams: { vendor: { enabled: false } } }] })?.phase).toBe(
    'disabled',
  )
})

test('a paused connection has no next run; a removed one is not shown', () => {
  const state = { snapshotDone: done, due: { incremental: NOW + 5000 } }
  expect(status(state)?.nextRun).toBe(NOW + 5000)
  expect(status(state, { connections: [{ ...connection, status: 'paused' }] })).toMatchObject({
    phase: 'paused',
    nextRun: null,
  })
  expect(status(state, { connections: [{ ...connection, status: 'removed' }] })).toBeUndefined()
})

test('trouble of the connection shows at each of its streams', () => {
  const troubles = new Map([
    ['a', { connectionId: 'a', status: 'auth-failed' as const, failure: { ...failure, kind: 'auth' as const } }],
  ])
  expect(status({ snapshotDone: done }, { troubles })).toMatchObject({
    phase: 'auth-failed',
    nextRun: NOW + 60_000,
    failure: { kind: 'auth' },
  })
})

test('a row for people says when in words', () => {
  const held = { runId: 'h', at: 0, missing: 70, live: 100, reason: 'too many' }
  const row = status({ snapshotDone: done, held, failures: { sweep: failure }, due: { incremental: NOW - 1 } })
  if (row === undefined) throw new Error('no row')
  expect(statusCells(row, NOW)).toEqual([
    'a',
    'vendor',
    'failing',
    0,
    null,
    null,
    '30 s ago',
    'now',
    null,
    '70 of 100 deletions',
    'retryable ×3: HTTP 503',
  ])
})

test('a stream that this version does not know is shown when it was read', () => {
  expect(status({ snapshotDone: done }, { connectorOf: () => undefined })).toMatchObject({ stream: 'vendor' })
  expect(status(null, { connectorOf: () => undefined })).toBeUndefined()
})

test('a connection that takes webhooks shows whether they can be relied on', () => {
  const webhooks = new Map([['a', { health: 'silent' } as WebhookState]])
  const taking = { ...connection, webhook: WEBHOOK_DEFAULTS }
  expect(status({}, { webhooks })?.webhook).toBeNull()
  expect(status({}, { webhooks, connections: [taking] })?.webhook).toBe('silent')
  expect(status({}, { connections: [taking] })?.webhook).toBe('not set up yet')
})
