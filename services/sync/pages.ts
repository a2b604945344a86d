import { setImmediate } from 'node:timers/promises'
import type { OutRecord, Page, RawRecord } from '../../core/index.ts'
import { type Origin, refusalOf } from './changes.ts'
import { fingerprintOf, type Recent } from './recent.ts'
import type { Run } from './run.ts'

/** A page made ready for its transaction. */
export interface ReadyPage {
  readonly records: readonly OutRecord[]
  /** Change records among them. */
  readonly sent: number
  /** Remember these once they are committed. */
  readonly delivered: readonly Delivered[]
  /** Highest modifiedAt of all that the page held, also of what was known already; null = none said. */
  readonly newest: number | null
}

export interface Delivered {
  readonly key: string
  readonly fingerprint: number
  readonly modifiedAt: number | null
}

/** Which records of a page are sent: `all` without keeping count, or what `isKnown` does not know. */
type Known = 'all' | Pick<Recent, 'isKnown'>

/** Records encoded before others get their turn: a large page must not hold up requests and answers, own or others'. */
const SLICE = 100

/**
 * Encodes a page; what is known is left out, what cannot be read or sent becomes a dead letter and the stream goes on.
 */
export async function preparePage(
  run: Run,
  from: Origin,
  page: Page,
  askedAt: number,
  known: Known,
): Promise<ReadyPage> {
  const { encoder, metrics, log } = run
  const labels = { connection: run.connection.id, stream: run.entity }
  const readAt = askedAt - Math.ceil(page.aheadMs ?? 0)
  const records: OutRecord[] = []
  const delivered: Delivered[] = []
  let newest: number | null = null
  let refused = 0
  const isNew = (key: string, fingerprint: number, modifiedAt: number | null) => {
    if (known === 'all') return true
    if (known.isKnown(key, fingerprint)) return false
    delivered.push({ key, fingerprint, modifiedAt })
    return true
  }
  const refuse = (key: string | null, raw: string, reason: string) => {
    // an overlap delivers it again and again; it is one dead letter
    const fingerprint = known === 'all' ? 0 : fingerprintOf(0, Buffer.from(raw))
    if (!isNew(`!${key ?? fingerprint}`, fingerprint, null)) return
    refused++
    records.push(encoder.undecodable(from, { key, raw, reason }, run.clock.now()))
    log.warn({ ...labels, kind: 'undecodable', key, reason }, 'record sent to dead letters')
  }
  for (const [nth, record] of page.records.entries()) {
    if (nth % SLICE === SLICE - 1) await setImmediate()
    const payload = Buffer.from(JSON.stringify(record.payload))
    const refusal = refusalOf(record, payload)
    if (refusal !== null) {
      refuse(nameOf(record), payload.toString(), refusal)
      continue
    }
    if (record.modifiedAt !== null && record.modifiedAt > (newest ?? Number.NEGATIVE_INFINITY))
      newest = record.modifiedAt
    const version = record.deleted === true ? -1 - record.version : record.version
    const fingerprint = known === 'all' ? 0 : fingerprintOf(version, payload)
    if (!isNew(nameOf(record), fingerprint, record.modifiedAt)) continue
    records.push(encoder.change(from, record, payload, readAt))
  }
  for (const { key, raw, reason } of page.undecodable ?? []) refuse(key, raw, reason)
  if (page.records.length > 0) metrics.recordsReceived.inc(labels, page.records.length)
  if (refused > 0) {
    metrics.recordsFailed.inc({ ...labels, kind: 'undecodable' }, refused)
    metrics.deadLetters.inc(labels, refused)
  }
  return { records, sent: records.length - refused, delivered, newest }
}

const nameOf = (record: RawRecord) => (typeof record.key === 'string' ? record.key : record.key.join('|'))

/**
 * Call it once the page is committed: what was not committed must come again. A record may be in a range because of what
 * hangs on it (a vendor by its purchase), with an older stamp of its own; so it is kept until the range's end is out of reach.
 */
export function rememberAll(recent: Recent, delivered: readonly Delivered[], until: number): void {
  for (const { key, fingerprint, modifiedAt } of delivered)
    recent.remember(key, fingerprint, modifiedAt === null ? null : Math.max(modifiedAt, until))
}
