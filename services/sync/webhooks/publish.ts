import {
  changesTopic,
  type Connection,
  type EntityName,
  type Metrics,
  type OutRecord,
  type RawRecord,
  sourceKeyOf,
  type WebhookDeliveryHint,
} from '../../../core/index.ts'
import { type ChangeEncoder, refusalOf } from '../changes.ts'
import { fingerprintOf, type Recent } from '../recent.ts'

/** A record as it is now, made ready for its transaction. */
export type Ready =
  | {
      readonly refusal: null
      /** Empty: a poll or an earlier delivery has published this state. */
      readonly records: readonly OutRecord[]
      readonly hint: WebhookDeliveryHint
      /** For comparing with what polls find. */
      readonly version: number
    }
  | { readonly refusal: string; readonly raw: string }

export interface Publication {
  readonly connection: Connection
  readonly entity: EntityName
  /** Native key, parts joined by "|". */
  readonly key: string
  /** Null = it is gone. */
  readonly record: RawRecord | null
  /** Our clock: the state is at least that fresh. */
  readonly askedAt: number
  /** The system's clock: no poll that begins behind it (less its overlap) delivers this state again. */
  readonly until: number
  readonly runId: string
}

/** Remembers at once what it makes ready: a poll must not publish it as well. Only a failed commit could undo it, and ends this owner. */
export function createPublisher(parts: {
  readonly encoder: ChangeEncoder
  readonly metrics: Metrics
  readonly recentOf: (connectionId: string, entity: EntityName) => Recent | undefined
}): (publication: Publication) => Ready {
  const { encoder, metrics } = parts
  return ({ connection, entity, key, record, askedAt, until, runId }) => {
    const gone = record === null || record.deleted === true
    // version 0: the system does not version this deletion, the time of reading counts
    const state: RawRecord = record ?? { key: key.split('|'), version: 0, modifiedAt: null, deleted: true, payload: {} }
    const payload = Buffer.from(JSON.stringify(state.payload))
    const refusal = refusalOf(state, payload)
    if (refusal !== null) return { refusal, raw: payload.toString() }
    const fingerprint = fingerprintOf(gone ? -1 - state.version : state.version, payload)
    const recent = parts.recentOf(connection.id, entity)
    const name = sourceKeyOf(state.key)
    const known = recent?.isKnown(name, fingerprint) ?? false
    const keptUntil = state.modifiedAt === null ? null : Math.max(state.modifiedAt, until)
    const labels = { connection: connection.id, stream: entity }
    metrics.recordsReceived.inc(labels)
    if (!known) metrics.recordsSent.inc(labels)
    const from = {
      connectionId: connection.id,
      system: connection.system,
      entity,
      runId,
      origin: 'WEBHOOK' as const,
      topic: changesTopic(entity),
    }
    const records = known ? [] : [encoder.change(from, state, payload, askedAt)]
    recent?.remember(name, fingerprint, keptUntil)
    return {
      refusal: null,
      records,
      hint: { entity, key: name, published: { fingerprint, until: keptUntil } },
      version: record === null ? Number.POSITIVE_INFINITY : state.version,
    }
  }
}
