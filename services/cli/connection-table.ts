import {
  CONNECTIONS,
  type Connection,
  decodeConnection,
  describeError,
  encodeConnection,
  type KafkaClient,
  readTopic,
} from '../../core/index.ts'
import { CommandError } from './output.ts'

export interface ConnectionTable {
  /** By id, in the order of ids; removed ones too. */
  readonly connections: ReadonlyMap<string, Connection>
  /** Ids whose record cannot be read, with the reason. */
  readonly broken: ReadonlyMap<string, string>
}

export async function readConnections(kafka: KafkaClient): Promise<ConnectionTable> {
  const connections = new Map<string, Connection>()
  const broken = new Map<string, string>()
  await readTopic(kafka, CONNECTIONS, {
    onRecord({ key, value }) {
      const id = key?.toString() ?? ''
      connections.delete(id)
      broken.delete(id)
      if (value === null) return
      try {
        connections.set(id, decodeConnection(value))
      } catch (error) {
        broken.set(id, describeError(error))
      }
    },
  })
  const ordered = [...connections].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { connections: new Map(ordered), broken }
}

/** @throws CommandError when there is none, or it has been removed */
export async function readConnection(kafka: KafkaClient, id: string): Promise<Connection> {
  const { connections, broken } = await readConnections(kafka)
  const found = connections.get(id)
  if (found !== undefined) return found
  const reason = broken.get(id)
  if (reason !== undefined) throw new CommandError(`the record of connection ${id} cannot be read: ${reason}`)
  const known = [...connections.values()].filter(({ status }) => status !== 'removed').map((each) => each.id)
  throw new CommandError(`there is no connection ${id}; known: ${known.join(', ') || 'none'}`)
}

export async function writeConnections(kafka: KafkaClient, connections: readonly Connection[]): Promise<void> {
  if (connections.length === 0) return
  const producer = kafka.producer()
  try {
    await producer.send(
      connections.map((each) => ({ topic: CONNECTIONS, key: each.id, value: encodeConnection(each) })),
    )
  } finally {
    await producer.close()
  }
}
