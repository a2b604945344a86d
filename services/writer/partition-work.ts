import {
  type AnyConnector,
  CAPABILITIES,
  type Clock,
  COMMAND_JOURNAL,
  CONNECTIONS,
  type Codec,
  type CommandJournal,
  type Connection,
  createPositions,
  createSessions,
  type InRecord,
  type Logger,
  type Metrics,
  type OutRecord,
  type Partition,
  type PartitionBatch,
  type PartitionWork,
  type SessionOptions,
  WRITER_REQUESTS,
  type WritableEntity,
  type WriterRequest,
} from '../../core/index.ts'
import { type Account, createAccount } from './account.ts'
import { createCapabilities } from './capabilities.ts'
import { createCommitter } from './committer.ts'
import { createConnectionTable } from './connections.ts'
import { createIntake, deadLetter } from './intake.ts'
import { createJournal } from './journal.ts'
import type { Policy } from './policy.ts'
import { reread } from './reread.ts'
import { createRereads } from './rereads.ts'
import { isInDoubt, settle } from './settlement.ts'
import type { Task } from './task.ts'

/** What the partitions of a process share. */
export interface WriterParts extends Pick<SessionOptions, 'settingsOf' | 'httpFor'> {
  readonly codec: Codec
  /** P of the installation. */
  readonly partitions: number
  readonly clock: Clock
  readonly policy: Policy
  readonly random: () => number
  readonly connectorOf: (system: string) => AnyConnector | undefined
  /** @throws Error when the value is not a connection */
  readonly decodeConnection: (value: Buffer) => Connection
  readonly log: Logger
  readonly metrics: Metrics
}

const MOST_RECORDS = 2_000
export const COMMANDS = 'commands.'

/**
 * Takes over one partition of all command topics, and with it every command of the connections in it: restores the
 * journal, and goes on where the owner before it stopped. Commands that were started and have no outcome are in doubt.
 */
export async function openPartition(parts: WriterParts, partition: Partition): Promise<PartitionWork> {
  const { codec, clock, policy, log, metrics } = parts
  const abort = new AbortController()
  const { signal } = abort
  const journal = createJournal(codec, partition, () => clock.now())
  await partition.restore(COMMAND_JOURNAL, (record) => journal.load(record))
  const restored = journal.positions()
  const positions = createPositions(restored)
  let roomAgain: (() => void) | null = null
  const committer = createCommitter({
    partition,
    mostRecords: MOST_RECORDS,
    finished(done) {
      for (const { topic, offset } of done) positions.done(topic, offset)
      if (positions.unfinished() < policy.mostUnfinished) roomAgain?.()
    },
    committed: (records, result) => journal.committed(records, result),
    position: () => journal.writePositions(positions.marks()),
    onOver: () => abort.abort(new Error('the partition is lost')),
  })
  const capabilities = createCapabilities({ ...parts, partition, committer })
  await partition.restore(CAPABILITIES, (record) => capabilities.load(record))
  const sessions = createSessions({ ...parts, turn: async () => () => {} })
  const table = createConnectionTable({ ...parts, partition, onChange })
  const accounts = new Map<string, Account>()
  const rereads = createRereads({ ...parts, sessions, journal, committer, signal, connectionOf: (id) => table.get(id) })
  const take = createIntake({ ...parts, journal, signal, connectionOf: (id) => table.find(id) })

  function onChange(id: string, before: Connection | undefined, now: Connection | undefined): void {
    // compared as text: equal records have equal text
    const openedWith = (it?: Connection) => JSON.stringify([it?.system, it?.settings, it?.limits])
    if (openedWith(before) !== openedWith(now)) void sessions.close(id)
    accounts.get(id)?.changed(now)
    capabilities.changed(id, now)
  }

  function accountOf(connection: Connection): Account {
    let account = accounts.get(connection.id)
    if (account === undefined) {
      account = createAccount(
        {
          ...parts,
          sessions,
          journal,
          committer,
          signal,
          reread: (session, about, { entity, command }, key, within) =>
            reread(
              { codec, partitions: parts.partitions, now: () => clock.now() },
              { connection: about, connector: session.connector, session: session.value },
              { entity, key, commandId: command.command_id },
              within,
            ),
          onFinished: ({ command }) => wake(command.command_id),
          onRereadDue: ({ entry, levels, isRead }) => rereads.add(entry, { levels, isRead }),
        },
        connection,
      )
      accounts.set(connection.id, account)
    }
    return account
  }

  function wake(commandId: string): void {
    for (const account of accounts.values()) account.finished(commandId)
  }

  async function takeOne(record: InRecord): Promise<Task | null> {
    const { topic, offset } = record
    const entity = topic.slice(COMMANDS.length) as WritableEntity
    const taken = await take(entity, record)
    const stream = { connection: record.key?.toString() ?? '', stream: entity }
    const letters = taken.dead === undefined ? [] : [deadLetter(codec, record, taken.dead, clock.now())]
    if (taken.dead !== undefined) {
      metrics.deadLetters.inc(stream)
      log.error({ ...stream, topic, offset }, `no command: ${taken.dead}; see \`tributary dead-letters list\``)
    }
    const { finished } = taken
    const done = taken.task === null ? [{ topic, offset }] : []
    const committed = committer.submit({ records: [...taken.records, ...letters], done })
    if (finished !== undefined) void committed.then(() => wake(finished))
    return taken.task
  }

  async function takeAll({ topic, records }: PartitionBatch): Promise<void> {
    for (const record of records) {
      await room()
      if (partition.signal.aborted) return
      positions.open(topic, record.offset)
      const task = await takeOne(record)
      const connection = task === null ? undefined : table.get(task.command.connection_id)
      if (task === null || connection === undefined) continue
      metrics.recordsReceived.inc({ connection: connection.id, stream: task.entity })
      accountOf(connection).add(task)
    }
  }

  /** What operators say of commands in doubt; of others it is ignored. */
  function settleAll({ topic, records }: PartitionBatch): void {
    for (const { value, offset } of records) {
      positions.open(topic, offset)
      const settled = value === null ? [] : settlementOf(JSON.parse(value.toString()) as WriterRequest)
      void committer.submit({ records: settled, done: [{ topic, offset }] })
    }
  }

  function settlementOf(request: WriterRequest): OutRecord[] {
    const how = (entry: CommandJournal) => settle(entry, request, clock.now())
    if (accounts.get(request.connectionId)?.settle(request.commandId, how) === true) return []
    const entry = journal.get(request.commandId)
    if (entry === undefined || !isInDoubt(entry)) return []
    const step = how(entry)
    rereads.add(step.entry)
    return journal.write(step)
  }

  /** No more are read while so many are unfinished. */
  async function room(): Promise<void> {
    while (positions.unfinished() >= policy.mostUnfinished && !partition.signal.aborted)
      await new Promise<void>((resolve) => {
        roomAgain = resolve
        partition.signal.addEventListener('abort', () => resolve(), { once: true })
      })
  }

  const connectionsEnd = await table.restore()
  capabilities.sweep((id) => table.get(id))
  rereads.restore()
  partition.signal.addEventListener('abort', () => accounts.forEach((account) => void account.drain()), { once: true })

  return {
    positions: new Map([...Object.entries(restored), [CONNECTIONS, connectionsEnd]]),
    async onBatch(batch) {
      if (batch.topic === CONNECTIONS) for (const record of batch.records) table.take(record)
      else if (batch.topic === WRITER_REQUESTS) settleAll(batch)
      else await takeAll(batch)
    },
    async close(reason) {
      rereads.stop()
      if (reason === 'failed') abort.abort(new Error('the partition is lost'))
      else {
        const drained = Promise.all([...accounts.values()].map((account) => account.drain()))
        await Promise.race([drained, clock.sleep(policy.drainMs, signal).catch(() => {})])
        await committer.idle()
        abort.abort(new Error('the writer stops'))
      }
      await sessions.closeAll()
    },
  }
}
