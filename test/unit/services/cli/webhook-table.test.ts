import { expect, test } from 'vitest'
import {
  CONNECTION_DEFAULTS,
  type Connection,
  WEBHOOK_DEFAULTS,
  type WebhookDelivery,
  type WebhookDeliveryRecord,
  type WebhookState,
} from '../../../../core/index.ts'
import {
  deliveryCells,
  shownBody,
  shownDelivery,
  statusCells,
  tally,
  webhookStatuses,
} from '../../../../services/cli/webhook-table.ts'

const NOW = 1_000_000_000
const connection = (id: string, more: Partial<Connection> = {}): Connection => ({
  ...CONNECTION_DEFAULTS,
  id,
  system: 'mill',
  settings: {},
  updatedAt: 0,
  webhook: WEBHOOK_DEFAULTS,
  ...more,
})
const subscription = (status: 'active' | 'pending') => ({
  id: 's1',
  event: 'WORK_ORDER_CHANGE',
  status,
  detail: null,
  expiresAt: null,
  secret: { $secret: 'k1:sealed' },
})
const state = (more: Partial<WebhookState> = {}): WebhookState => ({
  connectionId: 'a',
  subscriptions: [subscription('active'), subscription('active'), subscription('pending')],
  retired: [],
  health: 'healthy',
  healthReason: null,
  lastDeliveryAt: NOW - 3000,
  updatedAt: NOW,
  ...more,
})
const outcome = (more: Partial<WebhookDeliveryRecord> = {}): WebhookDeliveryRecord => ({
  connectionId: 'a',
  deliveryId: 'd1',
  receiptId: 'r1',
  receivedAt: 0,
  offset: 7,
  outcome: 'processed',
  hints: [{ entity: 'work_order', key: '42' }],
  error: null,
  processedAt: 5,
  ...more,
})

test('a connection shows its health, subscriptions, last delivery and what became of deliveries', () => {
  const tallies = tally([
    ['a', 'processed'],
    ['a', 'processed'],
    ['b', 'processed'],
    ['a', 'duplicate'],
    ['a', 'failed'],
  ])
  const [row] = webhookStatuses([connection('a')], new Map([['a', state()]]), tallies)
  expect(statusCells(row as never, NOW)).toEqual(['a', 'healthy', '2 active, 1 pending', '3 s ago', 2, 1, 0, 1])
  expect(JSON.stringify(row)).not.toContain('sealed')
})

test('connections are listed that take webhooks, or still have subscriptions standing', () => {
  const connections = [
    connection('a'),
    connection('none', { webhook: null }),
    connection('removed', { status: 'removed' }),
    connection('left', { webhook: null }),
  ]
  const rows = webhookStatuses(connections, new Map([['left', state({ connectionId: 'left' })]]), new Map())
  expect(rows.map(({ connection: id, health }) => [id, health])).toEqual([
    ['a', 'not set up yet'],
    ['left', 'healthy'],
  ])
})

test('a delivery shows what it told, in one line', () => {
  const hint = (key: string | null) => ({ entity: 'asset' as const, key })
  const cells = deliveryCells(outcome({ hints: ['1', null, '3', '4'].map(hint), error: 'x'.repeat(200) }))
  expect(cells.slice(0, 4)).toEqual([
    'd1',
    '1970-01-01T00:00:00.000Z',
    'processed',
    'asset 1, asset (all), asset 3, … 4 records',
  ])
  expect(String(cells[4])).toHaveLength(100)
  expect(deliveryCells(outcome({ hints: [] }))[3]).toBeNull()
})

test('a body is shown as JSON, as text, or byte for byte', () => {
  expect(shownBody(Buffer.from('{"a":1}'))).toEqual({ a: 1 })
  expect(shownBody(Buffer.from('a=1'))).toBe('a=1')
  expect(shownBody(Buffer.from([0xff, 0x00]))).toBe('base64:/wA=')
})

test('everything about a delivery: what came, each time it came, and what became of it', () => {
  const came: WebhookDelivery = {
    connectionId: 'a',
    deliveryId: 'd1',
    receiptId: 'r1',
    receivedAt: 0,
    headers: { 'x-event': 'e' },
    body: Buffer.from('{"id":42}'),
  }
  expect(shownDelivery(outcome(), [came, { ...came, receiptId: 'r2', receivedAt: 1000 }])).toMatchObject({
    delivery: 'd1',
    outcome: 'processed',
    hints: [{ entity: 'work_order', key: '42' }],
    received: [{ receipt: 'r1' }, { receipt: 'r2', at: '1970-01-01T00:00:01.000Z' }],
    headers: { 'x-event': 'e' },
    body: { id: 42 },
  })
  expect(shownDelivery(null, [came])).toMatchObject({ delivery: 'd1', outcome: 'waiting', processedAt: null })
})
