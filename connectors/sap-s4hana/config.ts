import { defineConfig } from '../../core/index.ts'
import { type WriteDefaults, writeDefaults } from './write/defaults.ts'

/** Settings of a connection to SAP S/4HANA (README.md). */
export const sapConfig = defineConfig({
  fields: {
    base_url: {
      kind: 'url',
      title: 'Address',
      help: 'Root of the system without /sap/opu/odata, e.g. https://my300000-api.s4hana.cloud.sap or https://s4.example.com:44300.',
      required: true,
    },
    sap_client: {
      kind: 'text',
      title: 'Client',
      help: 'Three digits, e.g. 100. Empty: the default client of the system (in the cloud there is only one).',
    },
    auth: {
      kind: 'choice',
      title: 'Login',
      help: 'basic: username and password. oauth-client-credentials: client_id and client_secret.',
      options: ['basic', 'oauth-client-credentials'],
      default: 'basic',
    },
    username: {
      kind: 'text',
      title: 'User',
      help: 'Communication user (cloud) or technical user (on-premise) made for this connection (README.md).',
    },
    password: { kind: 'text', title: 'Password', help: 'Password of that user.', secret: true },
    client_id: { kind: 'text', title: 'OAuth client', help: 'For oauth-client-credentials.' },
    client_secret: { kind: 'text', title: 'OAuth secret', help: 'Secret of that client.', secret: true },
    token_url: {
      kind: 'url',
      title: 'OAuth token address',
      help: 'Empty: /sap/bc/sec/oauth2/token of the system itself.',
    },
    scope: {
      kind: 'text',
      title: 'OAuth scope',
      help: 'Scopes to ask for, separated by blanks, if the system wants any.',
    },
    language: {
      kind: 'text',
      title: 'Language',
      help: 'SAP language code in which texts are read. Status texts are always read in EN.',
      default: 'EN',
    },
    system_time_zone: {
      kind: 'text',
      title: 'Time zone of the system',
      help: 'IANA name of the system time zone (transaction STZAC), in which SAP stores pairs of date and time.',
      default: 'UTC',
    },
    purchasing_organization: {
      kind: 'text',
      title: 'Purchasing organization',
      help: "Whose terms of a supplier are read. Empty: the supplier's first.",
    },
    company_code: {
      kind: 'text',
      title: 'Company code',
      help: "Whose accounting data of a supplier are read. Empty: the supplier's first.",
    },
    plants: {
      kind: 'list',
      title: 'Plants',
      help: 'Plants whose stock, locations and item data are read; the first is the valuation area. Empty: all.',
      default: [],
    },
    page_size: {
      kind: 'integer',
      title: 'Records a request',
      help: 'Upper bound for one request; smaller requests are gentler to the system.',
      default: 500,
      min: 1,
      max: 5000,
    },
    ...writeDefaults,
  },
})

export interface SapConfig extends WriteDefaults {
  readonly base_url: string
  readonly sap_client: string | null
  readonly auth: 'basic' | 'oauth-client-credentials'
  readonly username: string | null
  readonly password: string | null
  readonly client_id: string | null
  readonly client_secret: string | null
  readonly token_url: string | null
  readonly scope: string | null
  readonly language: string
  readonly system_time_zone: string
  readonly purchasing_organization: string | null
  readonly company_code: string | null
  readonly plants: readonly string[]
  readonly page_size: number
}
