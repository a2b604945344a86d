import { AuthError, defineConfig } from '../../core/index.ts'
import { type WriteDefaults, writeDefaults } from './write/defaults.ts'

const PURPOSE = 'For oauth2-m2m.'
const TOKEN = 'For token-based authentication.'

/** Settings of a connection to NetSuite (README.md). */
export const netsuiteConfig = defineConfig({
  fields: {
    account_id: {
      kind: 'text',
      title: 'Account id',
      help: 'As Setup > Company > Company Information shows it: 1234567, or 1234567_SB1 for a sandbox account.',
      required: true,
    },
    base_url: {
      kind: 'url',
      title: 'Address',
      help: 'Empty: https://<account id>.suitetalk.api.netsuite.com. Give it for a proxy or the local sandbox.',
    },
    auth: {
      kind: 'choice',
      title: 'Login',
      help: 'oauth2-m2m: certificate (recommended). token: token-based authentication, which NetSuite ends in 2028.',
      options: ['oauth2-m2m', 'token'],
      default: 'oauth2-m2m',
    },
    client_id: { kind: 'text', title: 'Client id', help: `${PURPOSE} Of the integration record.` },
    certificate_id: {
      kind: 'text',
      title: 'Certificate id',
      help: `${PURPOSE} As Setup > Integration > OAuth 2.0 Client Credentials (M2M) Setup shows it.`,
    },
    private_key: {
      kind: 'text',
      title: 'Private key',
      help: `${PURPOSE} PEM (PKCS #8) of the certificate's key: EC 256, 384, 521 or RSA 3072, 4096.`,
      secret: true,
    },
    algorithm: {
      kind: 'choice',
      title: 'Signature',
      help: `${PURPOSE} auto: ES256, ES384 or ES512 by the curve of the key, PS256 for RSA.`,
      options: ['auto', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'],
      default: 'auto',
    },
    consumer_key: { kind: 'text', title: 'Consumer key', help: `${TOKEN} Of the integration record.` },
    consumer_secret: { kind: 'text', title: 'Consumer secret', help: TOKEN, secret: true },
    token_id: { kind: 'text', title: 'Token id', help: `${TOKEN} Of the access token.` },
    token_secret: { kind: 'text', title: 'Token secret', help: TOKEN, secret: true },
    concurrency: {
      kind: 'integer',
      title: 'Requests at once',
      help: "At most so many, of the account's limit that all integrations share. Empty: as many as NetSuite says are free, else 2.",
      min: 1,
      max: 50,
    },
    page_size: {
      kind: 'integer',
      title: 'Rows a request',
      help: 'Upper bound; smaller requests are gentler to the account.',
      default: 1000,
      min: 1,
      max: 1000,
    },
    timeout_seconds: {
      kind: 'integer',
      title: 'Patience',
      help: 'How long one request may take. Statements that take longer are asked for in halves.',
      default: 120,
      min: 1,
      max: 600,
    },
    time_zone: {
      kind: 'text',
      title: 'Time zone of the user',
      help: 'IANA name of the zone in the preferences of the integration user. Needed only where the account answers in no other (README.md).',
    },
    subsidiaries: {
      kind: 'list',
      title: 'Subsidiaries',
      help: 'Internal ids of the subsidiaries whose records are read. Empty: all that the role may see.',
      default: [],
    },
    work_order_source: {
      kind: 'text',
      title: 'What work orders are',
      help: 'manufacturing (work orders of assemblies), task, support_case, custom_record:<id> or none.',
      default: 'manufacturing',
    },
    asset_source: {
      kind: 'text',
      title: 'What assets are',
      help: 'custom_record:<id>, e.g. custom_record:customrecord_asset, or none.',
      default: 'none',
    },
    work_order_fields: {
      kind: 'list',
      title: 'Fields of the custom record for work orders',
      help: 'unified=native pairs, e.g. status=custrecord_wo_status.',
      default: [],
    },
    asset_fields: {
      kind: 'list',
      title: 'Fields of the custom record for assets',
      help: 'unified=native pairs, e.g. serial_number=custrecord_asset_serial.',
      default: [],
    },
    extra_fields: {
      kind: 'list',
      title: 'More columns',
      help: 'table.column pairs that go into custom_fields: transaction.custbody_project, vendor.custentity_rating. Lines: transactionline.custcol_….',
      default: [],
    },
    quantities_in: {
      kind: 'choice',
      title: 'Quantities in',
      help: 'base-unit: SuiteQL gives quantities in the base unit of the units type (all accounts known). named-unit: in the unit that the line names.',
      options: ['base-unit', 'named-unit'],
      default: 'base-unit',
    },
    ...writeDefaults,
  },
})

export interface NetSuiteConfig extends WriteDefaults {
  readonly account_id: string
  readonly base_url: string | null
  readonly auth: 'oauth2-m2m' | 'token'
  readonly client_id: string | null
  readonly certificate_id: string | null
  readonly private_key: string | null
  readonly algorithm: 'auto' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512'
  readonly consumer_key: string | null
  readonly consumer_secret: string | null
  readonly token_id: string | null
  readonly token_secret: string | null
  readonly concurrency: number | null
  readonly page_size: number
  readonly timeout_seconds: number
  readonly time_zone: string | null
  readonly subsidiaries: readonly string[]
  readonly work_order_source: string
  readonly asset_source: string
  readonly work_order_fields: readonly string[]
  readonly asset_fields: readonly string[]
  readonly extra_fields: readonly string[]
  readonly quantities_in: 'base-unit' | 'named-unit'
}

type TextSetting =
  | 'client_id'
  | 'certificate_id'
  | 'private_key'
  | 'consumer_key'
  | 'consumer_secret'
  | 'token_id'
  | 'token_secret'

/** Values of these settings, in their order. @throws AuthError naming all that are empty */
export function requireSettings<const Names extends readonly TextSetting[]>(
  config: NetSuiteConfig,
  names: Names,
): { readonly [At in keyof Names]: string } {
  const empty = names.filter((name) => (config[name] ?? '').trim() === '')
  if (empty.length > 0)
    throw new AuthError(`login to NetSuite by ${config.auth}: set ${empty.join(' and ')} in the connection's settings`)
  return names.map((name) => (config[name] ?? '').trim()) as { readonly [At in keyof Names]: string }
}
