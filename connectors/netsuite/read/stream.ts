import type { EntityName, MappingSettings, ReadStream, Unified } from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import type { NetSuiteSession } from '../session.ts'
import { isId, type Row } from '../values.ts'
import { withExtraFields } from './extra-fields.ts'
import { type Lookups, lookupsOf } from './lookups.ts'
import { keyIn } from './references.ts'
import type { ToRecord, WindowSource } from './source.ts'
import { listKeysOf, readOneOf, readWindow } from './window.ts'

/** A table whose rows, with what hangs on them, are the records of one entity. Key: `id`. */
export interface Subject<Entity extends EntityName> {
  readonly entity: Entity
  readonly mappingVersion: number
  readonly ignoresWindow: boolean
  /** null = the connection has none of these. */
  readonly source: (config: NetSuiteConfig) => WindowSource | null
  /** What only the account can tell about the source. */
  readonly prepare?: (source: WindowSource, session: NetSuiteSession, signal: AbortSignal) => Promise<WindowSource>
  /** Adds what the mapping needs and only other tables, or the connection, know. */
  readonly complete?: (row: Row, lookups: Lookups, config: NetSuiteConfig) => Row
  readonly toUnified: (payload: Row, settings: MappingSettings, key: string) => Unified<Entity>
}

/** Changes by the record's own stamp; deletions by key sweeps, and earlier by `deletedrecord` where the role may read it. */
export function streamOf<Entity extends EntityName>(subject: Subject<Entity>): ReadStream<NetSuiteSession, Entity> {
  const { entity, mappingVersion, ignoresWindow, toUnified } = subject
  const sourceIn = async (session: NetSuiteSession, signal: AbortSignal) => {
    const source = subject.source(session.config)
    if (source === null) return null
    const own = withExtraFields(source, session.config)
    return subject.prepare === undefined ? own : subject.prepare(own, session, signal)
  }
  return {
    entity,
    changes: 'incremental',
    deletes: 'by-absence',
    mappingVersion,
    ignoresWindow,
    async *read(session, range, signal) {
      const source = await sourceIn(session, signal)
      if (source !== null) yield* readWindow(session, source, range, await recordIn(subject, session, signal), signal)
    },
    async *listKeys(session, signal) {
      const source = await sourceIn(session, signal)
      if (source !== null) yield* listKeysOf(session, source, signal)
    },
    async readOne(session, key, signal) {
      const source = await sourceIn(session, signal)
      if (source === null || !isId(key)) return null
      return readOneOf(session, source, [key], await recordIn(subject, session, signal), signal)
    },
    toUnified,
  }
}

async function recordIn<Entity extends EntityName>(
  { complete }: Subject<Entity>,
  session: NetSuiteSession,
  signal: AbortSignal,
): Promise<ToRecord> {
  const lookups = complete === undefined ? null : await lookupsOf(session, signal)
  return (row, { version, modifiedAt }) => ({
    key: keyIn(row),
    version,
    modifiedAt,
    payload: complete === undefined || lookups === null ? row : complete(row, lookups, session.config),
  })
}
