/** The ready sink configurations of `docs/sinks/`, filled in and handed to Kafka Connect. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Addresses } from './stack/addresses.ts'
import { asAdmin } from './stack/postgres.ts'
import { registryRoot } from './stack/registry.ts'

const FOLDER = join(import.meta.dirname, '..', 'docs', 'sinks')

/** Entities and line topics with a configuration, e.g. `vendor`, `purchase_order_line`. */
export const SINK_NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort()

export interface SinkValues {
  /** Connection string of the target database, as Connect reaches it. */
  readonly postgresUrl: string
  /** Confluent-compatible API or root of the registry, as Connect reaches it. */
  readonly registryUrl: string
  readonly topicPrefix: string
}

/** Body of `PUT /connectors/<name>/config`. Throws when the file holds a placeholder nobody knows. */
export function sinkConfig(name: string, values: SinkValues): Record<string, string> {
  const database = new URL(values.postgresUrl)
  const fill: Record<string, string> = {
    TOPIC_PREFIX: values.topicPrefix,
    JDBC_URL: `jdbc:postgresql://${database.host}${database.pathname}`,
    DATABASE_USER: decodeURIComponent(database.username),
    DATABASE_PASSWORD: decodeURIComponent(database.password),
    REGISTRY_ROOT: registryRoot(values.registryUrl),
  }
  const template = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Record<string, string>
  return Object.fromEntries(
    Object.entries(template).map(([setting, text]) => [
      setting,
      text.replace(/\$\{(\w+)\}/g, (placeholder, variable: string) => {
        const value = fill[variable]
        if (value === undefined) throw new Error(`docs/sinks/${name}.json: nothing to put for ${placeholder}`)
        return value
      }),
    ]),
  )
}

export interface Sink {
  /** Name of the connector in Connect. */
  readonly connector: string
  /** `RUNNING`, `FAILED`, `PAUSED`, `UNASSIGNED`; with the cause of a failure. */
  state(): Promise<{ state: string; cause: string | null }>
  /** Starts what has failed anew; what runs is left alone. */
  restartFailed(): Promise<void>
  remove(): Promise<void>
}

/** Creates or updates a connector. Connect answers 409 while it rebalances, 404 or 500 while it starts: tried again. */
export async function putSink(connectUrl: string, connector: string, config: Record<string, string>): Promise<Sink> {
  const at = `${connectUrl}/connectors/${encodeURIComponent(connector)}`
  await call('PUT', `${at}/config`, config)
  return {
    connector,
    async state() {
      const status = JSON.parse((await call('GET', `${at}/status`)) ?? '{}') as ConnectorStatus
      const parts = [status.connector, ...(status.tasks ?? [])]
      const failed = parts.find((part) => part?.state === 'FAILED')
      if (failed !== undefined) return { state: 'FAILED', cause: failed.trace ?? null }
      return { state: status.tasks?.[0]?.state ?? 'UNASSIGNED', cause: null }
    },
    async restartFailed() {
      await call('POST', `${at}/restart?includeTasks=true&onlyFailed=true`)
    },
    async remove() {
      await call('DELETE', at)
    },
  }
}

interface ConnectorStatus {
  readonly connector?: { readonly state: string; readonly trace?: string }
  readonly tasks?: readonly { readonly state: string; readonly trace?: string }[]
}

export interface SinkTarget {
  /** Put before each connector's name: `<group>-vendor`. */
  readonly group: string
  readonly topicPrefix: string
  /** Connection string as this process reaches it. Default: the stack's own database. */
  readonly postgresUrl?: string
  /** As Connect reaches it, when that differs. */
  readonly postgresUrlFromConnect?: string
  /** Default: all. */
  readonly names?: readonly string[]
}

/** The sinks of `docs/sinks/` into one database, whose tables are created first. */
export async function putSinks(addresses: Addresses, target: SinkTarget): Promise<readonly Sink[]> {
  const postgresUrl = target.postgresUrl ?? addresses.postgres
  const values: SinkValues = {
    postgresUrl: target.postgresUrlFromConnect ?? target.postgresUrl ?? addresses.fromConnect?.postgres ?? postgresUrl,
    registryUrl: addresses.fromConnect?.registry ?? addresses.registry,
    topicPrefix: target.topicPrefix,
  }
  await asAdmin(postgresUrl, (client) => client.query(readFileSync(join(FOLDER, 'tables.sql'), 'utf8')))
  const sinks: Sink[] = []
  for (const name of target.names ?? SINK_NAMES) {
    sinks.push(await putSink(addresses.connect, `${target.group}-${name}`, sinkConfig(name, values)))
  }
  return sinks
}

/** Waits until every task runs. Throws with Connect's own cause as soon as one has failed. */
export async function untilSinksRun(sinks: readonly Sink[], timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (const sink of sinks) {
    while (true) {
      const { state, cause } = await sink.state()
      if (state === 'RUNNING') break
      if (state === 'FAILED') throw new Error(`sink ${sink.connector} has failed: ${firstLines(cause)}`)
      if (Date.now() > deadline) throw new Error(`sink ${sink.connector} is still ${state}`)
      await delay(100)
    }
  }
}

/**
 * Looks at the sinks now and then, and starts those that failed anew: a sink whose database breaks off in the middle
 * of a batch ends for good otherwise (Debezium 3.5.0). Its records are written again, which changes nothing.
 * @param say one line for each failure
 * @returns ends the watch
 */
export function keepSinksRunning(
  sinks: readonly Sink[],
  say: (line: string) => void,
  everyMs = 5000,
): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      for (const sink of sinks) {
        const { state, cause } = await sink.state().catch(() => ({ state: 'UNKNOWN', cause: null }))
        if (state !== 'FAILED' || stopped.signal.aborted) continue
        say(`sink ${sink.connector} has failed and is started anew: ${firstLines(cause)}`)
        await sink.restartFailed().catch(() => {})
      }
      await delay(everyMs, undefined, { signal: stopped.signal, ref: false }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await watching
    },
  }
}

/** Message and causes of a Java stack trace. */
export const firstLines = (trace: string | null): string =>
  (trace ?? 'no cause given')
    .split('\n')
    .filter((line) => !/^\s*(at |\.\.\. \d+ more)/.test(line))
    .join(' ')
    .slice(0, 2000)

/** @returns the body, or null for 404 on GET and DELETE */
async function call(method: string, url: string, body?: unknown): Promise<string | null> {
  const deadline = Date.now() + 60_000
  while (true) {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (response.ok) return text
    if (response.status === 404 && method !== 'PUT') return null
    const again = response.status === 409 || response.status >= 500
    if (!again || Date.now() > deadline)
      throw new Error(`Kafka Connect: ${method} ${url}: HTTP ${response.status} ${text}`)
    await delay(300)
  }
}
