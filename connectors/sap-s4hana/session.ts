import { AuthError, type HttpClient, zones } from '../../core/index.ts'
import { createClient, type SapClient } from './client.ts'
import type { SapConfig } from './config.ts'

/** What every stream reads with. */
export interface SapSession {
  readonly config: SapConfig
  readonly client: SapClient
  /** IANA zone of SAP's own date and time pairs. */
  readonly timeZone: string
  /** SAP's own time, epoch ms; a request only when no answer came in the last 10 minutes. */
  clock(signal: AbortSignal): Promise<number>
}

/** Proves address and credentials with one request. @throws AuthError naming what to fix */
export async function openSession(config: SapConfig, http: HttpClient, signal: AbortSignal): Promise<SapSession> {
  if (!zones.isZone(config.system_time_zone))
    throw new AuthError(`system_time_zone: there is no time zone "${config.system_time_zone}"; give an IANA name`)
  const client = createClient(config, http)
  await client.ping(signal)
  return {
    config,
    client,
    timeZone: config.system_time_zone,
    async clock(signal) {
      if (client.serverDate() === null) await client.ping(signal)
      const now = client.serverDate()
      if (now === null) throw new AuthError(`asking ${config.base_url} for its time: no answer carries a Date header`)
      return now
    },
  }
}
