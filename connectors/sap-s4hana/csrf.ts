import { orAborted } from './login.ts'

/**
 * The token without which SAP takes no change. One for the connection; fetched when first needed, and anew when SAP
 * says that it is stale, once however many writers find it so.
 */
export interface CsrfToken {
  /** null = SAP offered none when asked; changes are sent without. */
  get(service: string, signal: AbortSignal): Promise<string | null>
  /** After a 403 that asks for a token. */
  renewed(stale: string | null, service: string, signal: AbortSignal): Promise<string | null>
}

/** @param fetch asks any address of the service with `x-csrf-token: Fetch` */
export function createCsrfToken(fetch: (service: string) => Promise<string | null>): CsrfToken {
  let current: { readonly token: string | null } | null = null
  let asking: Promise<string | null> | null = null

  function fresh(service: string, signal: AbortSignal): Promise<string | null> {
    asking ??= fetch(service)
      .then((token) => {
        current = { token }
        return token
      })
      .finally(() => {
        asking = null
      })
    return orAborted(asking, signal)
  }

  return {
    get: (service, signal) => (current === null ? fresh(service, signal) : Promise.resolve(current.token)),
    renewed: (stale, service, signal) =>
      current !== null && current.token !== stale ? Promise.resolve(current.token) : fresh(service, signal),
  }
}

/** A 403 that is about the token, not about permission. */
export const asksForToken = (status: number, headers: { readonly [name: string]: string }): boolean =>
  status === 403 && headers['x-csrf-token']?.toLowerCase() === 'required'
