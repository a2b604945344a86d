import { isDeepStrictEqual } from 'node:util'
import {
  type AnyConnector,
  type ConfigProblem,
  type Connection,
  type ConnectionWebhook,
  hideSecret,
  type Json,
  openSettings,
  openWebhookSecrets,
  type SecretBox,
  sealOwnWebhookSecret,
  sealSettings,
  WEBHOOK_DEFAULTS,
} from '../../core/index.ts'
import type { DeclaredConnection } from './declaration.ts'

export interface Plan {
  /** What to write, secrets sealed. */
  readonly writes: readonly Connection[]
  readonly outcomes: readonly { readonly id: string; readonly outcome: 'created' | 'changed' | 'unchanged' }[]
  readonly problems: readonly ConfigProblem[]
}

export interface PlanContext {
  readonly existing: ReadonlyMap<string, Connection>
  readonly connectorOf: (system: string) => AnyConnector | undefined
  readonly box: () => SecretBox
  readonly now: number
}

/** What it takes to make the table hold what is declared. Connections that are not declared are left alone. */
export function planApply(declared: readonly DeclaredConnection[], context: PlanContext): Plan {
  const writes: Connection[] = []
  const outcomes: { id: string; outcome: 'created' | 'changed' | 'unchanged' }[] = []
  const problems: ConfigProblem[] = []
  for (const wanted of declared) {
    const before = context.existing.get(wanted.id)
    const connector = context.connectorOf(wanted.system)
    if (connector === undefined) throw new Error(`unchecked declaration of ${wanted.id}`)
    if (before?.status === 'removed') {
      problems.push({ field: wanted.id, message: 'was removed, and ids are never reused: take another id' })
      continue
    }
    if (before !== undefined && before.system !== wanted.system) {
      problems.push({
        field: wanted.id,
        message: `is a connection to ${before.system}; the system cannot be changed: take another id`,
      })
      continue
    }
    for (const field of connector.config.secretFields)
      if (typeof wanted.settings[field] === 'string') hideSecret(wanted.settings[field])
    const settings = settingsFor(wanted, before, connector, context.box)
    const after = {
      ...wanted,
      settings,
      webhook: webhookFor(wanted, before, context.box),
      status: before?.status ?? 'active',
      statusReason: before?.statusReason ?? null,
      updatedAt: before?.updatedAt ?? context.now,
    } satisfies Connection
    const outcome = before === undefined ? 'created' : isDeepStrictEqual(before, after) ? 'unchanged' : 'changed'
    outcomes.push({ id: wanted.id, outcome })
    if (outcome !== 'unchanged') writes.push({ ...after, updatedAt: context.now })
  }
  return problems.length > 0 ? { writes: [], outcomes: [], problems } : { writes, outcomes, problems }
}

/** Sealing gives other bytes each time: a secret that is the same stays sealed as it is, so that nothing reconnects. */
function settingsFor(
  wanted: DeclaredConnection,
  before: Connection | undefined,
  connector: AnyConnector,
  box: () => SecretBox,
): Connection['settings'] {
  const known = before === undefined ? {} : secretsOf(before, connector, box)
  const kept = Object.entries(wanted.settings).map(([field, value]) => [
    field,
    field in known && known[field] === value ? before?.settings[field] : value,
  ])
  return sealSettings(wanted.id, Object.fromEntries(kept) as Connection['settings'], connector.config, box)
}

/** The same for the secrets of its webhook, which are declared in plain text. */
function webhookFor(
  { id, webhook }: DeclaredConnection,
  before: Connection | undefined,
  box: () => SecretBox,
): ConnectionWebhook | null {
  if (webhook === null) return null
  const known = new Map<string, Json>()
  for (const sealed of before?.webhook?.secrets ?? []) {
    const plain = plainOf(id, sealed, box)
    if (plain !== undefined) known.set(plain, sealed)
  }
  const secrets = webhook.secrets.map((secret) => {
    hideSecret(String(secret))
    return known.get(String(secret)) ?? sealOwnWebhookSecret(id, String(secret), box())
  })
  return { ...webhook, secrets }
}

/** Undefined when it no longer opens: it is sealed anew then. */
function plainOf(id: string, sealed: Json, box: () => SecretBox): string | undefined {
  try {
    return openWebhookSecrets({ id, webhook: { ...WEBHOOK_DEFAULTS, secrets: [sealed] } }, null, box, 0)[0]
  } catch {
    return undefined
  }
}

/** Plain text of sealed secrets by field; nothing for those that no longer open, which are then sealed anew. */
function secretsOf(
  connection: Connection,
  connector: AnyConnector,
  box: () => SecretBox,
): { readonly [field: string]: unknown } {
  try {
    const opened = openSettings(connection, connector.config, box) as { readonly [field: string]: unknown }
    return Object.fromEntries(connector.config.secretFields.map((field) => [field, opened[field]]))
  } catch {
    return {}
  }
}
