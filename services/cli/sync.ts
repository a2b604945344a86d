import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { connectorOf } from '../../connectors/index.ts'
import {
  type ConnectionState,
  type EntityName,
  type KafkaClient,
  parseSyncRun,
  parseSyncState,
  readTopic,
  SYNC_REQUESTS,
  SYNC_RUNS,
  SYNC_STATE,
  type SyncRequest,
  type SyncRun,
  type SyncState,
} from '../../core/index.ts'
import { readConnection, readConnections } from './connection-table.ts'
import { withInstallation } from './installation.ts'
import { CommandError, print, printJson, table } from './output.ts'
import { STATUS_HEADER, statusCells, streamStatuses } from './sync-table.ts'
import { readWebhookStates } from './webhook-store.ts'

async function readStates(kafka: KafkaClient) {
  const streams = new Map<string, SyncState>()
  const troubles = new Map<string, ConnectionState>()
  await readTopic(kafka, SYNC_STATE, {
    onRecord({ key, value }) {
      const name = key?.toString() ?? ''
      if (value === null) {
        streams.delete(name)
        troubles.delete(name.replace(/\/~connection$/, ''))
        return
      }
      const record = parseSyncState(name, value)
      if (record.kind === 'stream') streams.set(name, record.state)
      else if (record.kind === 'connection') troubles.set(record.state.connectionId, record.state)
    },
  })
  return { streams, troubles }
}

/** Enough for the runs under way: longer ones say how they get on every few seconds. */
const HISTORY_TAIL = 1_000

/** The latest lines of history by run id, from the end of each partition. */
async function readRuns(kafka: KafkaClient): Promise<Map<string, SyncRun>> {
  const offsets = await kafka.withAdmin((admin) => admin.fetchTopicOffsets(kafka.topic(SYNC_RUNS)))
  const from = new Map(
    offsets.map(({ partition, low, high }) => [partition, Math.max(Number(low), Number(high) - HISTORY_TAIL)]),
  )
  const runs = new Map<string, SyncRun>()
  await readTopic(kafka, SYNC_RUNS, {
    from,
    onRecord({ value }) {
      if (value === null) return
      const run = parseSyncRun(value)
      runs.set(run.runId, run)
    },
  })
  return runs
}

async function status(options: { connection?: string; json?: boolean }): Promise<void> {
  await withInstallation(async ({ kafka }) => {
    const [{ connections }, { streams, troubles }, runs, webhooks] = await Promise.all([
      readConnections(kafka),
      readStates(kafka),
      readRuns(kafka),
      readWebhookStates(kafka),
    ])
    if (options.connection !== undefined && !connections.has(options.connection))
      throw new CommandError(`there is no connection ${options.connection}`)
    const wanted = [...connections.values()].filter(({ id }) => id === (options.connection ?? id))
    const rows = streamStatuses({ connections: wanted, connectorOf, streams, troubles, runs, webhooks })
    if (options.json === true) return printJson(rows)
    const now = Date.now()
    print(
      table(
        STATUS_HEADER,
        rows.map((row) => statusCells(row, now)),
      ),
    )
    for (const { connection, stream, held } of rows)
      if (held !== null)
        print(`\n${connection} ${stream}: ${held.reason}; \`tributary sync approve-deletes ${connection} ${stream}\``)
    for (const { id, webhook } of wanted) {
      const { health, healthReason = null } = (webhook === null ? undefined : webhooks.get(id)) ?? {}
      if (health === 'silent' || (healthReason !== null && health === 'unproven'))
        print(
          `\n${id}: webhooks are ${health}${healthReason === null ? '' : `: ${healthReason}`}; \`tributary webhooks list ${id}\``,
        )
    }
  })
}

/** `redeliver` is asked by `webhooks replay`. */
type Kind = Exclude<SyncRequest['kind'], 'redeliver'>

const SAID: { readonly [K in Kind]: string } = {
  run: 'asked to be read now',
  resync: 'asked for a new snapshot',
  'approve-deletes': 'deletions approved: a new sweep may delete as many as the held one showed',
}

async function request(kind: Kind, id: string, stream: string | undefined): Promise<void> {
  await withInstallation(async ({ kafka }) => {
    const connection = await readConnection(kafka, id)
    if (connection.status !== 'active')
      throw new CommandError(
        connection.status === 'paused'
          ? `connection ${id} is paused; \`tributary connection resume ${id}\` first`
          : `connection ${id} was removed`,
      )
    const known = Object.keys(connectorOf(connection.system)?.streams ?? {})
    if (stream !== undefined && !known.includes(stream))
      throw new CommandError(`${stream} is not a stream of ${connection.system}; known: ${known.join(', ')}`)
    const asked: SyncRequest = {
      id: randomUUID(),
      kind,
      connectionId: id,
      entity: (stream ?? null) as EntityName | null,
      requestedAt: Date.now(),
    }
    const producer = kafka.producer()
    try {
      await producer.send([{ topic: SYNC_REQUESTS, key: id, value: Buffer.from(JSON.stringify(asked)) }])
    } finally {
      await producer.close()
    }
    print(`${id}${stream === undefined ? '' : ` ${stream}`}: ${SAID[kind]}`)
  })
}

export function addSyncCommands(program: Command): void {
  const sync = program.command('sync').description('how the streams get on, and what operators ask of them')
  sync.command('status').option('--connection <id>', 'only this one').option('--json').action(status)
  const ask = (kind: Kind, description: string) =>
    sync
      .command(`${kind} <connection> [stream]`)
      .description(description)
      .action((id: string, stream?: string) => request(kind, id, stream))
  ask('run', 'reads now, also what failed')
  ask('resync', 'takes a new snapshot')
  ask('approve-deletes', 'lets a held sweep delete: a new sweep proves it again first')
}
