import {
  CONNECTIONS,
  type Connection,
  decodeConnection,
  followTopic,
  type InRecord,
  type KafkaClient,
  type Logger,
  readTopic,
} from '../../core/index.ts'

/** The `connections` topic in memory: small, and the same in every instance. */
export interface ConnectionDirectory {
  /** `removed` also stands for connections whose record is gone; undefined = never heard of. */
  readonly get: (id: string) => Connection | 'removed' | undefined
  /** Raised by every change, so that what was derived from a connection is derived again. */
  readonly generation: () => number
  /** Reads up to the present end: afterwards an unknown id is unknown indeed. */
  readonly refresh: () => Promise<void>
  readonly onRemoved: (listener: (id: string) => void) => () => void
  readonly close: () => Promise<void>
}

/** The part that needs no Kafka: `accept` takes records of the topic in any interleaving of partitions. */
export function createConnectionTable(log: Logger) {
  const connections = new Map<string, Connection | 'removed'>()
  const offsets = new Map<string, number>()
  const listeners = new Set<(id: string) => void>()
  let generation = 0
  return {
    get: (id: string) => connections.get(id),
    generation: () => generation,
    onRemoved(listener: (id: string) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    accept(record: Pick<InRecord, 'key' | 'value' | 'offset'>) {
      const id = record.key?.toString() ?? ''
      // A refresh delivers every record a second time, perhaps after a newer one.
      if (record.offset <= (offsets.get(id) ?? -1)) return
      offsets.set(id, record.offset)
      try {
        const connection = record.value === null ? 'removed' : decodeConnection(record.value)
        const gone = connection === 'removed' || connection.status === 'removed'
        connections.set(id, gone ? 'removed' : connection)
        generation++
        if (gone) for (const listener of listeners) listener(id)
      } catch (error) {
        log.error({ err: error, connection: id }, 'reading a connection record')
      }
    },
  }
}

export async function followConnections(
  kafka: KafkaClient,
  log: Logger,
  onFailure: (error: Error) => void,
): Promise<ConnectionDirectory> {
  const table = createConnectionTable(log)
  const follower = followTopic(kafka, CONNECTIONS, (record) => table.accept(record), { onFailure })
  await follower.ready
  let refreshing: Promise<void> | null = null
  return {
    ...table,
    refresh() {
      refreshing ??= readTopic(kafka, CONNECTIONS, { onRecord: (record) => table.accept(record) })
        .then(() => undefined)
        .finally(() => {
          refreshing = null
        })
      return refreshing
    },
    close: () => follower.close(),
  }
}
