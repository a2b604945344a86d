import { defineConfig } from '../../core/index.ts'

/** Settings of a connection to MaintainX (README.md). */
export const maintainxConfig = defineConfig({
  fields: {
    api_key: {
      kind: 'text',
      title: 'API key',
      help: 'Of Settings > Integrations > API Keys in MaintainX, made by the user whose rights are to be used.',
      required: true,
      secret: true,
    },
    organization_id: {
      kind: 'integer',
      title: 'Organization',
      help: 'Id of the organization. Needed where the key is good for several.',
      min: 1,
    },
    base_url: {
      kind: 'url',
      title: 'Address',
      help: 'Of the API with its version. Give another one for a proxy or the local sandbox.',
      default: 'https://api.getmaintainx.com/v1',
    },
    page_size: {
      kind: 'integer',
      title: 'Records a request',
      help: 'Upper bound, 1 to 200.',
      default: 200,
      min: 1,
      max: 200,
    },
    timeout_seconds: {
      kind: 'integer',
      title: 'Patience',
      help: 'How long one request may take.',
      default: 60,
      min: 1,
      max: 600,
    },
    vendor_contacts: {
      kind: 'boolean',
      title: 'Contacts of vendors',
      help: 'A vendor without an e-mail address or a phone number has that of its first contact. Costs a request for each such vendor.',
      default: true,
    },
    anchor_field: {
      kind: 'text',
      title: 'Custom field of commands',
      help: 'Label of the custom field in which new records hold the id of the command that made them.',
      default: 'Tributary command',
    },
  },
})

export interface MaintainXConfig {
  readonly api_key: string
  readonly organization_id: number | null
  readonly base_url: string
  readonly page_size: number
  readonly timeout_seconds: number
  readonly vendor_contacts: boolean
  readonly anchor_field: string
}
