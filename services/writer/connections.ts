import { CONNECTIONS, type Connection, type InRecord, type Logger, type Partition } from '../../core/index.ts'

/** The connections of one partition, as the topic tells them. */
export interface ConnectionTable {
  /** Returns the end of what was read. */
  restore(): Promise<number>
  take(record: Pick<InRecord, 'key' | 'value' | 'offset'>): void
  /** Undefined = unknown so far, or removed. */
  get(id: string): Connection | undefined
  /** Reads the topic to its end before it says that there is none. */
  find(id: string): Promise<Connection | undefined>
}

export function createConnectionTable(parts: {
  readonly partition: Pick<Partition, 'restore'>
  readonly decodeConnection: (value: Buffer) => Connection
  readonly onChange: (id: string, before: Connection | undefined, now: Connection | undefined) => void
  readonly log: Logger
}): ConnectionTable {
  const connections = new Map<string, Connection>()
  const offsets = new Map<string, number>()

  function decoded(id: string, value: Buffer | null): Connection | undefined {
    if (value === null) return undefined
    try {
      const connection = parts.decodeConnection(value)
      return connection.status === 'removed' ? undefined : connection
    } catch (error) {
      parts.log.error({ connection: id, scope: 'connection', err: error }, 'reading a connection record')
      return connections.get(id)
    }
  }

  function take({ key, value, offset }: Pick<InRecord, 'key' | 'value' | 'offset'>): void {
    const id = key?.toString() ?? ''
    // a look-up reads what the feed brings later
    if (offset <= (offsets.get(id) ?? -1)) return
    offsets.set(id, offset)
    const before = connections.get(id)
    const now = decoded(id, value)
    if (now === undefined) connections.delete(id)
    else connections.set(id, now)
    parts.onChange(id, before, now)
  }

  const restore = async () => (await parts.partition.restore(CONNECTIONS, take)).endOffset
  return {
    restore,
    take,
    get: (id) => connections.get(id),
    async find(id) {
      if (!connections.has(id)) await restore()
      return connections.get(id)
    },
  }
}
