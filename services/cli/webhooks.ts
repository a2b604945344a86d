import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import {
  type Connection,
  type KafkaClient,
  SYNC_REQUESTS,
  type SyncRequest,
  type WebhookDeliveryRecord,
} from '../../core/index.ts'
import { readConnection, readConnections } from './connection-table.ts'
import { codecOf } from './dead-letter-store.ts'
import { type Installation, withInstallation } from './installation.ts'
import { CommandError, print, printJson, table, UsageError } from './output.ts'
import { readOutcomes, readReceived, readWebhookStates } from './webhook-store.ts'
import {
  DELIVERY_HEADER,
  deliveryCells,
  STATUS_HEADER,
  SUBSCRIPTION_HEADER,
  shownDelivery,
  statusCells,
  subscriptionCells,
  tally,
  webhookStatuses,
} from './webhook-table.ts'

interface ListOptions {
  readonly failed?: boolean
  readonly limit: string
  readonly json?: boolean
}

async function list(id: string | undefined, options: ListOptions): Promise<void> {
  const limit = Number(options.limit)
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError('--limit must be a whole number above 0')
  if (id === undefined && options.failed === true) throw new UsageError('--failed wants a connection')
  await withInstallation((installation) =>
    id === undefined ? listAll(installation, options) : listOne(installation, id, limit, options),
  )
}

async function listAll({ kafka }: Installation, { json }: ListOptions): Promise<void> {
  const [{ connections }, states, outcomes] = await Promise.all([
    readConnections(kafka),
    readWebhookStates(kafka),
    readOutcomes(kafka, null, ({ connectionId, outcome }) => [connectionId, outcome] as const),
  ])
  const rows = webhookStatuses(connections.values(), states, tally(outcomes))
  if (json === true) return printJson(rows)
  const now = Date.now()
  print(
    table(
      STATUS_HEADER,
      rows.map((row) => statusCells(row, now)),
    ),
  )
  for (const { connection, reason } of rows) if (reason !== null) print(`${connection}: ${reason}`)
}

async function listOne({ kafka }: Installation, id: string, limit: number, options: ListOptions): Promise<void> {
  const connection = await withWebhook(kafka, id)
  const [states, outcomes] = await Promise.all([readWebhookStates(kafka), readOutcomes(kafka, id, (record) => record)])
  const counted = tally(outcomes.map((record) => [id, record.outcome]))
  const [status] = webhookStatuses([connection], states, counted)
  const wanted = outcomes.filter(({ outcome }) => options.failed !== true || outcome === 'failed')
  const newest = wanted.toSorted((a, b) => b.receivedAt - a.receivedAt).slice(0, limit)
  if (options.json === true) return printJson({ ...status, newest })
  const now = Date.now()
  if (status !== undefined) {
    print(table(STATUS_HEADER, [statusCells(status, now)]))
    if (status.reason !== null) print(`${id}: ${status.reason}`)
    if (status.subscriptions.length > 0)
      print(
        `\n${table(
          SUBSCRIPTION_HEADER,
          status.subscriptions.map((each) => subscriptionCells(each, now)),
        )}`,
      )
  }
  print(`\n${table(DELIVERY_HEADER, newest.map(deliveryCells))}`)
  if (wanted.length > newest.length) print(`… and ${wanted.length - newest.length} older (--limit)`)
}

/** @throws CommandError when the connection takes no webhooks */
async function withWebhook(kafka: KafkaClient, id: string): Promise<Connection> {
  const connection = await readConnection(kafka, id)
  if (connection.webhook === null)
    throw new CommandError(`connection ${id} takes no webhooks; \`webhook: true\` in its declaration changes that`)
  return connection
}

const nothingKnown = (connectionId: string, deliveryId: string): CommandError =>
  new CommandError(
    `there is no delivery ${deliveryId} of ${connectionId} within the last 7 days; \`tributary webhooks list ${connectionId}\` names them`,
  )

/** The latest word on a delivery, by its own id or that of one receipt; what came of a repetition only when nothing else is known. */
async function outcomeOf(kafka: KafkaClient, connectionId: string, id: string): Promise<WebhookDeliveryRecord | null> {
  const found = await readOutcomes(kafka, connectionId, (record) =>
    record.deliveryId === id || record.receiptId === id ? record : null,
  )
  return found.find(({ outcome }) => outcome !== 'duplicate') ?? found[0] ?? null
}

async function show(connectionId: string, id: string): Promise<void> {
  await withInstallation(async ({ kafka, env }) => {
    await readConnection(kafka, connectionId)
    const codec = await codecOf(env)
    const record = await outcomeOf(kafka, connectionId, id)
    const received = await readReceived(kafka, codec, connectionId, record?.deliveryId ?? id, record?.offset ?? null)
    if (record === null && received.length === 0) throw nothingKnown(connectionId, id)
    printJson(shownDelivery(record, received))
  })
}

const BATCH = 500

async function replay(
  connectionId: string,
  deliveryId: string | undefined,
  options: { readonly failed?: boolean },
): Promise<void> {
  if ((deliveryId === undefined) === (options.failed !== true))
    throw new UsageError('name a delivery, or --failed for all that could not be processed')
  await withInstallation(async ({ kafka }) => {
    const { status } = await withWebhook(kafka, connectionId)
    if (status !== 'active')
      throw new CommandError(
        status === 'paused'
          ? `connection ${connectionId} is paused; \`tributary connection resume ${connectionId}\` first`
          : `connection ${connectionId} was removed`,
      )
    const ids = deliveryId === undefined ? await failedOf(kafka, connectionId) : [deliveryId]
    if (deliveryId !== undefined && (await outcomeOf(kafka, connectionId, deliveryId)) === null)
      throw nothingKnown(connectionId, deliveryId)
    await ask(kafka, connectionId, ids)
    print(ids.length === 0 ? `no delivery of ${connectionId} has failed` : `${said(ids.length)} once more`)
  })
}

const said = (number: number): string =>
  number === 1 ? '1 delivery will be processed' : `${number} deliveries will be processed`

/** Ids in the order in which they came. */
async function failedOf(kafka: KafkaClient, connectionId: string): Promise<string[]> {
  const failed = await readOutcomes(kafka, connectionId, (record) => (record.outcome === 'failed' ? record : null))
  return failed.toSorted((a, b) => a.offset - b.offset).map(({ deliveryId }) => deliveryId)
}

async function ask(kafka: KafkaClient, connectionId: string, ids: readonly string[]): Promise<void> {
  const producer = kafka.producer()
  try {
    for (let at = 0; at < ids.length; at += BATCH)
      await producer.send(
        ids.slice(at, at + BATCH).map((deliveryId) => {
          const asked: SyncRequest = {
            id: randomUUID(),
            kind: 'redeliver',
            connectionId,
            entity: null,
            requestedAt: Date.now(),
            deliveryId,
          }
          return { topic: SYNC_REQUESTS, key: connectionId, value: Buffer.from(JSON.stringify(asked)) }
        }),
      )
  } finally {
    await producer.close()
  }
}

export function addWebhookCommands(program: Command): void {
  const webhooks = program.command('webhooks').description('what systems push, and what became of it')
  webhooks
    .command('list [connection]')
    .description('health, subscriptions and counts of 7 days; of one connection its newest deliveries too')
    .option('--failed', 'only deliveries that could not be processed')
    .option('--limit <number>', 'how many deliveries', '20')
    .option('--json')
    .action(list)
  webhooks
    .command('show <connection> <delivery>')
    .description('what came (headers, body) and what became of it')
    .action(show)
  webhooks
    .command('replay <connection> [delivery]')
    .description('processes a delivery once more, although it is known')
    .option('--failed', 'every one that could not be processed')
    .action(replay)
}
