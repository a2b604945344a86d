import { AuthError, type HttpClient, RejectedError } from '../../core/index.ts'
import { createClient, type MaintainXClient } from './client.ts'
import { COLLECTIONS } from './collections.ts'
import type { MaintainXConfig } from './config.ts'
import { createExchange, type Send } from './exchange.ts'
import { isRow, type Row, ref, text } from './values.ts'

/** The organization whose records are read. */
export interface Organization {
  readonly id: string
  readonly name: string | null
  /** ISO 4217; null = MaintainX does not say. */
  readonly currency: string | null
}

export interface MaintainXSession {
  readonly config: MaintainXConfig
  readonly client: MaintainXClient
  /** For requests that the client does not know. */
  readonly send: Send
  /** null = the key may not see organizations. */
  readonly organization: Organization | null
  /** MaintainX's own time, epoch ms. */
  clock(signal: AbortSignal): Promise<number>
}

/** Proves the key by asking for the organizations that it is good for. @throws AuthError naming what to fix */
export async function openSession(
  config: MaintainXConfig,
  http: HttpClient,
  signal: AbortSignal,
): Promise<MaintainXSession> {
  if (config.api_key.trim() === '') throw new AuthError('login to MaintainX: api_key is empty')
  const { send, clock } = createExchange(config, http)
  const client = createClient(send)
  const found = await organizations(client, signal)
  const organization = found === null ? null : chosen(found, config)
  // the smallest answer there is, where organizations may not be seen
  if (found === null)
    await client.list(COLLECTIONS.users, { limit: 1 }, signal).catch((error: unknown) => {
      // whoever may not see users has a key that is known
      if (error instanceof AuthError && error.streamOnly) return
      if (!(error instanceof RejectedError)) throw error
      throw new AuthError(`login to MaintainX: ${error.message}; check base_url and organization_id`, { cause: error })
    })
  const askTime = async (asked: AbortSignal) => {
    await client.list(COLLECTIONS.organizations, { limit: 1 }, asked).catch((error: unknown) => {
      if (!(error instanceof RejectedError || (error instanceof AuthError && error.streamOnly))) throw error
    })
    const now = clock.now()
    if (now === null)
      throw new AuthError('asking MaintainX for its time: its answers have no Date header; check what is between')
    return now
  }
  return { config, client, send, organization, clock: async (asked) => clock.now() ?? (await askTime(asked)) }
}

/** null = the key may not see them. */
async function organizations(client: MaintainXClient, signal: AbortSignal): Promise<readonly Row[] | null> {
  try {
    const all: Row[] = []
    for (let cursor: string | null = null; ; ) {
      const { rows, next } = await client.list(COLLECTIONS.organizations, { limit: 200, cursor }, signal)
      all.push(...rows.filter(isRow))
      if (next === null || next === cursor) return all
      cursor = next
    }
  } catch (error) {
    const isHidden = error instanceof RejectedError || (error instanceof AuthError && error.streamOnly)
    if (isHidden) return null
    throw error
  }
}

function chosen(found: readonly Row[], { organization_id }: MaintainXConfig): Organization | null {
  const named = found.map((row) => `${ref(row['id'])} (${text(row['name'])})`).join(', ')
  if (organization_id === null && found.length > 1)
    throw new AuthError(
      `login to MaintainX: the API key is good for several organizations; set organization_id to one of ${named}`,
    )
  const row = organization_id === null ? found[0] : found.find(({ id }) => Number(id) === organization_id)
  if (row === undefined && found.length > 0)
    throw new AuthError(`login to MaintainX: organization_id ${organization_id} is none of the API key's: ${named}`)
  if (row === undefined) return null
  const currency = text(row['currency'])
  return {
    id: ref(row['id']) as string,
    name: text(row['name']),
    currency: currency !== null && /^[A-Z]{3}$/.test(currency) ? currency : null,
  }
}
