/**
 * What NetSuite wants of new records and commands need not say. A field of the command goes first, then `custom_fields`,
 * then these; what is missing then is refused as REQUIRED with the name of the setting. All internal ids.
 */
export const writeDefaults = {
  subsidiary: {
    kind: 'text',
    title: 'Subsidiary of new records',
    help: 'OneWorld accounts only: internal id, for commands that name no organization.',
  },
  custom_forms: {
    kind: 'list',
    title: 'Forms of new records',
    help: 'type=id pairs, e.g. purchaseOrder=101, vendor=55: they decide which fields are mandatory.',
    default: [],
  },
  location: {
    kind: 'text',
    title: 'Location',
    help: 'Internal id, for new purchase orders that name none.',
  },
  department: {
    kind: 'text',
    title: 'Department',
    help: 'Internal id, for lines of new purchase orders and movements that name no cost center.',
  },
  class: {
    kind: 'text',
    title: 'Class',
    help: 'Internal id, for lines of new purchase orders.',
  },
  tax_code: {
    kind: 'text',
    title: 'Tax code',
    help: 'Internal id, for lines of new purchase orders. Empty: as NetSuite determines it.',
  },
  approval: {
    kind: 'choice',
    title: 'Approval of purchase orders',
    help: 'on: approval routing is in use, and orders can be approved and rejected. off: orders are approved as they are made.',
    options: ['on', 'off'],
    default: 'on',
  },
  asset_account: { kind: 'text', title: 'Asset account', help: 'Internal id, for new items that are kept in stock.' },
  cogs_account: {
    kind: 'text',
    title: 'Cost of goods sold account',
    help: 'Internal id, for new items that are kept in stock.',
  },
  income_account: { kind: 'text', title: 'Income account', help: 'Internal id, for new items.' },
  tax_schedule: { kind: 'text', title: 'Tax schedule', help: 'Internal id, for new items.' },
  units_type: {
    kind: 'text',
    title: 'Units type',
    help: 'Internal id: where the unit of a new item is looked for first.',
  },
  adjustment_account: {
    kind: 'text',
    title: 'Adjustment account',
    help: 'Internal id of the account that adjustments, counts, issues and scrap are posted to. Empty: those are refused.',
  },
  posting_period: {
    kind: 'text',
    title: 'Posting period',
    help: 'Internal id of the accounting period of new movements. Empty: the period of their date.',
  },
} as const

export interface WriteDefaults {
  readonly subsidiary: string | null
  readonly custom_forms: readonly string[]
  readonly location: string | null
  readonly department: string | null
  readonly class: string | null
  readonly tax_code: string | null
  readonly approval: 'on' | 'off'
  readonly asset_account: string | null
  readonly cogs_account: string | null
  readonly income_account: string | null
  readonly tax_schedule: string | null
  readonly units_type: string | null
  readonly adjustment_account: string | null
  readonly posting_period: string | null
}
