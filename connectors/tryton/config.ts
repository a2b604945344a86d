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
      help: 'Login of a Tryton user made for this connection; its rights are all that Tributary may do (README.md).',
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
    warehouse: {
      kind: 'integer',
      title: 'Warehouse of new orders',
      help: 'Id of the warehouse (stock.location) for orders that name no location. Empty: the only one, by Tryton.',
    },
    payment_term: {
      kind: 'text',
      title: 'Payment term of new orders',
      help: "Name of the payment term for orders that name none. Empty: the supplier's own.",
    },
    invoice_method: {
      kind: 'choice',
      title: 'Invoice method of new orders',
      help: 'When Tryton makes the invoice of an order. Empty: by its purchase configuration.',
      options: ['manual', 'order', 'shipment'],
    },
    account_category: {
      kind: 'integer',
      title: 'Account category of new items',
      help: 'Id of the product category whose accounts new items use; without one Tryton cannot process their orders.',
    },
    tax_id_type: {
      kind: 'text',
      title: 'Type of tax ids',
      help: 'Type of party identifier as which the tax id of a vendor is written.',
      default: 'eu_vat',
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
  /** Defaults of what is written (README.md). */
  readonly warehouse: number | null
  readonly payment_term: string | null
  readonly invoice_method: 'manual' | 'order' | 'shipment' | null
  readonly account_category: number | null
  readonly tax_id_type: string
  readonly extra_fields: readonly string[]
}
