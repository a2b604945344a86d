import { defineConfig } from '../../core/index.ts'

/** Settings of a connection to Tryton (README.md). */
export const trytonConfig = defineConfig({
  fields: {
    base_url: {
      kind: 'url',
      title: 'Address',
      help: 'Root of the Tryton server, e.g. https://erp.example.com (without the database).',
      required: true,
    },
    database: {
      kind: 'text',
      title: 'Database',
      help: 'Name of the Tryton database, as in the login dialog.',
      required: true,
    },
    username: {
      kind: 'text',
      title: 'User',
      help: 'Login of a Tryton user made for this connection; it needs read rights only (README.md).',
      required: true,
    },
    password: { kind: 'text', title: 'Password', help: 'Password of that user.', required: true, secret: true },
    company: {
      kind: 'integer',
      title: 'Company',
      help: "Id of the company to read. Empty: the user's current company.",
    },
    vendor_scope: {
      kind: 'choice',
      title: 'Which parties are vendors',
      help: 'suppliers: parties that are a product supplier or have a purchase. all: every party.',
      options: ['suppliers', 'all'],
      default: 'suppliers',
    },
    language: {
      kind: 'text',
      title: 'Language',
      help: 'Tryton language code in which translated names (products, units) are read.',
      default: 'en',
    },
    page_size: {
      kind: 'integer',
      title: 'Records a request',
      help: 'Upper bound for one request; smaller requests are gentler to the server.',
      default: 500,
      min: 1,
      max: 5000,
    },
    extra_fields: {
      kind: 'list',
      title: 'Extra fields',
      help: 'Fields of your own modules to read, as model.field, e.g. party.party.rating. Name the field in custom_fields of the mapping to publish it.',
      default: [],
    },
  },
})

export interface TrytonConfig {
  readonly base_url: string
  readonly database: string
  readonly username: string
  readonly password: string
  readonly company: number | null
  readonly vendor_scope: 'suppliers' | 'all'
  readonly language: string
  readonly page_size: number
  readonly extra_fields: readonly string[]
}
