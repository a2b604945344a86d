import {
  type AnyConnector,
  type Connection,
  type MappingSettings,
  mappingSettings,
  type ReadStream,
} from '../../core/index.ts'
import type { ConnectionDirectory } from './connections.ts'
import type { ConnectionNumbers, EntityState } from './partition-state.ts'
import { hashPayload, payloadHash, type Seed } from './payload-hash.ts'
import { createTally, type Tally } from './tally.ts'

/** One stream of one connection, ready for mapping. */
export interface Source {
  readonly status: 'active'
  readonly connection: Connection
  /** The connection as the state tables know it. */
  readonly number: number
  readonly stream: ReadStream<unknown>
  readonly settings: MappingSettings
  /** `<system>/<entity>@<n>` */
  readonly mappingVersion: string
  /** Stands for all that the mapping depends on besides the payload; differs whenever the settings do. */
  readonly fingerprint: Seed
  /** Key bytes of every record of this source begin with this: `<connection>:<entity>:`. */
  readonly keyPrefix: Buffer
  readonly tally: Tally
}

/** A source whose records cannot be mapped, and why. */
export interface NoSource {
  readonly status: 'removed' | 'unknown' | 'unsupported'
  readonly reason: string
  readonly tally: Tally
  /** When `connections` was last read to its end without finding it, epoch ms; 0 = never. */
  checkedAt: number
}

export interface Sources {
  readonly find: (state: EntityState, connectionId: string) => Source | NoSource
  /** Tallies that may have been counted on since the last call. */
  readonly tallies: () => Iterable<Tally>
}

/** Looks up sources, cached until a connection changes. */
export function createSources(
  directory: Pick<ConnectionDirectory, 'get' | 'generation'>,
  connectorOf: (system: string) => AnyConnector | undefined,
  numbers: ConnectionNumbers,
): Sources {
  const cache = new Map<EntityState, Map<string, Source | NoSource>>()
  const tallies = new Map<string, Tally>()
  let generation = directory.generation()
  let lastState: EntityState | null = null
  let lastId = ''
  let last: Source | NoSource | null = null

  function tallyOf(connectionId: string, entity: string): Tally {
    const name = `${connectionId}/${entity}`
    let tally = tallies.get(name)
    if (tally === undefined) {
      tally = createTally(connectionId, entity)
      tallies.set(name, tally)
    }
    return tally
  }

  function build(state: EntityState, connectionId: string): Source | NoSource {
    const connection = directory.get(connectionId)
    const tally = tallyOf(connectionId, state.entity)
    if (connection === undefined) {
      return { status: 'unknown', reason: `connection unknown: ${connectionId}`, tally, checkedAt: 0 }
    }
    if (connection === 'removed') {
      return { status: 'removed', reason: `connection removed: ${connectionId}`, tally, checkedAt: 0 }
    }
    const connector = connectorOf(connection.system)
    if (connector === undefined) {
      const reason = `no connector for system ${connection.system} in this version of Tributary`
      return { status: 'unsupported', reason, tally, checkedAt: 0 }
    }
    const stream = connector.streams[state.entity] as ReadStream<unknown> | undefined
    if (stream === undefined) {
      return {
        status: 'unsupported',
        reason: `connector ${connector.id} has no stream for ${state.entity}`,
        tally,
        checkedAt: 0,
      }
    }
    const settings = mappingSettings(connection)
    const mappingVersion = `${connector.id}/${state.entity}@${stream.mappingVersion}`
    return {
      status: 'active',
      connection,
      number: numbers.numberOf(connectionId),
      stream,
      settings,
      mappingVersion,
      fingerprint: fingerprintOf(mappingVersion, settings),
      keyPrefix: Buffer.from(`${connectionId}:${state.entity}:`),
      tally,
    }
  }

  return {
    find(state, connectionId) {
      if (generation !== directory.generation()) {
        generation = directory.generation()
        cache.clear()
        last = null
      }
      if (last !== null && lastState === state && lastId === connectionId) return last
      let byId = cache.get(state)
      if (byId === undefined) cache.set(state, (byId = new Map()))
      let source = byId.get(connectionId)
      if (source === undefined) byId.set(connectionId, (source = build(state, connectionId)))
      lastState = state
      lastId = connectionId
      last = source
      return source
    },
    tallies: () => tallies.values(),
  }
}

function fingerprintOf(mappingVersion: string, settings: MappingSettings): Seed {
  hashPayload(Buffer.from(JSON.stringify([mappingVersion, settings])), [0, 0])
  return Int32Array.from(payloadHash)
}
