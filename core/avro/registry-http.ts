import { RegistryUnavailableError } from './errors.ts'

/** What the registry is asked without its library: plain requests to the Confluent-compatible API. */
export interface RegistryHttp {
  /** Address without credentials, for messages and for the library. */
  readonly url: string
  readonly auth: { readonly username: string; readonly password: string } | undefined
  /** Compatibility level of the subject itself, or null when it has none. */
  compatibilityOf(subject: string): Promise<string | null>
  setCompatibility(subject: string, level: string): Promise<void>
  /** Every version of a subject, oldest first; none when there is no such subject. */
  versionsOf(subject: string): Promise<{ readonly id: number; readonly schema: string }[]>
  /** Text of a schema, or null when the registry knows no such id. */
  schemaOf(id: number): Promise<string | null>
}

const TIMEOUT_MS = 10_000

/** @param address may hold credentials: `https://user:password@host/path` */
export function createRegistryHttp(address: string): RegistryHttp {
  const parsed = new URL(address)
  const auth =
    parsed.username === ''
      ? undefined
      : { username: decodeURIComponent(parsed.username), password: decodeURIComponent(parsed.password) }
  parsed.username = ''
  parsed.password = ''
  const url = parsed.href.replace(/\/+$/, '')
  const headers: Record<string, string> = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
  if (auth !== undefined) {
    headers['authorization'] = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
  }

  async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; answer: unknown }> {
    let status: number
    let text: string
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      status = response.status
      text = await response.text()
    } catch (cause) {
      throw new RegistryUnavailableError(`the schema registry at ${url} does not answer`, { cause })
    }
    if (status === 404) return { status, answer: null }
    if (status >= 400) {
      throw new RegistryUnavailableError(
        `the schema registry at ${url} answers ${status} to ${method} ${path}: ${text.slice(0, 300)}`,
        { status },
      )
    }
    try {
      return { status, answer: JSON.parse(text) }
    } catch (cause) {
      throw new RegistryUnavailableError(`the schema registry at ${url} answers ${method} ${path} without JSON`, {
        cause,
      })
    }
  }

  return {
    url,
    auth,
    async compatibilityOf(subject) {
      const { answer } = await ask('GET', `/config/${encodeURIComponent(subject)}`)
      const level = (answer as { compatibilityLevel?: string } | null)?.compatibilityLevel
      return level === undefined ? null : level.toUpperCase()
    },
    async setCompatibility(subject, level) {
      await ask('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility: level })
    },
    async versionsOf(subject) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`
      const { answer } = await ask('GET', path)
      const versions = ((answer ?? []) as number[]).toSorted((a, b) => a - b)
      const found: { id: number; schema: string }[] = []
      for (const version of versions) {
        const { answer: one } = await ask('GET', `${path}/${version}`)
        if (one !== null) found.push(one as { id: number; schema: string })
      }
      return found
    },
    async schemaOf(id) {
      const { answer } = await ask('GET', `/schemas/ids/${id}`)
      return (answer as { schema?: string } | null)?.schema ?? null
    },
  }
}
