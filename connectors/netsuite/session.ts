import type { NetSuiteClient } from './client.ts'
import type { NetSuiteConfig } from './config.ts'

/** What every stream reads with. */
export interface NetSuiteSession {
  readonly config: NetSuiteConfig
  readonly client: NetSuiteClient
  /** NetSuite's own time, epoch ms; a request only when none was made in the last 10 minutes. */
  clock(signal: AbortSignal): Promise<number>
}
