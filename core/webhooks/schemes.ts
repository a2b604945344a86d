import type { AnyConnector } from '../connector.ts'
import type { Connection } from '../control.ts'
import type { SignatureScheme, Webhook } from '../webhook.ts'

export type Handshake = NonNullable<Webhook['handshake']>

/** A scheme that a connection may name (docs/webhooks.md). */
export interface NamedScheme {
  readonly scheme: SignatureScheme
  /** What its senders ask before they send. */
  readonly handshake?: Handshake
  /** Answer to a wrong signature; default 401. */
  readonly refusal?: number
  readonly about: string
}

const bodyHmac = { alg: 'hmac-sha256', key: 'utf8', content: '{body}' } as const
const standard = {
  content: '{id}.{ts}.{body}',
  headers: ['webhook-signature'],
  encoding: 'base64',
  format: 'list',
  timestamp: { from: 'header', header: 'webhook-timestamp', unit: 's' },
  idHeader: 'webhook-id',
} as const
const unsigned = {
  alg: 'none',
  key: 'utf8',
  content: '',
  headers: [],
  encoding: 'hex',
  format: 'bare',
} as const

/** Schemes for hints in Tributary's own form, and for systems that people connect by hand. The first is the default. */
export const BUILT_IN_SCHEMES = {
  'standard-webhooks': {
    scheme: { alg: 'hmac-sha256', key: 'base64-after-prefix', ...standard },
    handshake: 'cloudevents',
    about: 'Standard Webhooks 1.0.0, `v1`: HMAC-SHA256, secret `whsec_…`',
  },
  'standard-webhooks-v1a': {
    scheme: { alg: 'ed25519', key: 'base64-after-prefix', ...standard, prefix: 'v1a' },
    handshake: 'cloudevents',
    about: 'Standard Webhooks 1.0.0, `v1a`: Ed25519, public key `whpk_…`',
  },
  github: {
    scheme: {
      ...bodyHmac,
      headers: ['x-hub-signature-256'],
      encoding: 'hex',
      format: 'prefix',
      prefix: 'sha256=',
      idHeader: 'x-github-delivery',
    },
    about: 'GitHub style: HMAC-SHA256 of the body',
  },
  'field-nation': {
    scheme: { ...bodyHmac, headers: ['x-fn-signature'], encoding: 'hex', format: 'prefix', prefix: 'sha256=' },
    about: 'Field Nation: HMAC-SHA256 of the body',
  },
  atlas: {
    scheme: { ...bodyHmac, headers: ['x-webhook-signature', 'x-signature'], encoding: 'hex', format: 'bare' },
    about: 'Atlas CMMS: HMAC-SHA256 of the body, hex alone; its timestamp header is not signed and not looked at',
  },
  frappe: {
    scheme: { ...bodyHmac, headers: ['x-frappe-webhook-signature'], encoding: 'base64', format: 'bare' },
    about: 'Frappe, ERPNext: HMAC-SHA256 of the body, base64',
  },
  'slack-v0': {
    scheme: {
      ...bodyHmac,
      content: 'v0:{ts}:{body}',
      headers: ['x-slack-signature'],
      encoding: 'hex',
      format: 'prefix',
      prefix: 'v0=',
      timestamp: { from: 'header', header: 'x-slack-request-timestamp', unit: 's' },
    },
    handshake: 'challenge',
    about: 'Slack style `v0`: HMAC-SHA256 of time and body',
  },
  limble: {
    scheme: {
      alg: 'hmac-sha256',
      key: 'sha256hex-of-secret',
      content: '{ts}{token}',
      headers: [],
      encoding: 'hex',
      format: 'bare',
      timestamp: { from: 'kv', unit: 'auto' },
      inBody: { signature: 'signature', timestamp: 'timestamp', token: 'token' },
    },
    about: 'Limble (unverified): time and token are signed, the body is not: it is only a reason to look',
  },
  'business-central': {
    scheme: { ...unsigned, token: { bodyField: 'value.clientState' } },
    handshake: 'validation-token',
    // Any answer but 2xx, 408, 429 and 5xx deletes the subscription.
    refusal: 202,
    about: 'Business Central: not signed, `clientState` in every change',
  },
  'bearer-token': {
    scheme: { ...unsigned, prefix: 'Bearer ', token: { header: 'authorization' } },
    handshake: 'cloudevents',
    about: 'Not signed: `Authorization: Bearer <secret>` (CloudEvents brokers)',
  },
  'token-in-header': {
    scheme: { ...unsigned, token: { header: 'x-webhook-token' } },
    handshake: 'cloudevents',
    about: 'Not signed: the secret in `X-Webhook-Token`',
  },
  'token-in-query': {
    scheme: { ...unsigned, token: { query: 'token' } },
    handshake: 'cloudevents',
    about:
      'Not signed: the secret as `?token=…` (Odoo automation rules and the like). Addresses end up in logs: last resort',
  },
} as const satisfies { readonly [name: string]: NamedScheme }

export const DEFAULT_SCHEME = 'standard-webhooks' satisfies keyof typeof BUILT_IN_SCHEMES

/** How deliveries of a connection are signed and read. */
export interface ConnectionScheme extends Omit<NamedScheme, 'about'> {
  readonly name: string
  /** True: hints in Tributary's own form (`ownHints`); false: the connector reads them. */
  readonly isOwn: boolean
}

/**
 * The scheme that a connection names, else its connector's first, else Standard Webhooks. Null = no such scheme.
 * A name that both have is the connector's.
 */
export function schemeOf(
  connection: Pick<Connection, 'webhook'>,
  connector: Pick<AnyConnector, 'webhook'> | undefined,
): ConnectionScheme | null {
  const webhook = connector?.webhook
  const theirs = webhook?.schemes ?? {}
  const name = connection.webhook?.scheme ?? Object.keys(theirs)[0] ?? DEFAULT_SCHEME
  if (webhook !== undefined && Object.hasOwn(theirs, name)) {
    const { handshake } = webhook
    return {
      name,
      isOwn: false,
      scheme: theirs[name] as SignatureScheme,
      ...(handshake === undefined ? {} : { handshake }),
    }
  }
  if (!Object.hasOwn(BUILT_IN_SCHEMES, name)) return null
  return { name, isOwn: true, ...(BUILT_IN_SCHEMES as { readonly [name: string]: NamedScheme })[name]! }
}

/** Whether a scheme proves what the body says: only then may a record in it be published without asking the system. */
export const provesBody = ({ alg, content }: SignatureScheme): boolean => alg !== 'none' && content.includes('{body}')
