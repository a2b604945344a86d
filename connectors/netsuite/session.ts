import { AuthError, type HttpClient, type Json, RejectedError, zones } from '../../core/index.ts'
import { createClient, type NetSuiteClient } from './client.ts'
import type { NetSuiteConfig } from './config.ts'
import { UnknownTable } from './failures.ts'
import { createServerClock } from './server-clock.ts'
import type { Row } from './values.ts'

/** What every stream reads with. */
export interface NetSuiteSession {
  readonly config: NetSuiteConfig
  readonly client: NetSuiteClient
  readonly zone: SessionZone
  /** NetSuite's own time, epoch ms; a request only when none was made in the last 10 minutes. */
  clock(signal: AbortSignal): Promise<number>
}

/** What the self-test at connect found. */
export interface SessionZone {
  /** False: `SYS_EXTRACT_UTC` is not there or gives no UTC. */
  readonly utc: boolean
  /** How far the user's clock is ahead of UTC, ms; null = it could not be asked. */
  readonly offsetMs: number | null
  /** When it was asked, NetSuite's time. */
  readonly at: number
}

/** Proves account, credentials and the right to ask SuiteQL. @throws AuthError naming what to fix */
export async function openSession(
  config: NetSuiteConfig,
  http: HttpClient,
  signal: AbortSignal,
): Promise<NetSuiteSession> {
  if (!/^[A-Za-z0-9]+([_-][A-Za-z0-9]+)?$/.test(config.account_id.trim()))
    throw new AuthError(`account_id: "${config.account_id}" is no account id such as 1234567 or 1234567_SB1`)
  if (config.time_zone !== null && !zones.isZone(config.time_zone))
    throw new AuthError(`time_zone: there is no time zone "${config.time_zone}"; give an IANA name`)
  const client = createClient(config, http)
  const clock = createServerClock()
  const askTime = async (signal: AbortSignal) => {
    const at = await client.serverTime(signal)
    clock.observe(at)
    return at
  }
  const now = await askTime(signal)
  const zone = await zoneOf(client, now, signal)
  await client.learnConcurrency(signal)
  return { config, client, zone, clock: async (signal) => clock.now() ?? askTime(signal) }
}

const FORMAT = 'YYYY-MM-DD HH24:MI:SS'
/** Between the answers to two requests, and clocks of two machines. */
const TOLERANCE_MS = 120_000
const QUARTER_MS = 15 * 60_000

async function zoneOf(client: NetSuiteClient, now: number, signal: AbortSignal): Promise<SessionZone> {
  const ask = async (columns: string): Promise<Row> => {
    const q = `SELECT ${columns} FROM DUAL`
    const what = { doing: 'asking NetSuite for its clock', table: null }
    try {
      return (await client.suiteql({ q, params: [], limit: 1, ...what }, signal)).items[0] ?? {}
    } catch (error) {
      // an account without these functions or this table: each stream finds out what its table can do
      if (error instanceof RejectedError || error instanceof UnknownTable) return {}
      throw error
    }
  }
  const both = await ask(
    `TO_CHAR(SYS_EXTRACT_UTC(SYSTIMESTAMP),'${FORMAT}') AS u, TO_CHAR(CURRENT_DATE,'${FORMAT}') AS l`,
  )
  const utc = momentOf(both['u'])
  const local = momentOf('l' in both ? both['l'] : (await ask(`TO_CHAR(CURRENT_DATE,'${FORMAT}') AS l`))['l'])
  return {
    utc: utc === null || Math.abs(utc - now) <= TOLERANCE_MS,
    offsetMs: local === null ? null : Math.round((local - now) / QUARTER_MS) * QUARTER_MS,
    at: now,
  }
}

function momentOf(value: Json | undefined): number | null {
  const at = typeof value === 'string' ? Date.parse(`${value.replace(' ', 'T')}Z`) : Number.NaN
  return Number.isNaN(at) ? null : at
}
