import { Refusal } from './http.ts'
import type { Actor } from './plant.ts'

/** A key that a user made for the API. */
export interface ApiKey {
  readonly token: string
  readonly userId: number
  /** Organizations the user may work in; with several, a request names one. */
  readonly organizationIds: readonly number[]
}

/** Whose request it is, and which organizations it may look at. */
export interface Visitor extends Actor {
  readonly organizationIds: readonly number[]
}

export interface Access {
  /** @throws Refusal 401, 400 */
  visitor(headers: Readonly<Record<string, string | undefined>>, mayAskForMany: boolean): Visitor
  add(key: ApiKey): void
  /** Refused from now on; default: every key. */
  revoke(token?: string): void
}

export function createAccess(keys: readonly ApiKey[]): Access {
  const known = new Map(keys.map((key) => [key.token, key]))
  return {
    add: (key) => void known.set(key.token, key),
    revoke(token) {
      if (token === undefined) known.clear()
      else known.delete(token)
    },
    visitor(headers, mayAskForMany) {
      const [, token] = /^bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? []
      const key = token === undefined ? undefined : known.get(token)
      if (key === undefined) throw new Refusal(401, 'Invalid token')
      const organizationIds = organizationsOf(key, headers, mayAskForMany)
      return { userId: key.userId, organizationId: organizationIds[0] ?? 0, organizationIds }
    },
  }
}

function organizationsOf(
  key: ApiKey,
  headers: Readonly<Record<string, string | undefined>>,
  mayAskForMany: boolean,
): number[] {
  const [one, many] = [headers['x-organization-id'], headers['x-organization-ids']]
  if (one !== undefined && many !== undefined)
    throw new Refusal(400, 'x-organization-id and x-organization-ids cannot both be sent')
  if (many !== undefined && !mayAskForMany) throw new Refusal(400, 'x-organization-ids is not supported here')
  const named = (one ?? many)?.split(',').map((text) => text.trim())
  if (named === undefined) {
    if (key.organizationIds.length !== 1) throw new Refusal(400, 'OrganizationId was not provided')
    return [...key.organizationIds]
  }
  return named.map((text) => {
    const id = Number(text)
    if (!key.organizationIds.includes(id)) throw new Refusal(400, `Organization ${text} is not one of the token's`)
    return id
  })
}
