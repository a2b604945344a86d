import { createHash } from 'node:crypto'
import {
  type AnyConnector,
  CAPABILITIES,
  type Clock,
  type Codec,
  type Connection,
  ENTITY_NAMES,
  type InRecord,
  type OutRecord,
  type Partition,
} from '../../core/index.ts'
import { capabilityOf } from './capability.ts'
import type { Committer } from './committer.ts'

/**
 * What can be written through the connections of one partition, on the `capabilities` topic: written when a connection
 * appears or changes what it says, taken back when it goes. What is there already is not written again.
 */
export interface Capabilities {
  /** Takes one record of the topic, at restore. */
  load(record: Pick<InRecord, 'key' | 'value'>): void
  /** Undefined = removed. */
  changed(id: string, now: Connection | undefined): void
  /** Of connections that went while nobody owned the partition. */
  sweep(connectionOf: (id: string) => Connection | undefined): void
}

export function createCapabilities(parts: {
  readonly codec: Pick<Codec, 'capability'>
  readonly clock: Clock
  readonly partition: Pick<Partition, 'index'>
  readonly committer: Pick<Committer, 'submit'>
  readonly connectorOf: (system: string) => AnyConnector | undefined
}): Capabilities {
  const { codec, clock, partition, committer, connectorOf } = parts
  /** Hash of what stands there, by key. */
  const published = new Map<string, string>()

  const keyOf = (connectionId: string, entity: string) => `${connectionId}:${entity}`
  const record = (key: string, value: Buffer | null): OutRecord => ({
    topic: CAPABILITIES,
    partition: partition.index,
    key,
    value,
  })
  /** When it was found out is not what it says. */
  const hashOf = (capability: object) =>
    createHash('sha1')
      .update(JSON.stringify({ ...capability, checked_at: 0 }))
      .digest('base64')

  function publish(records: readonly OutRecord[]): void {
    if (records.length > 0) void committer.submit({ records })
  }

  function takeBack(id: string): OutRecord[] {
    const keys = ENTITY_NAMES.map((entity) => keyOf(id, entity)).filter((key) => published.delete(key))
    return keys.map((key) => record(key, null))
  }

  return {
    load({ key, value }) {
      const name = key?.toString() ?? ''
      if (value === null) published.delete(name)
      else published.set(name, hashOf(codec.capability.decode(value)))
    },
    changed(id, now) {
      const connector = now === undefined ? undefined : connectorOf(now.system)
      if (now === undefined || connector === undefined) return publish(takeBack(id))
      const records = ENTITY_NAMES.flatMap((entity) => {
        const capability = capabilityOf(connector, now, entity, clock.now())
        const [key, hash] = [keyOf(id, entity), hashOf(capability)]
        if (published.get(key) === hash) return []
        published.set(key, hash)
        return record(key, codec.capability.encode(capability))
      })
      publish(records)
    },
    sweep(connectionOf) {
      const ids = new Set([...published.keys()].map((key) => key.slice(0, key.indexOf(':'))))
      for (const id of ids) if (connectionOf(id) === undefined) publish(takeBack(id))
    },
  }
}
