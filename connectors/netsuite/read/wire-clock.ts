import { AuthError, zones } from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import type { Column, Stamp } from './source.ts'

/**
 * How a statement tells and compares times. In UTC where the account has `SYS_EXTRACT_UTC` for the table, else in the
 * zone of the user, by the text that `TO_CHAR` gives: what is compared is then what was read.
 */
export interface WireClock {
  /** `UTC`, or the IANA zone of the connection. */
  readonly zone: string
  readonly isUtc: boolean
}

const FORMAT = 'YYYY-MM-DD HH24:MI:SS'

export const UTC_CLOCK: WireClock = { zone: 'UTC', isUtc: true }

/** @throws AuthError when the zone is not told, or is not what the account's clock shows */
export function localClock({ config, zone }: NetSuiteSession): WireClock {
  const { time_zone } = config
  const { offsetMs, at } = zone
  const shows = offsetMs === null ? '' : `; its clock is ${hours(offsetMs)} h ahead of UTC now`
  if (time_zone === null)
    throw new AuthError(
      `time_zone: this account tells times in the zone of the user only; set the zone of the preferences of the integration user (Home > Set Preferences)${shows}`,
    )
  if (offsetMs !== null && offsetMs !== zones.localOf(at, time_zone) - at)
    throw new AuthError(
      `time_zone: ${time_zone} is not the zone of the integration user (Home > Set Preferences)${shows}`,
    )
  return { zone: time_zone, isUtc: false }
}

const HOUR_MS = 3_600_000
const hours = (ms: number) => String(ms / HOUR_MS)

/** A column as it is selected. */
export function selected({ sql, kind }: Column, { isUtc }: WireClock): string {
  if (kind === 'text') return sql
  if (kind === 'date') return `TO_CHAR(${sql},'YYYY-MM-DD')`
  return `TO_CHAR(${isUtc ? `SYS_EXTRACT_UTC(${sql})` : sql},'${FORMAT}')`
}

/** Left side of a comparison, right side with its `?`, and what to order by, for an instant. */
export function comparing(sql: string, { isUtc }: WireClock) {
  if (isUtc) return { left: `SYS_EXTRACT_UTC(${sql})`, right: `TO_TIMESTAMP(?,'${FORMAT}')`, order: sql }
  const text = `TO_CHAR(${sql},'${FORMAT}')`
  return { left: text, right: '?', order: text }
}

const WIRE = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d+)?$/

/** Local ms of a time as it came. @throws TypeError when it is in another format */
function localMs(wire: unknown): number {
  const match = typeof wire === 'string' ? WIRE.exec(wire) : null
  const at = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`)
  if (Number.isNaN(at)) throw new TypeError(`a time in an unexpected format: ${JSON.stringify(wire)?.slice(0, 100)}`)
  return at
}

/** ISO in UTC; the later one in the hour that is struck twice. */
export function isoOf(wire: unknown, { zone, isUtc }: WireClock): string {
  const local = localMs(wire)
  if (isUtc) return `${String(wire).slice(0, 19).replace(' ', 'T')}Z`
  const at = zones.instantOf(local, zone)
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

export function stampOf(wire: unknown, { zone }: WireClock): Stamp {
  if (wire === undefined || wire === null) return { version: 0, modifiedAt: null }
  const local = localMs(wire)
  return { version: zones.orderOf(local, zone), modifiedAt: zones.instantsOf(local, zone)[0] }
}

/** As the statement compares it, cut to seconds. */
const wireText = (local: number): string =>
  new Date(Math.floor(local / 1000) * 1000).toISOString().slice(0, 19).replace('T', ' ')

/**
 * The first and last text that a change between two instants may carry. Where the clock is set back in between, the
 * texts of some hours come twice: then more is read.
 */
export function textsBetween(
  since: number,
  until: number,
  { zone }: WireClock,
): readonly [first: string, last: string] {
  // an hour before may be struck again within the range
  const slack = zones.isSetBack(since - SLACK_MS, until + SLACK_MS, zone) ? SLACK_MS : 0
  return [wireText(zones.localOf(since, zone) - slack), wireText(zones.localOf(until, zone) + slack)]
}

const SLACK_MS = 3 * HOUR_MS

/** What a change at this instant carries. */
export const wireMoment = (instant: number, zone: string): string => wireText(zones.localOf(instant, zone))

/** The first instant that a text may stand for; null = it is none. */
export function instantOfText(text: string, zone: string): number | null {
  if (!zones.isZone(zone) || text.length !== 19) return null
  try {
    return zones.instantsOf(localMs(text), zone)[0]
  } catch {
    return null
  }
}
