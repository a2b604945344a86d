import type { HttpClient } from '../../core/index.ts'
import { certificateLogin } from './certificate-login.ts'
import type { NetSuiteConfig } from './config.ts'
import type { SignatureClock } from './server-clock.ts'
import { tokenLogin } from './token-login.ts'

/** What a request carries to be let in: good for one sending. */
export interface Pass {
  readonly authorization: string
}

export interface Login {
  pass(method: string, url: string, signal: AbortSignal): Promise<Pass>
  /**
   * After a 401: another pass, for one more try; an access token is asked for once however many find theirs dead.
   * @param date header of the refusal
   */
  renewed(refused: Pass, date: string | undefined, method: string, url: string, signal: AbortSignal): Promise<Pass>
  /** For messages: who logs in, and where to look. */
  readonly who: string
  readonly advice: string
}

/** @throws AuthError when the settings lack credentials */
export const createLogin = (config: NetSuiteConfig, http: HttpClient, clock: SignatureClock): Login =>
  config.auth === 'token' ? tokenLogin(config, clock) : certificateLogin(config, http, clock)
