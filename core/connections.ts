import { type ConfigProblem, ConfigurationError, type ConfigSpec } from './config.ts'
import type { AnyConnector, Json, MappingSettings } from './connector.ts'
import type { Connection, ConnectionWebhook, StreamSettings } from './control.ts'
import { isConnectionId } from './ids.ts'
import { hideSecret } from './redact.ts'
import type { SecretBox } from './secrets.ts'

/** Values of the `connections` topic, and how settings with secrets get in and out of them. */

interface Sealed {
  readonly $secret: string
}
const isSealed = (value: unknown): value is Sealed =>
  value !== null && typeof value === 'object' && typeof (value as Partial<Sealed>).$secret === 'string'

/** What a sealed secret is bound to: it opens nowhere else. */
const contextOf = (connectionId: string, field: string): string => `secret ${field} of connection ${connectionId}`

export const STREAM_DEFAULTS: StreamSettings = {
  enabled: true,
  pollEveryMs: 15_000,
  sweepEveryMs: 3_600_000,
  refreshEveryMs: 7 * 86_400_000,
}

export const CONNECTION_DEFAULTS: Omit<Connection, 'id' | 'system' | 'settings' | 'updatedAt'> = {
  streams: {},
  windowDays: 90,
  limits: { concurrency: 4, requestsPerSecond: null },
  sweepGuard: { share: 0.2, records: 50 },
  tombstoneAfterDays: 30,
  includeRaw: false,
  webhook: null,
  mapping: { timeZone: 'UTC', currency: null, language: 'en', units: {}, remaps: {}, customFields: [] },
  status: 'active',
  statusReason: null,
}

export const WEBHOOK_DEFAULTS: ConnectionWebhook = {
  scheme: null,
  secrets: [],
  pollEveryMs: 300_000,
  deliveriesPerSecond: 200,
}

export const encodeConnection = (connection: Connection): Buffer => Buffer.from(JSON.stringify(connection))

/** Fields that an older version did not know get their defaults. @throws Error when it is no connection */
export function decodeConnection(value: Buffer): Connection {
  const parsed = JSON.parse(value.toString('utf8')) as Partial<Connection> | null
  if (
    parsed === null ||
    typeof parsed !== 'object' ||
    !isConnectionId(parsed.id ?? '') ||
    typeof parsed.system !== 'string'
  )
    throw new Error('not a connection record')
  return {
    ...CONNECTION_DEFAULTS,
    ...(parsed as Connection),
    settings: parsed.settings ?? {},
    updatedAt: parsed.updatedAt ?? 0,
    mapping: { ...CONNECTION_DEFAULTS.mapping, ...parsed.mapping },
    limits: { ...CONNECTION_DEFAULTS.limits, ...parsed.limits },
    webhook:
      parsed.webhook === undefined || parsed.webhook === null ? null : { ...WEBHOOK_DEFAULTS, ...parsed.webhook },
  }
}

/** Replaces plain secrets by sealed ones; what is sealed already stays. */
export function sealSettings(
  connectionId: string,
  settings: Connection['settings'],
  spec: ConfigSpec<unknown>,
  box: () => SecretBox,
): Connection['settings'] {
  return Object.fromEntries(
    Object.entries(settings).map(([field, value]) => [
      field,
      spec.secretFields.includes(field) && typeof value === 'string'
        ? { $secret: box().seal(value, contextOf(connectionId, field)) }
        : value,
    ]),
  )
}

/** Seals anew, with the current key, what an older key sealed; null = nothing to do. */
export function resealSettings(connection: Connection, box: SecretBox): Connection['settings'] | null {
  let changed = false
  const settings = Object.entries(connection.settings).map(([field, value]): [string, Json] => {
    if (!isSealed(value) || !box.isOld(value.$secret)) return [field, value]
    changed = true
    const context = contextOf(connection.id, field)
    return [field, { $secret: box.seal(box.open(value.$secret, context), context) }]
  })
  return changed ? Object.fromEntries(settings) : null
}

/** Settings with their secrets in plain text, which from now on are hidden in logs. */
function opened(connection: Connection, box: () => SecretBox): { [field: string]: Json } {
  return Object.fromEntries(
    Object.entries(connection.settings).map(([field, value]) => {
      if (!isSealed(value)) return [field, value]
      const plain = box().open(value.$secret, contextOf(connection.id, field))
      hideSecret(plain)
      return [field, plain]
    }),
  )
}

/**
 * The connector's settings, parsed, secrets in plain text.
 * @throws ConfigurationError with every problem, SecretError
 */
export function openSettings<Config>(connection: Connection, spec: ConfigSpec<Config>, box: () => SecretBox): Config {
  const parsed = spec.parse(opened(connection, box))
  if (parsed.ok) return parsed.value
  throw new ConfigurationError(`settings of connection ${connection.id} are not usable`, parsed.problems)
}

/** What mappings may know of a connection: no secrets. */
export function mappingSettings(connection: Connection): MappingSettings {
  return {
    connectionId: connection.id,
    system: connection.system,
    ...connection.mapping,
    settings: Object.fromEntries(Object.entries(connection.settings).filter(([, value]) => !isSealed(value))),
  }
}

/** For people: sealed secrets are not shown. */
export const shownSettings = (connection: Connection): { [field: string]: unknown } =>
  Object.fromEntries(
    Object.entries(connection.settings).map(([field, value]) => [field, isSealed(value) ? '[sealed]' : value]),
  )

/** Problems of the connector's own settings in a declared connection. */
export function settingsProblems(connector: AnyConnector, settings: unknown): readonly ConfigProblem[] {
  const parsed = connector.config.parse(settings)
  return parsed.ok ? [] : parsed.problems
}
